//! Runs chats against the engine, with a clock of their own, and says where they part from what was written.
//!
//! Invariant: a chat runs exactly what a person's texts would run; only the store and the channel are left out.

use crate::conversation::chat::Chat;
use crate::conversation::compare::compare;
use crate::conversation::effect::Effect;
use crate::conversation::effect::Utterance;
use crate::conversation::input::DeadlineKind;
use crate::conversation::input::Input;
use crate::conversation::session::Ending;
use crate::conversation::session::Session;
use crate::conversation::session::Standing;
use crate::conversation::session::Status;
use crate::conversation::step;
use crate::conversation::step::Engine;
use crate::domain::answer::PracticeAnswer;
use crate::domain::answer::Value;
use crate::domain::concern::ConcernCategory;
use crate::domain::message::ChannelKind;
use crate::domain::message::NetworkWord;
use crate::domain::message::Words;
use crate::domain::referral::HandOverReason;
use crate::domain::time::Timestamp;
use crate::reading::source::Place;

/// A text as it would be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The messages that it is made of, by the names under which they were found.
    pub messages: Vec<String>,
    /// What it says.
    pub text: String,
    /// How many SMS parts it takes; 1 on other channels.
    pub parts: u32,
}

/// Renders what the engine wants said, for a person who stands like this.
pub type Render<'a> = dyn Fn(&Utterance, &Standing, ChannelKind, Timestamp) -> Sent + 'a;

/// One person's talk with the engine: the session, the clock and what falls due.
pub struct Talk<'a> {
    engine: &'a Engine,
    render: &'a Render<'a>,
    channel: ChannelKind,
    /// The session, once there is one.
    pub session: Option<Session>,
    /// What belongs to the person.
    pub standing: Standing,
    /// The time of the talk.
    pub now: Timestamp,
    deadlines: Vec<(DeadlineKind, Timestamp, u32)>,
    /// Everything that happened, in order.
    pub happened: Vec<Happened>,
}

/// One thing that happened in a talk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// We sent one text.
    Said(Sent),
    /// A concern was raised.
    Raised(ConcernCategory, String),
    /// Something was handed over.
    HandedOver(HandOverReason),
    /// A human has to reply.
    NeedsReply,
    /// The session ended.
    Ended(Ending),
}

impl<'a> Talk<'a> {
    /// A talk that begins at `now`.
    #[must_use]
    pub fn new(
        engine: &'a Engine,
        render: &'a Render<'a>,
        channel: ChannelKind,
        standing: Standing,
        now: Timestamp,
    ) -> Self {
        Self {
            engine,
            render,
            channel,
            session: None,
            standing,
            now,
            deadlines: Vec::new(),
            happened: Vec::new(),
        }
    }

    /// The person writes.
    pub fn hears(&mut self, text: &str, network: Option<NetworkWord>) {
        self.input(&Input::Heard { text: Words(text.to_owned()), network });
    }

    /// The person taps a button of the current revision.
    pub fn pressed(&mut self, step: &crate::domain::ids::StepId, choice: &str) {
        let Ok(choice) = choice.parse() else { return };
        let revision = self.engine.definition.revision.clone();
        self.input(&Input::Pressed { step: step.clone(), revision, choice });
    }

    /// A human takes over, or hands back.
    pub fn hold(&mut self, on: bool) {
        if on {
            self.standing.hold = true;
        } else {
            self.standing.hold = false;
            self.input(&Input::HandedBack);
        }
    }

    /// Time passes, and what falls due happens at its time.
    pub fn wait(&mut self, length: std::time::Duration) {
        let until = self.now.plus(length);
        while let Some(index) = self.next_due(until) {
            let (deadline, at, sequence) = self.deadlines.remove(index);
            self.now = at.max(self.now);
            self.input(&Input::Due { deadline, sequence });
        }
        self.now = until;
    }

    fn next_due(&self, until: Timestamp) -> Option<usize> {
        let due = self.deadlines.iter().enumerate().filter(|(_, (_, at, _))| *at <= until);
        due.min_by_key(|(_, (_, at, _))| *at).map(|(index, _)| index)
    }

