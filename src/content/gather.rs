//! Which files make a directory, a language, a set of rules, a conversation.
//!
//! Invariant: a file that is missing, or that nobody would read, is a problem.

use std::collections::BTreeSet;

use crate::content::files::Files;
use crate::conversation::chat;
use crate::conversation::chat::Chat;
use crate::directory;
use crate::directory::Directory;
use crate::domain::language::Language;
use crate::domain::time::Timestamp;
use crate::reading::problem::Problems;
use crate::reading::source::Place;
use crate::reading::source::Source;
use crate::wording::locale::LocaleFiles;

fn source(files: &Files, path: &str, problems: &mut Problems) -> Option<Source> {
    let found = files.get(path).map(|text| Source::new(path, text));
    if found.is_none() {
        let (top, rest) = path.split_once('/').unwrap_or_default();
        let remedy = if files.get(&format!("{top}/{top}/{rest}")).is_some() {
            format!("It is one folder deeper: set FOOTBRIDGE_{} to that `{top}`.", top.to_uppercase())
        } else {
            "Unpack the shipped files with `footbridge unpack DIR`, and begin from those.".to_owned()
        };
        problems.add(Source::new(path, "").error(
            Place::START,
            "missing-file",
            "this file is missing",
            &remedy,
        ));
    }
    found
}

pub(super) fn read_directory(files: &Files, now: Timestamp, problems: &mut Problems) -> Option<Directory> {
    let services = source(files, "conversations/services.yaml", problems);
    let helplines = source(files, "conversations/helplines.yaml", problems);
    let holidays = source(files, "conversations/holidays.yaml", problems);
    let files = directory::Files { services: &services?, helplines: &helplines?, holidays: &holidays? };
    Directory::read(files, directory::hours::day_in_london(now), problems)
}

/// The folders under `locales`, each with its files.
pub(super) fn locale_files(files: &Files, problems: &mut Problems) -> Vec<LocaleFiles> {
    let abouts: Vec<&str> = files.below("locales/", "/language.yaml").map(|(path, _)| path).collect();
    let mut locales = Vec::new();
    folders_without_a_language(files, problems);
    for path in abouts {
        let folder = path.trim_end_matches("language.yaml");
        let name = folder.strip_prefix("locales/").unwrap_or(folder).trim_end_matches('/');
        let Ok(language) = name.parse::<Language>() else {
            let about = Source::new(path, "");
            let (message, remedy) = if name.is_empty() {
                let message = "this folder is one language, where a folder of languages is wanted";
                (message.to_owned(), "Set FOOTBRIDGE_LOCALES to the folder in which it stands.")
            } else if name.starts_with("locales/") {
                let message = "the languages are one folder deeper";
                (message.to_owned(), "Set FOOTBRIDGE_LOCALES to that `locales`.")
            } else {
                (format!("`{name}` names no language"), "Name the folder like `en-GB` or `cy`.")
            };
            problems.add(about.error(Place::START, "language", &message, remedy));
            continue;
        };
        let messages = files.below(folder, ".ftl").map(|(path, text)| {
            let name = path.trim_start_matches(folder).trim_end_matches(".ftl");
            (name.to_owned(), Source::new(path, text))
        });
        locales.extend(source(files, path, problems).map(|about| LocaleFiles {
            language,
            about,
            messages: messages.collect(),
        }));
    }
    locales
}

/// Words in a folder that nobody calls a language would be read by nobody.
fn folders_without_a_language(files: &Files, problems: &mut Problems) {
    let folders: BTreeSet<&str> = files
        .below("locales/", ".ftl")
        .filter_map(|(path, _)| path.rsplit_once('/'))
        .map(|(f, _)| f)
        .collect();
    for folder in folders {
        let about = format!("{folder}/language.yaml");
        if files.get(&about).is_none() {
            let message = "this file is missing: nobody is offered the words beside it";
            let remedy = "Write `name: …` into it: what the language calls itself.";
            problems.add(Source::new(&about, "").error(Place::START, "missing-file", message, remedy));
        }
    }
}

pub(super) fn read_rules<T>(
    files: &Files,
    folder: &str,
    problems: &mut Problems,
    read: impl FnOnce(&[(String, String)]) -> Result<T, Problems>,
) -> Option<T> {
    // Families of words that several files use come first.
    let sources: Vec<(String, String)> = files
        .below("conversations/words/", ".yaml")
        .chain(files.below(folder, ".yaml"))
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect();
    match read(&sources) {
        Ok(rules) => Some(rules),
        Err(found) => {
            problems.extend(found);
            None
        }
    }
}

pub(super) fn flows(files: &Files) -> impl Iterator<Item = Source> {
    files.below("conversations/", "/flow.yaml").map(|(path, text)| Source::new(path, text))
}

pub(super) fn read_chats(files: &Files, flow: &Source, problems: &mut Problems) -> Vec<(Source, Vec<Chat>)> {
    let folder = flow.file.trim_end_matches("flow.yaml");
    let read = files.below(folder, ".chat").map(|(path, text)| {
        let source = Source::new(path, text);
        let chats = chat::read(&source, problems);
        (source, chats)
    });
    read.collect()
}
