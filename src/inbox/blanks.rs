//! What tells who somebody is, taken out of words: names, numbers, postcodes, addresses, a day of birth.
//!
//! Invariant: what is blanked stands in none of what is shown, however it was typed; rather too much is blanked than too
//! little.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::civil::Date;

use crate::conversation::session::Answer;
use crate::domain::answer::Value;
use crate::domain::postcode::Postcode;
use crate::domain::whole_words::is_common;
use crate::domain::whole_words::spans;
use crate::handover::Summary;
use crate::inbox::shown::Foreign;
use crate::inbox::shown::is_hidden;
use crate::inbox::view::Case;

const NAME: &str = "[name]";
const NUMBER: &str = "[number]";
const POSTCODE: &str = "[postcode]";
const ADDRESS: &str = "[address]";
const BIRTH: &str = "[date of birth]";

/// The shortest number of this country has as many; years, times and the numbers of helplines have fewer.
const FEWEST_FIGURES: usize = 7;
/// A day in figures, such as `3/4/46`.
const FEWEST_OF_A_DAY: usize = 4;
/// As much as people write between the groups of a number: `(01273) - 900 123`.
const WIDEST_GAP: usize = 3;
/// A letter by itself is more often a word than a name.
const FEWEST_LETTERS: usize = 2;

/// What is known of somebody, and stands in no word that is shown.
#[derive(Default)]
pub struct Blanks {
    /// Single words of names, folded.
    names: BTreeSet<String>,
    /// The words with which a day of birth was said, folded.
    births: BTreeSet<Vec<String>>,
}

impl Blanks {
    /// Of whoever a case is about, and of whoever writes for them; names that were taken back count too.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let mut blanks = Self::default();
        for summary in &case.summaries {
            blanks.add_told(summary);
        }
        if let Some(session) = &case.session {
            let all = session.answers.values().chain(session.history.iter().map(|(_, answer)| answer));
            all.for_each(|answer| blanks.add_answer(answer));
        }
        blanks
    }

    fn add_told(&mut self, summary: &Summary) {
        let writer = summary.writer.as_ref().and_then(|writer| writer.name.as_ref());
        summary.name.iter().chain(writer).for_each(|name| self.add_name(&name.0));
        for entry in &summary.entries {
            if entry.shown.parse::<Date>().is_ok() {
                self.add_birth(&entry.words.0);
                self.add_birth(&entry.shown);
            }
        }
    }

    fn add_answer(&mut self, answer: &Answer) {
        match &answer.value {
            Some(Value::Name(name)) => self.add_name(&name.0),
            Some(Value::Date(day)) => {
                self.add_birth(&answer.words.0);
                self.add_birth(&day.to_string());
            }
            Some(
                Value::YesNo(_)
                | Value::Choice(_)
                | Value::Choices(_)
                | Value::Scale(_)
                | Value::Number(_)
                | Value::Text(_)
                | Value::Postcode(_)
                | Value::Phone(_)
                | Value::Practice(_),
            )
            | None => {}
        }
    }

    /// The first word of a name, and of the others those that are more than an "and" between two.
    pub fn add_name(&mut self, name: &str) {
        for (count, (place, word)) in spans(name).into_iter().enumerate() {
            let is_large = name[place].starts_with(char::is_uppercase);
            let is_name = count == 0 || is_large || !is_common(&word);
            if is_name && FEWEST_LETTERS <= word.chars().count() {
                self.names.insert(word);
            }
        }
    }

    fn add_birth(&mut self, words: &str) {
        let folded: Vec<String> = spans(words).into_iter().map(|(_, word)| word).collect();
        if 1 < folded.len() {
            self.births.insert(folded);
        }
    }

    /// The text as it may be shown. What hides between the letters of a name does not keep it.
    #[must_use]
    pub fn shown(&self, text: &str) -> Foreign {
        let plain: String = text.chars().filter(|c| !is_hidden(*c)).collect();
        let found = self.found(&plain);
        if found.is_empty() {
            return Foreign::new(text);
        }
        let (mut shown, mut rest) = (String::new(), 0);
        for (place, mark) in found {
            shown.push_str(plain.get(rest..place.start).unwrap_or_default());
            shown.push_str(mark);
            rest = place.end;
        }
        shown.push_str(plain.get(rest..).unwrap_or_default());
        Foreign::new(&shown)
    }

    /// Whether something stands in the text that would be blanked.
    #[must_use]
    pub fn stand_in(&self, text: &str) -> bool {
        let plain: String = text.chars().filter(|c| !is_hidden(*c)).collect();
        !self.found(&plain).is_empty()
    }

    /// Where something stands that is blanked, in order, and no two over each other.
    fn found(&self, text: &str) -> Vec<(Range<usize>, &'static str)> {
        let words = spans(text);
        let births = self.births.iter().flat_map(|birth| places_of(birth, &words));
        let all = births.map(|place| (place, BIRTH));
        let all = all.chain(addresses(text).into_iter().map(|place| (place, ADDRESS)));
        let all = all.chain(postcodes(text).into_iter().map(|place| (place, POSTCODE)));
        let all = all.chain(numbers(text).into_iter().map(|place| (place, NUMBER)));
        let names = words.iter().filter(|(_, word)| self.is_name(word));
        let mut all: Vec<_> = all.chain(names.map(|(place, _)| (place.clone(), NAME))).collect();
        all.sort_by_key(|(place, _)| place.start);
        let mut joined: Vec<(Range<usize>, &'static str)> = Vec::new();
        for (place, mark) in all {
            match joined.last_mut() {
                Some((last, before)) if follows(text, last, &place, *before == mark) => {
                    last.end = last.end.max(place.end);
                }
                _ => joined.push((place, mark)),
            }
        }
        joined
    }

    /// Also with the letter of the genitive: apostrophes are folded away already.
    fn is_name(&self, word: &str) -> bool {
        self.names.contains(word) || word.strip_suffix('s').is_some_and(|word| self.names.contains(word))
    }
}

