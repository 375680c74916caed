//! The printed conversation: nothing that may be said is left out, and nothing in a file breaks the page.

use std::fs;
use std::path::Path;

use crate::support::process::footbridge;
use crate::support::process::outcome;

fn printed(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> String {
    let arguments = [&["print"], arguments].concat();
    let (code, page) = outcome(footbridge(folder, &arguments, settings));
    assert_eq!(code, 0, "{page}");
    page
}

/// The names and the first lines of all messages and attributes of a Fluent file, read without the program.
fn messages(text: &str) -> Vec<(String, String)> {
    let (mut message, mut found) = (String::new(), Vec::new());
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, words)) = line.split_once('=') else { continue };
        let (name, words) = (name.trim_end(), words.trim().to_owned());
        let is_name =
            |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if is_name(name) {
            name.clone_into(&mut message);
            found.push((message.clone(), words));
        } else if let Some(attribute) = name.trim_start().strip_prefix('.').filter(|name| is_name(name)) {
            found.push((format!("{message}.{attribute}"), words));
        }
    }
    found
}

#[test]
fn every_message_of_the_files_stands_on_the_page_of_its_language() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for conversation in ["what-matters", "short"] {
        for language in ["en-GB", "cy"] {
            let arguments = ["--conversation", conversation, "--lang", language, "--format", "text"];
            let page = printed(root, &arguments, &[]);
            for file in [conversation, "general", "safety"] {
                let path = root.join(format!("locales/{language}/{file}.ftl"));
                let messages = messages(&fs::read_to_string(&path).expect("a shipped file"));
                assert!(14 < messages.len(), "{}", path.display());
                for (name, words) in messages {
                    let is_list = name.ends_with("-words");
                    assert!(is_list || page.contains(&format!("[{name}]")), "{language} {file}: {name}");
                    let first = if is_list { words.split(',').next().unwrap_or_default() } else { &words };
                    assert!(
                        words.contains('{') || page.contains(first.trim()),
                        "{language} {file}: {name}: {words}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_page_holds_guards_helplines_the_revision_and_what_nobody_has_reviewed() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = printed(folder.path(), &["--conversation", "short"], &[]);
    for part in [
        "Only if “Contact by” is “No more texts”.",
        "1 Me\n2 Someone I know\n3 Wrong number",
        "Reminders after the person&#39;s last text: 1 day and 3 days.",
        "<td>samaritans</td><td>116 123</td><td>samaritans.org</td><td>2026-11-21</td>",
        "nobody has verified it",
        "Not reviewed: nobody has put their name to these words.",
        "<h2>What people are asked to agree to</h2>",
        "Revision of the flow: <code>",
        "Signature",
    ] {
        assert!(page.contains(part), "{part}");
    }
    for outside in ["http://", "https://", "<script", "src=", "<link"] {
        assert!(!page.contains(outside), "the page is whole by itself: {outside}");
    }
}

#[test]
fn what_stands_in_a_file_cannot_break_the_page_and_what_no_step_says_is_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(outcome(footbridge(folder.path(), &["unpack", "mine"], &[])).0, 0);
    let english = folder.path().join("mine/locales/en-GB/short.ftl");
    let words = fs::read_to_string(&english).expect("the words");
    let words = words.replacen("    .label = Name", "    .label = <b>Name</b> & \"more\"", 1);
    fs::write(&english, format!("{words}\nnobody-says-this = <script>alert(1)</script>\n")).expect("writing");
    let services = folder.path().join("mine/conversations/services.yaml");
    let named = fs::read_to_string(&services).expect("the services");
    fs::write(&services, named.replacen("name: Alder Vale Social", "name: <i>Alder</i> Vale Social", 1))
        .expect("writing");
    let settings =
        [("FOOTBRIDGE_CONVERSATIONS", "mine/conversations"), ("FOOTBRIDGE_LOCALES", "mine/locales")];
    let page = printed(folder.path(), &["--conversation", "short"], &settings);
    for wrong in ["<script", "<b>", "<i>"] {
        assert!(!page.contains(wrong), "{wrong}");
    }
    assert!(page.contains("Words in the conversation&#39;s file that no step says"));
    assert!(page.contains("nobody-says-this"));
    assert!(page.contains("&#60;script&#62;alert(1)") && page.contains("&#60;i&#62;Alder"));
    let before = printed(folder.path(), &["--conversation", "short"], &settings[..1]);
    let fingerprint =
        |page: &str| page.split("Fingerprint of this page: ").nth(1).map(|rest| rest[..30].to_owned());
    assert_ne!(fingerprint(&page), fingerprint(&before), "other words, another fingerprint");
    let (code, told) = outcome(footbridge(folder.path(), &["print", "--lang", "pl"], &[]));
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("there are no words in `pl`: the languages are en-GB, cy"), "{told}");
}
