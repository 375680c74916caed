//! `footbridge admin examples`: the examples of the teams, as `footbridge evaluate` reads them.
//!
//! Invariant: nothing is printed before it is audited that it was read; no line says whose words they were.

use clap::ValueEnum;
use futures_util::FutureExt;

use crate::clock::Clock;
use crate::evaluate::safety;
use crate::evaluate::themes;
use crate::store::Store;
use crate::store::outbox::Author;

/// What a person said of the examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// What a human must see urgently in them.
    Safety,
    /// What they are about.
    Themes,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Safety => "safety",
            Self::Themes => "themes",
        }
    }
}

/// Every example, one a line.
///
/// # Errors
/// Where the store fails.
pub async fn lines(store: &Store, kind: Kind) -> anyhow::Result<String> {
    let examples = store.read().await?.examples().await?;
    let now = Clock::System.now();
    let audited = store.write(move |tx| {
        async move {
            tx.audit(Author::System, "read-examples-at-the-terminal", "example", kind.as_str(), now).await
        }
        .boxed()
    });
    audited.await?;
    let mut lines = String::new();
    for example in &examples {
        let (text, language) = (example.body.text.0.as_str(), example.body.language.as_str());
        lines.push_str(&match kind {
            Kind::Safety => safety::line(text, language, &example.body.concerns)?,
            Kind::Themes => themes::line(text, language, &example.body.themes)?,
        });
        lines.push('\n');
    }
    Ok(lines)
}
