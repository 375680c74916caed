//! The words that are accepted everywhere, as one tree of phrases for each language.
//!
//! Invariant: a phrase means what `replies.ftl` says; no two messages that contradict each other share one.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::BitOr;

use crate::domain::ids::ConversationId;
use crate::domain::ids::StepId;
use crate::phrases::quick::QuickHasher;
use crate::phrases::quick::hash;
use crate::reply::ChoiceWords;
use crate::reply::Command;
use crate::reply::text::Folded;

/// The accepted words of one language.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// What each question accepts for its choices.
    pub questions: BTreeMap<ConversationId, BTreeMap<StepId, Vec<ChoiceWords>>>,
    words: HashMap<Box<str>, u32, BuildHasherDefault<QuickHasher>>,
    edges: HashMap<(u32, u32), u32, BuildHasherDefault<QuickHasher>>,
    /// By node: which meaning it has.
    ends: Vec<u32>,
    /// Each meaning once: many thousand phrases share a few hundred.
    meanings: Vec<Meaning>,
}

/// What a phrase is good for: a set of uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tags(u128);

impl Tags {
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOr for Tags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}

/// What a phrase means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Meaning {
    pub tags: Tags,
    pub number: Option<u8>,
    pub ordinal: Option<u8>,
    /// The ten years of an age, as in "fifties".
    pub decade: Option<u8>,
    pub month: Option<u8>,
    /// Day and month of a day that has a name.
    pub named_day: Option<(u8, u8)>,
    /// The group of words that mean the same, by the hash of its name: languages share groups.
    pub same: Option<u64>,
}

macro_rules! tags {
    ($($bit:literal $name:ident $id:literal;)*) => {
        $(pub(crate) const $name: Tags = Tags(1 << $bit);)*
        const ENTRIES: &[(&str, Tags)] = &[$(($id, $name)),*];
    };
}

tags! {
    0 YES "yes";
    1 YES_FIRST "yes-first";
    2 NO "no";
    3 NO_FIRST "no-first";
    4 NO_ALONE "no-when-alone";
    5 UNSURE "unsure";
    6 POLITE "polite";
    7 THANKS "thanks";
    8 CLOSING "closing";
    9 GREETING "greeting";
    10 KEYWORD "keyword";
    11 QUESTION "question-start";
    12 BUT "but";
    13 LIMIT "limit";
    14 BECAUSE "because";
    15 RELATIVE "someone-else";
    16 COMMAND_AROUND "command-around";
    17 LANGUAGE_NAME "language-name";
    18 LANGUAGE_AROUND "language-around";
    19 SCALE_LEAST "scale-least";
    20 SCALE_MOST "scale-most";
    21 INEXACT "inexact";
    22 UNIT "unit";
    23 NUMBER_BEFORE "number-before";
    24 ALL "all";
    25 NONE "none";
    26 LAST "last";
    27 NOT "not";
    28 AND "and";
    29 RANGE "range";
    30 EXCEPT "except";
    31 REST "rest";
    32 BOTH "both";
    33 SMALL "small-words";
    34 GENERIC "generic";
    35 NAME_BEFORE "name-before";
    36 NAME_AFTER "name-after";
    37 NOT_A_NAME "not-a-name";
    38 TITLE "title";
    39 PRACTICE_GENERIC "practice-generic";
    40 PRACTICE_NONE "practice-none";
    41 ORDINAL_ENDING "ordinal-endings";
    42 DOUBLE "double";
    43 TREBLE "treble";
    44 OUT_OF "out-of";
    45 STOP "command-stop";
    46 START "command-start";
    47 HELP "command-help";
    48 HELP_NOW "command-help-now";
    49 BACK "command-back";
    50 SKIP "command-skip";
    51 PERSON "command-person";
    52 RESTART "command-restart";
    53 LANGUAGE "command-language";
    54 DONE "command-done";
    55 WHO "command-who";
    56 AGAIN "command-again";
    57 CARRY_ON "command-carry-on";
    58 DELETE "command-delete";
    59 NEUTRAL "neutral";
    60 ZERO "zero-in-phone";
    61 UNCLEAR "command-unclear";
    62 PRACTICE_WORD "practice-word";
    63 PRIVACY "command-privacy";
    64 STOP_INSIDE "stop-inside";
    65 NO_TEXTS_INSIDE "no-texts-inside";
    66 INSIDE_BEFORE "inside-before";
    67 INSIDE_AFTER "inside-after";
    68 PLEASE "please";
    69 SAID "said";
    70 NAME_OF_WRITER "name-of-writer";
    71 NAME_OF_OTHER "name-of-other";
    72 NAME_PERHAPS "name-perhaps";
    73 NOT_A_PRACTICE "not-a-practice";
    74 READER "reader";
    75 READS_PHONE "reads-phone";
    76 NO_CONTACT_INSIDE "no-contact-inside";
    77 TEXTS_SAFE "texts-safe";
    78 NO_REPLY "no-reply";
    79 NO_REPLY_BEFORE "no-reply-before";
    80 NO_REPLY_OTHER "no-reply-other";
    81 NEARBY "somebody-near";
    82 NO_REPLY_AFTER "no-reply-after";
    83 ASKS_FOR_SOMEBODY "asks-for-somebody";
    84 REFUSES_QUESTIONS "refuses-questions";
    85 PRACTICE_PLACE "practice-place";
    86 NO_REASON "no-by-reason";
    87 CLOCK "clock";
    88 AGE_ODD "age-odd";
    89 AGE_NEARLY "age-nearly";
    90 AGE_OVER "age-over";
    91 AGE_UNDER "age-under";
    92 AGE_EARLY "age-early";
    93 AGE_MIDDLE "age-middle";
    94 AGE_LATE "age-late";
    95 AGE_AROUND "age-around";
    96 BORN "born";
    97 EXPLAIN "command-explain";
    98 NO_TEXTS_ASKED "no-texts-asked";
    99 CALL_INSTEAD "call-instead";
    100 GOES_ON "goes-on";
    101 GOES_ON_WHEN_TOLD "goes-on-when-told";
    102 ABOUT_ENDING "about-endings";
    103 LIMITED "limited";
}

