//! Where settings come from: variables, the file, and files that hold a secret.
//!
//! Invariant: only known keys get through; the environment wins over the file.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::Path;

use zeroize::Zeroizing;

use crate::config::Open;
use crate::config::Problem;

/// What a key may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// May be shown.
    Plain,
    /// May not be shown, and may stand in a file of its own.
    Secret,
}

/// Every key, as it stands in the file.
const KEYS: [(&str, Kind); 27] = [
    ("listen", Kind::Plain),
    ("public_url", Kind::Plain),
    ("proxy", Kind::Plain),
    ("database_url", Kind::Secret),
    ("keys_database_url", Kind::Secret),
    ("erasures", Kind::Plain),
    ("secret_key", Kind::Secret),
    ("other_secret_keys", Kind::Secret),
    ("conversations", Kind::Plain),
    ("locales", Kind::Plain),
    ("twilio_account_sid", Kind::Plain),
    ("twilio_auth_token", Kind::Secret),
    ("twilio_from", Kind::Plain),
    ("twilio_messaging_service_sid", Kind::Plain),
    ("twilio_api_url", Kind::Plain),
    ("twilio_opt_out", Kind::Plain),
    ("sms_part_pence", Kind::Plain),
    ("telegram_token", Kind::Secret),
    ("telegram_mode", Kind::Plain),
    ("telegram_webhook_secret", Kind::Secret),
    ("telegram_api_url", Kind::Plain),
    ("metrics_token", Kind::Secret),
    ("alert_webhook", Kind::Secret),
    ("organisation", Kind::Plain),
    ("logo", Kind::Plain),
    ("second_factor", Kind::Plain),
    ("unreviewed_languages", Kind::Plain),
];

const PREFIX: &str = "FOOTBRIDGE_";
/// The variable that names the file; it has no key in the file.
const CONFIG: &str = "FOOTBRIDGE_CONFIG";
/// What stands behind the key of a secret that is in a file of its own.
const FILE: &str = "_file";

/// A value, and the name under which the operator gave it.
pub(super) struct Setting {
    text: Zeroizing<String>,
    name: String,
    kind: Kind,
}

impl Setting {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn name(&self) -> String {
        self.name.clone()
    }

    /// The value as a problem may show it.
    pub(super) fn shown(&self) -> String {
        match self.kind {
            Kind::Plain => format!("`{}`", self.text()),
            Kind::Secret => "the value".to_owned(),
        }
    }
}

/// The name of a key in the environment.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase())
}

/// The settings that were given, by key.
pub(super) struct Settings(BTreeMap<&'static str, Setting>);

impl Settings {
    /// Takes the settings from variables and from the file that they name.
    pub(super) fn gather(
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        usual_file: &str,
        open: Open<'_>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let (mut variables, file_name) = Layer::of_variables(environment, problems);
        let mut file = match open_file(file_name.as_deref(), usual_file, open) {
            Ok(text) => Layer::of_file(&text, problems),
            Err(problem) => {
                problems.push(problem);
                Layer::default()
            }
        };
        let mut found = BTreeMap::new();
        for (key, kind) in KEYS {
            let in_variables = variables.take(key, kind, open, problems);
            let in_file = file.take(key, kind, open, problems);
            if let Some(setting) = in_variables.or(in_file) {
                found.insert(key, setting);
            }
        }
        variables.refuse_the_rest(variable, problems);
        file.refuse_the_rest(str::to_owned, problems);
        Self(found)
    }

    pub(super) fn get(&self, key: &str) -> Option<&Setting> {
        self.0.get(key)
    }
}

/// The text of the configuration file; empty where none is named and there is no usual one.
fn open_file(named: Option<&str>, usual: &str, open: Open<'_>) -> Result<Zeroizing<String>, Problem> {
    let path = named.unwrap_or(usual);
    match open(Path::new(path)) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(Zeroizing::default()),
        Err(error) => Err(Problem {
            key: named.map_or_else(|| usual.to_owned(), |_| CONFIG.to_owned()),
            wrong: format!("`{path}` cannot be read ({})", error.kind()),
            remedy: "write the path of a file that this user may read".to_owned(),
        }),
    }
}

/// What one place says: values by the key as written in the file, with the name as written there.
#[derive(Default)]
struct Layer(BTreeMap<String, (Zeroizing<String>, String)>);

impl Layer {
    fn of_variables(
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        problems: &mut Vec<Problem>,
    ) -> (Self, Option<String>) {
        let mut layer = Self::default();
        let mut file = None;
        for (name, value) in environment {
            let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else {
                continue;
            };
            match value.into_string() {
                Ok(value) if value.trim().is_empty() => {}
                Ok(value) if name == CONFIG => file = Some(value),
                Ok(value) => layer.note(&name[PREFIX.len()..].to_lowercase(), &value, name),
                Err(_) => problems.push(Problem {
                    key: name.to_owned(),
                    wrong: "the value is not UTF-8".to_owned(),
                    remedy: "write it again with plain letters".to_owned(),
                }),
            }
        }
        (layer, file)
    }