/// Whether two places are one: they touch, or are first name and surname.
fn follows(text: &str, last: &Range<usize>, place: &Range<usize>, same: bool) -> bool {
    let between = text.get(last.end..place.start);
    place.start < last.end || (same && between.is_some_and(|gap| gap.chars().all(|c| c == ' ' || c == '-')))
}

fn places_of(wanted: &[String], words: &[(Range<usize>, String)]) -> Vec<Range<usize>> {
    let fits = |window: &&[(Range<usize>, String)]| window.iter().map(|(_, word)| word).eq(wanted);
    let windows = words.windows(wanted.len()).filter(fits);
    windows.filter_map(|window| Some(window.first()?.0.start..window.last()?.0.end)).collect()
}

/// Addresses of letters and names in networks: whatever stands without a gap around an `@`.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let words = runs(text, |c| !c.is_whitespace());
    words.into_iter().filter(|place| 1 < place.len() && text[place.clone()].contains('@')).collect()
}

fn postcodes(text: &str) -> Vec<Range<usize>> {
    let is_postcode =
        |letters: &str| letters.parse::<Postcode>().is_ok_and(|found| found.is_in_a_known_area());
    let parts = runs(text, |c| c.is_ascii_alphanumeric());
    let mut found: Vec<Range<usize>> =
        parts.iter().filter(|part| is_postcode(&text[(*part).clone()])).cloned().collect();
    for pair in parts.windows(2) {
        let [outward, inward] = pair else { continue };
        let letters = format!("{}{}", &text[outward.clone()], &text[inward.clone()]);
        if inward.start - outward.end <= WIDEST_GAP && is_postcode(&letters) {
            found.push(outward.start..inward.end);
        }
    }
    found
}

/// Numbers of telephones, of the health service, of banks; and days in figures.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut groups: Vec<Range<usize>> = Vec::new();
    for group in runs(text, char::is_numeric) {
        if groups.last().is_some_and(|last| !is_gap(&text[last.end..group.start])) {
            found.extend(whole_number(text, &groups));
            groups.clear();
        }
        groups.push(group);
    }
    found.extend(whole_number(text, &groups));
    found
}

fn is_gap(between: &str) -> bool {
    between.chars().count() <= WIDEST_GAP
        && between.chars().all(|c| c.is_whitespace() || "-–.()/+".contains(c))
}

fn whole_number(text: &str, groups: &[Range<usize>]) -> Option<Range<usize>> {
    let whole = groups.first()?.start..groups.last()?.end;
    let figures = text[whole.clone()].chars().filter(|c| c.is_numeric()).count();
    let is_day = match groups {
        [day, month, year] => {
            let (one, other) = (&text[day.end..month.start], &text[month.end..year.start]);
            one == other && ["/", "-", "."].contains(&one) && FEWEST_OF_A_DAY <= figures
        }
        _ => false,
    };
    (FEWEST_FIGURES <= figures || is_day).then_some(whole)
}

/// The longest stretches of such characters.
fn runs(text: &str, is_inside: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| is_inside(*c)) {
        let end = at + c.len_utf8();
        match runs.last_mut() {
            Some(last) if last.end == at => last.end = end,
            _ => runs.push(at..end),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanks() -> Blanks {
        let mut blanks = Blanks::default();
        blanks.add_name("Siân Anne-Marie O'Hara");
        blanks.add_name("Will and Joy");
        blanks.add_birth("3 March 1946");
        blanks
    }

    #[track_caller]
    fn assert_shown(text: &str, shown: &str) {
        assert_eq!(blanks().shown(text).to_string(), shown, "{text}");
    }

    #[test]
    fn names_are_blanked_as_whole_words_however_they_are_typed() {
        assert_shown("Siân Anne-Marie O'Hara here, sian’s friend", "[name] here, [name] friend");
        assert_shown("ask WILL or joys mum, and will", "ask [name] or [name] mum, and [name]");
        assert_shown("si\u{200b}an\u{202e} writes", "[name] writes");
        assert_shown("asian, enjoy and goodwill stay", "asian, enjoy and goodwill stay");
        assert_shown("O’HARA/ohara", "[name]/[name]");
    }

    #[test]
    fn numbers_postcodes_addresses_and_days_of_birth_are_blanked() {
        for (text, shown) in [
            ("ring 07700 900123 or (01273) 900-123.", "ring [number] or ([number]."),
            ("+447700900123, NHS 943 476 5919", "+[number], NHS [number]"),
            ("٠٧٧٠٠٩٠٠١٢٣", "[number]"),
            ("at bn1 1aa, or BN11AA", "at [postcode], or [postcode]"),
            ("x.y@example.org or @somebody", "[address] or [address]"),
            ("born 3 march 1946, 3/3/46 or 3.3.1946", "born [date of birth], [number] or [number]"),
        ] {
            assert_shown(text, shown);
        }
    }

    #[test]
    fn what_tells_nobody_stays_and_what_hides_is_shown() {
        for text in ["I am 78, 24/7 alone since 1999", "999 or 116 123, at 10.30", "see you @ 5", "FB-234567"]
        {
            assert_shown(text, text);
        }
        assert_shown("\u{202e}olleh", "[U+202E]olleh");
    }
}
