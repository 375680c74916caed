//! Letters that phones' own alphabet does not have: one of them makes a whole text message more than twice as dear.
//!
//! Invariant: what `sms::fold` makes plain by itself, such as curly quotes, is not named.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::reading::problem::Problems;
use crate::reading::source::Place;
use crate::reading::source::Source;
use crate::wording::locale::File;
use crate::wording::sms;
use crate::wording::sms::Encoding;

/// Names each such letter of what people are told by text message.
pub(super) fn check(file: &File, problems: &mut Problems) {
    for (name, part) in file.parts.iter().filter(|(name, _)| is_texted(name)) {
        let dear: BTreeSet<&str> = part.plain.graphemes(true).filter(|letter| is_dear(letter)).collect();
        for letter in dear {
            let message = format!(
                "`{name}` has \u{201c}{letter}\u{201d}, which phones' own alphabet lacks: each part of the whole text then holds 70 letters, not 160"
            );
            let place = place_of(&file.source, part.place, letter);
            problems.add(file.source.warning(place, "dear-letter", &message, &remedy(letter)));
        }
    }
}

/// Whether a part is sent as a text message: labels and accepted words are not, and Telegram counts no parts.
fn is_texted(name: &str) -> bool {
    !name.ends_with("-words") && !name.ends_with(".label") && !name.ends_with("telegram")
}

fn is_dear(letter: &str) -> bool {
    sms::count(&sms::fold(letter)).encoding == Encoding::Ucs2
}

fn remedy(letter: &str) -> String {
    let plain: String = letter.nfd().filter(char::is_ascii).collect();
    if plain.is_empty() {
        "Leave it out, or say it in words.".to_owned()
    } else {
        format!("Write \"{plain}\" instead.")
    }
}

/// Where a letter first stands, from the line of its part on.
fn place_of(source: &Source, part: Place, letter: &str) -> Place {
    let from = part.line.saturating_sub(1);
    let mut lines = source.text.lines().enumerate().skip(from);
    lines
        .find_map(|(index, line)| {
            let before = line.find(letter).map(|at| &line[..at])?;
            Some(Place { line: index + 1, column: before.chars().count() + 1 })
        })
        .unwrap_or(part)
}
