//! One turn at work: the session as it changes, and what is to be said and done.

use std::borrow::Cow;
use std::time::Duration;

use crate::conversation::aside::Aside;
use crate::conversation::aside::OpenAside;
use crate::conversation::beside::general_choices;
use crate::conversation::definition::Question;
use crate::conversation::definition::Step as DefinedStep;
use crate::conversation::definition::StepKind;
use crate::conversation::effect::Effect;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Offered;
use crate::conversation::effect::ReadBack;
use crate::conversation::effect::Saying;
use crate::conversation::effect::Shown;
use crate::conversation::effect::Step;
use crate::conversation::effect::Utterance;
use crate::conversation::input::DeadlineKind;
use crate::conversation::session::Answer;
use crate::conversation::session::Asked;
use crate::conversation::session::Ending;
use crate::conversation::session::FoundTheme;
use crate::conversation::session::Joining;
use crate::conversation::session::Session;
use crate::conversation::session::Status;
use crate::conversation::step::Engine;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::PracticeAnswer;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::ConversationId;
use crate::domain::ids::StepId;
use crate::domain::language::Language;
use crate::domain::message::Purpose;
use crate::domain::message::Words;
use crate::domain::referral::HandOverReason;
use crate::domain::time::Timestamp;
use crate::reply::Asking;
use crate::reply::ChoiceWords;

/// How long a safety question waits before a human is told that nobody answered it (domain 8.1, P7).
pub const SAFETY_SILENCE: Duration = Duration::from_secs(30 * 60);

