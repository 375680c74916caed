//! The papers for clinical safety: what the hazard log names as a proof exists, and what papers link to is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

const HAZARD_LOG: &str = include_str!("../docs/safety/hazard-log.md");
/// Below this row stand controls, each with its proofs.
const CONTROLS: &str = "| control | proved by |";
/// Above the table that the deploying organisation fills in.
const FOOT: &str = "## To be filled in by the deploying organisation";
const UNPROVED: &str = "no test yet";
/// How far above its name a test says that it is one.
const ATTRIBUTES_WITHIN: usize = 4;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The last cell of each control, with its line.
fn proofs() -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    let mut inside = false;
    for (number, line) in (1..).zip(HAZARD_LOG.lines()) {
        inside = line == CONTROLS || (inside && line.starts_with('|'));
        if inside && line != CONTROLS && !line.starts_with("|---") {
            let cells = line.trim_matches('|').rsplit_once(" | ");
            let (_, proof) = cells.unwrap_or_else(|| panic!("line {number} has no proof"));
            found.push((number, proof.trim()));
        }
    }
    found
}

/// The names of a cell, or nothing where it says anything else.
fn names(cell: &str) -> Option<Vec<&str>> {
    cell.strip_prefix('`')?.split(", `").map(|name| name.strip_suffix('`')).collect()
}

/// `conversation: the first line of a chat`.
fn is_chat(conversation: &str, title: &str) -> bool {
    let folder = root().join("conversations").join(conversation).join("chats");
    let Ok(files) = fs::read_dir(folder) else { return false };
    let texts = files.map(|file| fs::read_to_string(file.expect("a file").path()).expect("a text"));
    let titled = |line: &str| {
        let rest = line.strip_prefix("chat: ");
        rest.and_then(|rest| rest.split("  ").next()).is_some_and(|known| known == title)
    };
    texts.into_iter().any(|text| text.lines().any(titled))
}

/// `module::test`, as `cargo test` prints it, but for the database that it ran on.
fn is_test(path: &str) -> bool {
    let Some((module, name)) = path.rsplit_once("::") else { return false };
    let module = module.replace("::", "/");
    let inline = module.strip_suffix("/tests").unwrap_or(&module);
    let files = ["tests", "src"].into_iter().flat_map(|top| {
        [format!("{top}/{module}.rs"), format!("{top}/{module}/mod.rs"), format!("{top}/{inline}.rs")]
    });
    let sources = files.filter_map(|file| fs::read_to_string(root().join(file)).ok());
    sources.into_iter().any(|source| holds_test(&source, name))
}

fn holds_test(source: &str, name: &str) -> bool {
    let lines: Vec<&str> = source.lines().collect();
    let signature = format!("fn {name}(");
    let declared = |at: usize| {
        let above = &lines[at.saturating_sub(ATTRIBUTES_WITHIN)..at];
        let marked = |line: &&str| line.contains("#[test]") || line.contains("#[tokio::test");
        lines[at].contains(&signature)
            && (lines[at].contains("(store: TestStore)") || above.iter().any(marked))
    };
    (0..lines.len()).any(declared)
}

#[test]
fn every_proof_that_the_hazard_log_names_exists() {
    let mut wrong = Vec::new();
    for (line, cell) in proofs().into_iter().filter(|(_, cell)| *cell != UNPROVED) {
        let Some(names) = names(cell) else {
            wrong.push(format!("line {line}: neither names nor \"{UNPROVED}\": {cell}"));
            continue;
        };
        let exists = |name: &str| match name.split_once(": ") {
            Some((conversation, title)) => is_chat(conversation, title),
            None => is_test(name),
        };
        let missing = names.into_iter().filter(|name| !exists(name));
        wrong.extend(missing.map(|name| format!("line {line}: there is no `{name}`")));
    }
    assert!(wrong.is_empty(), "docs/safety/hazard-log.md\n{}", wrong.join("\n"));
    assert!(100 < proofs().len(), "the tables of controls were not found");
}

#[test]
fn every_hazard_has_controls_and_a_row_for_the_deploying_organisation() {
    let id = |line: &'static str, before: &str| line.strip_prefix(before)?.split(' ').next();
    let told: Vec<&str> = HAZARD_LOG.lines().filter_map(|line| id(line, "### ")).collect();
    let (_, foot) = HAZARD_LOG.split_once(FOOT).expect("the table at the foot");
    let blank: Vec<&str> = foot.lines().filter_map(|line| id(line, "| H").map(|_| &line[2..5])).collect();
    let expected: Vec<String> = (1..=told.len()).map(|number| format!("H{number:02}")).collect();
    assert_eq!(told, expected);
    assert_eq!(blank, expected);
    assert_eq!(HAZARD_LOG.lines().filter(|line| *line == CONTROLS).count(), told.len());
}

fn papers(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            papers(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.insert(path);
        }
    }
}

#[test]
fn every_link_of_a_document_leads_to_a_file() {
    let mut documents: BTreeSet<PathBuf> =
        ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(|name| root().join(name)).into();
    papers(&root().join("docs"), &mut documents);
    let mut wrong = Vec::new();
    for document in documents {
        let text = fs::read_to_string(&document).expect("a text");
        let folder = document.parent().expect("a folder");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !link.contains("://") && !file.is_empty() && !folder.join(file).exists() {
                wrong.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
