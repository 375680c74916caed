//! Takes settings to types, and notes what is wrong.

use std::io::ErrorKind;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;

use crate::config::Config;
use crate::config::Open;
use crate::config::PUBLIC_URL_REMEDY;
use crate::config::Problem;
use crate::config::SecondFactor;
use crate::config::source::Setting;
use crate::config::source::Settings;
use crate::config::source::variable;
use crate::domain::account::BaseUrl;
use crate::domain::account::OptOutMode;
use crate::domain::account::PartPrice;
use crate::domain::account::TelegramAccount;
use crate::domain::account::TelegramMode;
use crate::domain::account::TwilioAccount;
use crate::domain::account::TwilioSender;
use crate::domain::secret::Secret;
use crate::domain::secret::SecretKey;

const API_URL_REMEDY: &str = "write an address without a query, such as `https://api.twilio.com`";

/// A longer name fills two lines of a phone.
const LONGEST_NAME: usize = 60;
/// What Telegram's `setWebhook` takes.
const LONGEST_WEBHOOK_SECRET: usize = 256;
const WEBHOOK_SECRET_REMEDY: &str = "make one of letters, digits, `_` and `-`, at most 256";

/// Takes settings to types and notes what is wrong.
pub(super) struct Reader<'a> {
    pub(super) settings: Settings,
    pub(super) open: Open<'a>,
    pub(super) problems: Vec<Problem>,
}

