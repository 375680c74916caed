//! What a backup says of itself: when and by which program it was made, and what its files must hold.
//!
//! Invariant: it is written last, so that what has none is no backup.

use std::fs;
use std::io::Read;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;

use crate::cli::DoesNotHold;
use crate::store::backup::Kind;

/// The name of its file.
const NAME: &str = "manifest.json";
/// The layout of a backup that this program writes and reads.
const FORMAT: u32 = 1;
/// Read at once.
const PIECE: usize = 64 * 1024;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The layout.
    format: u32,
    /// The version of the program that made it.
    pub footbridge: String,
    /// When it was made; also what its proof is over.
    pub made_at: String,
    /// What it is a copy of.
    pub database: Kind,
    /// What only the secret key of the database says of `made_at`.
    pub proof: String,
    /// The data.
    pub data: Described,
    /// The keys, which may be kept elsewhere.
    pub keys: Described,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Described {
    /// Its name.
    pub file: String,
    bytes: u64,
    sha256: String,
}

impl Described {
    /// A file as it is.
    pub fn of(path: &Path) -> anyhow::Result<Self> {
        let mut file = fs::File::open(path).with_context(|| format!("could not read {}", path.display()))?;
        let (mut hash, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; PIECE]);
        loop {
            let read = file.read(&mut piece)?;
            if read == 0 {
                break;
            }
            hash.update(&piece[..read]);
            bytes += u64::try_from(read)?;
        }
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { file, bytes, sha256 })
    }

    /// Fails unless this is the file, whole and unchanged.
    pub fn must_be(&self, path: &Path) -> anyhow::Result<()> {
        let right = Self::of(path)? == *self;
        right.then_some(()).ok_or_else(|| {
            DoesNotHold(format!("{} is damaged, or belongs to another backup", path.display())).into()
        })
    }
}

impl Manifest {
    /// Of these files, by this program.
    pub fn new(made_at: String, database: Kind, proof: String, data: Described, keys: Described) -> Self {
        let footbridge = env!("CARGO_PKG_VERSION").to_owned();
        Self { format: FORMAT, footbridge, made_at, database, proof, data, keys }
    }

    /// Reads that of a folder.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(NAME);
        let text = fs::read_to_string(&path)
            .map_err(|_| DoesNotHold(format!("{} is no whole backup: it has no {NAME}", folder.display())))?;
        let manifest: Self = serde_json::from_str(&text)
            .map_err(|_| DoesNotHold(format!("{} cannot be read as a manifest", path.display())))?;
        if FORMAT < manifest.format {
            let newer = format!("the backup was made by a newer program ({})", manifest.footbridge);
            return Err(DoesNotHold(newer).into());
        }
        Ok(manifest)
    }

    /// Writes it into a folder that has none.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let path = folder.join(NAME);
        let failed = || format!("could not write {}", path.display());
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let file = file.as_mut().map_err(|error| anyhow::anyhow!("{error}")).with_context(failed)?;
        file.write_all(serde_json::to_string_pretty(self)?.as_bytes()).with_context(failed)?;
        file.sync_all().with_context(failed)?;
        // The names of the files are durable once their folder is.
        fs::File::open(folder).and_then(|folder| folder.sync_all()).with_context(failed)
    }
}
