//! What a text means as a reply: one file per kind of answer, and the words that are accepted.
//!
//! Invariant: a number or a button is never matched loosely, and a tie is never decided: it is asked.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::domain::answer::AnswerKind;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::PracticeId;
use crate::domain::language::Language;
use crate::domain::message::NetworkWord;
use crate::domain::message::Words;
use crate::domain::postcode::Postcode;
use crate::reply::command::network_word_of;
use crate::reply::heard::Heard;
use crate::reply::lexicon::Lexicon;
use crate::reply::name::Whose;
use crate::reply::options::Form;
use crate::reply::text::Folded;
use crate::reply::text::TextKind;
use crate::reply::text::tidy;

pub mod command;
pub mod lexicon;
pub mod more;
pub mod name;
pub mod nhs_number;
pub mod text;

mod age;
mod choice;
mod date_of_birth;
mod heard;
pub mod inside;
mod mentions;
mod multi_choice;
mod numbers;
mod options;
mod own_words;
mod phone;
mod postcode;
mod practice;
mod scale;
mod when;
mod whole_number;
mod yes_no;

#[cfg(test)]
mod tests;

/// What a question accepts for one of its choices, in one language.
#[derive(Debug, Clone)]
pub struct ChoiceWords {
    /// The choice.
    pub choice: ChoiceId,
    label: String,
    words: Vec<String>,
    /// Label and words as replies are compared with them: folded once, when the first reply comes.
    forms: OnceLock<Vec<Form>>,
}

impl ChoiceWords {
    /// What the person sees for a choice, and other words that mean it.
    #[must_use]
    pub fn new(choice: ChoiceId, label: String, words: Vec<String>) -> Self {
        Self { choice, label, words, forms: OnceLock::new() }
    }

    /// What the person sees.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Other words that mean it.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The same choice as it was kept with an earlier revision: today's label, where there is one, and the words of both.
    #[must_use]
    pub fn with_kept(self, kept: Self) -> Self {
        let Self { choice, mut label, mut words, .. } = self;
        if label.is_empty() {
            label = kept.label;
        } else if label != kept.label {
            words.push(kept.label);
        }
        words.extend(kept.words);
        Self::new(choice, label, words)
    }

    fn forms(&self, lexicons: &Lexicons) -> &[Form] {
        self.forms.get_or_init(|| {
            let label = Form::new(&self.label, true, lexicons);
            let words = self.words.iter().map(|word| Form::new(word, false, lexicons));
            std::iter::once(label).chain(words).flatten().collect()
        })
    }
}

/// A question as a reader needs it.
#[derive(Debug, Clone)]
pub struct Asking<'a> {
    /// What kind of answer it wants.
    pub kind: &'a AnswerKind,
    /// The choices in the order in which they were last sent; empty for kinds without.
    pub choices: &'a [ChoiceWords],
    /// Today where the person is: dates of birth and ages need it.
    pub today: jiff::civil::Date,
    /// Set outside a shipped language: yes and no by 1 and 2 only (the Polish "no" can mean yes).
    pub numbers_only: bool,
}

/// What a reply turned out to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// It means this.
    Understood(Value),
    /// It may mean this: ask "did you mean …?".
    Propose(Value),
    /// It is plain what was meant, but it cannot be taken (a date in the future, a tenth choice of nine).
    NotAllowed,
    /// Ask again.
    NotUnderstood,
}

/// What a whole message can ask for at any question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Command {
    /// Stop all texts (our own wider wording; the network's words come first).
    Stop,
    /// Text me again.
    Start,
    /// What can I do here?
    Help,
    /// I do not understand the question.
    Explain,
    /// I need help now.
    HelpNow,
    /// Take my last answer back.
    Back,
    /// Leave this question out.
    Skip,
    /// I want a human.
    Person,
    /// Begin again.
    Restart,
    /// Another language.
    Language,
    /// Send what I have.
    Done,
    /// Who is this?
    Who,
    /// What do you keep of me, and who reads it?
    Privacy,
    /// Say the question again.
    Again,
    /// Carry on after a pause.
    CarryOn,
    /// Delete what you hold of me.
    Delete,
}

/// The accepted words of every language, and the practices that we know.
#[derive(Debug, Clone, Default)]
pub struct Lexicons {
    /// By language.
    pub languages: BTreeMap<Language, Lexicon>,
    /// Our languages, and what each is called.
    pub language_names: Vec<(Language, Vec<String>)>,
    /// The practices of the service.
    pub practices: Vec<PracticeWords>,
    /// The service's area: outward parts of postcodes, such as `BN1`.
    pub areas: Vec<String>,
}

/// What a practice is called.
#[derive(Debug, Clone)]
pub struct PracticeWords {
    id: PracticeId,
    names: Vec<String>,
    postcode: Option<Postcode>,
    /// The names as replies are compared with them: folded once, when the first reply comes.
    forms: OnceLock<Vec<practice::Name>>,
}

impl PracticeWords {
    /// A practice by its name and other names that people use, and where it is.
    #[must_use]
    pub fn new(id: PracticeId, names: Vec<String>, postcode: Option<Postcode>) -> Self {
        Self { id, names, postcode, forms: OnceLock::new() }
    }

