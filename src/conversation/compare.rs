//! Reads a talk beside the chat that says how it should go, and notes where the two part.
//!
//! Invariant: every text that we say is looked at by a line of the chat, or is a difference.

use std::collections::VecDeque;

use crate::conversation::chat::Chat;
use crate::conversation::chat::Expectation;
use crate::conversation::chat::Line;
use crate::conversation::session::Answer;
use crate::conversation::transcript::Difference;
use crate::conversation::transcript::Happened;
use crate::conversation::transcript::Run;
use crate::conversation::transcript::Sent;
use crate::conversation::transcript::Talk;
use crate::conversation::transcript::session_word;
use crate::conversation::transcript::value_word;
use crate::domain::answer::Value;
use crate::domain::concern::ConcernCategory;
use crate::domain::message::NetworkWord;
use crate::domain::referral::HandOverReason;
use crate::reading::source::Place;

/// Goes through the lines of a chat.
pub fn compare(talk: Talk<'_>, chat: &Chat) -> Run {
    let mut reader = Reader { talk, unread: VecDeque::new(), seen: 0, run: Run::default() };
    for (place, line) in &chat.lines {
        reader.line(*place, line);
    }
    reader.leave_nothing_unread(chat.lines.last().map_or(chat.place, |(place, _)| *place));
    reader.run
}

/// A talk, read beside what a chat says of it.
struct Reader<'a> {
    talk: Talk<'a>,
    /// Texts that were sent and that no `us:` line has looked at.
    unread: VecDeque<Sent>,
    /// How much of what happened was taken up.
    seen: usize,
    run: Run,
}

