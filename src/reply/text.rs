//! Folding: one form for what people type in many, and the texts that are no reply at all.
//!
//! Invariant: folding never changes which words stand in a text or their order; the raw text is kept by the caller.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most of one text that is read as a reply: longer ones are own words, and reading must stay quick.
const MOST_WORDS: usize = 400;

/// What kind of text came in, and its words without what a phone added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tidied<'a> {
    /// The person's words, as typed; without a signature.
    pub text: &'a str,
    /// What kind of text it is.
    pub kind: TextKind,
}

/// What kind of text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// Somebody's words.
    Plain,
    /// A phone's note of a reaction: `Liked “…”`.
    Reaction,
    /// Written by a machine while its owner is away.
    AutoReply,
    /// Nothing that can be seen.
    Empty,
}

/// Cuts what a phone added, and says whether a person wrote the rest.
#[must_use]
pub fn tidy(text: &str) -> Tidied<'_> {
    let cut = without_signature(text).trim();
    let kind = if !cut.chars().any(is_seen) {
        TextKind::Empty
    } else if is_reaction(cut) {
        TextKind::Reaction
    } else if is_auto_reply(cut) {
        TextKind::AutoReply
    } else {
        TextKind::Plain
    };
    Tidied { text: cut, kind }
}

/// What phones and mail programs write above or below the words of their owners: a format, not a language.
const SIGNATURES: [&str; 6] = [
    "sent from my ",
    "sent from outlook",
    "sent from yahoo",
    "sent via ",
    "get outlook for ",
    "anfonwyd o fy ",
];

fn without_signature(text: &str) -> &str {
    let mut end = text.len();
    for line in text.split_inclusive('\n').rev() {
        let start = end - line.len();
        let bare = line.trim().trim_start_matches(['-', '_', '*', '>', ' ']);
        let signature = SIGNATURES.iter().any(|form| starts_with(bare, form));
        if signature {
            return text[..start].trim_end().trim_end_matches(['-', '_']).trim_end();
        }
        end = start;
    }
    text
}

/// The ends of what iPhones and Androids write for a reaction, after the verb: a quoted text or a kind of thing.
const REACTIONS: [&str; 6] = ["liked ", "loved ", "disliked ", "emphasized ", "emphasised ", "questioned "];
const REACTED_THINGS: [&str; 7] =
    ["an image", "a photo", "a video", "an attachment", "a link", "an audio message", "a sticker"];

fn is_reaction(text: &str) -> bool {
    let quoted = |rest: &str| {
        rest.trim_start().starts_with(['“', '"', '‘', '„'])
            || REACTED_THINGS.iter().any(|thing| rest.eq_ignore_ascii_case(thing))
    };
    let simple = REACTIONS.iter().any(|verb| starts_with(text, verb) && quoted(&text[verb.len()..]));
    let laughed = starts_with(text, "laughed at ") && quoted(&text["laughed at ".len()..]);
    let removed = starts_with(text, "removed a ") && text.to_lowercase().contains(" from ");
    let reacted = starts_with(text, "reacted ") && text["reacted ".len()..].contains(" to ");
    // Android over SMS: `👍 to “…”`, with a thin space or none around it.
    let bare = text
        .split_once(" to ")
        .is_some_and(|(emoji, rest)| !emoji.chars().any(char::is_alphanumeric) && quoted(rest));
    simple || laughed || removed || reacted || bare
}

/// What machines write while their owner is away.
const AUTO_REPLIES: [&str; 9] = [
    "auto-reply",
    "autoreply",
    "auto reply:",
    "automatic reply",
    "automated response",
    "out of office",
    "i'm driving with do not disturb",
    "i’m driving with do not disturb",
    "this is an automated",
];

fn is_auto_reply(text: &str) -> bool {
    let start: &str = text.trim_start_matches(['[', '(', '*', ' ']);
    let driving = ["i'm driving", "i’m driving", "i am driving"];
    AUTO_REPLIES.iter().any(|form| starts_with(start, form))
        || driving.iter().any(|form| starts_with(start, form)) && text.to_lowercase().contains("auto")
}

/// Whether a text starts so, whatever its case.
fn starts_with(text: &str, form: &str) -> bool {
    // Every form begins with a letter that has no other capital: most texts are told apart by their first.
    let first = |text: &str| text.as_bytes().first().map(u8::to_ascii_lowercase);
    first(text) == first(form)
        && text.get(..form.len()).is_some_and(|start| {
            start.eq_ignore_ascii_case(form) || (!start.is_ascii() && start.to_lowercase() == form)
        })
}

