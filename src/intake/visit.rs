//! One visit to a session: the engine's step, and its effects as rows of the same transaction.
//!
//! Invariant: every variant of `Effect` is answered for here, and nowhere else.

mod saying;

use jiff::civil::Date;

use crate::content::Content;
use crate::content::ERASE_AFTER;
use crate::conversation::definition::Part;
use crate::conversation::effect::Concern;
use crate::conversation::effect::Effect;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::effect::Utterance;
use crate::conversation::input::DeadlineKind;
use crate::conversation::input::Input;
use crate::conversation::session::Answer;
use crate::conversation::session::Ending;
use crate::conversation::session::Session;
use crate::conversation::step;
use crate::conversation::step::Engine;
use crate::conversation::transcript::value_word;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::Value;
use crate::domain::ids::InboundId;
use crate::domain::ids::StepId;
use crate::domain::message::Content as Message;
use crate::domain::message::Purpose;
use crate::domain::message::Words;
use crate::domain::referral::HandOverReason;
use crate::domain::time::Timestamp;
use crate::handover;
use crate::intake::engines::kept;
use crate::intake::engines::service_of;
use crate::intake::engines::todays_engine;
use crate::intake::limits::Limit;
use crate::intake::requests;
use crate::store::address::Address;
use crate::store::concern::ConcernWords;
use crate::store::concern::NewConcern;
use crate::store::consent::Consent;
use crate::store::error::StoreError;
use crate::store::person::Person;
use crate::store::referral::Referral;
use crate::store::session::SavedSession;
use crate::store::tx::Tx;
use crate::wording::Wording;

/// A visit to a session.
pub struct Visit<'a> {
    content: &'a Content,
    engine: Engine,
    copy: Option<Wording>,
    pub person: Person,
    address: Address,
    pub saved: SavedSession,
    heard: Option<(InboundId, Words)>,
    limit: Limit,
    referral: Option<Referral>,
    watched: bool,
    /// They were passed on to nobody, as they wished, and write again: a human sees this text, and none before it.
    comes_back: bool,
    now: Timestamp,
}

impl<'a> Visit<'a> {
    /// Takes up the person's session, or begins one.
    pub async fn take_up(
        tx: &mut Tx,
        content: &'a Content,
        person: Person,
        address: Address,
        input: &Input,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let live = tx.live_session(person.id, address.channel).await?;
        let found = match live {
            Some(live) => Some(live),
            None => tx.latest_session(person.id).await?,
        };
        if let Some(saved) = found {
            let visit = Self::of(tx, content, person.clone(), address.clone(), saved, now).await?;
            if step::belongs(&visit.engine, &visit.saved.session, input, now) {
                return Ok(visit);
            }
            visit.forget(tx).await?;
            let comes_back = step::comes_back(&visit.engine, &visit.saved.session, input);
            let begun = Self::begin(tx, content, person, address, now).await?;
            return Ok(Self { comes_back, ..begun });
        }
        Self::begin(tx, content, person, address, now).await
    }

    /// A session that lies too far back is closed before another begins.
    async fn forget(&self, tx: &mut Tx) -> Result<(), StoreError> {
        if !self.saved.session.is_live() {
            return Ok(());
        }
        let mut session = self.saved.session.clone();
        session.status = crate::conversation::session::Status::Ended(Ending::Expired);
        tx.save_session(&self.saved, &session, self.now).await?;
        tx.cancel_deadlines(self.saved.id).await
    }

    async fn begin(
        tx: &mut Tx,
        content: &'a Content,
        person: Person,
        address: Address,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let service = service_of(content, &person);
        let engine = content.default_conversation(service).map(|conversation| conversation.engine.clone());
        let engine = engine.ok_or(StoreError::NotFound)?;
        let definition = &engine.definition;
        let standing = person.standing(&address);
        let session = Session::begin(definition.id.clone(), definition.revision.clone(), standing, now);
        let saved = tx.open_session(&person, &address, session, now).await?;
        Self::of(tx, content, person, address, saved, now).await
    }

    /// A visit to this session.
    pub async fn of(
        tx: &mut Tx,
        content: &'a Content,
        person: Person,
        address: Address,
        saved: SavedSession,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let mut saved = saved.with_standing(person.standing(&address));
        let session = &saved.session;
        let (engine, copy) = match content.engine(&session.conversation, &session.revision, None) {
            Some(engine) => (engine, None),
            None => match kept(tx, content, session).await? {
                Some(kept) => kept,
                None => {
                    tracing::error!(session.id = %saved.id, "The revision of a session cannot be read; it goes on with today's");
                    let engine = todays_engine(content, session, &person).ok_or(StoreError::NotFound)?;
                    saved.session.revision = engine.definition.revision.clone();
                    (engine, None)
                }
            },
        };
        let referral = tx.open_referral_of(person.id).await?;
        let watched = !tx.on_duty(&person.service, now).await?.is_empty();
        Ok(Self {
            content,
            engine,
            copy,
            person,
            address,
            saved,
            heard: None,
            limit: Limit::Free,
            referral,
            watched,
            comes_back: false,
            now,
        })
    }

