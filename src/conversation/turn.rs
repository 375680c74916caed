//! One turn at work: the session as it changes, and what is to be said and done.

use std::time::Duration;

use crate::conversation::aside::Aside;
use crate::conversation::aside::OpenAside;
use crate::conversation::definition::Question;
use crate::conversation::definition::Step as DefinedStep;
use crate::conversation::definition::StepKind;
use crate::conversation::effect::Effect;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::ReadBack;
use crate::conversation::effect::Saying;
use crate::conversation::effect::Shown;
use crate::conversation::effect::Step;
use crate::conversation::effect::Utterance;
use crate::conversation::number;
use crate::conversation::session::Answer;
use crate::conversation::session::Asked;
use crate::conversation::session::Ending;
use crate::conversation::session::FoundTheme;
use crate::conversation::session::Joining;
use crate::conversation::session::Session;
use crate::conversation::session::Status;
use crate::conversation::shown;
use crate::conversation::step::Engine;
use crate::conversation::way::Way;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::StepId;
use crate::domain::message::Purpose;
use crate::domain::message::Words;
use crate::domain::referral::HandOverReason;
use crate::domain::time::Timestamp;

/// Within this time of a safety reply the next one is a short, different line, never the same block.
const SAID_RECENTLY: Duration = Duration::from_secs(3600);

/// A turn at work.
pub struct Turn<'a> {
    pub engine: &'a Engine,
    pub session: Session,
    pub now: Timestamp,
    pub effects: Vec<Effect>,
    /// Whether the person is told that we read them late.
    pub says_late: bool,
    sayings: Vec<Saying>,
    purpose: Purpose,
    safety: Vec<Saying>,
}

impl<'a> Turn<'a> {
    pub fn new(engine: &'a Engine, session: Session, now: Timestamp) -> Self {
        Self {
            engine,
            session,
            now,
            effects: Vec::new(),
            says_late: false,
            sayings: Vec::new(),
            purpose: Purpose::Answer,
            safety: Vec::new(),
        }
    }

    /// The session and the effects. A safety reply is a text of its own and the first to leave. Where this phone is not
    /// safe, nothing else is said.
    pub fn end(mut self) -> Step {
        if self.session.standing.texts_unsafe {
            self.sayings.clear();
        }
        let ordinary = Utterance { purpose: self.purpose, sayings: self.sayings };
        let safety = Utterance { purpose: Purpose::Safety, sayings: self.safety };
        for utterance in [safety, ordinary] {
            if !utterance.sayings.is_empty() {
                self.effects.push(Effect::Say(utterance));
            }
        }
        Step { session: self.session, effects: self.effects }
    }

    /// Notes that the person has written: reminders and closing count from now on.
    pub fn wrote(&mut self) {
        self.session.sequence = self.session.sequence.saturating_add(1);
        self.session.reminded = 0;
        self.session.heard_at = self.now;
    }

    /// Whether nothing is said but for safety: a human is speaking, or the person has stopped.
    pub fn is_silent(&self) -> bool {
        self.session.standing.hold || self.session.standing.opted_out
    }

    /// Whether a safety aside is open.
    pub fn asks_about_safety(&self) -> bool {
        self.session.aside.as_ref().is_some_and(|open| open.aside.is_safety())
    }

    /// Whether a safety reply was said within the hour.
    pub fn safety_said_recently(&self) -> bool {
        self.session.safety_said_at.is_some_and(|at| self.now.since(at) < SAID_RECENTLY)
    }

    // What is said.

    pub fn say(&mut self, message: &str) {
        self.sayings.push(Saying::of(MessageKey::of(message)));
    }

    pub fn say_saying(&mut self, saying: Saying) {
        self.sayings.push(saying);
    }

    pub fn say_for_safety(&mut self, saying: Saying) {
        self.safety.push(saying);
    }

    pub fn said_for(&mut self, purpose: Purpose) {
        self.purpose = purpose;
    }

    /// Takes back all that was to be said: whoever else reads this phone must not see us answer.
    pub fn say_nothing(&mut self) {
        self.hush();
        self.safety.clear();
    }

    /// Takes back what was to be said, except for safety.
    pub fn hush(&mut self) {
        self.sayings.clear();
    }

    // Where the person stands.

    /// Which steps apply, and which stand open.
    pub fn way(&self) -> Way<'a, '_> {
        Way::of(&self.engine.definition, &self.session)
    }