impl Reader<'_> {
    pub(super) fn config(&mut self) -> Config {
        Config {
            listen: self.listen(),
            public_url: self.public_url(),
            proxies: self.proxies(),
            database_url: self
                .database_url("database_url")
                .unwrap_or_else(|| "sqlite://footbridge.db".to_owned().into()),
            keys_database_url: self.database_url("keys_database_url"),
            erasures: self.settings.get("erasures").map(|setting| PathBuf::from(setting.text())),
            secret_key: self.secret_key(),
            other_secret_keys: self.other_secret_keys(),
            conversations: self.folder("conversations"),
            locales: self.folder("locales"),
            twilio: self.twilio(),
            sms_part_pence: self.sms_part_pence(),
            telegram: self.telegram(),
            metrics_token: self.secret("metrics_token"),
            alert_webhook: self.alert_webhook(),
            organisation: self.organisation(),
            logo: self.logo(),
            second_factor: self.second_factor(),
            unreviewed_languages: self.unreviewed_languages(),
        }
    }

    fn listen(&mut self) -> SocketAddr {
        let remedy = "write an IP address and a port, such as `127.0.0.1:8080` (port 0 is any)";
        self.parsed("listen", "not an address to listen on", remedy, |text| text.parse().ok())
            .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)))
    }

    fn public_url(&mut self) -> Option<BaseUrl> {
        let what = "not an address that the world can reach safely";
        self.parsed("public_url", what, PUBLIC_URL_REMEDY, |text| {
            // A path would have to stand before every link of every page.
            text.parse().ok().filter(|url: &BaseUrl| url.path().is_empty())
        })
    }

    fn proxies(&mut self) -> Vec<IpAddr> {
        let remedy = "write the IP address from which the proxy speaks to this server, such as `127.0.0.1` where it runs on this machine; several with commas between them";
        self.parsed("proxy", "not the address of a proxy", remedy, |text| {
            text.split(',').map(|address| address.trim().parse().ok()).collect()
        })
        .unwrap_or_default()
    }

    /// It may hold a token in its path or query, so it is a secret.
    fn alert_webhook(&mut self) -> Option<Secret> {
        let what = "not an address that can be told safely (`http` is for loopback only)";
        let remedy = "write an address such as `https://alerts.example.org/footbridge`";
        self.parsed("alert_webhook", what, remedy, |text| {
            let address = text.split(['?', '#']).next().unwrap_or_default();
            address.parse::<BaseUrl>().ok().map(|_| text.to_owned().into())
        })
    }

    fn database_url(&mut self, key: &'static str) -> Option<Secret> {
        let remedy = "write `sqlite://footbridge.db` or `postgres://user:password@host/database`";
        self.parsed(key, "not the address of a database", remedy, |text| {
            let known = ["sqlite:", "postgres://", "postgresql://"];
            let right = known.iter().any(|scheme| text.starts_with(scheme));
            right.then(|| text.to_owned().into())
        })
    }

    fn secret_key(&mut self) -> Option<SecretKey> {
        let remedy = "make one with `openssl rand -base64 32`";
        self.parsed("secret_key", "not 32 bytes in base64", remedy, |text| text.parse().ok())
    }

    fn other_secret_keys(&mut self) -> Vec<SecretKey> {
        let remedy =
            "write the keys that are accepted besides FOOTBRIDGE_SECRET_KEY, with commas between them";
        self.parsed("other_secret_keys", "not keys of 32 bytes in base64", remedy, |text| {
            text.split(',').map(|key| key.trim().parse().ok()).collect()
        })
        .unwrap_or_default()
    }

    /// A folder, which must be there: reading a folder as a file fails in a way of its own.
    fn folder(&mut self, key: &'static str) -> Option<PathBuf> {
        let setting = self.settings.get(key)?;
        let (folder, shown) = (PathBuf::from(setting.text()), setting.shown());
        let wrong = match (self.open)(Path::new(&folder)) {
            Err(error) if error.kind() == ErrorKind::IsADirectory => return Some(folder),
            Err(error) if error.kind() == ErrorKind::NotFound => format!("there is no folder {shown}"),
            Err(error) => format!("{shown} cannot be read ({})", error.kind()),
            Ok(_) => format!("{shown} is a file"),
        };
        let unpacked =
            format!("write the path of a folder such as `{key}` of what `footbridge unpack DIR` wrote");
        self.problem(key, wrong, &unpacked);
        None
    }

    fn organisation(&mut self) -> Option<String> {
        let remedy = "write its name as people know it, in at most 60 letters";
        self.parsed("organisation", "too long for the head of a page", remedy, |text| {
            (text.chars().count() <= LONGEST_NAME).then(|| text.to_owned())
        })
    }

    /// Whoever cannot see the picture hears the name.
    fn logo(&mut self) -> Option<PathBuf> {
        let logo = PathBuf::from(self.settings.get("logo")?.text());
        self.need("organisation", "write the name that the logo stands for");
        Some(logo)
    }

    fn second_factor(&mut self) -> SecondFactor {
        let remedy = "write `required` or `offered`";
        self.parsed("second_factor", "not a rule for second factors", remedy, |text| match text {
            "required" => Some(SecondFactor::Required),
            "offered" => Some(SecondFactor::Offered),
            _ => None,
        })
        .unwrap_or(SecondFactor::Required)
    }

    fn unreviewed_languages(&mut self) -> bool {
        let remedy = "write `true` or `false`";
        self.parsed("unreviewed_languages", "neither true nor false", remedy, |text| text.parse().ok())
            .unwrap_or(false)
    }

    /// Twilio's account. It counts as set up where any of its own keys is set; then all of them are needed.
    fn twilio(&mut self) -> Option<TwilioAccount> {
        let api_url = self.api_url("twilio_api_url", "https://api.twilio.com");
        let opt_out = self.opt_out();
        let keys = ["account_sid", "auth_token", "from", "messaging_service_sid"];
        let is_set_up = keys.iter().any(|key| self.settings.get(&format!("twilio_{key}")).is_some());
        if !is_set_up {
            return None;
        }
        let sid_remedy = "copy it from Twilio's console: `AC` and 32 letters and digits";
        let sid = self.sid("twilio_account_sid", "AC", sid_remedy);
        self.need("twilio_account_sid", sid_remedy);
        let tokens = self.tokens();
        let sender = self.sender();
        self.need_public_url();
        Some(TwilioAccount { sid: sid?, tokens, sender: sender?, api_url: api_url?, opt_out })
    }

    fn sms_part_pence(&mut self) -> Option<PartPrice> {
        let remedy = "write what your provider takes for one part, in pence, such as `4` or `3.85`";
        self.parsed("sms_part_pence", "not a price", remedy, |text| text.parse().ok())
    }

    fn opt_out(&mut self) -> OptOutMode {
        let remedy =
            "write `twilio` (it answers STOP by itself), `advanced` (Advanced Opt-Out) or `footbridge`";
        self.parsed("twilio_opt_out", "not a way to handle STOP", remedy, |text| match text {
            "twilio" => Some(OptOutMode::Twilio),
            "advanced" => Some(OptOutMode::Advanced),
            "footbridge" => Some(OptOutMode::Footbridge),
            _ => None,
        })
        .unwrap_or(OptOutMode::Twilio)
    }

    fn tokens(&mut self) -> Vec<Secret> {
        let remedy = "copy it from Twilio's console; several are separated by commas, and the first sends";
        self.need("twilio_auth_token", remedy);
        self.parsed("twilio_auth_token", "not a list of tokens", remedy, |text| {
            let tokens = text.split(',').map(str::trim);
            let right = tokens.clone().all(|token| !token.is_empty());
            right.then(|| tokens.map(|token| token.to_owned().into()).collect())
        })
        .unwrap_or_default()
    }

    fn sender(&mut self) -> Option<TwilioSender> {
        let number_remedy = "write a number such as `+447700900999`";
        let number = self.parsed("twilio_from", "not a number that texts come from", number_remedy, |text| {
            is_sender_number(text).then(|| text.to_owned())
        });
        let service_remedy = "copy it from Twilio's console: `MG` and 32 letters and digits";
        let service = self.sid("twilio_messaging_service_sid", "MG", service_remedy);
        let both = self.settings.get("twilio_from").is_some()
            && self.settings.get("twilio_messaging_service_sid").is_some();
        if both {
            self.problem(
                "twilio_from",
                "it is set beside FOOTBRIDGE_TWILIO_MESSAGING_SERVICE_SID".to_owned(),
                "set one of the two: texts come from a number or from a service",
            );
        } else if self.settings.get("twilio_messaging_service_sid").is_none() {
            self.need("twilio_from", "set it, or FOOTBRIDGE_TWILIO_MESSAGING_SERVICE_SID");
        }
        number.map(TwilioSender::Number).or(service.map(TwilioSender::Service))
    }

    /// Twilio signs over the public address, and Telegram has to be told it, so it must be known; on loopback it may be the server's own.
    fn need_public_url(&mut self) {
        let listens_on_loopback = self
            .settings
            .get("listen")
            .is_none_or(|setting| setting.text().parse().is_ok_and(|a: SocketAddr| a.ip().is_loopback()));
        if !listens_on_loopback {
            self.need("public_url", PUBLIC_URL_REMEDY);
        }
    }

    fn telegram(&mut self) -> Option<TelegramAccount> {
        let api_url = self.api_url("telegram_api_url", "https://api.telegram.org");
        let secret = self.webhook_secret();
        let remedy = "write `polling` or `webhook`";
        let by_webhook =
            self.parsed("telegram_mode", "not a way to get messages", remedy, |text| match text {
                "polling" => Some(false),
                "webhook" => Some(true),
                _ => None,
            });
        let token = self.secret("telegram_token")?;
        let mode = if by_webhook == Some(true) {
            self.need("telegram_webhook_secret", WEBHOOK_SECRET_REMEDY);
            self.need_public_url();
            TelegramMode::Webhook { secret: secret? }
        } else {
            TelegramMode::Polling
        };
        Some(TelegramAccount { token, mode, api_url: api_url? })
    }

    fn webhook_secret(&mut self) -> Option<Secret> {
        let what = "not a secret that Telegram takes";
        self.parsed("telegram_webhook_secret", what, WEBHOOK_SECRET_REMEDY, |text| {
            let is_allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
            let right = text.len() <= LONGEST_WEBHOOK_SECRET && text.bytes().all(is_allowed);
            right.then(|| text.to_owned().into())
        })
    }

    fn api_url(&mut self, key: &'static str, usual: &str) -> Option<BaseUrl> {
        if self.settings.get(key).is_none() {
            return usual.parse().ok();
        }
        let what = "not the address of an API (`http` is for loopback only)";
        self.parsed(key, what, API_URL_REMEDY, |text| text.parse().ok())
    }

    fn sid(&mut self, key: &'static str, prefix: &str, remedy: &str) -> Option<String> {
        self.parsed(key, "not an identifier of that kind", remedy, |text| {
            let rest = text.strip_prefix(prefix)?;
            let right = rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_alphanumeric());
            right.then(|| text.to_owned())
        })
    }

    fn secret(&self, key: &'static str) -> Option<Secret> {
        self.settings.get(key).map(|setting| setting.text().to_owned().into())
    }

    /// Reads a setting to a type, if it is set.
    fn parsed<T>(
        &mut self,
        key: &'static str,
        what: &str,
        remedy: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let setting = self.settings.get(key)?;
        let value = read(setting.text());
        if value.is_none() {
            let wrong = format!("{} is {what}", setting.shown());
            self.problem(key, wrong, remedy);
        }
        value
    }

    fn need(&mut self, key: &'static str, remedy: &str) {
        if self.settings.get(key).is_none() {
            self.problem(key, "it is not set".to_owned(), remedy);
        }
    }

    fn problem(&mut self, key: &'static str, wrong: String, remedy: &str) {
        let key = self.settings.get(key).map_or_else(|| variable(key), Setting::name);
        self.problems.push(Problem { key, wrong, remedy: remedy.to_owned() });
    }
}

/// A number in E.164 form, or a short code. Names of letters cannot be answered.
fn is_sender_number(text: &str) -> bool {
    let digits = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    text.strip_prefix('+').map_or_else(|| digits(text, 5..=6), |rest| digits(rest, 8..=15))
}
