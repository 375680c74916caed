//! `footbridge unpack`: the shipped files, to be changed.

use std::path::Path;

use crate::cli::Outcome;
use crate::content::files::Files;

/// Writes the files and says what to do with them.
pub fn run(folder: &Path) -> anyhow::Result<Outcome> {
    let written = Files::load(None, None)?.unpack(folder)?;
    // Whole paths hold in every folder.
    let whole = std::path::absolute(folder)?;
    let (folder, whole) = (folder.display(), whole.display());
    println!(
        "{written} files are in {folder}. To use them, set\n\n    export FOOTBRIDGE_CONVERSATIONS=\"{whole}/conversations\"\n    export FOOTBRIDGE_LOCALES=\"{whole}/locales\"\n\nand look with `footbridge check` and `footbridge test` before you start the server."
    );
    Ok(Outcome::Fine)
}
