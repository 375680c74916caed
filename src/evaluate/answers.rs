//! Replies: the value that a person would write down, beside the one that is read.
//!
//! Invariant: what is only proposed counts as asked again, for nothing is taken before the person has said yes.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value as Json;
use serde_json::json;

use crate::domain::answer::AnswerKind;
use crate::domain::answer::PracticeAnswer;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::evaluate::BadFile;
use crate::evaluate::Numbered;
use crate::evaluate::Texts;
use crate::evaluate::examples;
use crate::evaluate::share;
use crate::evaluate::shown;
use crate::reply;
use crate::reply::Asking;
use crate::reply::ChoiceWords;
use crate::reply::Command;
use crate::reply::Lexicons;
use crate::reply::Reading;
use crate::reply::command::command;
use crate::reply::nhs_number::nhs_number;

/// What a labelled reply is a reply to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A question to be answered by yes or no.
    YesNo,
    /// A scale from 0 to 10.
    Scale,
    /// A date of birth.
    DateOfBirth,
    /// A postcode.
    Postcode,
    /// One of the options.
    Choice,
    /// Several of the options.
    MultiChoice,
    /// A name.
    Name,
    /// A phone number.
    Phone,
    /// A GP practice, by its id, its postcode or what is said of it.
    Practice,
    /// An NHS number.
    NhsNumber,
    /// Anything: the reply may be a command.
    Command,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Command,
        Self::YesNo,
        Self::Scale,
        Self::Choice,
        Self::MultiChoice,
        Self::Name,
        Self::DateOfBirth,
        Self::Postcode,
        Self::Phone,
        Self::Practice,
        Self::NhsNumber,
    ];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// What a text replies to.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The kind of answer that it wants.
    pub kind: Kind,
    /// The options, in order; for other kinds they count for nothing.
    pub options: &'a [String],
    /// Today where the person is.
    pub today: Date,
    /// Yes and no by number only, as outside the languages that we have.
    pub numbers_only: bool,
}

/// What a text is read as.
#[derive(Debug, Clone, PartialEq)]
pub enum Read {
    /// This is taken.
    Taken(Json),
    /// The person is asked whether this is meant.
    Proposed(Json),
    /// It is plain what was meant, but it cannot be taken; asked again.
    NotAllowed,
    /// Asked again; as a command: there is none.
    NotUnderstood,
}

/// A reply, and what a person would write down.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    kind: Kind,
    text: String,
    #[serde(default)]
    options: Vec<String>,
    today: Option<Date>,
    expect: Json,
}

/// How many replies were read how.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All.
    pub total: usize,
    /// Read as expected, or asked again where that was expected.
    pub right: usize,
    /// Asked again, or proposed, where a value was expected.
    pub asked_again: usize,
    /// Another value, also where asking again was expected.
    pub wrong: usize,
}

/// A reply that was not read as expected.
#[derive(Debug, Serialize)]
pub struct Miss {
    /// Its line, from 1.
    pub line: usize,
    /// What it is a reply to.
    pub kind: Kind,
    /// What it says, where that may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What was expected, where that may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Json>,
    /// What was read, where that may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub got: Option<Json>,
}

/// How well the replies of a file are read.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename = "answers")]
pub struct Report {
    /// All replies.
    #[serde(flatten)]
    pub all: Counts,
    /// The same by what they reply to.
    pub by_kind: BTreeMap<Kind, Counts>,
    /// Those that were not read as expected, in the order of the file.
    pub misses: Vec<Miss>,
}

/// Reads every reply of a file. `today` counts where a line names no day of its own.
///
/// # Errors
/// Where a line is no labelled reply, or there is none.
pub fn evaluate(file: &str, lexicons: &Lexicons, today: Date, texts: Texts) -> Result<Report, BadFile> {
    let mut report = Report { all: Counts::default(), by_kind: BTreeMap::new(), misses: Vec::new() };
    for Numbered { line, example } in examples::<Example>(file)? {
        let question = Question {
            kind: example.kind,
            options: &example.options,
            today: example.today.unwrap_or(today),
            numbers_only: false,
        };
        let got = match read(&question, &example.text, lexicons) {
            Read::Taken(value) => value,
            Read::Proposed(_) | Read::NotAllowed | Read::NotUnderstood => Json::Null,
        };
        for counts in [&mut report.all, report.by_kind.entry(example.kind).or_default()] {
            counts.total += 1;
            counts.right += usize::from(got == example.expect);
            counts.asked_again += usize::from(got.is_null() && !example.expect.is_null());
            counts.wrong += usize::from(!got.is_null() && got != example.expect);
        }
        if got != example.expect {
            let Example { kind, text, expect, .. } = example;
            let (expected, got) = (texts.of(expect), texts.of(got));
            report.misses.push(Miss { line, kind, text: texts.of(text), expected, got });
        }
    }
    Ok(report)
}

