//! `pg_dump` and `pg_restore`, which know every version of PostgreSQL better than we do.
//!
//! Invariant: no password stands in the list of processes.

use std::path::Path;
use std::process::Command;

use crate::store::database::KEYS_SCHEMA;

/// Which part of a database is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Everything but the keys.
    Data,
    /// The keys alone.
    Keys,
}

/// A tool is missing, or failed.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// It is not on this machine.
    #[error(
        "`{tool}` is not on this machine: install PostgreSQL's client programs (on Debian `apt-get install postgresql-client`), or run where they are: {by_hand}"
    )]
    Missing {
        /// Its name.
        tool: &'static str,
        /// What to run by hand.
        by_hand: String,
    },
    /// It failed.
    #[error("`{tool}` failed: {said}")]
    Failed {
        /// Its name.
        tool: &'static str,
        /// What it said.
        said: String,
    },
}

/// Dumps a part of a database into an empty file.
pub(super) fn dump(url: &str, part: Part, to: &Path) -> Result<(), ToolError> {
    let schema = match part {
        Part::Data => format!("--exclude-schema={KEYS_SCHEMA}"),
        Part::Keys => format!("--schema={KEYS_SCHEMA}"),
    };
    let file = format!("--file={}", to.display());
    run("pg_dump", url, &["--format=custom", "--no-owner", "--no-privileges", &schema, &file])
}

/// Puts a dump back, all of it or nothing.
pub(super) fn put_back(url: &str, from: &Path) -> Result<(), ToolError> {
    let file = from.display().to_string();
    let whole = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", &file];
    run("pg_restore", url, &whole)
}

fn run(tool: &'static str, url: &str, arguments: &[&str]) -> Result<(), ToolError> {
    let (url, password) = without_password(url);
    let mut command = Command::new(tool);
    command.arg(format!("--dbname={url}")).args(arguments).env("PGCONNECT_TIMEOUT", "10");
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    let Ok(output) = command.output() else {
        let by_hand = format!("{tool} --dbname=DATABASE_URL {}", arguments.join(" "));
        return Err(ToolError::Missing { tool, by_hand });
    };
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(ToolError::Failed { tool, said })
}

/// The address without its password, and the password as it is.
fn without_password(url: &str) -> (String, Option<String>) {
    let parts = || {
        let (scheme, rest) = url.split_once("://")?;
        let authority = rest.split(['/', '?']).next()?;
        let (user, _) = authority.rsplit_once('@')?;
        let (name, password) = user.split_once(':')?;
        let bare = format!("{scheme}://{name}{}", &rest[user.len()..]);
        Some((bare, decoded(password)))
    };
    parts().map_or_else(|| (url.to_owned(), None), |(bare, password)| (bare, Some(password)))
}

/// `%41` → `A`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let code = more.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        let code = code.filter(|_| *first == b'%').and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &more[2..] } else { more };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_leaves_the_address() {
        for (url, bare, password) in [
            (
                "postgres://ann:a%40b%25@db/x?sslmode=require",
                "postgres://ann@db/x?sslmode=require",
                Some("a@b%"),
            ),
            ("postgres://ann@127.0.0.1:5432/x", "postgres://ann@127.0.0.1:5432/x", None),
            ("postgres:///x?host=/run/pg", "postgres:///x?host=/run/pg", None),
        ] {
            assert_eq!(without_password(url), (bare.to_owned(), password.map(str::to_owned)));
        }
    }
}
