use super::*;
use crate::domain::account::OptOutMode;
use crate::domain::account::PartPrice;
use crate::domain::account::TelegramMode;
use crate::domain::account::TwilioSender;

const SID: &str = "AC0123456789abcdef0123456789abcdef";

/// Reads these variables with this `footbridge.toml`, and with one secret file, `/run/secret`.
fn read(variables: &[(&str, &str)], file: &str) -> Result<Config, ConfigError> {
    let environment =
        variables.iter().map(|(name, value)| (format!("FOOTBRIDGE_{name}").into(), (*value).into()));
    Config::read(environment, &|path| match path.to_str() {
        Some("footbridge.toml") if !file.is_empty() => Ok(file.to_owned()),
        Some("/run/secret") => Ok("from-a-file\n".to_owned()),
        Some("/etc/footbridge/conversations" | "/etc/footbridge/locales") => {
            Err(io::ErrorKind::IsADirectory.into())
        }
        _ => Err(io::ErrorKind::NotFound.into()),
    })
}

fn problems(variables: &[(&str, &str)], file: &str) -> Vec<String> {
    let error = read(variables, file).expect_err("a wrong configuration");
    error.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn nothing_set_gives_a_server_on_this_machine_without_channels() {
    let config = read(&[], "").expect("the usual configuration");
    assert_eq!(config.listen, SocketAddr::from(([127, 0, 0, 1], 8080)));
    assert_eq!(config.database_url.expose(), "sqlite://footbridge.db");
    assert_eq!(config.second_factor, SecondFactor::Required);
    assert_eq!((config.twilio, config.telegram, config.secret_key), (None, None, None));
}

#[test]
fn every_key_is_read_from_the_environment() {
    let config = read(
        &[
            ("LISTEN", "0.0.0.0:0"),
            ("PUBLIC_URL", "https://texts.example.org/"),
            ("DATABASE_URL", "postgres://u:p@db/footbridge"),
            ("KEYS_DATABASE_URL", "postgres://u:p@db/keys"),
            ("ERASURES", "/srv/list.txt"),
            ("SECRET_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
            ("CONVERSATIONS", "/etc/footbridge/conversations"),
            ("LOCALES", "/etc/footbridge/locales"),
            ("TWILIO_ACCOUNT_SID", SID),
            ("TWILIO_AUTH_TOKEN", "new, old"),
            ("TWILIO_FROM", "+447700900999"),
            ("TWILIO_API_URL", "http://127.0.0.1:4010/"),
            ("TWILIO_OPT_OUT", "advanced"),
            ("SMS_PART_PENCE", "3.9"),
            ("TELEGRAM_TOKEN", "123:abc"),
            ("TELEGRAM_MODE", "webhook"),
            ("TELEGRAM_WEBHOOK_SECRET", "hook"),
            ("TELEGRAM_API_URL", "http://127.0.0.1:4011"),
            ("METRICS_TOKEN", "metrics"),
            ("ALERT_WEBHOOK", "https://alerts.example.org/a?token=b"),
            ("SECOND_FACTOR", "offered"),
            ("UNREVIEWED_LANGUAGES", "true"),
        ],
        "",
    )
    .expect("a right configuration");
    let twilio = config.twilio.expect("an account");
    assert_eq!(twilio.sender, TwilioSender::Number("+447700900999".to_owned()));
    assert_eq!(twilio.tokens, [Secret::from("new".to_owned()), Secret::from("old".to_owned())]);
    assert_eq!(twilio.opt_out, OptOutMode::Advanced);
    assert_eq!(twilio.api_url.as_str(), "http://127.0.0.1:4010");
    let telegram = config.telegram.expect("a bot");
    assert_eq!(telegram.mode, TelegramMode::Webhook { secret: "hook".to_owned().into() });
    assert_eq!(config.public_url.map(|url| url.to_string()), Some("https://texts.example.org".to_owned()));
    assert_eq!(config.secret_key.map(|key| key.expose()[31]), Some(31));
    assert_eq!(config.alert_webhook, Some("https://alerts.example.org/a?token=b".to_owned().into()));
    assert_eq!(config.erasures, Some("/srv/list.txt".into()));
    assert_eq!(config.sms_part_pence.map(PartPrice::hundredths), Some(390));
    assert!(config.unreviewed_languages);
}

#[test]
fn an_alarm_goes_where_nobody_can_listen_and_its_address_is_not_shown() {
    assert!(read(&[("ALERT_WEBHOOK", "http://127.0.0.1:9/a?b=c")], "").is_ok());
    for wrong in ["http://alerts.example.org/canary", "alerts.example.org/canary", "ftp://canary"] {
        let told = problems(&[("ALERT_WEBHOOK", wrong)], "");
        assert!(
            told.len() == 1 && told[0].starts_with("FOOTBRIDGE_ALERT_WEBHOOK: the value is not an address")
        );
        assert!(!told[0].contains("canary"), "{}", told[0]);
    }
}

#[test]
fn the_price_of_a_part_is_in_pence_and_more_than_nothing() {
    let price =
        |text: &str| read(&[("SMS_PART_PENCE", text)], "").ok()?.sms_part_pence.map(PartPrice::hundredths);
    assert_eq!(["4", "3.85", "0.5", "12.3"].map(price), [Some(400), Some(385), Some(50), Some(1230)]);
    for wrong in ["0", "0.00", "4p", ".5", "4.", "3.855", "100", "-4", "4,5"] {
        assert!(problems(&[("SMS_PART_PENCE", wrong)], "")[0].contains("in pence"), "{wrong}");
    }
}

#[test]
fn the_environment_wins_over_the_file() {
    let file =
        "listen = \"127.0.0.1:1\"\nmetrics_token_file = \"/run/secret\"\nunreviewed_languages = true\n";
    let config = read(&[("LISTEN", "127.0.0.1:2")], file).expect("a right configuration");
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.metrics_token, Some("from-a-file".to_owned().into()));
    assert!(config.unreviewed_languages);
    let config = read(&[("METRICS_TOKEN", "own")], file).expect("a right configuration");
    assert_eq!(config.metrics_token, Some("own".to_owned().into()));
}

#[test]
fn a_misspelt_key_is_an_error_with_a_suggestion() {
    assert_eq!(
        problems(
            &[("TWILO_FROM", "+447700900999")],
            "nonsense = 1\npublik_url = \"https://a.example\"\n[red]\nblue = true"
        ),
        [
            "FOOTBRIDGE_TWILO_FROM: there is no such key; did you mean `FOOTBRIDGE_TWILIO_FROM`?",
            "`nonsense` in the configuration file: there is no such key; take it out; docs/operators.md lists all keys, under Configuration",
            "`publik_url` in the configuration file: there is no such key; did you mean `public_url`?",
            "`red` in the configuration file: there is no such key; take it out; docs/operators.md lists all keys, under Configuration",
        ]
    );
}

#[test]
fn all_problems_are_told_at_once_each_with_its_remedy() {
    let told = problems(
        &[
            ("LISTEN", "localhost:8080"),
            ("PUBLIC_URL", "http://texts.example.org"),
            ("SECRET_KEY", "hunter2"),
            ("TWILIO_ACCOUNT_SID", "AC1"),
            ("TWILIO_AUTH_TOKEN", "a,,b"),
            ("TWILIO_FROM", "FOOTBRIDGE"),
            ("SECOND_FACTOR", "yes"),
            ("DATABASE_URL", "footbridge.db"),
        ],
        "telegram_token = \"t\"\ntelegram_mode = \"webhook\"",
    );
    assert_eq!(told.len(), 9, "{told:#?}");
    assert!(told[0].starts_with("FOOTBRIDGE_LISTEN: `localhost:8080` is not an address to listen on; write"));
    assert!(
        told.iter().any(|line| line.starts_with("FOOTBRIDGE_TELEGRAM_WEBHOOK_SECRET: it is not set; make"))
    );
    assert!(told.iter().all(|line| line.contains("; ")), "{told:#?}");
}

#[test]
fn a_secret_is_never_shown() {
    let told = problems(
        &[
            ("SECRET_KEY", "canary-1"),
            ("DATABASE_URL", "mysql://canary-2"),
            ("TWILIO_AUTH_TOKEN", "canary-3,,"),
        ],
        "secret_key = \"canary-4\"\nlisten = canary-5",
    );
    assert!(!told.join("\n").contains("canary"), "{told:#?}");
    let config = read(&[("METRICS_TOKEN", "canary-6"), ("DATABASE_URL", "sqlite:canary-7")], "");
    assert!(!format!("{config:?}").contains("canary"));
}

#[test]
fn a_webhook_secret_is_one_that_telegram_takes() {
    assert!(read(&[("TELEGRAM_WEBHOOK_SECRET", "a-B_9")], "").is_ok());
    for wrong in ["a b", "ä", &"a".repeat(257)] {
        assert_eq!(problems(&[("TELEGRAM_WEBHOOK_SECRET", wrong)], "").len(), 1, "{wrong}");
    }
}

#[test]
fn a_webhook_of_telegram_needs_its_secret_and_our_address() {
    let webhook = [("TELEGRAM_TOKEN", "canary"), ("TELEGRAM_MODE", "webhook")];
    assert!(problems(&webhook, "")[0].starts_with("FOOTBRIDGE_TELEGRAM_WEBHOOK_SECRET: it is not set"));
    let abroad = [&webhook[..], &[("TELEGRAM_WEBHOOK_SECRET", "s"), ("LISTEN", "0.0.0.0:8080")]].concat();
    assert!(problems(&abroad, "")[0].starts_with("FOOTBRIDGE_PUBLIC_URL: it is not set"));
    assert!(read(&[("TELEGRAM_TOKEN", "canary"), ("LISTEN", "0.0.0.0:8080")], "").is_ok());
}

#[test]
fn half_an_account_is_an_error() {
    assert_eq!(
        problems(&[("TWILIO_FROM", "+447700900999")], "").len(),
        2,
        "the account and its token are missing"
    );
    let whole = [("TWILIO_ACCOUNT_SID", SID), ("TWILIO_AUTH_TOKEN", "t")];
    let told = problems(&whole, "");
    assert_eq!(
        told,
        ["FOOTBRIDGE_TWILIO_FROM: it is not set; set it, or FOOTBRIDGE_TWILIO_MESSAGING_SERVICE_SID"]
    );
    let both = "twilio_from = \"+447700900999\"\ntwilio_messaging_service_sid = \"MG0123456789abcdef0123456789abcdef\"";
    assert_eq!(problems(&whole, both).len(), 1);
    let abroad = [&whole[..], &[("LISTEN", "0.0.0.0:8080"), ("TWILIO_FROM", "+447700900999")]].concat();
    assert!(problems(&abroad, "")[0].starts_with("FOOTBRIDGE_PUBLIC_URL: it is not set"));
}

#[test]
fn a_secret_and_its_file_do_not_stand_together() {
    let both = [("METRICS_TOKEN", "a"), ("METRICS_TOKEN_FILE", "/run/secret")];
    assert_eq!(
        problems(&both, ""),
        ["FOOTBRIDGE_METRICS_TOKEN: it is set beside FOOTBRIDGE_METRICS_TOKEN_FILE; set one of the two"]
    );
    let missing = problems(&[("METRICS_TOKEN_FILE", "/run/nothing")], "");
    assert!(missing[0].contains("`/run/nothing` cannot be read"), "{missing:?}");
    let plain = problems(&[("LISTEN_FILE", "/run/secret")], "");
    assert!(plain[0].contains("there is no such key"), "{plain:?}");
}

#[test]
fn a_file_that_is_named_must_be_there() {
    assert!(problems(&[("CONFIG", "/etc/none.toml")], "")[0].starts_with("FOOTBRIDGE_CONFIG: "));
    let told = problems(&[], "listen = \"127.0.0.1:1\"\ntwilio_from = +447700900999\n");
    assert!(told[0].contains("the value is not text"), "{told:?}");
    let told = problems(&[], "\nlisten: nothing");
    assert!(told[0].starts_with("line 2 of the configuration file"), "{told:?}");
}

#[test]
fn an_empty_value_is_none() {
    assert!(read(&[("PUBLIC_URL", ""), ("TWILIO_AUTH_TOKEN", " ")], "locales = \"\"").is_ok());
}

#[test]
fn a_server_on_loopback_knows_its_own_address() {
    let config = read(&[], "").expect("the usual configuration");
    let here = SocketAddr::from(([127, 0, 0, 1], 4711));
    assert_eq!(config.public_url(here).map(|url| url.to_string()), Ok("http://127.0.0.1:4711".to_owned()));
    assert!(config.public_url(SocketAddr::from(([0, 0, 0, 0], 80))).is_err());
}

#[test]
fn a_folder_that_is_not_there_is_named_by_its_setting() {
    assert_eq!(
        problems(&[("CONVERSATIONS", "nope"), ("LOCALES", "/run/secret")], ""),
        [
            "FOOTBRIDGE_CONVERSATIONS: there is no folder `nope`; write the path of a folder such as `conversations` of what `footbridge unpack DIR` wrote",
            "FOOTBRIDGE_LOCALES: `/run/secret` is a file; write the path of a folder such as `locales` of what `footbridge unpack DIR` wrote",
        ]
    );
}

#[test]
fn any_port_is_known_to_the_server_only() {
    let config = read(&[("LISTEN", "127.0.0.1:0")], "").expect("a right configuration");
    let told = config.public_url(config.listen).expect_err("nobody knows the port").to_string();
    assert!(
        told.contains("FOOTBRIDGE_PUBLIC_URL: it is not set, and FOOTBRIDGE_LISTEN has port 0"),
        "{told}"
    );
    let told = config.own_address().expect_err("nobody knows the port").to_string();
    assert!(told.contains("--address"), "{told}");
    let fixed = read(&[("LISTEN", "127.0.0.1:8081")], "").expect("a right configuration");
    assert_eq!(fixed.own_address().map(|address| address.port()), Ok(8081));
}

#[test]
fn proxies_are_named_by_their_addresses() {
    let proxies = |text: &str| {
        let environment = [("FOOTBRIDGE_PROXY".into(), text.into())];
        Config::read(environment, &|_| Err(io::ErrorKind::NotFound.into())).map(|config| config.proxies)
    };
    assert_eq!(proxies(""), Ok(Vec::new()));
    assert_eq!(proxies("127.0.0.1, ::1"), Ok(vec![[127, 0, 0, 1].into(), "::1".parse().expect("one")]));
    let wrong = proxies("caddy").expect_err("a name").to_string();
    assert!(wrong.contains("FOOTBRIDGE_PROXY") && wrong.contains("127.0.0.1"), "{wrong}");
}
