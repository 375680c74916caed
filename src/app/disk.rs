//! The disk under the database, where that is a file of this machine.
//!
//! Invariant: nothing is written to find out how much space there is.

use std::path::Path;
use std::path::PathBuf;

use crate::config::Config;
use crate::domain::secret::Secret;

/// Under this a busy week, or the copy of a backup, fills the disk.
pub const TOO_LITTLE: u64 = 512 * 1024 * 1024;

/// The folder of the database, where it is a file.
#[must_use]
pub fn folder_of(config: &Config) -> Option<PathBuf> {
    folder_at(&config.database_url)
}

/// The folder of the database at this address, where it is a file.
#[must_use]
pub fn folder_at(url: &Secret) -> Option<PathBuf> {
    let path = url.expose().strip_prefix("sqlite:")?;
    let path = path.trim_start_matches("//").split('?').next().unwrap_or_default();
    let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
    Some(folder.unwrap_or(Path::new(".")).to_owned())
}

/// What a user of this machine can still write there; nothing where nobody can tell.
#[must_use]
pub fn free_bytes(folder: &Path) -> Option<u64> {
    let there = rustix::fs::statvfs(folder).ok()?;
    Some(there.f_bavail.saturating_mul(there.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_some_space_here_and_nobody_knows_of_nowhere() {
        assert!(free_bytes(Path::new(".")).is_some_and(|free| 0 < free));
        assert_eq!(free_bytes(Path::new("/nowhere/at/all")), None);
    }
}
