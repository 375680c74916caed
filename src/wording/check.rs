//! What `check` says of the words themselves.

use std::collections::BTreeMap;

use crate::directory::Directory;
use crate::domain::ids::HelplineId;
use crate::domain::language::Language;
use crate::domain::nation::Nation;
use crate::reading::did_you_mean;
use crate::reading::problem::Problems;
use crate::reading::source::Place;
use crate::wording::days::Calendar;
use crate::wording::locale::About;
use crate::wording::locale::COMMON;
use crate::wording::locale::File;
use crate::wording::locale::Locale;
use crate::wording::locale::Part;
use crate::wording::readability::LONGEST_SENTENCE;
use crate::wording::readability::OLDEST_READER;
use crate::wording::readability::longest_sentence;
use crate::wording::readability::reading_age;
use crate::wording::render::NUMBER_OF;

/// The variables that every message may use beside the helplines.
pub(super) const VARIABLES: [&str; 9] =
    ["service", "phone", "hours", "reference", "promised", "erased", "guess", "languages", "watching"];

pub(super) fn check(locales: &BTreeMap<Language, Locale>, directory: &Directory, problems: &mut Problems) {
    for (language, locale) in locales {
        for (name, file) in &locale.files {
            variables(name, file, directory, problems);
            references(file, locale, problems);
            // The accepted words are no sentences.
            if name != "replies" {
                readability(file, language, problems);
                hard_words(file, &locale.about, problems);
            }
        }
        unreviewed(language, locale, problems);
        calendar(locale, problems);
    }
}

fn variables(file_name: &str, file: &File, directory: &Directory, problems: &mut Problems) {
    // Only a conversation has choices, and which ones is known where its flow is.
    let may_number = !COMMON.contains(&file_name);
    for (name, part) in &file.parts {
        let elsewhere = |variable: &str| may_number && variable.starts_with(NUMBER_OF);
        for (variable, place) in part.variables.iter().filter(|(variable, _)| !elsewhere(variable)) {
            if let Some((message, remedy)) = wrong_variable(name, variable, directory) {
                problems.add(file.source.error(*place, "variable", &message, &remedy));
            }
        }
    }
}

/// What is wrong with a variable of this part, and what to do about it.
fn wrong_variable(part: &str, variable: &str, directory: &Directory) -> Option<(String, String)> {
    if VARIABLES.contains(&variable) {
        return None;
    }
    let helplines = directory.helpline_ids();
    let helpline: Option<HelplineId> = variable.parse().ok().filter(|id| helplines.contains(id));
    let Some(id) = helpline else {
        let known = VARIABLES.into_iter().chain(helplines.iter().map(|id| id.as_str()));
        let remedy = match did_you_mean(variable, known.clone()) {
            Some(meant) => format!("Did you mean `${meant}`?"),
            None => format!("Known: {}.", known.collect::<Vec<_>>().join(", ")),
        };
        return Some((format!("there is no variable `${variable}`"), remedy));
    };
    let nation: Option<Nation> = part.split_once('.').and_then(|(_, attribute)| attribute.parse().ok());
    if directory.helpline(&id, nation).is_some() {
        return None;
    }
    let place = nation.map_or("everywhere".to_owned(), |nation| format!("in {}", nation.as_str()));
    let nations = Nation::ALL.into_iter().filter(|nation| directory.helpline(&id, Some(*nation)).is_some());
    let attributes: Vec<String> = nations.map(|nation| format!("`.{}`", nation.as_str())).collect();
    let remedy = format!("Use it in {} only.", attributes.join(" and "));
    Some((format!("`${id}` does not hold {place}"), remedy))
}

fn references(file: &File, locale: &Locale, problems: &mut Problems) {
    let common = COMMON.iter().filter_map(|name| locale.files.get(*name));
    let files: Vec<&File> = std::iter::once(file).chain(common).collect();
    for (name, place) in file.parts.values().flat_map(|part| &part.references) {
        if !files.iter().any(|file| file.parts.contains_key(name)) {
            let message = format!("there is no message `{name}`");
            let remedy = "Write it in this file, in general.ftl or in safety.ftl.";
            problems.add(file.source.error(*place, "message", &message, remedy));
        }
    }
}

fn readability(file: &File, language: &Language, problems: &mut Problems) {
    for (name, part) in file.parts.iter().filter(|(name, _)| is_said(name)) {
        let longest = longest_sentence(&part.plain);
        if LONGEST_SENTENCE < longest {
            let message = format!("`{name}` has a sentence of {longest} words");
            let remedy = format!("Cut it: {LONGEST_SENTENCE} words are the most that is easy to read.");
            problems.add(file.source.warning(part.place, "long-sentence", &message, &remedy));
        }
        // The formula is one for English.
        let age = reading_age(&part.plain).filter(|age| OLDEST_READER < *age);
        if let Some(age) = age.filter(|_| *language == Language::english()) {
            let message = format!("`{name}` has a reading age of {age:.0}");
            problems.add(file.source.warning(
                part.place,
                "reading-age",
                &message,
                "Use shorter words and sentences.",
            ));
        }
    }
}

/// Notes each hard word once a text: a label is read too, and counts.
fn hard_words(file: &File, about: &About, problems: &mut Problems) {
    for (name, part) in file.parts.iter().filter(|(name, _)| !is_list(name)) {
        let said = part.plain.to_lowercase();
        for (word, instead) in about.hard_words.iter().filter(|(word, _)| says(&said, word)) {
            let message = format!("`{name}` says \"{word}\"");
            let remedy = format!("Instead: {instead}. The list stands in language.yaml.");
            problems.add(file.source.warning(part.place, "hard-word", &message, &remedy));
        }
    }
}

/// Whether a text holds these words as whole words.
fn says(text: &str, words: &str) -> bool {
    let edge = |letter: Option<char>| !letter.is_some_and(char::is_alphanumeric);
    text.match_indices(words).any(|(start, found)| {
        edge(text[..start].chars().next_back()) && edge(text[start + found.len()..].chars().next())
    })
}

/// What somebody in danger reads is looked at by a human first, or at least everybody knows that it was not.
fn unreviewed(language: &Language, locale: &Locale, problems: &mut Problems) {
    if let Some(safety) = locale.files.get("safety").filter(|_| locale.about.reviewed.is_none()) {
        let message = format!("nobody has reviewed the safety texts in `{language}`");
        let remedy = "Have them read and signed: `reviewed by` and `reviewed on` in language.yaml.";
        problems.add(safety.source.warning(Place::START, "unreviewed", &message, remedy));
    }
}

/// Whether people are told this part as it is: not a list of words, nor a label.
fn is_said(name: &str) -> bool {
    !is_list(name) && !name.ends_with(".label")
}

fn is_list(name: &str) -> bool {
    matches!(name, "weekdays" | "months") || name.ends_with("-words")
}

fn calendar(locale: &Locale, problems: &mut Problems) {
    let Some(general) = locale.files.get("general") else {
        return;
    };
    let part = |name: &str| general.parts.get(name);
    let plain = |part: Option<&Part>| part.map_or_else(String::new, |part| part.plain.clone());
    if Calendar::read(&plain(part("weekdays")), &plain(part("months"))).is_none() {
        let place = part("weekdays").or(part("months")).map_or(Place::START, |part| part.place);
        let message = "`weekdays` and `months` must name seven days, Monday first, and twelve months";
        let remedy = "Write `weekdays = Monday, Tuesday, …` and `months = January, February, …`.";
        problems.add(general.source.error(place, "calendar", message, remedy));
    }
}
