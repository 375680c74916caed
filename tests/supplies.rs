//! What is built in, held against `deny.toml` without a network: licences, bans, sources. `cargo deny check` reads the
//! same file and asks for advisories too.

use std::process::Command;

use serde::Deserialize;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
const OURS: &str = "footbridge";

#[derive(Deserialize)]
struct Deny {
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    /// Who may stand on it all the same.
    #[serde(default)]
    wrappers: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    license: Option<String>,
    source: Option<String>,
    dependencies: Vec<Wanted>,
}

#[derive(Deserialize)]
struct Wanted {
    name: String,
    req: String,
}

/// What cargo says of the crates that are built in on this machine: those of other machines need not be here.
fn cargo(arguments: &[&str]) -> String {
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let platform = if arguments.contains(&"metadata") { "--filter-platform" } else { "--target" };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments).args(["--locked", "--offline", platform, &target]);
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn packages() -> Vec<Package> {
    let said = cargo(&["metadata", "--format-version=1"]);
    serde_json::from_str::<Metadata>(&said).expect("what cargo says").packages
}

/// Who stands on whom: the tree, whose lines begin with how deep they are.
fn edges() -> Vec<(String, String)> {
    let mut above: Vec<String> = Vec::new();
    let mut edges = Vec::new();
    for line in cargo(&["tree", "--prefix=depth", "--edges=normal,build,dev"]).lines() {
        let (start, _) = line.split_once(' ').expect("a name and a version");
        let name = start.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let depth: usize = start[..start.len() - name.len()].parse().expect("how deep");
        above.truncate(depth);
        edges.extend(above.last().map(|above| (above.clone(), name.to_owned())));
        above.push(name.to_owned());
    }
    edges
}

fn deny() -> Deny {
    toml::from_str(include_str!("../deny.toml")).expect("deny.toml is what it says")
}

/// Whether what we accept is enough to use what is under these terms.
fn may_be_used(terms: &str, accepted: &[&str]) -> bool {
    let terms = spdx::Expression::parse_mode(terms, spdx::ParseMode::LAX).expect("terms by SPDX");
    terms.evaluate(|term| accepted.contains(&term.to_string().as_str()))
}

#[test]
fn every_crate_is_under_terms_that_we_accept() {
    let Licences { allow, exceptions } = deny().licenses;
    for package in packages() {
        let own = exceptions.iter().filter(|exception| exception.name == package.name);
        let accepted: Vec<&str> =
            own.flat_map(|exception| &exception.allow).chain(&allow).map(String::as_str).collect();
        let terms = package.license.unwrap_or_default();
        assert!(may_be_used(&terms, &accepted), "{} is under `{terms}`", package.name);
    }
}

#[test]
fn terms_that_we_do_not_accept_are_seen() {
    assert!(may_be_used("MIT/Apache-2.0", &["MIT"]));
    assert!(!may_be_used("MIT AND GPL-3.0-only", &["MIT"]));
    assert!(!may_be_used("AGPL-3.0-only", &["MIT"]));
}

#[test]
fn what_is_banned_is_only_below_those_who_may_stand_on_it() {
    let bans = deny().bans.deny;
    let edges = edges();
    assert!(edges.iter().any(|(above, _)| above == OURS));
    for (above, below) in edges {
        let ban = bans.iter().find(|ban| ban.name == below);
        let fine = ban.is_none_or(|ban| ban.wrappers.contains(&above));
        assert!(fine, "{above} stands on {below}, which deny.toml bans");
    }
}

#[test]
fn every_crate_comes_from_the_public_registry_in_a_version_that_we_chose() {
    for package in packages() {
        if package.name != OURS {
            assert_eq!(package.source.as_deref(), Some(CRATES_IO), "{}", package.name);
            continue;
        }
        for wanted in package.dependencies {
            assert_ne!(wanted.req, "*", "{} takes whatever comes", wanted.name);
        }
    }
}