    /// Notes the message that this visit is about.
    pub fn heard(&mut self, id: InboundId, message: &Message, limit: Limit) {
        self.heard = Some((id, Words(message.words().unwrap_or_default().to_owned())));
        self.limit = limit;
    }

    /// Takes the session one step, and writes what follows.
    pub async fn go(&mut self, tx: &mut Tx, input: &Input) -> Result<(), StoreError> {
        let input = self.with_whole_revision(input);
        let step = step::step(&self.engine, self.saved.session.clone(), &input, self.now);
        if self.limit == Limit::SayOnce {
            let standing = &step.session.standing;
            if !standing.hold && !standing.opted_out && !standing.texts_unsafe {
                self.say_one(tx, "slow-down").await?;
            }
            self.needs_reply(tx).await?;
        }
        self.save(tx, step.session).await?;
        self.follow(tx, step.effects).await?;
        if self.comes_back { self.needs_reply(tx).await } else { Ok(()) }
    }

    /// A button carries the beginning of its revision only.
    fn with_whole_revision(&self, input: &Input) -> Input {
        let Input::Pressed { step, revision, shown_at, choice } = input else { return input.clone() };
        let whole = &self.engine.definition.revision;
        let ours = !revision.0.is_empty() && whole.0.starts_with(&revision.0);
        let revision = if ours { whole.clone() } else { revision.clone() };
        Input::Pressed { step: step.clone(), revision, shown_at: *shown_at, choice: choice.clone() }
    }

    async fn save(&mut self, tx: &mut Tx, session: Session) -> Result<(), StoreError> {
        tx.save_session(&self.saved, &session, self.now).await?;
        self.saved.version += 1;
        self.saved.session = session;
        Ok(())
    }

    async fn follow(&mut self, tx: &mut Tx, effects: Vec<Effect>) -> Result<(), StoreError> {
        for effect in effects {
            match effect {
                Effect::Say(utterance) => self.say(tx, &utterance).await?,
                Effect::Record { step, answer } => self.record(tx, &step, &answer).await?,
                Effect::Raise(concern) => self.raise(tx, concern).await?,
                Effect::HandOver { reason } => self.hand_over(tx, reason).await?,
                Effect::UpdateHandover => self.update_handover(tx).await?,
                Effect::NeedsReply => self.needs_reply(tx).await?,
                Effect::SetDeadline { deadline, at, sequence } => {
                    tx.set_deadline(self.saved.id, deadline, at, sequence).await?;
                }
                Effect::SetLanguage { language, speaks } => {
                    tx.set_language(self.person.id, &language, speaks.as_deref()).await?;
                }
                Effect::OptOut => self.opt_out(tx).await?,
                Effect::OptIn => tx.set_opted_out(self.address.id, false).await?,
                Effect::SetTextsUnsafe(texts_unsafe) => {
                    tx.set_texts_unsafe(self.person.id, texts_unsafe).await?;
                    tx.cancel_scheduled(self.address.id).await?;
                }
                Effect::End(ending) => self.end(tx, &ending).await?,
                Effect::BeginAgain => Box::pin(self.begin_again(tx)).await?,
            }
        }
        Ok(())
    }

    // What is kept.

    /// Consent is kept with the text of the question as it was sent.
    async fn record(&mut self, tx: &mut Tx, step: &StepId, answer: &Answer) -> Result<(), StoreError> {
        let Some(question) = self.engine.definition.question(step) else { return Ok(()) };
        let (Part::Consent, Some(value @ (Value::YesNo(_) | Value::Choice(_)))) =
            (question.part, &answer.value)
        else {
            return Ok(());
        };
        let saying = Saying::of(MessageKey::of(step.as_str()));
        let saying = match question.answer {
            AnswerKind::YesOrNo => saying.with_yes_or_no(),
            _ => saying.with_choices(step.as_str(), &question.choices),
        };
        let asked = Utterance { purpose: Purpose::Answer, sayings: vec![saying] };
        let (body, _) = self.render(&asked, &self.saved.session.standing.language);
        let consent = Consent {
            person: self.person.id,
            session: self.saved.id,
            step: step.clone(),
            value: value_word(value),
            text: body.text,
            given_at: answer.at,
        };
        tx.record_consent(&consent).await.map(|_| ())
    }

