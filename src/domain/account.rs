//! Our accounts with the providers, and the addresses of servers: what configuration says of a channel.
//!
//! Invariant: every value was checked when it was read; a secret does not print.

use std::fmt;
use std::str::FromStr;

use crate::domain::secret::Secret;

/// Our account with Twilio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwilioAccount {
    /// `AC` and 32 letters and digits.
    pub sid: String,
    /// The first sends; webhooks may be signed with any of them, so that tokens can be changed. Never empty.
    pub tokens: Vec<Secret>,
    /// What texts come from.
    pub sender: TwilioSender,
    /// Where the API is.
    pub api_url: BaseUrl,
    /// Who answers STOP, START and HELP.
    pub opt_out: OptOutMode,
}

/// What texts come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TwilioSender {
    /// One number.
    Number(String),
    /// A Messaging Service, which picks the number.
    Service(String),
}

/// Who answers STOP, START and HELP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptOutMode {
    /// Twilio answers the bare words by itself and does not say so: we know them by their letters.
    Twilio,
    /// Twilio's Advanced Opt-Out answers, and says so in `OptOutType`.
    Advanced,
    /// Twilio's handling is switched off: we answer.
    Footbridge,
}

/// Our bot on Telegram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TelegramAccount {
    /// The bot's token.
    pub token: Secret,
    /// How messages come in.
    pub mode: TelegramMode,
    /// Where the API is.
    pub api_url: BaseUrl,
}

/// How messages come in from Telegram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TelegramMode {
    /// We ask for them.
    Polling,
    /// Telegram sends them, with this secret.
    Webhook {
        /// What Telegram repeats in a header.
        secret: Secret,
    },
}

/// What one part of a text costs, in hundredths of a penny. Operators write it in pence, such as `4` or `3.85`.
///
/// Invariant: more than nothing, and less than a pound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartPrice(u16);

/// The text is no such price.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a price in pence, such as `4` or `3.85`")]
pub struct NotAPartPrice;

impl PartPrice {
    /// The price in hundredths of a penny.
    #[must_use]
    pub fn hundredths(self) -> u16 {
        self.0
    }
}

impl FromStr for PartPrice {
    type Err = NotAPartPrice;

    fn from_str(text: &str) -> Result<Self, NotAPartPrice> {
        let (pence, rest) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(pence) || !is_number(rest) || 2 < pence.len() || 2 < rest.len() {
            return Err(NotAPartPrice);
        }
        let hundredths = format!("{pence}{rest:0<2}").parse().map_err(|_| NotAPartPrice)?;
        if hundredths == 0 { Err(NotAPartPrice) } else { Ok(Self(hundredths)) }
    }
}

/// The address of a server, such as `https://texts.example.org`, without a slash at its end.
///
/// Invariant: `https`, or `http` on loopback; a host without an underscore (Twilio refuses those in callbacks); no
/// user, query or fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    host_from: usize,
    host_to: usize,
    port_to: usize,
}

/// The text is no such address.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotABaseUrl {
    /// It is not of the shape.
    #[error("not an address such as `https://texts.example.org`")]
    Shape,
    /// It is `http` and not on loopback.
    #[error("`http` is for loopback only")]
    NotSecret,
}

impl BaseUrl {
    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is `https`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https://")
    }

    /// Whether it never leaves this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.text[self.host_from..self.host_to])
    }

    /// The path after host and port: empty, or with a slash at its start.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.text[self.port_to..]
    }

    /// The address without its port.
    #[must_use]
    pub fn without_port(&self) -> String {
        format!("{}{}", &self.text[..self.host_to], self.path())
    }

    /// The address with its port; the scheme's usual one where none is written.
    #[must_use]
    pub fn with_port(&self) -> String {
        if self.host_to < self.port_to {
            return self.text.clone();
        }
        let port = if self.is_https() { 443 } else { 80 };
        format!("{}:{port}{}", &self.text[..self.host_to], self.path())
    }
}

fn is_loopback(host: &str) -> bool {
    let is_127 = host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback());
    is_127 || host == "localhost" || host == "[::1]"
}

fn is_host(host: &str) -> bool {
    let inside_brackets = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match inside_brackets {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-'),
    }
}

fn is_path(path: &str) -> bool {
    path.bytes().all(|b| b.is_ascii_graphic() && b != b'?' && b != b'#')
}

impl FromStr for BaseUrl {
    type Err = NotABaseUrl;

    fn from_str(text: &str) -> Result<Self, NotABaseUrl> {
        let text = text.trim_end_matches('/');
        let (scheme, rest) = text.split_once("://").ok_or(NotABaseUrl::Shape)?;
        let authority = rest.split('/').next().unwrap_or(rest);
        let host_length = match authority.rfind(':') {
            Some(colon) if !authority.ends_with(']') => colon,
            _ => authority.len(),
        };
        let (host, port) = authority.split_at(host_length);
        let port_right = port.is_empty() || port[1..].parse::<u16>().is_ok_and(|port| port != 0);
        let path = &rest[authority.len()..];
        if !is_host(host) || !port_right || !is_path(path) {
            return Err(NotABaseUrl::Shape);
        }
        match scheme {
            "https" => {}
            "http" if is_loopback(host) => {}
            "http" => return Err(NotABaseUrl::NotSecret),
            _ => return Err(NotABaseUrl::Shape),
        }
        let host_from = scheme.len() + "://".len();
        Ok(Self {
            text: text.to_owned(),
            host_from,
            host_to: host_from + host.len(),
            port_to: host_from + authority.len(),
        })
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_or_stays_on_this_machine() {
        for right in [
            "https://texts.example.org",
            "https://texts.example.org:8443/",
            "http://127.0.0.1:8080",
            "http://localhost",
            "http://[::1]:8080",
        ] {
            assert!(right.parse::<BaseUrl>().is_ok(), "{right}");
        }
        for (wrong, why) in [
            ("http://texts.example.org", NotABaseUrl::NotSecret),
            ("http://127.0.0.1.example.org", NotABaseUrl::NotSecret),
            ("texts.example.org", NotABaseUrl::Shape),
            ("ftp://texts.example.org", NotABaseUrl::Shape),
            ("https://", NotABaseUrl::Shape),
            ("https://user@texts.example.org", NotABaseUrl::Shape),
            ("https://my_host.example.org", NotABaseUrl::Shape),
            ("https://texts.example.org:0", NotABaseUrl::Shape),
            ("https://texts.example.org:port", NotABaseUrl::Shape),
            ("https://texts.example.org/a?b", NotABaseUrl::Shape),
            ("https://texts.example.org#a", NotABaseUrl::Shape),
        ] {
            assert_eq!(wrong.parse::<BaseUrl>(), Err(why), "{wrong}");
        }
    }

    #[test]
    fn an_address_is_written_with_and_without_its_port() {
        let url: BaseUrl = "https://texts.example.org/a/".parse().expect("an address");
        assert_eq!(url.as_str(), "https://texts.example.org/a");
        assert_eq!(url.with_port(), "https://texts.example.org:443/a");
        let url: BaseUrl = "http://[::1]:8080".parse().expect("an address");
        assert_eq!(url.without_port(), "http://[::1]");
        assert_eq!(url.with_port(), "http://[::1]:8080");
        assert!(url.is_loopback());
    }
}