/// Commands by their tags; where a text holds two, the earlier wins if the pair is in `BEFORE`.
pub(crate) const COMMANDS: [(Tags, Command); 16] = [
    (STOP, Command::Stop),
    (START, Command::Start),
    (HELP, Command::Help),
    (EXPLAIN, Command::Explain),
    (HELP_NOW, Command::HelpNow),
    (BACK, Command::Back),
    (SKIP, Command::Skip),
    (PERSON, Command::Person),
    (RESTART, Command::Restart),
    (LANGUAGE, Command::Language),
    (DONE, Command::Done),
    (WHO, Command::Who),
    (PRIVACY, Command::Privacy),
    (AGAIN, Command::Again),
    (CARRY_ON, Command::CarryOn),
    (DELETE, Command::Delete),
];

/// Every command.
pub(crate) const ANY_COMMAND: Tags = Tags((((1 << 59) - 1) & !((1 << 45) - 1)) | (1 << 63) | (1 << 97));

/// Any way to say yes or no, or that one cannot say.
pub(crate) const YES_OR_NO_OR_UNSURE: Tags =
    YES.with(YES_FIRST).with(NO).with(NO_FIRST).with(NO_ALONE).with(UNSURE);

/// What is said for the sake of politeness.
pub(crate) const PLEASANTRIES: Tags = POLITE.with(THANKS).with(CLOSING).with(GREETING);

/// Pairs that no phrase may have both of.
const CONTRADICTIONS: [(Tags, Tags, &str); 5] = [
    (Tags(0b11), Tags(0b1_1100), "yes and no"),
    (Tags(0b11), UNSURE, "yes and unsure"),
    (Tags(0b1_1100), UNSURE, "no and unsure"),
    (STOP, Tags(0b11), "stop and yes"),
    (SCALE_LEAST, SCALE_MOST, "the two ends of a scale"),
];

/// The most forms that one entry may stand for.
const MOST_FORMS: usize = 4096;

impl Lexicon {
    /// The words of `replies.ftl`, by message.
    ///
    /// # Errors
    /// Where a message is unknown, an entry cannot be read, or two messages contradict each other: all of it, each
    /// as a sentence.
    pub fn new(entries: &BTreeMap<String, Vec<String>>) -> Result<Self, Vec<String>> {
        let mut lexicon = Self { ends: vec![0], meanings: vec![Meaning::default()], ..Self::default() };
        let mut problems = Vec::new();
        for (id, words) in entries {
            let Some(meaning) = meaning_of(id) else {
                problems.push(format!("`{id}` is no message of replies.ftl"));
                continue;
            };
            for entry in words {
                lexicon.add_entry(id, entry, meaning, &mut problems);
            }
        }
        if problems.is_empty() { Ok(lexicon) } else { Err(problems) }
    }