/// A turn at work.
pub struct Turn<'a> {
    pub engine: &'a Engine,
    pub session: Session,
    pub now: Timestamp,
    pub effects: Vec<Effect>,
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

    /// Takes back what was to be said, except for safety.
    pub fn hush(&mut self) {
        self.sayings.clear();
    }

    // Where the person stands.

    /// The first step whose guard holds and that has no answer.
    pub fn position(&self) -> Option<&'a DefinedStep> {
        self.engine.definition.steps.iter().find(|step| {
            !self.session.answers.contains_key(&step.id)
                && step.only_if.as_ref().is_none_or(|guard| guard.holds(&self.session))
        })
    }

    /// Says everything up to the next question, and asks it.
    pub fn advance(&mut self) {
        self.session.tries = 0;
        while let Some(step) = self.position() {
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
                }
                StepKind::Finish => {
                    self.say(step.id.as_str());
                    self.mark(&step.id);
                    self.finish(Ending::Finished(step.id.clone()));
                    return;
                }
                StepKind::Ask(question) => return self.ask(step, question),
                StepKind::Check { shows } => return self.ask_check(step, shows),
            }
        }
        // A definition ends with an unguarded finish, so this is a session of a revision whose last step is gone.
        self.finish(Ending::Expired);
    }

    fn ask(&mut self, step: &DefinedStep, question: &Question) {
        let may_offer = self.session.opening_words.is_some() && !self.session.opening_offered;
        if question.takes_opening_words && may_offer && self.session.aside.is_none() {
            self.session.opening_offered = true;
            self.note_asked(&step.id, &question.choices);
            self.say_saying(Saying::of(MessageKey::of("opening-words")).with_yes_or_no());
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
            AnswerKind::YesOrNo => saying.with_yes_or_no(),
            AnswerKind::ChooseOne | AnswerKind::ChooseSeveral { .. } => {
                saying.with_choices(step.id.as_str(), &question.choices)
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

    fn ask_check(&mut self, step: &DefinedStep, shows: &[StepId]) {
        self.note_asked(&step.id, &[]);
        let lines = self.checked(shows).into_iter().map(|id| self.read_back(id)).collect();
        self.say_saying(Saying { lines, ..Saying::of(MessageKey::of(step.id.as_str())) });
    }

    /// The steps that a check reads back: those that were answered.
    pub fn checked<'b>(&self, shows: &'b [StepId]) -> Vec<&'b StepId> {
        shows.iter().filter(|id| self.session.answers.contains_key(*id)).collect()
    }

    fn read_back(&self, id: &StepId) -> ReadBack {
        let value = self.session.answers.get(id).and_then(|answer| answer.value.as_ref());
        let shown = value.map_or(Shown::NotShown, |value| shown(id, value));
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
        self.session.aside = Some(OpenAside { aside, sequence: self.session.sequence, tries: 0 });
    }

    // Answers.

    /// A step that asks nothing counts as answered once it was said.
    fn mark(&mut self, step: &StepId) {
        let answer = Answer { value: None, words: Words::default(), at: self.now, themes: Vec::new() };
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
        let answer = Answer { value, words: Words(words.to_owned()), at: self.now, themes };
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

    /// Adds a text that followed quickly to the answer it continues.
    pub fn join(&mut self, joining: &Joining, text: &str) {
        match &joining.step {
            None => {
                let before = self.session.opening_words.take().unwrap_or_default().0;
                self.session.opening_words = Some(Words(joined(&before, text)));
                self.session.joining = Some(Joining { step: None, until: self.now.plus(JOINS_OPENING_WITHIN) });
            }
            Some(step) => {
                let before = self.session.answers.get(step).map_or("", |answer| answer.words.0.as_str());
                let together = joined(before, text);
                self.record(&step.clone(), Some(Value::Text(Words(together.clone()))), &together);
            }
        }
    }

    /// Takes an answer back; it is kept in the history.
    pub fn take_back(&mut self, step: &StepId) {
        if let Some(old) = self.session.answers.remove(step) {
            self.session.history.push((step.clone(), old));
        }
        self.session.order.retain(|id| id != step);
        self.session.joining = None;
    }

    fn themes_of(&self, text: &str) -> Vec<FoundTheme> {
        let found = self.engine.themes.find(text).into_iter();
        found.map(|f| FoundTheme { theme: f.theme, rule: f.rule, words: f.words }).collect()
    }

    // The question last asked.

    /// The step that was asked last, if it still stands open.
    pub fn asked(&self) -> Option<&'a DefinedStep> {
        let asked = self.session.asked.as_ref()?;
        let step = self.engine.definition.step(&asked.step)?;
        let open = self.position().is_some_and(|position| position.id == step.id);
        open.then_some(step)
    }

    /// What a question accepts, in the order in which its choices were sent.
    pub fn choice_words(&self, conversation: &ConversationId, step: &StepId, sent: &[ChoiceId]) -> Cow<'a, [ChoiceWords]> {
        let languages = &self.engine.lexicons.languages;
        let of = |language| languages.get(language)?.questions.get(conversation)?.get(step);
        let english = Language::english();
        let Some(words) = of(&self.session.standing.language).or_else(|| of(&english)) else {
            return Cow::Borrowed(&[]);
        };
        let same_order = words.iter().map(|w| &w.choice).eq(sent);
        if same_order {
            return Cow::Borrowed(words);
        }
        sent.iter().filter_map(|choice| words.iter().find(|w| w.choice == *choice).cloned()).collect()
    }

    /// What a person would have texted instead of tapping a button under a question: its number.
    pub fn button_text(&self, step: &DefinedStep, choice: &ChoiceId) -> String {
        let sent = match &step.kind {
            StepKind::Ask(question) if !question.choices.is_empty() => question.choices.clone(),
            StepKind::Ask(_)
            | StepKind::Check { .. }
            | StepKind::Say
            | StepKind::HandOver { .. }
            | StepKind::Finish => yes_or_no(),
        };
        number_in(&sent, choice)
    }

    /// The same for a button under one of our general messages.
    pub fn general_text(&self, message: &StepId, choice: &ChoiceId) -> String {
        let general = general_choices().into_iter().find(|(_, step, _)| step == message);
        number_in(&general.map_or_else(yes_or_no, |(_, _, sent)| sent), choice)
    }

    /// A question as the readers need it.
    pub fn asking<'b>(&self, kind: &'b AnswerKind, choices: &'b [ChoiceWords]) -> Asking<'b> {
        Asking {
            kind,
            choices,
            today: self.now.to_jiff().to_zoned(self.engine.zone.clone()).date(),
            numbers_only: self.session.standing.speaks.is_some(),
        }
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
        self.effects.push(Effect::NeedsReply);
    }

    pub fn finish(&mut self, ending: Ending) {
        self.session.status = Status::Ended(ending.clone());
        self.session.aside = None;
        self.session.joining = None;
        self.effects.push(Effect::End(ending));
    }

    pub fn opt_out(&mut self) {
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

    pub fn set_deadline(&mut self, deadline: DeadlineKind, at: Timestamp) {
        self.effects.push(Effect::SetDeadline { deadline, at, sequence: self.session.sequence });
    }

    /// Sets when to remind and when to close, counted from now: the person has just written, or was handed back.
    pub fn set_deadlines(&mut self) {
        if !self.session.is_live() {
            return;
        }
        let limits = &self.engine.definition.limits;
        if let Some(after) = limits.remind_after.get(usize::from(self.session.reminded)) {
            self.set_deadline(DeadlineKind::Remind, self.now.plus(*after));
        }
        self.set_deadline(DeadlineKind::Close, self.now.plus(limits.close_after));
    }
}

