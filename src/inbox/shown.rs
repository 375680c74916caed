//! What other people wrote, made fit to be looked at.
//!
//! Invariant: a `Foreign` holds no character that hides itself or turns the writing around it; templates escape it.

use std::fmt;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

/// More marks than this on one letter make a tower that covers the lines around it; no writing needs more.
const MOST_MARKS: usize = 6;

/// Text that somebody else wrote: a person, a colleague, a network.
///
/// Characters that cannot be seen, or that change the direction of the writing, are shown by their number.
#[derive(Clone, PartialEq, Eq)]
pub struct Foreign(String);

/// A part of a text, marked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it says.
    pub text: Foreign,
    /// Whether these are the words that a rule found.
    pub marked: bool,
}

impl Foreign {
    /// Makes the text fit to be looked at.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut shown = String::with_capacity(text.len());
        let mut before = None;
        let mut marks = 0;
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let joins = is_joiner(c)
                && before.is_some_and(can_be_joined)
                && rest.peek().copied().is_some_and(can_be_joined);
            marks = if is_combining_mark(c) { marks + 1 } else { 0 };
            match c {
                _ if marks > MOST_MARKS => {}
                '\r' if rest.peek() == Some(&'\n') => {}
                _ if joins || !is_hidden(c) => shown.push(c),
                _ => shown.push_str(&format!("[U+{:04X}]", u32::from(c))),
            }
            before = Some(c);
        }
        Self(shown)
    }
}

/// Cuts a text into pieces, the one within `mark` marked. A mark that fits no letters of the text is left out: the text
/// is shown whole in any case.
#[must_use]
pub fn marked(text: &str, mark: &Range<usize>) -> Vec<Piece> {
    marked_all(text, std::slice::from_ref(mark))
}

/// The same with several marks, in order.
#[must_use]
pub fn marked_all(text: &str, marks: &[Range<usize>]) -> Vec<Piece> {
    let (mut pieces, mut rest) = (Vec::new(), 0);
    for mark in marks {
        if let (Some(before), Some(words)) = (text.get(rest..mark.start), text.get(mark.clone())) {
            push(&mut pieces, before, false);
            push(&mut pieces, words, true);
            rest = mark.end;
        }
    }
    push(&mut pieces, text.get(rest..).unwrap_or_default(), false);
    pieces
}

fn push(pieces: &mut Vec<Piece>, text: &str, marked: bool) {
    if !text.is_empty() {
        pieces.push(Piece { text: Foreign::new(text), marked });
    }
}

/// Joiners between letters of other scripts, or between emoji, are part of the writing.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn can_be_joined(c: char) -> bool {
    !c.is_ascii() && !is_hidden(c)
}

/// Whether a character cannot be seen, or turns the writing around.
pub(super) fn is_hidden(c: char) -> bool {
    let control = c.is_control() && c != '\n' && c != '\t';
    let hidden = matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}');
    let no_character = u32::from(c) & 0xfffe == 0xfffe;
    control || hidden || no_character
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Foreign(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_itself_is_shown_by_its_number() {
        for (text, shown) in [
            ("S\u{200b}TOP", "S[U+200B]TOP"),
            ("\u{202e}olleh", "[U+202E]olleh"),
            ("a\u{7}b", "a[U+0007]b"),
            ("\u{feff}hi", "[U+FEFF]hi"),
            ("x\u{10ffff}", "x[U+10FFFF]"),
            ("a\u{200d}b", "a[U+200D]b"),
            ("\u{1b}[2J", "[U+001B][2J"),
        ] {
            assert_eq!(Foreign::new(text).to_string(), shown);
        }
    }

    #[test]
    fn what_belongs_to_the_writing_stays() {
        for text in
            ["Dear sir,\nI lost my Arthur", "👨\u{200d}👩\u{200d}👧", "می\u{200c}خواهم", "Siân – 50p", "<b>&"]
        {
            assert_eq!(Foreign::new(text).to_string(), text);
        }
        let tower = format!("e{}h", "\u{301}".repeat(99));
        assert_eq!(Foreign::new(&tower).to_string(), format!("e{}h", "\u{301}".repeat(6)));
        assert_eq!(Foreign::new("one\r\ntwo").to_string(), "one\ntwo");
    }

    #[test]
    fn the_words_that_a_rule_found_are_marked_and_nothing_is_lost() {
        let text = "sometimes i cant go on, café";
        let cut = |mark: Range<usize>| -> Vec<(String, bool)> {
            let pieces = marked(text, &mark).into_iter();
            pieces.map(|piece| (piece.text.to_string(), piece.marked)).collect()
        };
        let expected = [("sometimes ", false), ("i cant go on", true), (", café", false)];
        assert_eq!(cut(10..22), expected.map(|(words, marked)| (words.to_owned(), marked)));
        for wrong in [0..99, 28..29, 500..501] {
            assert_eq!(cut(wrong), [(text.to_owned(), false)]);
        }
    }

    #[test]
    fn printing_for_a_log_shows_nothing() {
        assert_eq!(format!("{:?}", Foreign::new("I am lonely")), "Foreign(…)");
    }
}
