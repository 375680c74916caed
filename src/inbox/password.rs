//! Passwords: argon2id, one at a time.
//!
//! Invariant: whether an account exists cannot be told from how long an answer takes.

use std::sync::Arc;

use argon2::Algorithm;
use argon2::Argon2;
use argon2::Params;
use argon2::Version;
use argon2::password_hash::PasswordHasher;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::Output;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::phc::Salt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// The second of the settings of OWASP and of ASVS 5.0: 46 MiB, one pass, one lane.
const MEMORY_KIB: u32 = 46 * 1024;
const PASSES: u32 = 1;
const LANES: u32 = 1;

/// At least this many letters (ASVS 5.0 asks for 8, and wants 15; three words have 12).
pub const SHORTEST: usize = 12;
/// At most this many bytes: argon2 takes more, but nobody types it.
pub const LONGEST: usize = 256;

/// So many wait for their turn; whoever comes then is asked to come back. At some 40 ms each the last has waited a second or
/// two, and a flood of sign-ins leaves the places of connections to those who text.
const MOST_WAITING: usize = 32;

/// What many people use is tried first. Where the list is from, and its licence, stands beside it.
const COMMON: &str = include_str!("assets/common-passwords.txt");
/// A part of somebody's name or address that is shorter is in many good passwords.
const TELLING: usize = 4;
/// What must be left of a password without such a part.
const LEFT_OVER: usize = 6;

/// What is wrong with a new password, in a sentence. `about` says who it is for: their name, their e-mail address.
#[must_use]
pub fn problem(password: &str, about: &[&str]) -> Option<&'static str> {
    let letters = password.chars().count();
    if letters < SHORTEST {
        Some("The password is too short: it needs at least 12 characters.")
    } else if LONGEST < password.len() {
        Some("The password is too long: 256 characters are the most.")
    } else if is_common(&password.to_lowercase()) {
        Some(
            "That password is easy to guess: many people use it, or one like it. Three or four words in a row make a better one.",
        )
    } else if tells(&password.to_lowercase(), about) {
        Some(
            "That password is easy to guess from your name, your email address or the name of this program. Three or four other words in a row make a better one.",
        )
    } else {
        None
    }
}

/// On the list, as it is or with digits and marks around it, or said again and again; or digits only.
fn is_common(password: &str) -> bool {
    let core = password.trim_matches(|c: char| !c.is_alphabetic());
    let listed = |word: &str| COMMON.lines().any(|line| line == word);
    core.is_empty() || listed(password) || listed(core) || is_a_run(core) || repeats(password, listed)
}

/// Letters that follow each other, or one letter, as `abcdefghijkl`.
fn is_a_run(word: &str) -> bool {
    let steps: Vec<i64> = word
        .chars()
        .zip(word.chars().skip(1))
        .map(|(one, next)| i64::from(u32::from(next)) - i64::from(u32::from(one)))
        .collect();
    steps.iter().all(|step| *step == steps[0] && step.abs() <= 1)
}

/// The same few letters, or a listed word, again and again.
fn repeats(password: &str, listed: impl Fn(&str) -> bool) -> bool {
    let letters: Vec<char> = password.chars().collect();
    (1..=letters.len() / 2).filter(|length| letters.len().is_multiple_of(*length)).any(|length| {
        let unit = &letters[..length];
        letters.chunks(length).all(|part| part == unit)
            && (length <= 4 || listed(&unit.iter().collect::<String>()))
    })
}

/// Little is left without a part of the name, of the address, or of the name of the program.
fn tells(password: &str, about: &[&str]) -> bool {
    let about: Vec<String> = about.iter().map(|text| text.trim().to_lowercase()).collect();
    let whole = about.iter().map(String::as_str).chain(["footbridge"]);
    let parts = about.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let mut telling: Vec<&str> = whole.chain(parts).filter(|part| TELLING <= part.chars().count()).collect();
    // A whole address first, then what stands between its dots.
    telling.sort_by_key(|part| std::cmp::Reverse(part.len()));
    let without = telling.into_iter().fold(password.to_owned(), |left, part| left.replace(part, ""));
    without != password && without.chars().filter(|c| c.is_alphabetic()).count() < LEFT_OVER
}

/// Makes and compares the hashes of passwords.
#[derive(Debug, Clone)]
pub struct Passwords {
    /// One at a time: a flood of sign-ins costs 46 MiB and one core, not all of them.
    one_at_a_time: Arc<Semaphore>,
    /// The places in the line for it.
    line: Arc<Semaphore>,
    /// Compared where there is no account, so that it takes as long.
    nobody: Arc<str>,
}

/// The hash could not be made: too many wait already, or the program is stopping.
#[derive(Debug, thiserror::Error)]
#[error("could not work on a password")]
pub struct NoHash;

impl Passwords {
    /// Ready to work. `random` is taken for a hash: no password is known to fit it.
    ///
    /// # Errors
    /// Where argon2 does not take its own settings.
    pub fn new(random: [u8; 32]) -> Result<Self, NoHash> {
        Ok(Self {
            one_at_a_time: Arc::new(Semaphore::new(1)),
            line: Arc::new(Semaphore::new(MOST_WAITING)),
            nobody: of_nobody(&random)?.to_string().into(),
        })
    }

    /// A place in the line, and then the turn.
    async fn turn(&self) -> Result<[OwnedSemaphorePermit; 2], NoHash> {
        let place = Arc::clone(&self.line).try_acquire_owned().map_err(|_| NoHash)?;
        let turn = Arc::clone(&self.one_at_a_time).acquire_owned().await.map_err(|_| NoHash)?;
        Ok([place, turn])
    }