    fn forms(&self, lexicons: &Lexicons) -> &[practice::Name] {
        self.forms.get_or_init(|| self.names.iter().map(|name| practice::Name::new(name, lexicons)).collect())
    }
}

/// Reads a text that is exactly a number, a label or an accepted word of the question; nothing loose.
///
/// This comes before commands; a stop word of the networks is never an answer.
#[must_use]
pub fn exact(asking: &Asking, text: &str, lexicons: &Lexicons) -> Option<Value> {
    let heard = || heard(text, lexicons);
    match asking.kind {
        AnswerKind::YesOrNo => yes_no::exact(&heard()?, asking.numbers_only).map(Value::YesNo),
        AnswerKind::ChooseOne => {
            choice::exact(asking, &heard()?).map(|at| Value::Choice(asking.choices[at].choice.clone()))
        }
        AnswerKind::ChooseSeveral { .. } => multi_choice::exact(asking, &heard()?),
        AnswerKind::Scale => scale::exact(&heard()?).map(Value::Scale),
        AnswerKind::WholeNumber { least, most } => {
            whole_number::exact(&heard()?, *least, *most).map(Value::Number)
        }
        AnswerKind::Practice => practice::exact(&heard()?),
        AnswerKind::OwnWords
        | AnswerKind::ShortText
        | AnswerKind::Name
        | AnswerKind::Postcode
        | AnswerKind::DateOfBirth
        | AnswerKind::Phone => None,
    }
}

/// Reads a text as a kind person at a desk would, who asks again rather than guess.
#[must_use]
pub fn read(asking: &Asking, text: &str, lexicons: &Lexicons) -> Reading {
    let Some(heard) = heard(text, lexicons) else {
        return Reading::NotUnderstood;
    };
    match asking.kind {
        AnswerKind::YesOrNo => understood(yes_no::read(&heard, asking.numbers_only).map(Value::YesNo)),
        AnswerKind::ChooseOne => choice::read(asking, &heard),
        AnswerKind::ChooseSeveral { most } => multi_choice::read(asking, &heard, *most),
        AnswerKind::Scale => scale::read(&heard),
        AnswerKind::WholeNumber { least, most } => whole_number::read(&heard, *least, *most),
        AnswerKind::OwnWords | AnswerKind::ShortText => own_words::read(text, &heard),
        AnswerKind::Name => name::read(text, &heard),
        AnswerKind::Postcode => understood(postcode::read(&heard).map(Value::Postcode)),
        AnswerKind::DateOfBirth => date_of_birth::read(&heard, asking.today),
        AnswerKind::Phone => understood(phone::read(&heard).map(|number| Value::Phone(Words(number)))),
        AnswerKind::Practice => practice::read(text, &heard),
    }
}

/// Whether a text that names nothing on a list answers it in the person's own words.
#[must_use]
pub fn says_something(text: &str, lexicons: &Lexicons) -> bool {
    heard(text, lexicons).is_some_and(|heard| own_words::says_something(&heard))
}

/// Whether a text refuses all questions or says that it came to the wrong number, beside other words.
#[must_use]
pub fn refuses_questions(text: &str, lexicons: &Lexicons) -> bool {
    heard(text, lexicons).is_some_and(|heard| own_words::refuses(&heard))
}

/// Whether a text refuses all questions or asks for a person, beside other words.
#[must_use]
pub fn asks_for_something_else(text: &str, lexicons: &Lexicons) -> bool {
    heard(text, lexicons).is_some_and(|heard| own_words::asks_for_something_else(&heard))
}

/// A name that a whole text says, as in "my name is Maggie", and whose it is.
#[must_use]
pub fn name_said(text: &str, lexicons: &Lexicons) -> Option<(Whose, Value)> {
    name::said(text, &heard(text, lexicons)?)
}

/// Whether a text where a practice is asked for tells of something else: it is long, and has no word that goes with a
/// practice.
#[must_use]
pub fn is_no_practice(text: &str, lexicons: &Lexicons) -> bool {
    heard(text, lexicons).is_some_and(|heard| practice::is_a_story(&heard))
}

/// Whether a text says that all is well, as in "no im fine": as an answer to "are you safe?" it is neither yes nor no.
#[must_use]
pub fn says_all_is_well(text: &str, lexicons: &Lexicons) -> bool {
    heard(text, lexicons).is_some_and(|heard| yes_no::says_all_is_well(&heard))
}

/// A text that can be an answer: a person's, and no stop word of the networks.
fn heard<'a>(text: &str, lexicons: &'a Lexicons) -> Option<Heard<'a>> {
    let tidied = tidy(text);
    match tidied.kind {
        TextKind::Plain => {}
        TextKind::Reaction | TextKind::AutoReply | TextKind::Empty => return None,
    }
    let heard = Heard::folded(Folded::whole(tidied.text), lexicons);
    let stops = network_word_of(&heard.folded) == Some(NetworkWord::Stop);
    (!stops).then_some(heard)
}

fn understood(value: Option<Value>) -> Reading {
    value.map_or(Reading::NotUnderstood, Reading::Understood)
}
