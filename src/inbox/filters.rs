//! Filters above the list of cases: which of them somebody wants to see.
//!
//! Invariant: an address holds codes only, each of them one that the form offers; no filter hides an open concern, and
//! the page always says how many it hides of those who wait.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use serde::Deserialize;

use crate::content::Content;
use crate::conversation::definition::Part;
use crate::conversation::definition::StepKind;
use crate::conversation::effect::MessageKey;
use crate::directory::Directory;
use crate::directory::hours::day_in_london;
use crate::domain::ids::ChoiceId;
use crate::domain::language::Language;
use crate::domain::nation::Nation;
use crate::domain::theme::Theme;
use crate::domain::time::Timestamp;
use crate::inbox::labels;
use crate::inbox::page::london;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::words::theme_words;
use crate::store::facet::Filter;
use crate::store::label::Label;
use crate::wording::render::Place;

/// What an address asks for: codes, or nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    service: String,
    practice: String,
    waiting: String,
    theme: String,
    need: String,
    language: String,
    untouched: String,
    label: String,
}

impl Asked {
    /// What stands in the part of an address behind its question mark: the code of a folder, and what is asked for.
    #[must_use]
    pub fn in_query(query: &str) -> (String, Self) {
        let code = |name: &str| {
            let found = form_urlencoded::parse(query.as_bytes()).find(|(field, _)| field == name);
            found.map(|(_, code)| code.into_owned()).unwrap_or_default()
        };
        let asked = Self {
            service: code("service"),
            practice: code("practice"),
            waiting: code("waiting"),
            theme: code("theme"),
            need: code("need"),
            language: code("language"),
            untouched: code("untouched"),
            label: code(LABEL),
        };
        (code("show"), asked)
    }
}

/// The form.
#[derive(Debug, Default)]
pub struct FilterForm {
    /// What can be chosen.
    pub fields: Vec<FilterField>,
    /// What the address asks for and is not offered here: by its name on the page.
    pub unknown: Vec<&'static str>,
}

/// One thing to filter by.
#[derive(Debug)]
pub struct FilterField {
    /// Its name in the address.
    pub name: &'static str,
    /// Its name on the page.
    pub label: &'static str,
    /// The codes, and what they are called.
    pub options: Vec<(String, Foreign)>,
    /// The code that was chosen; empty where none was.
    pub chosen: String,
}

/// Waiting times: the day after, what services mostly promise, a week, and two.
const WAITING_DAYS: [u8; 5] = [1, 2, 3, 5, 10];

const LABEL: &str = "label";

impl FilterForm {
    /// Whether anything is filtered.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.fields.iter().any(|field| !field.chosen.is_empty())
    }

    /// What is added to an address so that the filters stay.
    pub(super) fn kept(&self) -> String {
        let chosen = self.fields.iter().filter(|field| !field.chosen.is_empty());
        chosen.map(|field| format!("&{}={}", field.name, field.chosen)).collect()
    }

    /// What is chosen, in words.
    pub(super) fn in_words(&self) -> Vec<Foreign> {
        let words = |field: &FilterField| {
            let (_, words) = field.options.iter().find(|(code, _)| *code == field.chosen)?;
            Some(Foreign::new(&format!("{}: {words}", field.label)))
        };
        self.fields.iter().filter_map(words).collect()
    }

    /// The code that was chosen of a field.
    fn chosen<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.fields.iter().find(|field| field.name == name).and_then(|field| field.chosen.parse().ok())
    }
}

/// The form as the address has filled it in, and what it means.
#[must_use]
pub fn filters(
    asked: &Asked,
    worker: &SignedIn,
    (content, labels): (&Content, &[Label]),
    now: Timestamp,
) -> (FilterForm, Filter) {
    let all = [
        ("service", "Service", services(worker, content), &asked.service),
        ("practice", "Practice", practices(worker, content), &asked.practice),
        ("waiting", "Waiting for longer than", waiting(), &asked.waiting),
        ("untouched", "Nothing done for longer than", waiting(), &asked.untouched),
        ("theme", "About", themes(), &asked.theme),
        (LABEL, "Label", labels::to_find(worker, labels, &content.directory), &asked.label),
        ("need", "Access needs", needs(content), &asked.need),
        ("language", "Language of texts", languages(content), &asked.language),
    ];
    let mut form = FilterForm::default();
    for (name, label, options, code) in all {
        let offered = options.iter().any(|(option, _)| option == code);
        if !code.is_empty() && !offered {
            form.unknown.push(label);
        }
        // One choice is none, but a case may have the one label or not.
        let is_choice = 1 < options.len() || (name == LABEL && !options.is_empty());
        if is_choice || offered {
            let chosen = if offered { code.clone() } else { String::new() };
            form.fields.push(FilterField { name, label, options, chosen });
        }
    }
    let filter = Filter {
        service: form.chosen("service"),
        practice: form.chosen("practice"),
        language: form.chosen("language"),
        waits_before: form.chosen("waiting").map(|days| working_days_ago(days, worker, content, now)),
        theme: form.chosen("theme"),
        need: form.chosen("need"),
        label: form.chosen(LABEL),
        untouched_since: form.chosen("untouched").map(|days| working_days_ago(days, worker, content, now)),
    };
    (form, filter)
}

