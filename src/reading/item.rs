//! A value of a data file, and the ways to read it.

use std::cell::RefCell;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use crate::domain::time::parse_length;
use crate::reading::did_you_mean;
use crate::reading::node::Node;
use crate::reading::node::Value;
use crate::reading::problem::Problem;
use crate::reading::problem::Problems;
use crate::reading::source::Place;
use crate::reading::source::Source;

/// A value of a data file. Every way to read it gives `None` and notes a problem where it is something else.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    page: &'a Page<'a>,
    place: Place,
    value: &'a Value,
    /// The key under which it stands, for messages; empty for the file as a whole.
    name: &'a str,
}

/// Keys and values of a data file, of which all keys are known.
#[derive(Clone, Copy)]
pub struct Map<'a> {
    page: &'a Page<'a>,
    place: Place,
    entries: &'a [(Node, Node)],
}

impl<'a> Item<'a> {
    pub(super) fn root(page: &'a Page<'a>, node: &'a Node) -> Self {
        Self { page, place: node.place, value: &node.value, name: "" }
    }

    fn of(page: &'a Page<'a>, name: &'a str, node: &'a Node) -> Self {
        Self { page, place: node.place, value: &node.value, name }
    }

    /// Where it stands: for what can only be checked later, with [`Source::error`].
    #[must_use]
    pub fn place(self) -> Place {
        self.place
    }

    /// Notes that it must be corrected.
    pub fn error(self, rule: &'static str, message: &str, remedy: &str) {
        self.page.error(self.place, rule, message, remedy);
    }

    /// Notes that somebody should look at it.
    pub fn warn(self, rule: &'static str, message: &str, remedy: &str) {
        self.page.add(self.page.source.warning(self.place, rule, message, remedy));
    }

    /// Keys and values, of which these are known: any other key is an error.
    #[must_use]
    pub fn map(self, known: &[&str]) -> Option<Map<'a>> {
        let Value::Map(entries) = self.value else {
            return self.wrong_kind("keys and values", "Write `key: value` on lines of their own.");
        };
        for (key, _) in entries.iter().filter(|(key, _)| !known.contains(&key.text())) {
            let message = format!("unknown key `{}`", key.text());
            let remedy = suggest(key.text(), known.iter().copied(), "Known keys");
            self.page.error(key.place, "unknown-key", &message, &remedy);
        }
        Some(Map { page: self.page, place: self.place, entries })
    }

    /// Keys and values where the keys are data too: each is read by `read` from its key and its value.
    #[must_use]
    pub fn each_entry<T>(self, mut read: impl FnMut(Item<'a>, Item<'a>) -> Option<T>) -> Option<Vec<T>> {
        let Value::Map(entries) = self.value else {
            return self.wrong_kind("keys and values", "Write `key: value` on lines of their own.");
        };
        // All are read before the first failure counts, so that every problem is noted.
        let values: Vec<Option<T>> = entries
            .iter()
            .map(|(key, node)| {
                let value = Item::of(self.page, key.text(), node);
                read(Item::of(self.page, key.text(), key), value)
            })
            .collect();
        values.into_iter().collect()
    }

    /// A list, each of its items read by `read`.
    #[must_use]
    pub fn each<T>(self, read: impl FnMut(Item<'a>) -> Option<T>) -> Option<Vec<T>> {
        // All are read before the first failure counts, so that every problem is noted.
        let values: Vec<Option<T>> = self.list()?.into_iter().map(read).collect();
        values.into_iter().collect()
    }

    /// A list.
    #[must_use]
    pub fn list(self) -> Option<Vec<Item<'a>>> {
        let Value::List(nodes) = self.value else {
            return self.wrong_kind("a list", "Write `[one, two]`, or a line `- one` for each.");
        };
        Some(nodes.iter().map(|node| Item::of(self.page, self.name, node)).collect())
    }

    /// A list of which every item is read by its type.
    #[must_use]
    pub fn parsed_list<T>(self) -> Option<Vec<T>>
    where
        T: FromStr<Err: Display>,
    {
        self.each(Item::parsed)
    }

    /// The text as it stands in the file; never empty.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        let Value::Scalar(text) = self.value else {
            return self.wrong_kind("one value", "Write it on the same line, after the colon.");
        };
        if text.trim().is_empty() {
            let message = format!("{} is empty", self.called());
            self.error("empty-value", &message, "Write a value, or remove the line.");
            return None;
        }
        Some(text)
    }

    /// Whether it is just this word.
    #[must_use]
    pub fn is(self, word: &str) -> bool {
        matches!(self.value, Value::Scalar(text) if text == word)
    }

    /// The text as it stands in the file, as an owned one; never empty.
    #[must_use]
    pub fn string(self) -> Option<String> {
        self.text().map(str::to_owned)
    }

    /// A value of a type that reads itself; what it says of a wrong text becomes the message, and what it says after
    /// the first colon the remedy.
    #[must_use]
    pub fn parsed<T>(self) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        let text = self.text()?;
        text.parse().map_err(|wrong: T::Err| self.wrong_value(text, &wrong.to_string())).ok()
    }

    /// A whole number within a range.
    #[must_use]
    pub fn number<T>(self, range: RangeInclusive<T>) -> Option<T>
    where
        T: FromStr + PartialOrd + Display,
    {
        let text = self.text()?;
        let number = text.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let (least, most) = (range.start(), range.end());
            self.wrong_value(
                text,
                &format!("not a whole number from {least} to {most}: write one of these numbers"),
            );
        }
        number
    }

    /// Yes or no.
    #[must_use]
    pub fn yes_no(self) -> Option<bool> {
        self.one_of(&[("yes", true), ("no", false), ("true", true), ("false", false)])
    }

    /// One of these words, and what it stands for.
    #[must_use]
    pub fn one_of<T: Copy>(self, options: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = options.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let message = format!("{} cannot be `{text}`", self.called());
            let remedy = suggest(text, options.iter().map(|(word, _)| *word), "It can be");
            self.error("wrong-value", &message, &remedy);
        }
        found
    }

    /// A day, such as `2026-11-21`.
    #[must_use]
    pub fn day(self) -> Option<jiff::civil::Date> {
        let text = self.text()?;
        let day = text.parse().ok();
        if day.is_none() {
            self.wrong_value(text, "not a day: write year, month and day, such as 2026-11-21");
        }
        day
    }

    /// A length of time, such as `20 seconds`.
    #[must_use]
    pub fn length(self) -> Option<Duration> {
        let text = self.text()?;
        parse_length(text).map_err(|wrong| self.wrong_value(text, &wrong.to_string())).ok()
    }

    fn wrong_value(self, text: &str, wrong: &str) {
        let (what, how) = wrong.split_once(": ").unwrap_or((wrong, "correct the value"));
        self.error("wrong-value", &format!("`{text}` is {what}"), &sentence(how));
    }

    fn wrong_kind<T>(self, wanted: &str, remedy: &str) -> Option<T> {
        self.error("wrong-kind", &format!("{} must be {wanted}", self.called()), remedy);
        None
    }

    fn called(self) -> String {
        if self.name.is_empty() { "the file".to_owned() } else { format!("`{}`", self.name) }
    }
}

