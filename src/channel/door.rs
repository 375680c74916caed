//! What every channel does to text at the door, so that both databases can hold it and hold the same.

use unicode_normalization::UnicodeNormalization;

use crate::domain::message::Words;

/// A person's words as they are kept: composed (NFC), with `\n` for every line break, without NUL and the other
/// control characters below the space. Nothing is cut: a cry for help may stand at the end of a long text, and the
/// limit on a webhook's size is limit enough.
pub(super) fn words(text: &str) -> Words {
    Words(clean(text))
}

/// The same for what is no person's words.
pub(super) fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .nfc()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|c| !is_dropped(*c))
        .collect()
}

/// PostgreSQL refuses NUL; the others do nothing but harm in a terminal or a log.
fn is_dropped(c: char) -> bool {
    c < ' ' && c != '\n' && c != '\t'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_go_and_lines_stay() {
        assert_eq!(clean("a\0b\u{1b}[2J\r\nc\td\re"), "ab[2J\nc\td\ne");
        assert_eq!(clean("cafe\u{301} \u{200b}\u{202e}👍🏽 \u{ffff}"), "café \u{200b}\u{202e}👍🏽 \u{ffff}");
    }

    #[test]
    fn a_long_text_is_kept_whole() {
        let long = "words ".repeat(5_000);
        assert_eq!(words(&long), Words(long));
    }
}