    fn of_file(text: &str, problems: &mut Vec<Problem>) -> Self {
        let mut layer = Self::default();
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => {
                problems.push(unreadable(text, &error));
                return layer;
            }
        };
        for (key, value) in table {
            let name = format!("`{key}` in the configuration file");
            if !known_keys().any(|known| known == key) {
                // Refused with the rest, whatever its value is.
                layer.note(&key, "", &name);
                continue;
            }
            match value {
                toml::Value::String(value) => {
                    let value = Zeroizing::new(value);
                    if !value.trim().is_empty() {
                        layer.note(&key, &value, &name);
                    }
                }
                toml::Value::Boolean(value) => layer.note(&key, if value { "true" } else { "false" }, &name),
                toml::Value::Integer(_)
                | toml::Value::Float(_)
                | toml::Value::Datetime(_)
                | toml::Value::Array(_)
                | toml::Value::Table(_) => problems.push(Problem {
                    key: name,
                    wrong: "the value is not text".to_owned(),
                    remedy: format!("write it on one line in quotes: `{key} = \"…\"`"),
                }),
            }
        }
        layer
    }

    fn note(&mut self, key: &str, value: &str, name: &str) {
        let value = Zeroizing::new(value.trim().to_owned());
        self.0.insert(key.to_owned(), (value, name.to_owned()));
    }

    /// Takes a key out, from its own file where that is where it stands.
    fn take(
        &mut self,
        key: &str,
        kind: Kind,
        open: Open<'_>,
        problems: &mut Vec<Problem>,
    ) -> Option<Setting> {
        let here = self.0.remove(key);
        let in_a_file = match kind {
            Kind::Plain => None,
            Kind::Secret => self.0.remove(&format!("{key}{FILE}")),
        };
        let (text, name) = match (here, in_a_file) {
            (Some((_, name)), Some((_, other))) => {
                problems.push(Problem {
                    key: name,
                    wrong: format!("it is set beside {other}"),
                    remedy: "set one of the two".to_owned(),
                });
                return None;
            }
            (Some(found), None) => found,
            (None, Some((path, name))) => (contents(&path, &name, open, problems)?, name),
            (None, None) => return None,
        };
        Some(Setting { text, name, kind })
    }

    /// Everything that no key has taken is a mistake.
    fn refuse_the_rest(self, write: impl Fn(&str) -> String, problems: &mut Vec<Problem>) {
        for (key, (_, name)) in self.0 {
            problems.push(Problem {
                key: name,
                wrong: "there is no such key".to_owned(),
                remedy: nearest(&key).map_or_else(
                    || "take it out; docs/operators.md lists all keys, under Configuration".to_owned(),
                    |known| format!("did you mean `{}`?", write(&known)),
                ),
            });
        }
    }
}

fn contents(
    path: &str,
    name: &str,
    open: Open<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Zeroizing<String>> {
    let text = open(Path::new(path)).map(Zeroizing::new);
    let wrong = match text {
        Ok(text) if !text.trim().is_empty() => return Some(Zeroizing::new(text.trim().to_owned())),
        Ok(_) => format!("`{path}` is empty"),
        Err(error) => format!("`{path}` cannot be read ({})", error.kind()),
    };
    problems.push(Problem {
        key: name.to_owned(),
        wrong,
        remedy: "write the path of a file that holds the secret and that this user may read".to_owned(),
    });
    None
}

/// The parser's own message quotes the line, which may hold a secret: only its number is told.
fn unreadable(text: &str, error: &toml::de::Error) -> Problem {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or("");
    let line = before.matches('\n').count() + 1;
    Problem {
        key: format!("line {line} of the configuration file"),
        wrong: "it is not TOML".to_owned(),
        remedy: "write one key a line, such as `listen = \"127.0.0.1:8080\"`, and each key once".to_owned(),
    }
}

/// Every key that the file may hold.
fn known_keys() -> impl Iterator<Item = String> {
    let of_files =
        KEYS.iter().filter(|(_, kind)| *kind == Kind::Secret).map(|(known, _)| format!("{known}{FILE}"));
    KEYS.iter().map(|(known, _)| (*known).to_owned()).chain(of_files)
}

/// The known key that is most like this one, if any is like it.
fn nearest(key: &str) -> Option<String> {
    /// Slips of a few letters, not other words.
    const SLIPS: usize = 3;
    known_keys()
        .map(|known| (strsim::osa_distance(key, &known), known))
        .filter(|(slips, _)| *slips <= SLIPS)
        .min()
        .map(|(_, known)| known)
}
