//! What must stand in the words that people are sent, however they are reworded.

use std::fs;
use std::path::Path;

const LANGUAGES: [&str; 2] = ["en-GB", "cy"];
const NATIONS: [&str; 4] = [".england", ".wales", ".scotland", ".northern-ireland"];
/// The replies where life may be in danger.
const DANGER_TO_LIFE: [&str; 5] =
    ["safety-emergency", "safety-suicide", "safety-self-harm", "safety-help-now", "safety-harm-to-others"];
/// What a phone shows of a text before it is opened, at most: its first part.
const FIRST_PART: usize = 160;

fn file(language: &str, name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language).join(name);
    fs::read_to_string(path).expect("a file of words")
}

/// A message and its wordings for single nations, as they arrive.
fn wordings(source: &str, message: &str) -> Vec<String> {
    let mut lines = source.lines().skip_while(|line| !line.starts_with(&format!("{message} = ")));
    let own = lines.next().unwrap_or_else(|| panic!("there is no {message}"));
    let attributes = lines.take_while(|line| line.starts_with(' '));
    let of_nations =
        attributes.filter(|line| NATIONS.iter().any(|nation| line.trim_start().starts_with(nation)));
    std::iter::once(own).chain(of_nations).filter_map(|line| line.split_once(" = ")).map(said).collect()
}

fn said((_, text): (&str, &str)) -> String {
    text.replace("{ $emergency }", "999").replace("{ $samaritans }", "116 123")
}

#[test]
fn where_life_is_in_danger_the_numbers_stand_in_the_first_part_of_the_text() {
    for language in LANGUAGES {
        let source = file(language, "safety.ftl");
        for text in DANGER_TO_LIFE.iter().flat_map(|message| wordings(&source, message)) {
            let first: String = text.chars().take(FIRST_PART).collect();
            assert!(first.contains("999") && first.contains("116 123"), "{language}: {text}");
        }
    }
}

#[test]
fn the_first_text_says_what_it_is_and_what_it_is_not() {
    for name in ["what-matters.ftl", "short.ftl"] {
        for text in wordings(&file("en-GB", name), "welcome") {
            for needed in [
                "automatic",
                "people",
                "even if you stop half way",
                "not an emergency service",
                "999",
                "$phone",
                "stop",
            ] {
                assert!(text.to_lowercase().contains(needed), "{name} does not say {needed}: {text}");
            }
        }
    }
}

#[test]
fn no_text_holds_a_link() {
    for language in LANGUAGES {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language);
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let text = fs::read_to_string(&path).expect("words");
            for link in ["http:", "https:", "www."] {
                assert!(!text.contains(link), "{} holds {link}", path.display());
            }
        }
    }
}