    fn input(&mut self, input: &Input) {
        let definition = &self.engine.definition;
        let standing = self.standing.clone();
        let before = self.session.take().map(|session| Session { standing, ..session });
        let session = before.filter(|session| step::belongs(self.engine, session, input, self.now));
        let session = session.unwrap_or_else(|| {
            Session::begin(
                definition.id.clone(),
                definition.revision.clone(),
                self.standing.clone(),
                self.now,
            )
        });
        let step = step::step(self.engine, session, input, self.now);
        self.follow(step.session, step.effects);
    }

    fn follow(&mut self, session: Session, effects: Vec<Effect>) {
        self.standing = session.standing.clone();
        self.session = Some(session);
        for effect in effects {
            self.obey(effect);
        }
    }

    fn obey(&mut self, effect: Effect) {
        match effect {
            Effect::Say(utterance) => {
                let sent = (self.render)(&utterance, &self.standing, self.channel, self.now);
                self.happened.push(Happened::Said(sent));
            }
            Effect::Raise(concern) => {
                self.happened.push(Happened::Raised(concern.category, concern.rule.to_string()));
            }
            Effect::HandOver { reason } => self.happened.push(Happened::HandedOver(reason)),
            Effect::NeedsReply => self.happened.push(Happened::NeedsReply),
            Effect::SetDeadline { deadline, at, sequence } => {
                self.deadlines.retain(|(kind, _, _)| *kind != deadline);
                self.deadlines.push((deadline, at, sequence));
            }
            Effect::End(ending) => {
                self.deadlines.clear();
                self.happened.push(Happened::Ended(ending));
            }
            Effect::BeginAgain => {
                let step = step::begin_again(self.engine, self.standing.clone(), self.now);
                self.follow(step.session, step.effects);
            }
            Effect::Record { .. }
            | Effect::UpdateHandover
            | Effect::SetLanguage { .. }
            | Effect::OptOut
            | Effect::OptIn
            | Effect::SetTextsUnsafe(_) => {}
        }
    }
}

/// Where a chat parts from what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The line.
    pub place: Place,
    /// What is different.
    pub message: String,
}

/// What a chat came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// Where it parts from what was written.
    pub differences: Vec<Difference>,
    /// Texts of the person.
    pub turns: u32,
    /// SMS parts that we sent.
    pub parts: u32,
    /// SMS parts up to the text in which the referral was handed over.
    pub parts_until_handover: Option<u32>,
    /// Texts of the person up to the hand over.
    pub turns_until_handover: Option<u32>,
}

/// Runs a chat from its first line to the last.
#[must_use]
pub fn run(engine: &Engine, chat: &Chat, render: &Render<'_>, start: Timestamp) -> Run {
    let standing = Standing { language: chat.language.clone(), ..Standing::default() };
    compare(Talk::new(engine, render, chat.channel, standing, start), chat)
}

/// How a session stands, as chats write it.
#[must_use]
pub fn session_word(session: Option<&Session>) -> String {
    match session.map(|session| &session.status) {
        None => "none".to_owned(),
        Some(Status::Live) => "live".to_owned(),
        Some(Status::Ended(ending)) => ending_word(ending),
    }
}

/// An ending, as chats write it.
#[must_use]
pub fn ending_word(ending: &Ending) -> String {
    match ending {
        Ending::Finished(step) => format!("finished {step}"),
        Ending::SentEarly => "sent-early".to_owned(),
        Ending::WantsAHuman => "wants-a-human".to_owned(),
        Ending::Restarted => "restarted".to_owned(),
        Ending::Expired => "expired".to_owned(),
        Ending::Stopped => "stopped".to_owned(),
    }
}

/// A value, as chats write it.
#[must_use]
pub fn value_word(value: &Value) -> String {
    match value {
        Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Choice(choice) => choice.to_string(),
        Value::Choices(choices) => choices.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        Value::Scale(n) => n.to_string(),
        Value::Number(n) => n.to_string(),
        Value::Text(words) | Value::Name(words) | Value::Phone(words) => words.0.clone(),
        Value::Postcode(postcode) => postcode.as_str().to_owned(),
        Value::Date(date) => date.to_string(),
        Value::Practice(PracticeAnswer::Known(practice)) => practice.to_string(),
        Value::Practice(other) => other.as_guard_word().to_owned(),
    }
}
