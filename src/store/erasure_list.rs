//! The list of who was erased: a file that outlives both databases, so that no restore of an older copy brings anybody
//! back. A line is a time and an id that says nothing to anybody else.
//!
//! Invariant: a line is on the disk before a key is destroyed, nobody is listed who was spared, and none is ever taken out.

use std::fs;
use std::io;
use std::io::ErrorKind;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::path::PathBuf;

use crate::store::erasure::Erasure;

/// Why the list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The file cannot be read or written.
    #[error("could not read or write the list of erasures, {}", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// A line is none of ours.
    #[error("{}, line {}: not a time and an id of an erasure", .0.display(), .1)]
    NotALine(PathBuf, usize),
}

/// The list in this file; empty where there is none.
///
/// # Errors
/// Where it cannot be read, or holds something else.
pub fn read(file: &Path) -> Result<Vec<Erasure>, ListError> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(ListError::File(file.to_owned(), error)),
    };
    let read = |(at, line): (usize, &str)| {
        line.parse::<Erasure>().map_err(|_| ListError::NotALine(file.to_owned(), at + 1))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(read).collect()
}

/// Adds to the list in this file; what stands there already is not written again. To add nobody asks whether it could.
///
/// # Errors
/// Where it cannot be read or written.
pub fn add(file: &Path, erasures: &[Erasure]) -> Result<(), ListError> {
    let there = read(file)?;
    let is_new = |erasure: &&Erasure| there.iter().all(|known| known.person != erasure.person);
    let lines: String = erasures.iter().filter(is_new).map(|erasure| format!("{erasure}\n")).collect();
    append(file, &lines).map_err(|error| ListError::File(file.to_owned(), error))
}

fn append(file: &Path, lines: &str) -> io::Result<()> {
    let mut open = fs::OpenOptions::new().append(true).create(true).mode(0o600).open(file)?;
    open.write_all(lines.as_bytes())?;
    open.sync_all()?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::PersonId;
    use crate::domain::time::Timestamp;

    #[test]
    fn a_list_keeps_each_person_once_and_names_a_line_that_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("list");
        let erasure = |number| Erasure {
            person: PersonId(uuid::Uuid::from_u128(number)),
            erased_at: Timestamp::from_micros(1_000_000),
        };
        assert_eq!(read(&file).expect("no list"), []);
        add(&file, &[erasure(1)]).expect("the first line");
        add(&file, &[erasure(1), erasure(2)]).expect("the second");
        assert_eq!(read(&file).expect("the list"), [erasure(1), erasure(2)]);
        fs::write(&file, format!("{}\nJoan\n", erasure(1))).expect("spoiling it");
        assert!(read(&file).expect_err("no line").to_string().contains("line 2"));
    }
}
