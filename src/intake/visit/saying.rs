//! What a visit says: rendered once, for the person's channel, language and nation, as one row of the outbox.
//!
//! Invariant: whoever cannot be texted back, or has had too much already, gets no text; a human is told instead.

use std::time::Duration;

use jiff::civil::Date;

use crate::content::ERASE_AFTER;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::effect::Utterance;
use crate::directory::hours::day_in_london;
use crate::directory::service::Service;
use crate::domain::language::Language;
use crate::domain::message::Purpose;
use crate::domain::message::Words;
use crate::domain::nation::Nation;
use crate::domain::time::Timestamp;
use crate::handover;
use crate::intake::engines::service_of;
use crate::intake::limits;
use crate::intake::limits::Limit;
use crate::intake::visit::Visit;
use crate::store::error::StoreError;
use crate::store::outbox::Author;
use crate::store::outbox::Body;
use crate::store::outbox::NewText;
use crate::store::tx::Tx;
use crate::wording::render::Facts;
use crate::wording::render::Place;

/// A safety reply waits this long for a worker who says that they are replying.
const WAITS_IN_A_HOLD: Duration = Duration::from_secs(120);

impl<'a> Visit<'a> {
    /// Puts one text into the outbox. Where the sender cannot be texted back, or we have said too much already, a human
    /// is told instead; a safety reply goes all the same.
    pub(super) async fn say(&mut self, tx: &mut Tx, utterance: &Utterance) -> Result<(), StoreError> {
        let too_much = self.limit == Limit::SaidTooMuch && utterance.purpose != Purpose::Safety;
        let used_up = utterance.purpose == Purpose::Safety
            && limits::safety_is_used_up(tx, self.address.id, self.now).await?;
        if too_much || used_up || !self.address.textable {
            return self.needs_reply(tx).await;
        }
        let language = &self.saved.session.standing.language;
        let keys = self.content.messages(&self.engine.definition.id, utterance, language);
        let (body, parts) = self.rendered(utterance);
        let text = NewText {
            address: self.address.id,
            person: Some(self.person.id),
            session: Some(self.saved.id),
            referral: self.referral.as_ref().map(|referral| referral.id),
            author: Author::Bot,
            purpose: utterance.purpose,
            message_keys: keys.join(", "),
            body,
            parts,
            due_at: self.leaves_at(utterance.purpose),
        };
        tx.append_text(&text, self.now).await.map(|_| ())
    }

    /// While a human is speaking, a safety reply waits a little for that human, who may say it better.
    fn leaves_at(&self, purpose: Purpose) -> Timestamp {
        let waits = self.person.hold && purpose == Purpose::Safety;
        if waits { self.now.plus(WAITS_IN_A_HOLD) } else { self.now }
    }

    pub(super) async fn say_one(&mut self, tx: &mut Tx, message: &str) -> Result<(), StoreError> {
        let utterance =
            Utterance { purpose: Purpose::Answer, sayings: vec![Saying::of(MessageKey::of(message))] };
        self.say(tx, &utterance).await
    }

    /// The text, for this person and channel. In Wales the first text is in both languages, Welsh first.
    fn rendered(&self, utterance: &Utterance) -> (Body, u16) {
        let language = &self.saved.session.standing.language;
        let own = self.render(utterance, language);
        let welsh: Option<Language> = "cy".parse().ok();
        let other = welsh.filter(|welsh| {
            let opens = self.engine.definition.steps.first().map(|step| step.id.as_str());
            let is_first =
                opens.is_some_and(|id| utterance.sayings.iter().any(|saying| saying.key.message == id));
            is_first
                && self.nation() == Nation::Wales
                && language != welsh
                && self.engine.languages.contains(welsh)
        });
        let Some(welsh) = other else { return own };
        let (first, _) = self.render(utterance, &welsh);
        let text = format!("{}\n\n{}", first.text.0, own.0.text.0);
        let parts = u16::try_from(crate::wording::sms::count(&text).parts).unwrap_or(u16::MAX);
        (Body { text: Words(text), buttons: own.0.buttons }, parts)
    }

    pub(super) fn render(&self, utterance: &Utterance, language: &Language) -> (Body, u16) {
        let rendered =
            self.content.wording.render_or_copy(utterance, &self.place(language), self.copy.as_ref());
        let parts = u16::try_from(rendered.parts).unwrap_or(u16::MAX);
        (Body { text: rendered.text, buttons: rendered.buttons }, parts)
    }

    fn place<'b>(&'b self, language: &'b Language) -> Place<'b> {
        Place {
            conversation: &self.engine.definition.id,
            revision: &self.engine.definition.revision,
            language,
            channel: self.address.channel,
            directory: &self.content.directory,
            service: self.service(),
            nation: Some(self.nation()),
            facts: Facts {
                reference: self.referral.as_ref().map(|referral| &referral.reference),
                promised: Some(self.promised()),
                erased: Some(day_in_london(self.now.plus(ERASE_AFTER))),
                watched: self.watched,
            },
            offer_unreviewed: self.content.offer_unreviewed,
            now: self.now,
        }
    }

    pub(super) fn service(&self) -> &'a Service {
        service_of(self.content, &self.person)
    }

    pub(super) fn nation(&self) -> Nation {
        let practice = handover::practice(&self.engine.definition, &self.saved.session);
        self.content.directory.nation(self.service(), practice.as_ref())
    }

    /// The day that was promised, and once it was, the same day again.
    pub(super) fn promised(&self) -> Date {
        let stored = self.referral.as_ref().and_then(|referral| referral.promised_on);
        stored.map_or_else(|| self.content.directory.promised(self.service(), self.now), day_in_london)
    }
}
