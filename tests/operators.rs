//! What operators are told at the terminal, by the real program.

use std::path::Path;

use tempfile::TempDir;

use crate::binary::set_up;
use crate::support::process::Client;
use crate::support::process::KEY;
use crate::support::process::Server;
use crate::support::process::footbridge;
use crate::support::process::outcome;
use crate::support::process::outcome_told;

const ANY_PORT: (&str, &str) = ("FOOTBRIDGE_LISTEN", "127.0.0.1:0");
const SECRET: (&str, &str) = ("FOOTBRIDGE_SECRET_KEY", KEY);

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn said(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> (i32, String) {
    outcome(footbridge(folder, arguments, settings))
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).expect("a folder").next().is_none()
}

#[test]
fn a_port_that_only_the_server_knows_is_asked_for() {
    let folder = folder();
    let (code, told) = said(folder.path(), &["admin", "set-up-link"], &[ANY_PORT, SECRET]);
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("FOOTBRIDGE_PUBLIC_URL") && told.contains("port 0"), "{told}");
    assert!(is_empty(folder.path()), "nothing was made");
    let (code, told) = said(folder.path(), &["healthcheck"], &[ANY_PORT]);
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("FOOTBRIDGE_LISTEN") && told.contains("--address"), "{told}");
}

#[test]
fn a_database_that_is_not_there_is_said_and_not_made() {
    let folder = folder();
    let (code, told) = said(folder.path(), &["check", "--database"], &[SECRET]);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("there is no database yet where FOOTBRIDGE_DATABASE_URL says"), "{told}");
    assert!(is_empty(folder.path()), "nothing was made");
    std::fs::write(folder.path().join("footbridge.db"), "").expect("writing");
    let (code, told) = said(folder.path(), &["check", "--database", "--format", "json"], &[SECRET]);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains(r#""rule":"no-database""#), "{told}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing was made");
    assert_eq!(std::fs::read(folder.path().join("footbridge.db")).expect("it"), b"", "nor written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_on_any_port_is_found_by_its_address_and_its_database_is_read() {
    let folder = folder();
    let mut server = Server::start(footbridge(folder.path(), &["serve"], &[ANY_PORT, SECRET])).await;
    let address = server.base.trim_start_matches("http://").to_owned();
    let (code, told) = said(folder.path(), &["healthcheck", "--address", &address], &[]);
    assert_eq!((code, told.trim()), (0, "ready"));
    let base = server.base.clone();
    let settings = [ANY_PORT, SECRET, ("FOOTBRIDGE_PUBLIC_URL", base.as_str())];
    let (code, told) = said(folder.path(), &["admin", "set-up-link"], &settings);
    assert_eq!(code, 0, "{told}");
    assert!(told.starts_with(&format!("{base}/set-up?token=")), "{told}");
    let (code, told) = said(folder.path(), &["check", "--database"], &[SECRET]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("The database: 2 revisions kept, all readable."), "{told}");
    server.ask_to_stop();
    assert!(server.end().await.success());
    std::fs::remove_file(folder.path().join("footbridge-keys.db")).expect("the keys");
    for command in [&["check", "--database"][..], &["serve"], &["migrate"], &["admin", "hold-sending"]] {
        let (code, told) = said(folder.path(), command, &[ANY_PORT, SECRET]);
        assert_eq!(code, 2, "{command:?} {told}");
        assert!(told.contains("the database of its keys is not where"), "{told}");
        assert!(!folder.path().join("footbridge-keys.db").exists(), "{command:?}: nothing was made");
    }
}

#[test]
fn a_command_of_administrators_makes_no_database_and_says_where_it_looked() {
    let folder = folder();
    for command in [
        &["hold-sending"][..],
        &["resume-sending"],
        &["remove-second-factor", "ann@example.org"],
        &["set-password", "ann@example.org"],
        &["close-account", "ann@example.org"],
        &["open-account", "ann@example.org"],
        &["handover", "FB-7GH2QX"],
        &["concerns", "--month", "2026-11"],
    ] {
        let (code, told) = said(folder.path(), &[&["admin"], command].concat(), &[SECRET]);
        assert_eq!(code, 1, "{command:?} {told}");
        let place = folder.path().join("footbridge.db").display().to_string();
        assert!(told.contains("there is no database of Footbridge") && told.contains(&place), "{told}");
        assert!(is_empty(folder.path()), "{command:?} made something");
    }
    let add = footbridge(folder.path(), &["admin", "add-staff", "ann@example.org", "Ann"], &[SECRET]);
    let (code, told) = outcome_told(add, "three words here\n");
    assert_eq!(code, 0, "{told}: the first people need no server");
    assert!(told.contains("footbridge.db"), "{told}");
    let (code, told) = said(folder.path(), &["admin", "hold-sending"], &[SECRET]);
    assert!(code == 0 && told.contains("database: SQLite, /"), "{told}");
}

#[test]
fn who_has_no_name_or_no_address_is_not_added() {
    let folder = folder();
    for (email, name, why) in [
        ("ann", "Ann", "write an email address, such as sam@example.org"),
        ("ann@", "Ann", "write an email address"),
        ("", "Ann", "write an email address"),
        ("ann@example.org", " ", "write a name"),
        ("ann@example.org", "Ann\u{7}", "write a name"),
    ] {
        let add = footbridge(folder.path(), &["admin", "add-staff", email, name], &[SECRET]);
        let (code, told) = outcome_told(add, "three words here\n");
        assert_eq!(code, 2, "{told}");
        assert!(told.contains(why), "{told}");
    }
    assert!(is_empty(folder.path()), "nothing was made");
}

#[test]
fn a_setting_that_names_nothing_is_named_with_what_would_be_right() {
    let folder = folder();
    for (setting, value, command, parts) in [
        ("FOOTBRIDGE_CONVERSATIONS", "nope", "check", ["there is no folder `nope`", "footbridge unpack"]),
        ("FOOTBRIDGE_LOCALES", "nope", "serve", ["there is no folder `nope`", "footbridge unpack"]),
        ("FOOTBRIDGE_DATABASE_URL", "sqlite://nope/x.db", "serve", ["FOOTBRIDGE_DATABASE_URL", "folder"]),
        (
            "FOOTBRIDGE_KEYS_DATABASE_URL",
            "sqlite://nope/x.db",
            "serve",
            ["FOOTBRIDGE_KEYS_DATABASE_URL", "folder"],
        ),
        ("FOOTBRIDGE_LISTEN", "192.0.2.1:8080", "serve", ["no such address", "127.0.0.1"]),
    ] {
        let public = ("FOOTBRIDGE_PUBLIC_URL", "https://texts.example.org");
        let (code, told) = said(folder.path(), &[command], &[SECRET, public, (setting, value)]);
        assert_eq!(code, 2, "{setting}: {told}");
        assert!(told.contains(setting) && parts.iter().all(|part| told.contains(part)), "{setting}: {told}");
    }
}

#[test]
fn a_folder_too_high_or_too_low_is_told_by_the_setting() {
    let folder = folder();
    assert_eq!(said(folder.path(), &["unpack", "mine"], &[]).0, 0);
    for (setting, value, remedy) in [
        ("FOOTBRIDGE_CONVERSATIONS", "mine", "set FOOTBRIDGE_CONVERSATIONS to that `conversations`"),
        ("FOOTBRIDGE_LOCALES", "mine", "Set FOOTBRIDGE_LOCALES to that `locales`"),
        (
            "FOOTBRIDGE_LOCALES",
            "mine/locales/en-GB",
            "Set FOOTBRIDGE_LOCALES to the folder in which it stands",
        ),
    ] {
        let (code, told) = said(folder.path(), &["check"], &[(setting, value)]);
        assert_eq!(code, 1, "{told}");
        assert!(told.contains(remedy), "{told}");
    }
    let (code, told) = said(folder.path(), &["unpack", "mine"], &[]);
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("is there already, and nothing was written"), "{told}");
}

