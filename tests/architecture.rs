//! Who may name whom: the arrows of ARCHITECTURE.md, read from the `use` lines.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

const MAP: &str = include_str!("../ARCHITECTURE.md");

/// Each module, and the modules that it may name, as the table says; nothing where it may name every other.
fn may_name() -> BTreeMap<&'static str, Option<Vec<&'static str>>> {
    let rows = MAP.lines().filter(|line| line.starts_with("| `"));
    rows.flat_map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [modules, _, named] = cells[..] else { panic!("a row of the table has three cells: {row}") };
        let named = match named {
            "everything" => None,
            "nothing of ours" => Some(Vec::new()),
            several => Some(several.split(", ").collect()),
        };
        modules.split(", ").map(move |module| (module.trim_matches('`'), named.clone()))
    })
    .collect()
}

/// The roots, which belong to no module.
const ROOTS: [&str; 2] = ["lib", "main"];

/// Foreign names, and the places that may name them.
const FOREIGN: &[(&str, &[&str])] = &[
    ("sqlx", &["store", "domain"]),
    ("twilio_openapi", &["channel/twilio"]),
    ("reqwest011", &["channel/twilio", "channel/web"]),
    ("teloxide", &["channel/telegram"]),
    ("reqwest012", &["channel/telegram"]),
    ("axum", &["http", "inbox", "app", "cli"]),
    ("fluent", &["wording"]),
    ("fluent_syntax", &["wording"]),
    ("std::env", &["config"]),
    ("askama", &["inbox", "cli/print"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every file of `src`, by its path below it, without the tests at its foot.
fn code() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        (path.strip_prefix(&root).expect("below src").to_string_lossy().into_owned(), code)
    };
    found.into_iter().map(read).filter(|(path, _)| !path.ends_with("tests.rs")).collect()
}

fn module_of(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap_or(path)
}

#[test]
fn arrows_run_one_way() {
    let allowed = may_name();
    let mut wrong = Vec::new();
    for (path, code) in code() {
        let module = module_of(&path);
        if ROOTS.contains(&module) {
            continue;
        }
        let may = allowed.get(module).unwrap_or_else(|| panic!("{module} is in no row of the table"));
        let Some(may) = may else { continue };
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for named in line.split("crate::").skip(1) {
                let named =
                    named.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
                if named != module && !may.contains(&named) && !named.is_empty() {
                    wrong.push(format!("src/{path}: names {named}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn libraries_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for (path, code) in code() {
        for (library, places) in FOREIGN {
            let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            let names = |line: &str| {
                line.match_indices(library).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    let after = line[at + library.len()..].starts_with("::")
                        || line[at + library.len()..].starts_with(';');
                    after && !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
                })
            };
            let mut lines = lines;
            let named = lines.any(names);
            if named && !places.iter().any(|place| path.starts_with(place)) {
                wrong.push(format!("src/{path}: names {library}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn imports_are_one_line_each() {
    for (path, code) in code() {
        assert!(
            !code.contains("use crate::{"),
            "src/{path}: write one `use crate::module::Thing;` line per thing"
        );
    }
}

#[test]
fn files_are_small_rooms() {
    let long: Vec<_> = code()
        .into_iter()
        .map(|(path, code)| (code.lines().count(), path))
        .filter(|(lines, _)| 500 < *lines)
        .collect();
    assert!(long.is_empty(), "these files are over 500 lines without their tests: {long:?}");
}

#[test]
fn nothing_speaks_of_how_much_at_risk_somebody_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let forbidden = regex::Regex::new(
        r"(?i)risk[ _-]?(level|score|rating|band|categor)|(high|medium|low|moderate)[ _-]risk|probability|likelihood[ _-]?(of|score)|severity[ _-]?(score|level)",
    )
    .expect("a pattern");
    let mut found = Vec::new();
    for folder in ["src", "conversations", "locales"] {
        visit(&root.join(folder), &mut |path, text| {
            for (number, line) in text.lines().enumerate() {
                let is_comment = line.trim_start().starts_with("//") || line.trim_start().starts_with('#');
                if !is_comment && forbidden.is_match(line) {
                    found.push(format!("{}:{}: {line}", path.display(), number + 1));
                }
            }
        });
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn visit(folder: &Path, each: &mut impl FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            visit(&path, each);
        } else if let Ok(text) = fs::read_to_string(&path) {
            each(&path, &text);
        }
    }
}
