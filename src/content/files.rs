//! The data files: those inside the binary, or those of a folder.
//!
//! Invariant: a folder replaces the embedded files whole; the two are never mixed.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use rust_embed::RustEmbed;

/// The conversations as they were shipped.
#[derive(RustEmbed)]
#[folder = "conversations/"]
struct Conversations;

/// The words as they were shipped.
#[derive(RustEmbed)]
#[folder = "locales/"]
struct Locales;

/// Files by their path, with `/` between folders, such as `conversations/what-matters/flow.yaml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, String>);

/// A folder could not be read.
#[derive(Debug, thiserror::Error)]
#[error("could not read {path}")]
pub struct Unreadable {
    /// The folder or file.
    pub path: String,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// The files could not be written into a folder.
#[derive(Debug, thiserror::Error)]
pub enum NotUnpacked {
    /// One is there already, perhaps changed by somebody.
    #[error("{path} is there already, and nothing was written; name another folder, such as mine")]
    IsThere {
        /// The file.
        path: String,
    },
    /// One could not be written.
    #[error("could not write {path}")]
    Unwritable {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// The most folders below one another that are read: a link that runs in a circle ends here.
const DEPTH_MOST: usize = 6;

impl Files {
    /// The conversations and words: each embedded, unless a folder is named.
    ///
    /// # Errors
    /// Where a folder or a file in it cannot be read.
    pub fn load(conversations: Option<&Path>, locales: Option<&Path>) -> Result<Self, Unreadable> {
        let mut files = Self::default();
        match conversations {
            Some(folder) => files.add_folder(folder, "conversations", DEPTH_MOST)?,
            None => files.add_embedded::<Conversations>("conversations"),
        }
        match locales {
            Some(folder) => files.add_folder(folder, "locales", DEPTH_MOST)?,
            None => files.add_embedded::<Locales>("locales"),
        }
        Ok(files)
    }

    fn add_embedded<E: RustEmbed>(&mut self, top: &str) {
        for path in E::iter() {
            if let Some(file) = E::get(&path) {
                self.add(format!("{top}/{path}"), String::from_utf8_lossy(&file.data).into_owned());
            }
        }
    }

    fn add_folder(&mut self, folder: &Path, name: &str, depth: usize) -> Result<(), Unreadable> {
        let failed = |path: &Path| {
            let path = path.display().to_string();
            move |source| Unreadable { path, source }
        };
        for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
            let path = entry.map_err(failed(folder))?.path();
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let name = format!("{name}/{file}");
            // Editors leave hidden files and back-ups behind.
            if file.starts_with('.') || file.ends_with('~') {
                continue;
            }
            if path.is_dir() {
                if 0 < depth {
                    self.add_folder(&path, &name, depth - 1)?;
                }
            } else {
                let bytes = std::fs::read(&path).map_err(failed(&path))?;
                self.add(name, String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        Ok(())
    }

    /// Adds a file.
    pub fn add(&mut self, path: String, text: String) {
        self.0.insert(path, text);
    }

    /// The file at this path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Every file, in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The files below a folder that end like this.
    pub fn below<'a>(&'a self, folder: &'a str, ending: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.iter().filter(move |(path, _)| path.starts_with(folder) && path.ends_with(ending))
    }

    /// Writes every file below `folder`, so that it can be changed there; none of them where one is there already.
    ///
    /// # Errors
    /// Where a file exists already, or cannot be written.
    pub fn unpack(&self, folder: &Path) -> Result<usize, NotUnpacked> {
        let failed = |path: &Path| {
            let path = path.display().to_string();
            move |source| NotUnpacked::Unwritable { path, source }
        };
        if let Some(there) = self.0.keys().map(|path| folder.join(path)).find(|path| path.exists()) {
            return Err(NotUnpacked::IsThere { path: there.display().to_string() });
        }
        for (path, text) in self.iter() {
            let target = folder.join(path);
            if let Some(parent) = target.parent() {
                std::fs::create_dir_all(parent).map_err(failed(parent))?;
            }
            let mut file = std::fs::File::create_new(&target).map_err(failed(&target))?;
            io::Write::write_all(&mut file, text.as_bytes()).map_err(failed(&target))?;
        }
        Ok(self.0.len())
    }
}
