//! Tokens: of a signed-in browser, and of the set-up link. Only their hash is stored.

use std::fmt;
use std::str::FromStr;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::Digest;
use sha2::Sha256;

/// 256 random bits. Printing it shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

/// The text is no token.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a token")]
pub struct NotAToken;

impl Token {
    /// From random bytes.
    #[must_use]
    pub fn from_random(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// What is stored: who reads the database cannot sign in with it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// Its first half.
    #[must_use]
    pub fn first_half(&self) -> [u8; 16] {
        self.0.first_chunk().copied().unwrap_or_default()
    }

    /// The text for a cookie or a link.
    #[must_use]
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl FromStr for Token {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotAToken)?;
        bytes.try_into().map(Self).map_err(|_| NotAToken)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A cookie: of a signed-in browser, or of one in which somebody has signed in before. For a public address that is https,
/// browsers keep it to this host and to https.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cookie {
    secure: bool,
    is_mark: bool,
}

/// A mark outlives a long leave.
const MARK_KEPT_FOR: &str = "; Max-Age=31536000";

impl Cookie {
    /// The cookie that signs a browser in.
    #[must_use]
    pub fn for_base(base: &str) -> Self {
        Self { secure: base.starts_with("https://"), is_mark: false }
    }

    /// The cookie that stays when somebody signs out. It opens nothing: `tries` counts by it.
    #[must_use]
    pub fn of_mark(base: &str) -> Self {
        Self { is_mark: true, ..Self::for_base(base) }
    }

    fn name(self) -> &'static str {
        match (self.secure, self.is_mark) {
            (true, false) => "__Host-footbridge",
            (false, false) => "footbridge",
            (true, true) => "__Host-footbridge-mark",
            (false, true) => "footbridge-mark",
        }
    }

    /// The token that a request carries.
    #[must_use]
    pub fn read(self, headers: &HeaderMap) -> Option<Token> {
        let cookies = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == self.name()).and_then(|(_, value)| value.parse().ok())
    }

    /// The header that sets it. What signs in ends with the browser; the server ends it earlier.
    #[must_use]
    pub fn set(self, token: &Token) -> String {
        self.header(&token.reveal(), if self.is_mark { MARK_KEPT_FOR } else { "" })
    }

    /// The header that takes it away.
    #[must_use]
    pub fn take_away(self) -> String {
        self.header("", "; Max-Age=0")
    }

    fn header(self, value: &str, more: &str) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_comes_back_as_it_was_set() {
        let token = Token::from_random([200; 32]);
        for (base, start) in
            [("https://fb.example", "__Host-footbridge="), ("http://127.0.0.1:8080", "footbridge=")]
        {
            let cookie = Cookie::for_base(base);
            let header = cookie.set(&token);
            assert!(header.starts_with(start), "{header}");
            assert_eq!(header.contains("; Secure"), base.starts_with("https"), "{header}");
            let sent = format!("other=1; {}", header.split(';').next().unwrap_or_default());
            let headers = HeaderMap::from_iter([(COOKIE, sent.parse().expect("a header"))]);
            assert_eq!(cookie.read(&headers), Some(token.clone()));
        }
    }

    #[test]
    fn a_token_is_stored_as_a_hash_and_never_printed() {
        let token = Token::from_random([1; 32]);
        assert_ne!(token.hash(), [1; 32]);
        assert_eq!(token.reveal().parse(), Ok(token.clone()));
        assert_eq!(format!("{token:?}"), "Token(…)");
        for wrong in ["", "abc", "!"] {
            assert_eq!(wrong.parse::<Token>(), Err(NotAToken));
        }
    }
}