fn services(worker: &SignedIn, content: &Content) -> Vec<(String, Foreign)> {
    let services = content.directory.services().iter().filter(|service| worker.works_for(&service.id));
    services.map(|service| (service.id.to_string(), Foreign::new(&service.name))).collect()
}

fn practices(worker: &SignedIn, content: &Content) -> Vec<(String, Foreign)> {
    let practices = content.directory.practices().filter(|(service, _)| worker.works_for(&service.id));
    practices.map(|(_, practice)| (practice.id.to_string(), Foreign::new(&practice.name))).collect()
}

fn waiting() -> Vec<(String, Foreign)> {
    let words = |days: u8| format!("{days} working day{}", if days == 1 { "" } else { "s" });
    WAITING_DAYS.into_iter().map(|days| (days.to_string(), Foreign::new(&words(days)))).collect()
}

fn themes() -> Vec<(String, Foreign)> {
    Theme::ALL
        .into_iter()
        .map(|theme| (theme.as_str().to_owned(), Foreign::new(theme_words(theme))))
        .collect()
}

/// Whatever the conversations offer as an answer to what would make it easier to take part, but for "none of these".
fn needs(content: &Content) -> Vec<(String, Foreign)> {
    let mut needs: BTreeMap<&ChoiceId, String> = BTreeMap::new();
    let mut order = Vec::new();
    let english = Language::english();
    for (id, conversation) in &content.conversations {
        for step in &conversation.engine.definition.steps {
            let StepKind::Ask(question) = &step.kind else { continue };
            let offered = question.choices.iter().filter(|choice| !question.alone.contains(choice));
            for choice in offered.filter(|_| question.part == Part::Access) {
                let anybody = content.place_of_nobody(&content.directory.services()[0], &english);
                let place = Place { conversation: id, ..anybody };
                let key = MessageKey::part(step.id.as_str(), choice.as_str());
                let label = content.wording.text(&key, &place).unwrap_or_else(|| choice.to_string());
                if needs.insert(choice, label).is_none() {
                    order.push(choice);
                }
            }
        }
    }
    order.into_iter().map(|choice| (choice.to_string(), Foreign::new(&needs[choice]))).collect()
}

/// The languages of our texts: code and name.
pub(super) fn languages(content: &Content) -> Vec<(String, Foreign)> {
    let languages = content.wording.languages(content.offer_unreviewed).into_iter();
    languages
        .map(|language| {
            let name = content.wording.about(language).map_or(language.as_str(), |about| about.name.as_str());
            (language.as_str().to_owned(), Foreign::new(name))
        })
        .collect()
}

/// This time of day, so many working days ago, where the first service of whoever looks works.
fn working_days_ago(days: u8, worker: &SignedIn, content: &Content, now: Timestamp) -> Timestamp {
    let directory = &content.directory;
    let own = worker.services.iter().find_map(|id| directory.service(id));
    let nation = own.unwrap_or(&directory.services()[0]).nation;
    this_time_before(days, nation, directory, now)
}

/// This time of day, so many working days of a nation ago.
pub(super) fn this_time_before(days: u8, nation: Nation, directory: &Directory, now: Timestamp) -> Timestamp {
    let day = directory.holidays().working_days_before(day_in_london(now), days, nation);
    let time = now.to_jiff().to_zoned(london()).time();
    let then = DateTime::from_parts(day, time).to_zoned(london());
    then.map_or(now, |then| Timestamp::from_micros(then.timestamp().as_microsecond()))
}
