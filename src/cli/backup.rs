//! `footbridge backup` and `footbridge restore`.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use futures_util::FutureExt;

use crate::app;
use crate::cli;
use crate::cli::DoesNotHold;
use crate::cli::Outcome;
use crate::cli::erasures;
use crate::cli::manifest::Described;
use crate::cli::manifest::Manifest;
use crate::clock::Clock;
use crate::config::Config;
use crate::store::Settings;
use crate::store::backup;
use crate::store::backup::BackupError;
use crate::store::backup::Copies;
use crate::store::backup::Kind;
use crate::store::backup::Restored;
use crate::store::hold::LAST_BACKUP;
use crate::store::randomness::Randomness;

/// Where to.
#[derive(Debug, Args)]
pub struct BackupArguments {
    /// A folder that is not there yet, or is empty.
    folder: PathBuf,
}

/// Where from.
#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// The folder of a backup.
    folder: PathBuf,
    /// The folder that holds its keys, where they were kept elsewhere.
    #[arg(long)]
    keys: Option<PathBuf>,
    /// A list of who was erased, beside those that are found: `erasures.txt` of a newer backup.
    #[arg(long, value_name = "FILE")]
    erasures: Vec<PathBuf>,
}

const KEY_REMEDY: &str = "FOOTBRIDGE_SECRET_KEY is not set: write the key that this database was made with";

/// Copies both databases, while the server runs.
pub fn back_up(arguments: &BackupArguments) -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    let key = config.secret_key.clone().context(KEY_REMEDY)?;
    let settings = app::store_settings(&config, &key, Randomness::System);
    cli::runtime()?.block_on(async {
        let store = app::open_store_that_is_there(&config, &key).await?;
        let nothing = "there is no database where FOOTBRIDGE_DATABASE_URL says";
        let store = store.ok_or_else(|| DoesNotHold(nothing.to_owned()))?;
        let (folder, now) = (&arguments.folder, Clock::System.now());
        make_empty(folder)?;
        let to = files(backup::kind(&settings)?, folder, None);
        for file in [&to.data, &to.keys] {
            private_folder(file.parent().unwrap_or(folder))?;
        }
        backup::copy(&settings, &to).await.map_err(plain)?;
        let made_at = now.to_string();
        let (data, keys) = (Described::of(&to.data)?, Described::of(&to.keys)?);
        let mut erased = store.read().await?.erasures().await?;
        erased.extend(erasures::read(&app::erasure_list(&config))?);
        erasures::add_to_backup(folder, &erased)?;
        let proof = backup::proof(&settings, &made_at);
        Manifest::new(made_at, backup::kind(&settings)?, proof, data, keys).write(folder)?;
        store.write(move |tx| async move { tx.set_setting(LAST_BACKUP, &now).await }.boxed()).await?;
        store.close().await;
        println!("The data are in {}.", to.data.display());
        println!(
            "The keys are in {}: keep them apart from the data, and for a short time only.",
            to.keys.display()
        );
        println!("The secret key is in neither. Without it, both are worth nothing.");
        Ok(Outcome::Fine)
    })
}

/// Puts a backup where there is no database yet. Nothing is sent from it until an operator says so.
pub fn restore(arguments: &RestoreArguments) -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    let key = config.secret_key.clone().context(KEY_REMEDY)?;
    let settings = app::store_settings(&config, &key, Randomness::System);
    let manifest = Manifest::read(&arguments.folder)?;
    let from = files(manifest.database, &arguments.folder, arguments.keys.as_deref());
    let settings = fitting(&settings, &manifest)?;
    must_be_there(&from)?;
    manifest.data.must_be(&from.data)?;
    manifest.keys.must_be(&from.keys)?;
    let now = Clock::System.now();
    let erased = erasures::known_at_restore(&config, &arguments.folder, &arguments.erasures)?;
    let restore = backup::restore(&settings, &from, &erased, now);
    let Restored { taken_back, erased } = cli::runtime()?.block_on(restore).map_err(plain)?;
    println!("Restored the backup of {}, made by Footbridge {}.", manifest.made_at, manifest.footbridge);
    println!(
        "People who were erased, before or since, and are erased here too: {erased}. Was anybody erased since, and their line is on no list here ({})? Then add it there, and run `footbridge admin replay-erasures` before you start the server.",
        app::erasure_list(&config).display()
    );
    if 0 < taken_back {
        println!(
            "{taken_back} texts had not left when it was made. Nobody knows whether they left later: they are not sent again, and whoever waits for one waits for a human in the inbox."
        );
    }
    println!(
        "Nothing is sent from here. Start the server, ring whoever waits in the inbox, then run `footbridge admin resume-sending`."
    );
    Ok(Outcome::Fine)
}

/// The settings, with the secret key that the backup was made with, be it in force or accepted besides.
fn fitting(settings: &Settings, manifest: &Manifest) -> anyhow::Result<Settings> {
    if backup::kind(settings)? != manifest.database {
        let other = "the backup is of another kind of database than FOOTBRIDGE_DATABASE_URL names";
        return Err(DoesNotHold(other.to_owned()).into());
    }
    let made_with = backup::with_the_key_of(settings, &manifest.made_at, &manifest.proof);
    let other = "the backup was made with another FOOTBRIDGE_SECRET_KEY: without that key nobody can read it. Where the key was replaced since, add the one of then to FOOTBRIDGE_OTHER_SECRET_KEYS";
    made_with.ok_or_else(|| DoesNotHold(other.to_owned()).into())
}

/// The keys are often kept elsewhere, and whoever restores has to say where.
fn must_be_there(from: &Copies) -> anyhow::Result<()> {
    let missing = if !from.data.is_file() {
        format!("the data of this backup are not there: {} is missing", from.data.display())
    } else if !from.keys.is_file() {
        format!(
            "the keys of this backup are not there: {} is missing. Where they are kept elsewhere, name the folder in which {} lies with `--keys FOLDER`",
            from.keys.display(),
            from.keys.file_name().unwrap_or_default().display()
        )
    } else {
        return Ok(());
    };
    Err(DoesNotHold(format!("{missing}; nothing was restored")).into())
}

/// The files of a backup: two folders, so that the keys can be kept elsewhere.
fn files(kind: Kind, folder: &Path, keys: Option<&Path>) -> Copies {
    let ending = match kind {
        Kind::Sqlite => "db",
        Kind::Postgres => "dump",
    };
    let keys = keys.map_or_else(|| folder.join("keys"), Path::to_owned);
    Copies {
        data: folder.join("data").join(format!("footbridge.{ending}")),
        keys: keys.join(format!("footbridge-keys.{ending}")),
    }
}

fn make_empty(folder: &Path) -> anyhow::Result<()> {
    match fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => {
            let full = format!("{} is not empty: a backup never overwrites anything", folder.display());
            Err(DoesNotHold(full).into())
        }
        Err(_) => private_folder(folder),
    }
}

fn private_folder(folder: &Path) -> anyhow::Result<()> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("could not make {}", folder.display()))
}

/// What stops a backup is no mistake in the call or the configuration.
fn plain(error: BackupError) -> anyhow::Error {
    DoesNotHold(format!("{:#}", anyhow::Error::from(error))).into()
}