    async fn raise(&mut self, tx: &mut Tx, concern: Concern) -> Result<(), StoreError> {
        self.open_referral(tx).await?;
        self.save_handover(tx, self.saved.session.handed_over.unwrap_or(HandOverReason::Concern)).await?;
        let (inbound, text) =
            self.heard.clone().map_or((None, Words::default()), |(id, text)| (Some(id), text));
        let concern = NewConcern {
            person: self.person.id,
            session: Some(self.saved.id),
            inbound,
            service: self.person.service.clone(),
            category: concern.category,
            rule: concern.rule,
            rules_version: self.engine.safety.version().to_owned(),
            words: ConcernWords { text, found: concern.words },
        };
        tx.raise_concern(&concern, self.now).await.map(|_| ())
    }

    async fn hand_over(&mut self, tx: &mut Tx, reason: HandOverReason) -> Result<(), StoreError> {
        let referral = self.open_referral(tx).await?;
        if let (HandOverReason::Deletion, Some(by)) = (reason, requests::answer_by(self.now)) {
            tx.note_erasure_request(referral.id, by, self.now).await?;
        }
        let practice = handover::practice(&self.engine.definition, &self.saved.session);
        let promised = self.content.directory.promised(self.service(), self.now);
        let promised = referral.promised_on.is_none().then(|| end_of_day(promised)).flatten();
        tx.route_referral(referral.id, practice.as_ref(), promised, self.now).await?;
        if let (Some(referral), Some(promised)) = (&mut self.referral, promised) {
            referral.promised_on = Some(promised);
        }
        self.save_handover(tx, reason).await
    }

    async fn update_handover(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let raised = self.saved.session.raised.then_some(HandOverReason::Concern);
        match self.saved.session.handed_over.or(raised) {
            Some(reason) => {
                self.open_referral(tx).await?;
                self.save_handover(tx, reason).await
            }
            None => Ok(()),
        }
    }

    async fn needs_reply(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let referral = self.open_referral(tx).await?;
        let session = &self.saved.session;
        let reason = match (session.handed_over, session.raised, session.is_live()) {
            (Some(reason), _, _) => reason,
            (None, true, _) => HandOverReason::Concern,
            (None, false, true) => HandOverReason::NeedsAHuman,
            (None, false, false) => HandOverReason::WroteAgain,
        };
        self.save_handover(tx, reason).await?;
        tx.mark_reply_due(referral.id, self.now).await
    }

    async fn open_referral(&mut self, tx: &mut Tx) -> Result<Referral, StoreError> {
        if let Some(referral) = &self.referral {
            return Ok(referral.clone());
        }
        let referral = tx.find_or_open_referral(self.person.id, &self.person.service, self.now).await?;
        self.referral = Some(referral.clone());
        Ok(referral)
    }

    async fn save_handover(&mut self, tx: &mut Tx, reason: HandOverReason) -> Result<(), StoreError> {
        let Some(referral) = self.referral.as_ref().map(|referral| referral.id) else { return Ok(()) };
        let mut summary = self.content.summary(&self.engine.definition, &self.saved.session);
        summary.reason = reason;
        tx.save_handover(&self.saved, referral, reason, &summary, self.now).await?;
        tx.make_findable(self.person.id).await
    }

    // What ends.

    async fn opt_out(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        tx.set_opted_out(self.address.id, true).await?;
        tx.cancel_scheduled(self.address.id).await.map(|_| ())
    }

    /// An end cancels what was to fall due; the words of somebody who was passed on to nobody are erased in time.
    async fn end(&mut self, tx: &mut Tx, ending: &Ending) -> Result<(), StoreError> {
        tx.cancel_deadlines(self.saved.id).await?;
        let session = &self.saved.session;
        let passed_on = session.handed_over.is_some() || session.raised || self.referral.is_some();
        if passed_on || *ending == Ending::Restarted {
            return Ok(());
        }
        let (at, sequence) = (self.now.plus(ERASE_AFTER), session.sequence);
        tx.set_deadline(self.saved.id, DeadlineKind::Erase, at, sequence).await
    }

    async fn begin_again(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let mut next =
            Visit::begin(tx, self.content, self.person.clone(), self.address.clone(), self.now).await?;
        let standing = self.saved.session.standing.clone();
        let step = step::begin_again(&next.engine, standing, self.now);
        next.limit = self.limit;
        next.save(tx, step.session).await?;
        Box::pin(next.follow(tx, step.effects)).await
    }
}

/// The last moment of a day where the people are.
fn end_of_day(day: Date) -> Option<Timestamp> {
    let end = day.at(23, 59, 59, 0).in_tz("Europe/London").ok()?;
    Some(Timestamp::from_jiff(end.timestamp()))
}