    /// The hash of a password, with everything that is needed to compare it.
    ///
    /// # Errors
    /// Where too many wait already, or the program is stopping.
    pub async fn hash(&self, password: Zeroizing<String>, salt: [u8; 16]) -> Result<String, NoHash> {
        let turn = self.turn().await?;
        let work = tokio::task::spawn_blocking(move || {
            let hashed = hash(password.as_bytes(), &salt);
            drop(turn);
            hashed
        });
        work.await.map_err(|_| NoHash)?
    }

    /// Whether the password is the one of this hash; without one, never, after the same work.
    ///
    /// # Errors
    /// Where too many wait already, or the program is stopping.
    pub async fn is_right(
        &self,
        password: Zeroizing<String>,
        stored: Option<String>,
    ) -> Result<bool, NoHash> {
        let turn = self.turn().await?;
        let (known, against) = match stored {
            Some(stored) => (true, stored),
            None => (false, self.nobody.as_ref().to_owned()),
        };
        let work = tokio::task::spawn_blocking(move || {
            let fits = fits(password.as_bytes(), &against);
            drop(turn);
            fits
        });
        Ok(work.await.map_err(|_| NoHash)? && known)
    }
}

fn hash(password: &[u8], salt: &[u8]) -> Result<String, NoHash> {
    let hashed: PasswordHash =
        Argon2::from(settings()?).hash_password_with_salt(password, salt).map_err(|_| NoHash)?;
    Ok(hashed.to_string())
}

fn settings() -> Result<Params, NoHash> {
    Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| NoHash)
}

/// Comparing with it is the same work as with any other, and making it is none.
fn of_nobody(random: &[u8; 32]) -> Result<PasswordHash, NoHash> {
    let (salt, _) = random.split_at(16);
    Ok(PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: settings()?.try_into().map_err(|_| NoHash)?,
        salt: Some(Salt::new(salt).map_err(|_| NoHash)?),
        hash: Some(Output::new(random).map_err(|_| NoHash)?),
    })
}

/// The settings are those of the stored hash, so that they can be raised later.
fn fits(password: &[u8], stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|stored| Argon2::default().verify_password(password, &stored).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(password: &str) -> Zeroizing<String> {
        Zeroizing::new(password.to_owned())
    }

    #[test]
    fn passwords_that_are_tried_first_are_refused() {
        let about = ["Sam Okafor", "sam.okafor@example.org"];
        for wrong in [
            "short",
            "1qaz2wsx3edc",
            "Password2026!",
            "P@ssw0rd1234",
            "liverpool2024",
            "passwordpassword",
            "aaaaaaaaaaaaaa",
            "abcabcabcabc",
            "abcdefghijklm",
            "20261122103000",
            "okafor-okafor-1",
            "Footbridge2026",
            "samokafor2026!",
            "sam.okafor@example.org",
        ] {
            assert!(problem(wrong, &about).is_some(), "{wrong}");
        }
        for right in
            ["three words here", "footbridge over the river", "correct-horse-12", "Okafor likes green tea"]
        {
            assert_eq!(problem(right, &about), None, "{right}");
        }
        assert!(problem(&"ab c".repeat(65), &about).is_some());
    }

    #[tokio::test]
    async fn a_flood_of_sign_ins_is_turned_away_and_not_kept_waiting() {
        let passwords = Passwords::new([7; 32]).expect("ready");
        let everybody = u32::try_from(MOST_WAITING).expect("few");
        let line = Arc::clone(&passwords.line).try_acquire_many_owned(everybody).expect("an empty line");
        assert!(passwords.is_right(typed("three words here"), None).await.is_err());
        drop(line);
        assert!(passwords.is_right(typed("three words here"), None).await.is_ok());
    }

    #[test]
    fn the_password_of_nobody_takes_the_same_work_as_any_other() {
        let passwords = Passwords::new([7; 32]).expect("ready");
        let nobody = PasswordHash::new(&passwords.nobody).expect("a hash");
        let real = PasswordHash::new(&hash(b"three words here", &[1; 16]).expect("a hash")).expect("a hash");
        assert_eq!((nobody.algorithm, nobody.version), (real.algorithm, real.version));
        assert_eq!(nobody.params, real.params);
        let lengths =
            |hash: &PasswordHash| (hash.salt.map(|salt| salt.len()), hash.hash.map(|output| output.len()));
        assert_eq!(lengths(&nobody), lengths(&real));
        let compared = Argon2::default().verify_password(b"three words here", &nobody);
        assert_eq!(compared, Err(argon2::password_hash::Error::PasswordInvalid));
    }

    #[tokio::test]
    async fn only_the_right_password_opens_and_nobody_has_one() {
        let passwords = Passwords::new([7; 32]).expect("ready");
        let stored = passwords.hash(typed("three words here"), [1; 16]).await.expect("a hash");
        assert!(stored.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{stored}");
        assert!(
            passwords.is_right(typed("three words here"), Some(stored.clone())).await.expect("an answer")
        );
        assert!(!passwords.is_right(typed("three words her"), Some(stored)).await.expect("an answer"));
        assert!(!passwords.is_right(typed("three words here"), None).await.expect("an answer"));
        assert!(!passwords.is_right(typed("x"), Some("not a hash".to_owned())).await.expect("an answer"));
    }
}