#[test]
fn a_password_that_does_not_fit_is_told_why() {
    let folder = folder();
    for (password, why) in [
        ("short\n", "The password is too short: it needs at least 12 characters. Nothing was changed"),
        ("", "there is no password: write it to standard input"),
        (&"x".repeat(300), "The password is too long: 256 characters are the most. Nothing was changed"),
    ] {
        let add = footbridge(folder.path(), &["admin", "add-staff", "ann@example.org", "Ann"], &[SECRET]);
        let (code, told) = outcome_told(add, password);
        assert_eq!(code, 2, "{told}");
        assert!(told.contains(why), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_closed_at_once_and_opened_again_and_the_last_administrator_stays() {
    let folder = folder();
    let mut server = Server::start(footbridge(folder.path(), &["serve"], &[ANY_PORT, SECRET])).await;
    let link = server.line_with("set-up link: ").await;
    let mut ann = set_up(&server.base, &link).await;
    let admin = |arguments: &[&str]| said(folder.path(), &[&["admin"], arguments].concat(), &[SECRET]);
    let (code, told) = admin(&["close-account", "ann@example.org"]);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("the last administrator") && told.contains("--role admin"), "{told}");
    assert_eq!(ann.get("/inbox").await.status, 200, "nothing was changed");
    let bea = ["admin", "add-staff", "bea@example.org", "Bea", "--role", "admin"];
    let (code, told) = outcome_told(footbridge(folder.path(), &bea, &[SECRET]), "three other words\n");
    assert_eq!(code, 0, "{told}");
    let (code, told) = admin(&["close-account", "Ann@Example.org"]);
    assert_eq!(code, 0, "{told}");
    assert!(
        told.contains("signed out everywhere") && told.contains("No open case is in their name."),
        "{told}"
    );
    ann.get("/inbox").await.went_to("/sign-in");
    let signs_in = async |ann: &mut Client| {
        let form = [("email", "ann@example.org"), ("password", "three words here")];
        ann.post("/sign-in", &form).await.status == 303
    };
    assert!(!signs_in(&mut ann).await);
    assert!(admin(&["close-account", "ann@example.org"]).1.contains("closed already"));
    assert!(admin(&["close-account", "nobody@example.org"]).1.contains("nobody has this e-mail address"));
    assert_eq!(admin(&["open-account", "ann@example.org"]).0, 0);
    assert!(signs_in(&mut ann).await);
    assert_eq!(admin(&["open-account", "ann@example.org"]).0, 1, "it is open already");
    let mut stranger = Client::of(&server.base);
    let guess = [("email", "ann@example.org"), ("password", "a wrong one here")];
    for _ in 0..10 {
        assert_eq!(stranger.post("/sign-in", &guess).await.status, 401);
    }
    assert!(!signs_in(&mut stranger).await, "that was tried too often");
    let (code, told) = admin(&["open-account", "ann@example.org"]);
    assert!(code == 0 && told.contains("count no more: 10"), "{told}");
    assert!(signs_in(&mut stranger).await);
}