    fn add_entry(&mut self, id: &str, entry: &str, meaning: Meaning, problems: &mut Vec<String>) {
        let Some(forms) = forms(entry) else {
            problems.push(format!("`{id}`: `{entry}` stands for too many forms, or has a bracket alone"));
            return;
        };
        for form in forms {
            if let Err(clash) = self.add(&Folded::whole(&form), meaning) {
                problems.push(format!("`{id}`: `{form}` would mean {clash}"));
            }
        }
    }

    fn add(&mut self, phrase: &Folded, meaning: Meaning) -> Result<(), &'static str> {
        if phrase.len() == 0 {
            return Err("nothing");
        }
        let mut node = 0;
        for word in phrase.words() {
            let next = u32::try_from(self.words.len() + 1).unwrap_or(u32::MAX);
            let word = *self.words.entry(word.into()).or_insert(next);
            let new = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
            node = *self.edges.entry((node, word)).or_insert(new);
            if node == new {
                self.ends.push(0);
            }
        }
        let mut joined = self.meaning(node);
        joined.join(meaning)?;
        self.ends[node as usize] = self.number_of(joined);
        Ok(())
    }

    fn number_of(&mut self, meaning: Meaning) -> u32 {
        // Phrases of one message come one after the other: its meaning is mostly the last.
        let known = self.meanings.iter().rposition(|known| *known == meaning);
        let number = known.unwrap_or_else(|| {
            self.meanings.push(meaning);
            self.meanings.len() - 1
        });
        u32::try_from(number).unwrap_or(u32::MAX)
    }

    /// The number of a word; 0 where no phrase has it. `yesss` is `yes`.
    pub(crate) fn word(&self, word: &str) -> u32 {
        if let Some(id) = self.words.get(word) {
            return *id;
        }
        let (shorter, longest_run) = match longest_run(word) {
            0 | 1 => return 0,
            longest => (unstretched(word), longest),
        };
        match self.words.get(shorter.as_str()) {
            Some(id) if 3 <= longest_run || self.is_yes_or_no(*id) => *id,
            Some(_) | None => 0,
        }
    }

    fn is_yes_or_no(&self, word: u32) -> bool {
        self.step(0, word)
            .is_some_and(|node| self.meaning(node).tags.intersects(YES | YES_FIRST | NO | NO_FIRST))
    }

    /// Where a word leads from a node; the root is 0.
    pub(crate) fn step(&self, node: u32, word: u32) -> Option<u32> {
        self.edges.get(&(node, word)).copied()
    }

    /// What the phrase that ends at a node means.
    pub(crate) fn meaning(&self, node: u32) -> Meaning {
        self.meanings[self.ends[node as usize] as usize]
    }

    /// The words of single-word phrases for which `wanted` holds: for looking for slips.
    pub(crate) fn single_words(
        &self,
        wanted: impl Fn(Meaning) -> bool,
    ) -> impl Iterator<Item = (&str, Meaning)> {
        self.words.iter().filter_map(move |(word, id)| {
            let meaning = self.meaning(self.step(0, *id)?);
            wanted(meaning).then_some((&**word, meaning))
        })
    }
}

impl Meaning {
    fn join(&mut self, other: Self) -> Result<(), &'static str> {
        let tags = self.tags | other.tags;
        for (one, two, name) in CONTRADICTIONS {
            if tags.intersects(one) && tags.intersects(two) {
                return Err(name);
            }
        }
        let commands = COMMANDS.iter().filter(|(tag, _)| tags.intersects(*tag)).count();
        if 1 < commands {
            return Err("two commands");
        }
        self.tags = tags;
        join(&mut self.number, other.number, "two numbers")?;
        join(&mut self.ordinal, other.ordinal, "two ordinals")?;
        join(&mut self.decade, other.decade, "two tens of years")?;
        join(&mut self.month, other.month, "two months")?;
        join(&mut self.named_day, other.named_day, "two days")?;
        join(&mut self.same, other.same, "two groups")
    }
}

