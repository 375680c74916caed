//! Where the lists of who was erased are: beside the keys, in back-ups, and where somebody says.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use anyhow::Context;

use crate::app;
use crate::cli::DoesNotHold;
use crate::config::Config;
use crate::store::erasure::Erasure;
use crate::store::erasure_list;
use crate::store::erasure_list::ListError;

/// What it is called in a backup.
const IN_A_BACKUP: &str = "erasures.txt";

/// The list in this file; empty where there is none.
pub fn read(file: &Path) -> anyhow::Result<Vec<Erasure>> {
    erasure_list::read(file).map_err(|error| match error {
        ListError::NotALine(..) => DoesNotHold(error.to_string()).into(),
        ListError::File(..) => error.into(),
    })
}

/// Puts the list into a backup.
pub fn add_to_backup(folder: &Path, erasures: &[Erasure]) -> anyhow::Result<()> {
    Ok(erasure_list::add(&folder.join(IN_A_BACKUP), erasures)?)
}

/// Everybody of whose erasure a restore of this backup can know: by the list beside the keys, those that were named, and
/// those of all backups in the same folder, of which some are newer.
pub fn known_at_restore(config: &Config, backup: &Path, named: &[PathBuf]) -> anyhow::Result<Vec<Erasure>> {
    let mut files = vec![app::erasure_list(config)];
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