/// A text within this time of an opening story is part of it.
pub const JOINS_OPENING_WITHIN: Duration = Duration::from_secs(20);

fn joined(before: &str, text: &str) -> String {
    format!("{before}\n{text}").trim().to_owned()
}

/// An answer as a check may show it: never own words, names or themes, for the sake of whoever else reads this phone.
fn shown(step: &StepId, value: &Value) -> Shown {
    let label = |choice: &ChoiceId| MessageKey::part(step.as_str(), choice.as_str());
    match value {
        Value::YesNo(true) => Shown::Labels(vec![MessageKey::of("yes-label")]),
        Value::YesNo(false) => Shown::Labels(vec![MessageKey::of("no-label")]),
        Value::Choice(choice) => Shown::Labels(vec![label(choice)]),
        Value::Choices(choices) => Shown::Labels(choices.iter().map(label).collect()),
        Value::Scale(n) => Shown::Plain(n.to_string()),
        Value::Number(n) => Shown::Plain(n.to_string()),
        Value::Postcode(postcode) => Shown::Plain(postcode.as_str().to_owned()),
        Value::Date(date) => Shown::Plain(date.to_string()),
        Value::Practice(PracticeAnswer::Known(practice)) => Shown::Practice(practice.clone()),
        Value::Practice(PracticeAnswer::InArea(postcode) | PracticeAnswer::OutOfArea(postcode)) => {
            Shown::Plain(postcode.as_str().to_owned())
        }
        Value::Practice(PracticeAnswer::None) => Shown::NotShown,
        Value::Practice(PracticeAnswer::Unknown(_)) | Value::Text(_) | Value::Name(_) | Value::Phone(_) => {
            Shown::Labels(vec![MessageKey::part("not-shown", "given")])
        }
    }
}

impl Saying {
    /// A message by itself.
    #[must_use]
    pub fn of(key: MessageKey) -> Self {
        Self { key, otherwise: None, choices: Vec::new(), lines: Vec::new(), guess: None }
    }

    /// With numbered choices, labelled by attributes of `message`.
    #[must_use]
    pub fn with_choices(mut self, message: &str, choices: &[ChoiceId]) -> Self {
        let offered = |choice: &ChoiceId| Offered {
            choice: choice.clone(),
            label: MessageKey::part(message, choice.as_str()),
        };
        self.choices = choices.iter().map(offered).collect();
        self
    }

    /// With the choices yes and no.
    #[must_use]
    pub fn with_yes_or_no(mut self) -> Self {
        let offered = |choice: &'static str, label: &str| Offered { choice: choice_named(choice), label: MessageKey::of(label) };
        self.choices = vec![offered("yes", "yes-label"), offered("no", "no-label")];
        self
    }
}

fn yes_or_no() -> Vec<ChoiceId> {
    vec![choice_named("yes"), choice_named("no")]
}

fn number_in(sent: &[ChoiceId], choice: &ChoiceId) -> String {
    sent.iter().position(|one| one == choice).map_or_else(String::new, |index| (index + 1).to_string())
}

/// A choice of our own messages.
pub fn choice_named(name: &'static str) -> ChoiceId {
    name.parse().expect("our own choices are names")
}
