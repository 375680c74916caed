//! Passwords: argon2id, one at a time.
//!
//! Invariant: whether an account exists cannot be told from how long an answer takes.

use std::sync::Arc;

use argon2::Argon2;
use argon2::Params;
use argon2::password_hash::PasswordHasher;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
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

/// Makes and compares the hashes of passwords.
#[derive(Debug, Clone)]
pub struct Passwords {
    /// One at a time: a flood of sign-ins costs 46 MiB and one core, not all of them.
    one_at_a_time: Arc<Semaphore>,
    /// Compared where there is no account, so that it takes as long.
    nobody: Arc<str>,
}

/// The hash could not be made.
#[derive(Debug, thiserror::Error)]
#[error("could not work on a password")]
pub struct NoHash;

impl Passwords {
    /// Ready to work. `random` makes a hash that no password fits.
    ///
    /// # Errors
    /// Where argon2 does not take its own settings.
    pub fn new(random: [u8; 32]) -> Result<Self, NoHash> {
        let (salt, password) = random.split_at(16);
        Ok(Self { one_at_a_time: Arc::new(Semaphore::new(1)), nobody: hash(password, salt)?.into() })
    }

    /// The hash of a password, with everything that is needed to compare it.
    ///
    /// # Errors
    /// Where the program is stopping.
    pub async fn hash(&self, password: Zeroizing<String>, salt: [u8; 16]) -> Result<String, NoHash> {
        let turn = Arc::clone(&self.one_at_a_time).acquire_owned().await.map_err(|_| NoHash)?;
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
    /// Where the program is stopping.
    pub async fn is_right(
        &self,
        password: Zeroizing<String>,
        stored: Option<String>,
    ) -> Result<bool, NoHash> {
        let turn = Arc::clone(&self.one_at_a_time).acquire_owned().await.map_err(|_| NoHash)?;
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
    let settings = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| NoHash)?;
    let hashed: PasswordHash =
        Argon2::from(settings).hash_password_with_salt(password, salt).map_err(|_| NoHash)?;
    Ok(hashed.to_string())
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