impl Reader<'_> {
    fn line(&mut self, place: Place, line: &Line) {
        match line {
            Line::Us(_) | Line::Nothing | Line::Contains(_) | Line::Expect(_) => {}
            Line::Them(_)
            | Line::Late(..)
            | Line::Button(..)
            | Line::Network(_)
            | Line::Wait(_)
            | Line::Hold(_) => self.leave_nothing_unread(place),
        }
        match line {
            Line::Them(text) => self.act(|talk| talk.hears(text, None), 1),
            Line::Late(length, text) => self.act(|talk| talk.hears_late(text, *length), 1),
            Line::Network(word) => {
                let text = match word {
                    NetworkWord::Stop => "STOP",
                    NetworkWord::Start => "START",
                    NetworkWord::Yes => "YES",
                    NetworkWord::Help => "HELP",
                };
                self.act(|talk| talk.hears(text, Some(*word)), 1);
            }
            Line::Button(step, choice) => self.act(|talk| talk.pressed(step, choice), 1),
            Line::Wait(length) => self.act(|talk| talk.wait(*length), 0),
            Line::Hold(on) => self.act(|talk| talk.hold(*on), 0),
            Line::Us(keys) => self.compare(place, keys),
            Line::Nothing => self.leave_nothing_unread(place),
            Line::Contains(words) => self.contains(place, words),
            Line::Expect(expectations) => {
                for expectation in expectations {
                    self.expect(place, expectation);
                }
            }
        }
    }

    fn act(&mut self, act: impl FnOnce(&mut Talk<'_>), turns: u32) {
        self.run.turns += turns;
        act(&mut self.talk);
        for happened in &self.talk.happened[self.seen..] {
            match happened {
                Happened::Said(sent) => {
                    self.run.parts += sent.parts;
                    self.unread.push_back(sent.clone());
                }
                Happened::HandedOver(_) if self.run.turns_until_handover.is_none() => {
                    self.run.turns_until_handover = Some(self.run.turns);
                }
                Happened::HandedOver(_)
                | Happened::Raised(..)
                | Happened::NeedsReply
                | Happened::Ended(_) => {}
            }
        }
        self.seen = self.talk.happened.len();
        // The text that gives the reference leaves in the same turn as the hand over.
        if self.run.turns_until_handover.is_some() && self.run.parts_until_handover.is_none() {
            self.run.parts_until_handover = Some(self.run.parts);
        }
    }

    fn differs(&mut self, place: Place, message: String) {
        self.run.differences.push(Difference { place, message });
    }

    fn leave_nothing_unread(&mut self, place: Place) {
        while let Some(sent) = self.unread.pop_front() {
            let said = sent.messages.join(", ");
            self.differs(place, format!("we said `{said}`, which the chat does not mention"));
        }
    }

    fn compare(&mut self, place: Place, keys: &[String]) {
        match self.unread.pop_front() {
            Some(sent) if sent.messages == keys => {}
            Some(sent) => {
                let (said, expected) = (sent.messages.join(", "), keys.join(", "));
                self.differs(place, format!("we said `{said}`, not `{expected}`"));
            }
            None => self.differs(place, format!("we said nothing, not `{}`", keys.join(", "))),
        }
    }

    fn contains(&mut self, place: Place, words: &str) {
        match self.unread.pop_front() {
            Some(sent) if sent.text.contains(words) => {}
            Some(sent) => self.differs(place, format!("we said “{}”", sent.text)),
            None => self.differs(place, "we said nothing".to_owned()),
        }
    }

    fn expect(&mut self, place: Place, expectation: &Expectation) {
        let found = self.found(expectation);
        if let Err(found) = found {
            self.differs(place, found);
        }
    }

    fn found(&self, expectation: &Expectation) -> Result<(), String> {
        let happened = &self.talk.happened;
        match expectation {
            Expectation::Session(expected) => {
                same("the session is", expected, &session_word(self.talk.session.as_ref()))
            }
            Expectation::Answer(step, expected) => {
                let answer = self.talk.session.as_ref().and_then(|session| session.answers.get(step));
                let found = match answer {
                    None => "none".to_owned(),
                    Some(Answer { value: None, .. }) => "skipped".to_owned(),
                    Some(Answer { value: Some(Value::Choices(none)), words, .. }) if none.is_empty() => {
                        words.0.clone()
                    }
                    Some(Answer { value: Some(value), .. }) => value_word(value),
                };
                same(&format!("the answer of {step} is"), expected, &found)
            }
            Expectation::Concern(expected) => {
                let raised = happened.iter().filter_map(|h| match h {
                    Happened::Raised(category, _) => Some(*category),
                    Happened::Said(_)
                    | Happened::HandedOver(_)
                    | Happened::NeedsReply
                    | Happened::Ended(_) => None,
                });
                one_of("concerns", *expected, &raised.collect::<Vec<_>>(), ConcernCategory::as_str)
            }
            Expectation::Handover(expected) => {
                let handed = happened.iter().filter_map(|h| match h {
                    Happened::HandedOver(reason) => Some(*reason),
                    Happened::Said(_) | Happened::Raised(..) | Happened::NeedsReply | Happened::Ended(_) => {
                        None
                    }
                });
                one_of("hand overs", *expected, &handed.collect::<Vec<_>>(), HandOverReason::as_str)
            }
            Expectation::Step(expected) => {
                let asked = self.talk.session.as_ref().and_then(|session| session.asked.as_ref());
                same(
                    "the step asked last is",
                    expected.as_str(),
                    asked.map_or("none", |asked| asked.step.as_str()),
                )
            }
            Expectation::Language(expected) => {
                same("the language is", expected.as_str(), self.talk.standing.language.as_str())
            }
            Expectation::TextsSafe(expected) => {
                let word = |safe: bool| if safe { "safe" } else { "unsafe" };
                same("texts are", word(*expected), word(!self.talk.standing.texts_unsafe))
            }
            Expectation::NeedsReply(expected) => {
                let word = |needs: bool| if needs { "yes" } else { "no" };
                same("needs reply is", word(*expected), word(happened.contains(&Happened::NeedsReply)))
            }
            Expectation::TurnsMost(most) => at_most("turns", *most, self.run.turns),
            Expectation::PartsMost(most) => at_most("parts", *most, self.run.parts),
            Expectation::PartsUntilHandoverMost(most) => match self.run.parts_until_handover {
                Some(parts) => at_most("parts until the hand over", *most, parts),
                None => Err("nothing was handed over".to_owned()),
            },
        }
    }
}

fn same(what: &str, expected: &str, found: &str) -> Result<(), String> {
    // `ended` stands for every way of ending.
    let any_ending = expected == "ended" && found != "live" && found != "none";
    if expected == found || any_ending { Ok(()) } else { Err(format!("{what} `{found}`, not `{expected}`")) }
}

fn one_of<T: Copy + PartialEq>(
    what: &str,
    expected: Option<T>,
    found: &[T],
    word: impl Fn(T) -> &'static str,
) -> Result<(), String> {
    let right = expected.map_or(found.is_empty(), |expected| found.contains(&expected));
    let words: Vec<_> = found.iter().map(|one| word(*one)).collect();
    if right {
        Ok(())
    } else {
        Err(format!("{what}: {}", if words.is_empty() { "none".to_owned() } else { words.join(", ") }))
    }
}

fn at_most(what: &str, most: u32, found: u32) -> Result<(), String> {
    if found <= most { Ok(()) } else { Err(format!("{found} {what}, more than {most}")) }
}