fn join<T: PartialEq + Copy>(
    one: &mut Option<T>,
    other: Option<T>,
    clash: &'static str,
) -> Result<(), &'static str> {
    match (*one, other) {
        (Some(before), Some(now)) if before != now => Err(clash),
        (_, None) => Ok(()),
        (_, Some(now)) => {
            *one = Some(now);
            Ok(())
        }
    }
}

/// What the words of a message mean, by its name.
fn meaning_of(id: &str) -> Option<Meaning> {
    let empty = Meaning::default();
    if let Some((_, tags)) = ENTRIES.iter().find(|(name, _)| *name == id) {
        return Some(Meaning { tags: *tags, ..empty });
    }
    let (family, rest) = id.split_once('-')?;
    let number = || rest.parse::<u8>().ok();
    match family {
        "number" => number().filter(|n| *n <= 100).map(|n| Meaning { number: Some(n), ..empty }),
        "ordinal" => number().filter(|n| (1..=31).contains(n)).map(|n| Meaning { ordinal: Some(n), ..empty }),
        "decade" => number().filter(|n| *n < 100).map(|n| Meaning { decade: Some(n), ..empty }),
        "month" => number().filter(|n| (1..=12).contains(n)).map(|n| Meaning { month: Some(n), ..empty }),
        "day" => {
            let (day, month) = rest.split_once('-')?;
            let named_day = (day.parse().ok()?, month.parse().ok()?);
            Some(Meaning { named_day: Some(named_day), ..empty })
        }
        "same" => Some(Meaning { same: Some(hash(rest.as_bytes())), ..empty }),
        _ => None,
    }
}

/// The forms that an entry stands for: `[..]` may be left out, `a/b` is either word.
fn forms(entry: &str) -> Option<Vec<String>> {
    let mut forms = vec![String::new()];
    for (optional, part) in parts(entry)? {
        for piece in part.split_whitespace() {
            let mut longer = if optional { forms.clone() } else { Vec::new() };
            for form in &forms {
                for word in piece.split('/') {
                    longer.push(format!("{form} {word}"));
                }
            }
            if MOST_FORMS < longer.len() {
                return None;
            }
            forms = longer;
        }
    }
    forms.retain(|form| !form.trim().is_empty());
    Some(forms)
}

/// Cuts an entry at its brackets; each word in brackets may be left out by itself.
fn parts(entry: &str) -> Option<Vec<(bool, &str)>> {
    let mut parts = Vec::new();
    let mut rest = entry;
    while let Some((before, after)) = rest.split_once('[') {
        let (inside, tail) = after.split_once(']')?;
        parts.push((false, before));
        parts.push((true, inside));
        rest = tail;
    }
    parts.push((false, rest));
    (!rest.contains(']')).then_some(parts)
}

/// How many times one letter stands in a row, at most; 0 where a word is not of letters alone.
fn longest_run(word: &str) -> usize {
    let (mut last, mut run, mut longest) = (None, 0, 0);
    for c in word.chars() {
        if !c.is_alphabetic() {
            return 0;
        }
        run = if last == Some(c) { run + 1 } else { 1 };
        longest = longest.max(run);
        last = Some(c);
    }
    longest
}

/// A word with its runs of one letter made single.
fn unstretched(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    letters.dedup();
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(lines: &[(&str, &str)]) -> BTreeMap<String, Vec<String>> {
        lines.iter().map(|(id, word)| ((*id).to_owned(), vec![(*word).to_owned()])).collect()
    }

    #[test]
    fn unknown_messages_and_contradictions_are_reported() {
        let unknown = Lexicon::new(&entries(&[("yess", "yes")]));
        assert_eq!(unknown.err(), Some(vec!["`yess` is no message of replies.ftl".to_owned()]));
        let clash = Lexicon::new(&entries(&[("yes", "aye"), ("no", "aye")]));
        assert!(clash.is_err_and(|problems| problems[0].contains("yes and no")));
        let commands = Lexicon::new(&entries(&[("command-back", "go"), ("command-skip", "go")]));
        assert!(commands.is_err_and(|problems| problems[0].contains("two commands")));
    }

    #[test]
    fn an_entry_may_leave_words_out_and_offer_others() {
        let mut all = forms("stop [all] texting/writing").expect("it can be read");
        all.sort();
        assert_eq!(all, [" stop all texting", " stop all writing", " stop texting", " stop writing"]);
        assert_eq!(forms("stop [all"), None);
        assert_eq!(forms("stop all]"), None);
    }
}