fn is_seen(c: char) -> bool {
    !c.is_whitespace() && !is_dropped(c) && !is_combining_mark(c)
}

/// A text in the one form in which it is read: lower-case, words apart, nothing invisible.
#[derive(Debug, Default, Clone)]
pub(crate) struct Folded {
    /// Lower-case and normalised, with its punctuation.
    pub text: String,
    /// The words alone, one space apart.
    plain: String,
    words: Vec<Word>,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    start: usize,
    end: usize,
    /// The punctuation that stands before it, if any; a space says nothing.
    before: Option<char>,
}

impl Folded {
    /// Folds the words of a person, without what a phone added.
    pub fn of(text: &str) -> Self {
        Self::whole(tidy(text).text)
    }

    /// Folds a text as it stands.
    pub fn whole(text: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(text.len()),
            plain: String::with_capacity(text.len() + 8),
            words: Vec::with_capacity(16),
        };
        fold_into(text, &mut folded.text);
        folded.split();
        folded
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// The word at this place.
    pub fn word(&self, at: usize) -> &str {
        let word = self.words[at];
        &self.plain[word.start..word.end]
    }

    /// The words, in order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.word(at))
    }

    /// All words, one space apart.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// The punctuation before this word; `None` where only a space stands there.
    pub fn before(&self, at: usize) -> Option<char> {
        self.words[at].before
    }

    /// Whether it ends as a question does.
    pub fn asks(&self) -> bool {
        self.text.ends_with('?')
    }

    fn split(&mut self) {
        let Self { text, plain, words } = self;
        let mut open = false;
        let mut before = None;
        for c in text.chars() {
            let symbol = is_symbol(c);
            if is_word_part(c) || symbol {
                if !open || symbol {
                    if MOST_WORDS <= words.len() {
                        return;
                    }
                    if !words.is_empty() {
                        plain.push(' ');
                    }
                    words.push(Word { start: plain.len(), end: plain.len(), before: before.take() });
                }
                plain.push(c);
                if let Some(word) = words.last_mut() {
                    word.end = plain.len();
                }
                open = !symbol;
            } else if c != '\'' {
                open = false;
                if !c.is_whitespace() || c == '\n' {
                    before = before.or(Some(c));
                }
            }
        }
    }
}

fn is_word_part(c: char) -> bool {
    c.is_alphanumeric() || c == '%' || (!c.is_ascii() && is_combining_mark(c))
}

/// Pictures and signs: each is a word of its own.
pub(crate) fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() {
        for c in text.chars() {
            push_folded(c, out);
        }
    } else {
        let seen = text.chars().filter(|c| c.is_whitespace() || !is_dropped(*c));
        for c in seen.nfkc() {
            for lower in plain_form(c).to_lowercase() {
                push_folded(plain_form(lower), out);
            }
        }
    }
    let ends = out.trim_end().len();
    out.truncate(ends);
}

/// Adds one character: spaces collapse, a line break stays.
fn push_folded(c: char, out: &mut String) {
    let last = out.as_bytes().last().copied();
    let after_space = matches!(last, None | Some(b' ' | b'\n'));
    if c == '\n' || c == '\r' {
        if last == Some(b' ') {
            out.pop();
        }
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
    } else if c.is_whitespace() {
        if !after_space {
            out.push(' ');
        }
    } else if !c.is_control() {
        out.push(c.to_ascii_lowercase());
    }
}

/// Characters that cannot be seen by themselves: marks of direction, joiners, tags, variation and skin tone.
fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{20E3}' | '\u{2640}'
        | '\u{2642}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0000}'..='\u{E0FFF}')
        || c.is_control()
}

