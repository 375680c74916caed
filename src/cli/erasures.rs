//! The list of who was erased: a file that outlives both databases, so that no restore of an older copy brings anybody
//! back. A line is a time and an id that says nothing to anybody else.
//!
//! Invariant: a line is on the disk before anything is erased, and none is ever taken out.

use std::fs;
use std::io::ErrorKind;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::path::PathBuf;

use anyhow::Context;

use crate::app::disk;
use crate::cli::DoesNotHold;
use crate::config::Config;
use crate::store::erasure::Erasure;

/// What the list is called in the folder of the keys, where no setting names another place.
const BESIDE_THE_KEYS: &str = "footbridge-erasures.txt";
/// What it is called in a backup.
const IN_A_BACKUP: &str = "erasures.txt";

/// Where the list is.
pub fn place(config: &Config) -> PathBuf {
    let keys = config.keys_database_url.as_ref().unwrap_or(&config.database_url);
    let beside = || disk::folder_at(keys).unwrap_or_default().join(BESIDE_THE_KEYS);
    config.erasures.clone().unwrap_or_else(beside)
}

/// The list in this file; empty where there is none.
pub fn read(file: &Path) -> anyhow::Result<Vec<Erasure>> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("could not read {}", file.display())),
    };
    let read = |(at, line): (usize, &str)| {
        let wrong = || {
            DoesNotHold(format!("{}, line {}: not a time and an id of an erasure", file.display(), at + 1))
        };
        line.parse::<Erasure>().map_err(|_| wrong().into())
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(read).collect()
}

/// Adds to the list in this file; what stands there already is not written again.
pub fn add(file: &Path, erasures: &[Erasure]) -> anyhow::Result<()> {
    let there = read(file)?;
    let is_new = |erasure: &&Erasure| there.iter().all(|known| known.person != erasure.person);
    let lines: String = erasures.iter().filter(is_new).map(|erasure| format!("{erasure}\n")).collect();
    let failed = || format!("could not write the list of erasures, {}", file.display());
    let opened = fs::OpenOptions::new().append(true).create(true).mode(0o600).open(file);
    let mut open = opened.with_context(failed)?;
    open.write_all(lines.as_bytes()).and_then(|()| open.sync_all()).with_context(failed)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder).and_then(|folder| folder.sync_all()).with_context(failed)
}

/// Puts the list into a backup.
pub fn add_to_backup(folder: &Path, erasures: &[Erasure]) -> anyhow::Result<()> {
    add(&folder.join(IN_A_BACKUP), erasures)
}

/// Everybody of whose erasure a restore of this backup can know: by the list beside the keys, those that were named, and
/// those of all backups in the same folder, of which some are newer.
pub fn known_at_restore(config: &Config, backup: &Path, named: &[PathBuf]) -> anyhow::Result<Vec<Erasure>> {
    let mut files = vec![place(config)];
    for file in named {
        fs::metadata(file).with_context(|| format!("could not read {}", file.display()))?;
        files.push(file.clone());
    }
    let backup = fs::canonicalize(backup).with_context(|| format!("could not read {}", backup.display()))?;
    let beside = backup.parent().unwrap_or(&backup);
    for entry in fs::read_dir(beside).with_context(|| format!("could not read {}", beside.display()))? {
        files.push(entry?.path().join(IN_A_BACKUP));
    }
    let mut known = Vec::new();
    for file in files {
        known.extend(if file.is_file() { read(&file)? } else { Vec::new() });
    }
    Ok(known)
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
