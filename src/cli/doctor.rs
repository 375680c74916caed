//! `footbridge doctor`: whether everything is ready for people to text, a line for each thing, with what to do.

mod duty;
mod house;
mod provider;
mod telegram;
mod test_text;

use clap::Args;
use clap::ValueEnum;
use serde::Serialize;

use crate::app;
use crate::channel::telegram::Telegram;
use crate::channel::twilio::Twilio;
use crate::channel::web::Web;
use crate::cli;
use crate::cli::Outcome;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::account::BaseUrl;
use crate::domain::mobile::Mobile;
use crate::domain::time::Timestamp;
use crate::store::Store;
use crate::store::randomness::Randomness;

#[derive(Debug, Args)]
pub struct Arguments {
    /// How to print what was found.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Send a real text to this phone, through the running server, and wait for Twilio's report of it.
    #[arg(long, value_name = "NUMBER")]
    send_test: Option<Mobile>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    /// As it should be.
    Ok,
    /// It will do, for now.
    Warning,
    /// Do not let people text before this is put right.
    Problem,
}

/// What was found.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    outcome: Verdict,
    found: String,
    /// What to do about it; empty where all is well.
    remedy: String,
}

/// Everything that was found.
#[derive(Debug, Default, Serialize)]
struct Findings {
    checks: Vec<Finding>,
}

impl Findings {
    fn ok(&mut self, check: &'static str, found: impl Into<String>) {
        self.add(check, Verdict::Ok, found.into(), "");
    }

    fn warn(&mut self, check: &'static str, found: impl Into<String>, remedy: &str) {
        self.add(check, Verdict::Warning, found.into(), remedy);
    }

    fn problem(&mut self, check: &'static str, found: impl Into<String>, remedy: &str) {
        self.add(check, Verdict::Problem, found.into(), remedy);
    }

    fn add(&mut self, check: &'static str, outcome: Verdict, found: String, remedy: &str) {
        self.checks.push(Finding { check, outcome, found, remedy: remedy.to_owned() });
    }

    fn count(&self, verdict: Verdict) -> usize {
        self.checks.iter().filter(|finding| finding.outcome == verdict).count()
    }
}

/// What the checks work with.
struct Setup {
    config: Config,
    base: BaseUrl,
    web: Web,
    twilio: Option<Twilio>,
    telegram: Option<Telegram>,
    randomness: Randomness,
    now: Timestamp,
}

/// Looks at everything, and prints it.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    let base = config.public_url(config.listen)?;
    let twilio = config.twilio.clone().map(|account| Twilio::new(account, base.clone())).transpose()?;
    let telegram = config.telegram.clone().map(Telegram::new).transpose()?;
    let setup = Setup {
        twilio,
        telegram,
        base,
        web: Web::new()?,
        randomness: Randomness::System,
        now: Clock::System.now(),
        config,
    };
    let findings = cli::runtime()?.block_on(look(&setup, arguments.send_test.as_ref()));
    match arguments.format {
        Format::Json => println!("{}", serde_json::to_string(&findings)?),
        Format::Text => print(&findings),
    }
    let well = findings.count(Verdict::Problem) == 0;
    Ok(if well { Outcome::Fine } else { Outcome::DoesNotHold })
}

async fn look(setup: &Setup, send_test: Option<&Mobile>) -> Findings {
    let mut findings = Findings::default();
    let content = house::content(setup, &mut findings);
    let store = store(setup, &mut findings).await;
    if let Some(store) = &store
        && let Err(error) = house::store(setup, store, content.as_ref(), &mut findings).await
    {
        let remedy = "Look whether it runs and has space.";
        findings.problem("database", format!("it cannot be read: {error}"), remedy);
    }
    house::disk(setup, &mut findings);
    provider::clock(setup, &mut findings).await;
    provider::public_url(setup, store.as_ref(), &mut findings).await;
    provider::twilio(setup, content.as_ref(), &mut findings).await;
    telegram::look(setup, content.as_ref(), &mut findings).await;
    house::alarms(setup, &mut findings);
    match (send_test, &store, &content) {
        (None, _, _) => {}
        (Some(to), Some(store), Some(content)) => {
            test_text::send(setup, store, content, to, &mut findings).await;
        }
        (Some(_), _, _) => {
            findings.problem("test text", "it was not sent", "Put right what stands above first.");
        }
    }
    if let Some(store) = store {
        store.close().await;
    }
    findings
}

async fn store(setup: &Setup, findings: &mut Findings) -> Option<Store> {
    let Some(key) = &setup.config.secret_key else {
        let remedy =
            "Make one with `openssl rand -base64 32`, set FOOTBRIDGE_SECRET_KEY, and keep a copy elsewhere.";
        findings.problem("secret key", "there is none", remedy);
        return None;
    };
    match app::open_store_that_is_there(&setup.config, key).await {
        Ok(Some(store)) => {
            findings.ok("secret key", "it belongs to this database");
            Some(store)
        }
        Ok(None) => {
            findings.problem(
                "database",
                "there is none yet",
                "Run `footbridge migrate`, or start the server once.",
            );
            None
        }
        Err(error) => {
            let remedy =
                "Look at FOOTBRIDGE_DATABASE_URL, _KEYS_DATABASE_URL and _SECRET_KEY: they belong together.";
            findings.problem("database", format!("{error:#}"), remedy);
            None
        }
    }
}

fn print(findings: &Findings) {
    for Finding { check, outcome, found, remedy } in &findings.checks {
        let mark = match outcome {
            Verdict::Ok => "ok     ",
            Verdict::Warning => "warning",
            Verdict::Problem => "PROBLEM",
        };
        println!("{mark}  {check}: {found}");
        if !remedy.is_empty() {
            println!("         {remedy}");
        }
    }
    let (problems, warnings) = (findings.count(Verdict::Problem), findings.count(Verdict::Warning));
    match (problems, warnings) {
        (0, 0) => println!("\nAll is well."),
        (0, _) => println!("\nNothing stops you. To look at: {warnings}."),
        (_, _) => println!("\nDo not go live yet. Problems: {problems}; to look at: {warnings}."),
    }
}