impl<'a> Map<'a> {
    /// The value under a key that must be there.
    #[must_use]
    pub fn require(self, key: &str) -> Option<Item<'a>> {
        let found = self.find(key);
        if found.is_none() {
            let message = format!("`{key}` is missing");
            self.page.error(self.place, "missing-key", &message, &format!("Add a line `{key}: …`."));
        }
        found
    }

    /// The value under a key that may be left out.
    #[must_use]
    pub fn find(self, key: &str) -> Option<Item<'a>> {
        let (key, node) = self.entries.iter().find(|(found, _)| found.text() == key)?;
        Some(Item::of(self.page, key.text(), node))
    }

    /// Notes that the keys and values as a whole must be corrected.
    pub fn error(self, rule: &'static str, message: &str, remedy: &str) {
        self.page.error(self.place, rule, message, remedy);
    }

    /// Where it begins.
    #[must_use]
    pub fn place(self) -> Place {
        self.place
    }
}

/// A file while it is read, and what was found wrong with it so far.
pub(super) struct Page<'a> {
    pub(super) source: &'a Source,
    problems: RefCell<Problems>,
}

impl<'a> Page<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        Self { source, problems: RefCell::default() }
    }

    pub(super) fn error(&self, place: Place, rule: &'static str, message: &str, remedy: &str) {
        self.add(self.source.error(place, rule, message, remedy));
    }

    fn add(&self, problem: Problem) {
        self.problems.borrow_mut().add(problem);
    }

    pub(super) fn into_problems(self) -> Problems {
        self.problems.into_inner()
    }
}

/// "Did you mean", or else all that can be written.
fn suggest<'o>(word: &str, options: impl Iterator<Item = &'o str> + Clone, all: &str) -> String {
    match did_you_mean(word, options.clone()) {
        Some(option) => format!("Did you mean `{option}`?"),
        None => format!("{all}: {}.", options.collect::<Vec<_>>().join(", ")),
    }
}

/// Words that fit after "please", as a sentence.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if words.ends_with(['.', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
