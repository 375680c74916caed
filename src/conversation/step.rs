//! One step of a conversation: what follows from one input.
//!
//! Invariant: never fails, and is the only way in which a session changes.

use std::sync::Arc;

use crate::conversation::arrive;
use crate::conversation::arrive::Tap;
use crate::conversation::definition::Definition;
use crate::conversation::due;
use crate::conversation::effect::Step;
use crate::conversation::hear;
use crate::conversation::input::Input;
use crate::conversation::late;
use crate::conversation::session::Session;
use crate::conversation::session::Standing;
use crate::conversation::turn::Turn;
use crate::conversation::watch;
use crate::domain::language::Language;
use crate::domain::time::Timestamp;
use crate::reply::Lexicons;
use crate::safety;
use crate::themes;

/// All that the engine knows: data that was read and checked.
#[derive(Debug, Clone)]
pub struct Engine {
    /// The conversation.
    pub definition: Arc<Definition>,
    /// The accepted words of every language.
    pub lexicons: Arc<Lexicons>,
    /// The rules that watch every text.
    pub safety: Arc<safety::Rules>,
    /// The rules that find what own words are about.
    pub themes: Arc<themes::Rules>,
    /// The languages that are offered, in the order in which they are numbered.
    pub languages: Vec<Language>,
    /// Where the people are: dates of birth and promises depend on it.
    pub zone: jiff::tz::TimeZone,
}

/// Takes a session one input further.
///
/// Never fails: a `Definition` has been checked when it was read.
#[must_use]
pub fn step(engine: &Engine, session: Session, input: &Input, now: Timestamp) -> Step {
    let mut turn = Turn::new(engine, session, now);
    match input {
        Input::Heard { text, network } => hear::heard(&mut turn, &text.0, *network),
        Input::HeardLate { text, network, sent_at } => {
            late::heard(&mut turn, &text.0, *network, *sent_at);
        }
        Input::Pressed { step, revision, shown_at, choice } => {
            arrive::pressed(&mut turn, &Tap { step, revision, shown_at: *shown_at, choice });
        }
        Input::Started { practice } => arrive::started(&mut turn, practice.as_ref()),
        Input::Contact { phone } => arrive::contact(&mut turn, &phone.0),
        Input::TooMany { text, network } => hear::too_many(&mut turn, &text.0, *network),
        Input::Edited { text } => watch::edited(&mut turn, &text.0),
        Input::Media { caption } => arrive::media(&mut turn, &caption.0),
        Input::OptedOut => {
            watch::stopped(&mut turn);
            turn.opt_out();
        }
        Input::Due { deadline, sequence } => due::due(&mut turn, *deadline, *sequence),
        Input::HandedBack => arrive::handed_back(&mut turn),
    }
    turn.end()
}

/// Begins a session again and says its first texts.
#[must_use]
pub fn begin_again(engine: &Engine, standing: Standing, now: Timestamp) -> Step {
    let definition = &engine.definition;
    let session = Session::begin(definition.id.clone(), definition.revision.clone(), standing, now);
    let mut turn = Turn::new(engine, session, now);
    turn.say("restarted");
    turn.advance();
    turn.set_deadlines();
    turn.end()
}

/// Whether what came in belongs to a session that was before, or begins a new one.
///
/// After `forget after` nothing is resumed or repeated: numbers change hands (Which?, 2023: some networks give a
/// number to somebody else after three months), and a person does not remember what was asked. Whoever was passed on to
/// nobody, as they wished, and comes back begins anew: what they wrote before stays with nobody.
#[must_use]
pub fn belongs(engine: &Engine, session: &Session, input: &Input, now: Timestamp) -> bool {
    now.since(session.heard_at) < engine.definition.limits.forget_after && !comes_back(engine, session, input)
}

/// Whether somebody who was passed on to nobody, as they wished, thinks better of it.
#[must_use]
pub fn comes_back(engine: &Engine, session: &Session, input: &Input) -> bool {
    match input {
        Input::Heard { text, network: None } | Input::HeardLate { text, network: None, .. } => {
            hear::thinks_better_of_it(engine, session, &text.0)
        }
        Input::Started { .. } => hear::thinks_better_of_it(engine, session, hear::START),
        Input::Heard { network: Some(_), .. }
        | Input::HeardLate { network: Some(_), .. }
        | Input::Pressed { .. }
        | Input::TooMany { .. }
        | Input::Edited { .. }
        | Input::Media { .. }
        | Input::Contact { .. }
        | Input::OptedOut
        | Input::Due { .. }
        | Input::HandedBack => false,
    }
}