/// The usual character for one that only looks different, where normalising does not know it.
fn plain_form(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{00B4}' | '`' => '\'',
        '\u{201C}'..='\u{201F}' | '\u{00AB}' | '\u{00BB}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{1F150}'..='\u{1F169}' => letter(c, '\u{1F150}'),
        '\u{1F170}'..='\u{1F189}' => letter(c, '\u{1F170}'),
        '\u{2776}'..='\u{277E}' => digit(c, '\u{2775}'),
        _ if c.is_ascii() => c,
        _ => small_capital(c).or_else(|| unicode_digit(c)).unwrap_or(c),
    }
}

fn letter(c: char, first: char) -> char {
    offset(c, first, b'a')
}

fn digit(c: char, zero: char) -> char {
    offset(c, zero, b'0')
}

fn offset(c: char, first: char, base: u8) -> char {
    let step = u32::from(c) - u32::from(first);
    u8::try_from(step).map_or(c, |step| char::from(base.saturating_add(step)))
}

const SMALL_CAPITALS: [(char, char); 24] = [
    ('ᴀ', 'a'),
    ('ʙ', 'b'),
    ('ᴄ', 'c'),
    ('ᴅ', 'd'),
    ('ᴇ', 'e'),
    ('ꜰ', 'f'),
    ('ɢ', 'g'),
    ('ʜ', 'h'),
    ('ɪ', 'i'),
    ('ᴊ', 'j'),
    ('ᴋ', 'k'),
    ('ʟ', 'l'),
    ('ᴍ', 'm'),
    ('ɴ', 'n'),
    ('ᴏ', 'o'),
    ('ᴘ', 'p'),
    ('ʀ', 'r'),
    ('ꜱ', 's'),
    ('ᴛ', 't'),
    ('ᴜ', 'u'),
    ('ᴠ', 'v'),
    ('ᴡ', 'w'),
    ('ʏ', 'y'),
    ('ᴢ', 'z'),
];

fn small_capital(c: char) -> Option<char> {
    SMALL_CAPITALS.iter().find(|(small, _)| *small == c).map(|(_, plain)| *plain)
}

/// The zeros of the scripts in which people write numbers; the nine digits follow each.
const ZEROS: [char; 18] = [
    '\u{0660}', '\u{06F0}', '\u{07C0}', '\u{0966}', '\u{09E6}', '\u{0A66}', '\u{0AE6}', '\u{0B66}',
    '\u{0BE6}', '\u{0C66}', '\u{0CE6}', '\u{0D66}', '\u{0E50}', '\u{0ED0}', '\u{0F20}', '\u{1040}',
    '\u{17E0}', '\u{1810}',
];

fn unicode_digit(c: char) -> Option<char> {
    let zero =
        ZEROS.iter().find(|zero| (u32::from(**zero)..u32::from(**zero) + 10).contains(&u32::from(c)))?;
    Some(digit(c, *zero))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        Folded::of(text).plain().to_owned()
    }

    #[test]
    fn a_word_is_the_same_word_however_it_is_dressed() {
        for dressed in [
            "STOP",
            " Stop. ",
            "S\u{200b}T\u{200b}O\u{200b}P",
            "𝐒𝐓𝐎𝐏",
            "ⓈⓉⓄⓅ",
            "🆂🆃🅾🅿",
            "ꜱᴛᴏᴘ",
            "ＳＴＯＰ",
            "“stop!!”",
            "st\u{0001}op",
            "\u{202e}stop\u{202c}",
        ] {
            assert_eq!(plain(dressed), "stop", "{dressed:?}");
        }
        assert_eq!(plain("I’d   rather\tnot…"), "id rather not");
        assert_eq!(plain("3️⃣ 4️⃣ ७ ９ ⑥ ❷"), "3 4 7 9 6 2");
        assert_eq!(plain("👍🏽 ok 🤷‍♂️"), "👍 ok 🤷");
    }

    #[test]
    fn what_a_phone_adds_is_cut() {
        assert_eq!(tidy("Yes\n\nSent from my iPhone").text, "Yes");
        assert_eq!(tidy("No\n-- \nSent from my Galaxy").text, "No");
        assert_eq!(tidy("Sent from my iPhone").kind, TextKind::Empty);
        assert_eq!(tidy("I sent from my iphone a letter").kind, TextKind::Plain);
    }

    #[test]
    fn reactions_and_auto_replies_are_known_for_what_they_are() {
        for reaction in [
            "Liked “Do you live alone?”",
            "Loved an image",
            "Laughed at \"hello\"",
            "Emphasised “x”",
            "Questioned “x”",
            "Disliked “x”",
            "Removed a like from “x”",
            "Reacted 👍 to “x”",
            "👍 to “Do you live alone?”",
        ] {
            assert_eq!(tidy(reaction).kind, TextKind::Reaction, "{reaction}");
        }
        for auto in
            ["Automatic reply: I am away", "Out of office until Monday", "I'm driving right now (auto-reply)"]
        {
            assert_eq!(tidy(auto).kind, TextKind::AutoReply, "{auto}");
        }
        for words in ["loved my garden", "liked it a lot", "I removed a tooth", "i want to talk to someone"] {
            assert_eq!(tidy(words).kind, TextKind::Plain, "{words}");
        }
        for empty in ["", " \n ", "\u{200b}", "️️︎", "\u{0001}", "́́"] {
            assert_eq!(tidy(empty).kind, TextKind::Empty, "{empty:?}");
        }
    }
}