/// Reads a text as a reply, exactly as where it comes in.
#[must_use]
pub fn read(question: &Question, text: &str, lexicons: &Lexicons) -> Read {
    let taken = |value: Option<Json>| value.map_or(Read::NotUnderstood, Read::Taken);
    let kind = match question.kind {
        Kind::YesNo => AnswerKind::YesOrNo,
        Kind::Scale => AnswerKind::Scale,
        Kind::DateOfBirth => AnswerKind::DateOfBirth,
        Kind::Postcode => AnswerKind::Postcode,
        Kind::Choice => AnswerKind::ChooseOne,
        Kind::MultiChoice => AnswerKind::ChooseSeveral { most: None },
        Kind::Name => AnswerKind::Name,
        Kind::Phone => AnswerKind::Phone,
        Kind::Practice => AnswerKind::Practice,
        Kind::NhsNumber => return taken(nhs_number(text, lexicons).map(|digits| json!(digits))),
        Kind::Command => return taken(command(text, lexicons).map(|command| json!(command_name(command)))),
    };
    let choices: Vec<ChoiceWords> = question.options.iter().enumerate().map(option).collect();
    let (today, numbers_only) = (question.today, question.numbers_only);
    let asking = Asking { kind: &kind, choices: &choices, today, numbers_only };
    if let Some(value) = reply::exact(&asking, text, lexicons) {
        return Read::Taken(as_json(&value));
    }
    match reply::read(&asking, text, lexicons) {
        Reading::Understood(value) => Read::Taken(as_json(&value)),
        Reading::Propose(value) => Read::Proposed(as_json(&value)),
        Reading::NotAllowed => Read::NotAllowed,
        Reading::NotUnderstood => Read::NotUnderstood,
    }
}

fn option((index, label): (usize, &String)) -> ChoiceWords {
    let choice = format!("option-{}", index + 1).parse().expect("a name");
    ChoiceWords::new(choice, label.clone(), Vec::new())
}

/// The number of an option, from 1.
fn number_of(choice: &ChoiceId) -> Option<usize> {
    choice.as_str().strip_prefix("option-")?.parse().ok()
}

fn as_json(value: &Value) -> Json {
    match value {
        Value::YesNo(yes) => json!(if *yes { "yes" } else { "no" }),
        Value::Choice(choice) => json!(number_of(choice)),
        Value::Choices(choices) => json!(choices.iter().map(number_of).collect::<Vec<_>>()),
        Value::Scale(number) => json!(number),
        Value::Number(number) => json!(number),
        Value::Text(words) | Value::Name(words) | Value::Phone(words) => json!(words.0),
        Value::Postcode(postcode) => json!(postcode.as_str()),
        Value::Date(date) => json!(date.to_string()),
        Value::Practice(PracticeAnswer::Known(id)) => json!(id.as_str()),
        Value::Practice(PracticeAnswer::InArea(postcode) | PracticeAnswer::OutOfArea(postcode)) => {
            json!(postcode.as_str())
        }
        Value::Practice(other) => json!(other.as_guard_word()),
    }
}

/// What a command is called in labelled messages.
fn command_name(command: Command) -> &'static str {
    match command {
        Command::Stop => "stop",
        Command::Start => "start",
        Command::Help | Command::Explain | Command::HelpNow => "help",
        Command::Back => "back",
        Command::Skip => "skip",
        Command::Person => "human",
        Command::Restart => "restart",
        Command::Language => "language",
        Command::Done => "done",
        Command::Who => "who",
        Command::Privacy => "privacy",
        Command::Again => "again",
        Command::CarryOn => "carry-on",
        Command::Delete => "delete",
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Miss { line, kind, text, expected, got } in &self.misses {
            write!(f, "line {line}: {kind}")?;
            if let (Some(text), Some(expected), Some(got)) = (text, expected, got) {
                write!(f, ": {text:?} expected {expected}, got {got}")?;
            }
            writeln!(f)?;
        }
        writeln!(
            f,
            "{:15}{:>7}{:>7}{:>13}{:>7}{:>10}{:>10}",
            "", "total", "right", "asked again", "wrong", "right", "wrong"
        )?;
        let rows = self.by_kind.iter().map(|(kind, counts)| (kind.to_string(), counts));
        for (kind, counts) in rows.chain([("all".to_owned(), &self.all)]) {
            let Counts { total, right, asked_again, wrong } = counts;
            let shares = [shown(share(*right, *total)), shown(share(*wrong, *total))];
            let [right_share, wrong_share] = shares;
            writeln!(
                f,
                "{kind:15}{total:>7}{right:>7}{asked_again:>13}{wrong:>7}{right_share:>10}{wrong_share:>10}"
            )?;
        }
        Ok(())
    }
}
