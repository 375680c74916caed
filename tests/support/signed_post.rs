//! A webhook as Twilio would post it, signed without any code of ours.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::Digest;
use sha1::Sha1;

/// A form to be posted, with its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPost {
    /// Where it goes.
    pub url: String,
    /// `X-Twilio-Signature`.
    pub signature: String,
    /// The form, encoded.
    pub body: String,
}

impl SignedPost {
    /// Signs these names and values for this address.
    pub fn new(token: &str, url: &str, pairs: &[(&str, &str)]) -> Self {
        let body = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect::<Vec<_>>()
            .join("&");
        Self { url: url.to_owned(), signature: sign(token, url, pairs), body }
    }

    /// The path and query of the address.
    pub fn path_and_query(&self) -> &str {
        let host = self.url.find("://").map_or(0, |at| at + 3);
        let path = self.url[host..].find('/').expect("a path");
        &self.url[host + path..]
    }

    /// Posts it and gives the status of the answer.
    pub async fn send(&self) -> u16 {
        let client = reqwest011::Client::builder().no_proxy().build().expect("a client");
        let request = client
            .post(&self.url)
            .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
            .header("X-Twilio-Signature", &self.signature)
            .body(self.body.clone());
        request.send().await.expect("an answer").status().as_u16()
    }
}

/// The signature, by the description in Twilio's documentation and the definition of HMAC (RFC 2104).
pub fn sign(token: &str, url: &str, pairs: &[(&str, &str)]) -> String {
    let mut pairs = pairs.to_vec();
    pairs.sort_unstable();
    pairs.dedup();
    let mut text = url.to_owned();
    for (name, value) in pairs {
        text.push_str(name);
        text.push_str(value);
    }
    let mut key = [0_u8; 64];
    key[..token.len()].copy_from_slice(token.as_bytes());
    let inner =
        Sha1::new().chain_update(key.map(|byte| byte ^ 0x36)).chain_update(text.as_bytes()).finalize();
    let outer = Sha1::new().chain_update(key.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize();
    STANDARD.encode(outer)
}

/// Form encoding: letters and digits stand for themselves, a space is `+`, all else is `%XX`.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