    /// The first step that applies and has no answer.
    pub fn position(&self) -> Option<&'a DefinedStep> {
        Way::position(&self.engine.definition, &self.session)
    }

    /// Says everything up to the next question, and asks it.
    pub fn advance(&mut self) {
        self.session.tries = 0;
        // What is said and handed over on the way changes no guard: those name questions only.
        let open: Vec<&DefinedStep> = self.way().open().collect();
        for step in open {
            match &step.kind {
                StepKind::Say => {
                    self.say(step.id.as_str());
                    self.mark(&step.id);
                }
                StepKind::HandOver { reason } => {
                    self.hand_over(*reason);
                    self.said_for(Purpose::Receipt);
                    self.say(step.id.as_str());
                    self.mark(&step.id);
                    let number = number::question(self);
                    self.sayings.extend(number);
                }
                StepKind::Finish => {
                    self.say(step.id.as_str());
                    self.mark(&step.id);
                    self.finish(Ending::Finished(step.id.clone()));
                    return;
                }
                StepKind::Ask(question) => return self.ask(step, question),
                StepKind::Check { shows, changes } => return self.ask_check(step, shows, changes),
            }
        }
        // A definition ends with an unguarded finish, so this is a session of a revision whose last step is gone.
        self.finish(Ending::Expired);
    }

    /// Leaves out what would be said before the next question.
    pub fn pass_over_sayings(&mut self) {
        while let Some(step) = self.position().filter(|step| matches!(step.kind, StepKind::Say)) {
            self.mark(&step.id);
        }
    }

    fn ask(&mut self, step: &DefinedStep, question: &Question) {
        let may_offer = self.session.opening_words.is_some() && !self.session.opening_offered;
        if question.takes_opening_words && may_offer && self.session.aside.is_none() {
            self.session.opening_offered = true;
            self.note_asked(&step.id, &question.choices);
            self.ask_yes_or_no(Saying::of(MessageKey::of("opening-words")));
            self.open_aside(Aside::OpeningWords { step: step.id.clone() });
            return;
        }
        self.ask_plainly(step, question);
    }

    /// Asks a question by its own words.
    pub fn ask_plainly(&mut self, step: &DefinedStep, question: &Question) {
        self.note_asked(&step.id, &question.choices);
        let saying = Saying::of(MessageKey::of(step.id.as_str()));
        self.say_saying(match question.answer {
            AnswerKind::YesOrNo => return self.ask_yes_or_no(saying),
            AnswerKind::ChooseOne => saying.with_choices(step.id.as_str(), &question.choices),
            AnswerKind::ChooseSeveral { .. } => {
                Saying { several: true, ..saying.with_choices(step.id.as_str(), &question.choices) }
            }
            AnswerKind::Scale
            | AnswerKind::WholeNumber { .. }
            | AnswerKind::OwnWords
            | AnswerKind::ShortText
            | AnswerKind::Name
            | AnswerKind::Postcode
            | AnswerKind::DateOfBirth
            | AnswerKind::Phone
            | AnswerKind::Practice => saying,
        });
    }

    fn ask_check(&mut self, step: &DefinedStep, shows: &[StepId], changes: &[StepId]) {
        if self.was_changed(changes) {
            self.say("check-changed");
        }
        self.note_asked(&step.id, &[]);
        let lines = self.checked(shows).into_iter().map(|id| self.read_back(id)).collect();
        self.say_saying(Saying { lines, ..Saying::of(MessageKey::of(step.id.as_str())) });
        if self.session.standing.speaks.is_some() {
            self.say("check-by-number");
        }
    }

    /// Whether one of these, which are not read back, was asked last and had an answer before.
    fn was_changed(&self, changes: &[StepId]) -> bool {
        let last = self.session.asked.as_ref().map(|asked| &asked.step);
        let has_another = |step: &StepId| self.session.history.iter().any(|(before, _)| before == step);
        last.is_some_and(|last| changes.contains(last) && has_another(last))
    }

    /// The steps that a check reads back: those whose answers count.
    pub fn checked<'b>(&self, shows: &'b [StepId]) -> Vec<&'b StepId> {
        let way = self.way();
        shows.iter().filter(|id| way.answer(id).is_some()).collect()
    }

    fn read_back(&self, id: &StepId) -> ReadBack {
        let value = self.session.answers.get(id).and_then(|answer| answer.value.as_ref());
        let shown = value.map_or(Shown::NotShown, |value| shown::read_back(id, value));
        ReadBack { label: MessageKey::part(id.as_str(), "label"), shown }
    }

    fn note_asked(&mut self, step: &StepId, choices: &[ChoiceId]) {
        self.session.asked = Some(Asked { step: step.clone(), choices: choices.to_vec(), at: self.now });
    }

    /// Asks the open question again, after whatever came between.
    pub fn ask_again(&mut self) {
        self.session.aside = None;
        self.advance();
    }

    // Asides.

    pub fn open_aside(&mut self, aside: Aside) {
        self.session.aside = Some(OpenAside {
            aside,
            sequence: self.session.sequence,
            at: self.now,
            tries: 0,
            answered_at: None,
        });
    }

    // Answers.

    /// A step that asks nothing counts as answered once it was said.
    fn mark(&mut self, step: &StepId) {
        let answer = Answer {
            value: None,
            words: Words::default(),
            says_more: false,
            at: self.now,
            themes: Vec::new(),
        };
        self.session.answers.insert(step.clone(), answer);
    }

    /// Keeps an answer; `None` is a skip.
    pub fn record(&mut self, step: &StepId, value: Option<Value>, words: &str) {
        let themes = match &value {
            Some(Value::Text(text)) => self.themes_of(&text.0),
            Some(
                Value::YesNo(_)
                | Value::Choice(_)
                | Value::Choices(_)
                | Value::Scale(_)
                | Value::Number(_)
                | Value::Name(_)
                | Value::Postcode(_)
                | Value::Date(_)
                | Value::Phone(_)
                | Value::Practice(_),
            )
            | None => Vec::new(),
        };
        let question = self.engine.definition.question(step);
        let joins = question.and_then(|question| question.joins_within);
        let is_text = matches!(value, Some(Value::Text(_)));
        self.session.joining = joins
            .filter(|_| is_text)
            .map(|within| Joining { step: Some(step.clone()), until: self.now.plus(within) });
        if let (Some(question), Some(Value::Choice(choice))) = (question, &value)
            && !question.no_texts_if.is_empty()
        {
            self.set_texts_unsafe(question.no_texts_if.contains(choice));
        }
        let says_more = value.as_ref().is_some_and(|value| self.says_more(step, value, words));
        let answer = Answer { value, words: Words(words.to_owned()), says_more, at: self.now, themes };
        self.keep(step, answer);
    }

    fn keep(&mut self, step: &StepId, answer: Answer) {
        if let Some(old) = self.session.answers.insert(step.clone(), answer.clone()) {
            self.session.history.push((step.clone(), old));
        }
        self.session.order.retain(|id| id != step);
        self.session.order.push(step.clone());
        self.effects.push(Effect::Record { step: step.clone(), answer });
        self.update_handover();
    }

    /// Takes an answer back; it is kept in the history.
    pub fn take_back(&mut self, step: &StepId) {
        if let Some(old) = self.session.answers.remove(step) {
            self.session.history.push((step.clone(), old));
        }
        self.session.order.retain(|id| id != step);
        self.session.joining = None;
        self.update_handover();
    }

    fn themes_of(&self, text: &str) -> Vec<FoundTheme> {
        let found = self.engine.themes.find(text).into_iter();
        found.map(|f| FoundTheme { theme: f.theme, rule: f.rule, words: f.words }).collect()
    }

    // The rest of the world.

    pub fn hand_over(&mut self, reason: HandOverReason) {
        self.session.handed_over = Some(reason);
        self.effects.push(Effect::HandOver { reason });
    }

    pub fn update_handover(&mut self) {
        let seen = self.session.handed_over.is_some() || self.session.raised;
        if seen && !self.effects.contains(&Effect::UpdateHandover) {
            self.effects.push(Effect::UpdateHandover);
        }
    }

    pub fn needs_reply(&mut self) {
        if !self.effects.contains(&Effect::NeedsReply) {
            self.effects.push(Effect::NeedsReply);
        }
    }

    /// Ends the session. A safety question that nobody has answered stays open: somebody must look.
    pub fn finish(&mut self, ending: Ending) {
        self.session.status = Status::Ended(ending.clone());
        self.session.joining = None;
        self.effects.push(Effect::End(ending));
        let waits = self.session.aside.take().filter(|open| open.aside.waits_for_a_human());
        if let Some(open) = waits {
            // An end cancels what was to fall due, so this is set anew.
            self.set_unanswered(open.sequence);
            self.session.aside = Some(open);
        }
    }

    pub fn opt_out(&mut self) {
        self.session.told_of_stop_next = false;
        self.session.standing.opted_out = true;
        self.effects.push(Effect::OptOut);
    }

    pub fn opt_in(&mut self) {
        self.session.standing.opted_out = false;
        self.effects.push(Effect::OptIn);
    }

    pub fn set_texts_unsafe(&mut self, texts_unsafe: bool) {
        if self.session.standing.texts_unsafe != texts_unsafe {
            self.session.standing.texts_unsafe = texts_unsafe;
            self.effects.push(Effect::SetTextsUnsafe(texts_unsafe));
        }
    }
}
