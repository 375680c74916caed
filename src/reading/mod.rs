//! Reads data files: a YAML source becomes a typed value, or all its problems at once.
//!
//! A reader is a function from an [`Item`] to `Option<T>`: whatever is wrong is noted on the way, with its
//! place and a remedy, and `None` is given; so one pass finds everything.
//!
//! ```
//! use footbridge::reading::item::Item;
//! use footbridge::reading::problem::Problems;
//! use footbridge::reading::source::Source;
//!
//! struct Row { name: String, tries: u8, spoken: Vec<String> }
//!
//! fn row(item: Item<'_>) -> Option<Row> {
//!     let map = item.map(&["name", "tries", "spoken"])?;
//!     let name = map.require("name").and_then(Item::string);
//!     let tries = map.require("tries").and_then(|item| item.number(1..=9));
//!     let spoken = map.find("spoken").and_then(Item::parsed_list);
//!     Some(Row { name: name?, tries: tries?, spoken: spoken.unwrap_or_default() })
//! }
//!
//! let source = Source::new("row.yaml", "name: Alder Vale\ntries: 3\n");
//! let mut problems = Problems::default();
//! let read = footbridge::reading::yaml(&source, &mut problems, row).expect("no problems");
//! assert_eq!((read.name.as_str(), read.tries, read.spoken.len()), ("Alder Vale", 3, 0));
//! ```
//!
//! Invariant: a value comes out only where no error was found, and every problem names a file, a line and a remedy.

pub mod item;
mod node;
pub mod problem;
pub mod source;

use crate::reading::item::Item;
use crate::reading::item::Page;
use crate::reading::problem::Problems;
use crate::reading::source::Source;

/// Reads a YAML file with `read`. Gives a value only where neither the file nor `read` has found an error.
pub fn yaml<T>(
    source: &Source,
    problems: &mut Problems,
    read: impl FnOnce(Item<'_>) -> Option<T>,
) -> Option<T> {
    let page = Page::new(source);
    let value = node::parse(&page).and_then(|root| read(Item::root(&page, &root)));
    let found = page.into_problems();
    let sound = !found.has_errors();
    problems.extend(found);
    value.filter(|_| sound)
}

/// How many letters a word may be off to be offered as "did you mean".
const FARTHEST_SUGGESTION: usize = 2;

/// The option that `word` was probably meant to be.
#[must_use]
pub fn did_you_mean<'a>(word: &str, options: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    options
        .into_iter()
        .map(|option| (strsim::osa_distance(word, option), option))
        .filter(|(distance, option)| *distance <= FARTHEST_SUGGESTION && *distance < option.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, option)| option)
}

#[cfg(test)]
mod tests;
