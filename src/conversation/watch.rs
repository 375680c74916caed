//! The watch over every text: concerns, fixed replies, and the pause that follows.
//!
//! Invariant: a concern is raised whatever else the text is, and nothing here ever lowers or closes one.

use std::time::Duration;

use crate::conversation::aside::Aside;
use crate::conversation::beside::safe_choices;
use crate::conversation::effect::Concern;
use crate::conversation::effect::Effect;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::number;
use crate::conversation::safe;
use crate::conversation::session::Recent;
use crate::conversation::turn::Turn;
use crate::domain::concern;
use crate::domain::concern::ConcernCategory;
use crate::domain::ids::RuleId;
use crate::domain::message::Words;
use crate::reply::command::is_bare_answer;
use crate::reply::command::plain_command;

/// A text within this time of the one before may go on with its sentence: phones split long texts, and people send one
/// thought in pieces.
const GOES_ON_WITHIN: Duration = Duration::from_secs(120);

/// A yes to "is it safe to text?" counts for this long: somebody may have come home since.
const SAFE_FOR: Duration = Duration::from_secs(600);

/// Whoever stops all texts within this time of a safety reply is rung: no text reaches them any more.
const RUNG_WITHIN: Duration = Duration::from_secs(24 * 3600);

/// No phrase is longer, in bytes.
const LONGEST_PHRASE: usize = 300;

/// Scans what the person wrote, by itself and as the end of what came just before, raises what is found and says the
/// fixed reply. Returns the aside that pauses the flow, if any.
pub fn listen(turn: &mut Turn, text: &str) -> Option<Aside> {
    let recent = turn.session.recent.take().filter(|recent| turn.now.since(recent.at) < GOES_ON_WITHIN);
    let before = recent.map_or_else(String::new, |recent| recent.text.0);
    let together = format!("{before}\n{text}");
    let mut found = findings(turn, text);
    let by_itself = found.len();
    if !before.is_empty() && !stands_alone(turn, text) {
        for concern in across(turn, &together, before.len()) {
            add(&mut found, concern);
        }
    }
    let of_another = found.len() == by_itself && is_of_another(turn, &found, text);
    let text = Words(end_of(&together).to_owned());
    turn.session.recent = Some(Recent { text, at: turn.now });
    raise_all(turn, found, of_another)
}

/// Whether somebody worries about another person, and says nothing of themselves.
fn is_of_another(turn: &Turn, found: &[Concern], text: &str) -> bool {
    let can_be = |concern: &Concern| message_of_another(concern.category).is_some();
    let open = turn.session.aside.as_ref().map(|open| &open.aside);
    let asks = open.is_some_and(|open| open.is_safety() && *open != Aside::CarryOn);
    !found.is_empty() && !asks && found.iter().all(can_be) && turn.engine.safety.is_of_another(text)
}

/// Whether a text goes on with nothing: a bare number, yes, no or "nothing", a command, or the answer to a question about
/// safety that is open. "he hits me" and then "2" for No is no child of two.
fn stands_alone(turn: &Turn, text: &str) -> bool {
    let open = turn.session.aside.as_ref().map(|open| &open.aside);
    !text.chars().any(char::is_alphabetic)
        || is_bare_answer(text, &turn.engine.lexicons)
        || plain_command(text, &turn.engine.lexicons).is_some()
        || open.is_some_and(|aside| safe::is_answer(turn, aside, text))
}

/// Scans a text by itself, raises what is found and says the fixed reply.
pub fn scan(turn: &mut Turn, text: &str) -> Option<Aside> {
    let found = findings(turn, text);
    let of_another = is_of_another(turn, &found, text);
    raise_all(turn, found, of_another)
}

/// What is found in a text, each category once.
fn findings(turn: &Turn, text: &str) -> Vec<Concern> {
    let mut found: Vec<Concern> = Vec::new();
    for finding in turn.engine.safety.scan(text) {
        add(&mut found, Concern { category: finding.category, rule: finding.rule, words: finding.words });
    }
    found
}

/// What begins in the text before, which ends at `before`, and ends in this one: the words are those of this one.
fn across(turn: &Turn, together: &str, before: usize) -> Vec<Concern> {
    let found = turn.engine.safety.scan_across(together, before).into_iter();
    found
        .map(|finding| Concern {
            category: finding.category,
            rule: finding.rule,
            words: 0..finding.words.end - before - 1,
        })
        .collect()
}

fn add(found: &mut Vec<Concern>, concern: Concern) {
    if !found.iter().any(|known| known.category == concern.category) {
        found.push(concern);
    }
}

fn end_of(text: &str) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(LONGEST_PHRASE))..]
}

fn raise_all(turn: &mut Turn, found: Vec<Concern>, of_another: bool) -> Option<Aside> {
    let first =
        ConcernCategory::ALL.into_iter().find(|category| found.iter().any(|c| c.category == *category))?;
    for concern in found {
        raise(turn, concern);
    }
    if of_another { reply_of_another(turn, first) } else { reply(turn, first) }
}

/// The words for somebody who tells of another person's danger; nothing where we cannot know that it is not theirs.
fn message_of_another(category: ConcernCategory) -> Option<&'static str> {
    match category {
        ConcernCategory::Emergency => Some("safety-another-now"),
        ConcernCategory::Suicide | ConcernCategory::SelfHarm => Some("safety-another"),
        ConcernCategory::Child => Some("safety-child"),
        ConcernCategory::Abuse => Some("safety-abuse"),
        ConcernCategory::Distress => Some("safety-worried"),
        ConcernCategory::HelpNow
        | ConcernCategory::HarmToOthers
        | ConcernCategory::Destitution
        | ConcernCategory::ByHand => None,
    }
}

/// The words for somebody who worries about another person. Whether they are safe themselves is not asked; the questions go
/// on at once, unless it is about life and death.
fn reply_of_another(turn: &mut Turn, category: ConcernCategory) -> Option<Aside> {
    let is_grave = category != ConcernCategory::Distress;
    let waits = turn.session.is_live() && (is_grave || turn.asks_about_safety());
    let message = message_of_another(category)?;
    let recently = turn.safety_said_recently();
    turn.session.safety_said_at = Some(turn.now);
    turn.say_for_safety(Saying::of(if recently {
        MessageKey::part(message, "again")
    } else {
        MessageKey::of(message)
    }));
    if turn.says_late {
        turn.say_for_safety(Saying::of(MessageKey::of("late")));
    }
    if waits {
        turn.say_for_safety(Saying::of(MessageKey::of("carry-on-hint")));
    }
    waits.then_some(Aside::CarryOn)
}

/// Puts a concern before a human.
fn raise(turn: &mut Turn, concern: Concern) {
    turn.session.raised = true;
    turn.effects.push(Effect::Raise(concern));
    turn.update_handover();
}

/// What this text has raised, and which of its bytes made it.
pub fn raised<'t>(turn: &'t Turn) -> impl Iterator<Item = &'t Concern> {
    turn.effects.iter().filter_map(|effect| match effect {
        Effect::Raise(concern) => Some(concern),
        Effect::Say(_)
        | Effect::Record { .. }
        | Effect::HandOver { .. }
        | Effect::UpdateHandover
        | Effect::NeedsReply
        | Effect::SetDeadline { .. }
        | Effect::SetLanguage { .. }
        | Effect::OptOut
        | Effect::OptIn
        | Effect::SetTextsUnsafe(_)
        | Effect::End(_)
        | Effect::BeginAgain => None,
    })
}

/// The fixed reply to a category, and the question that goes with it.
fn reply(turn: &mut Turn, category: ConcernCategory) -> Option<Aside> {
    let message = format!("safety-{}", category.as_str());
    if matches!(turn.session.aside.as_ref().map(|open| &open.aside), Some(Aside::Quiet)) {
        return None;
    }
    let recently = turn.safety_said_recently();
    turn.session.safety_said_at = Some(turn.now);
    let open = turn.session.aside.clone().map(|open| open.aside).filter(Aside::is_safety);
    if recently {
        turn.say_for_safety(Saying::of(MessageKey::part(&message, "again")));
        // What waits to be told to go on asks nothing; a question that is open stays the one that is open.
        let asked = open.filter(|open| *open != Aside::CarryOn);
        return pausing(category).map(|aside| asked.unwrap_or_else(|| again(turn, aside)));
    }
    turn.say_for_safety(Saying::of(MessageKey::of(&message)));
    if turn.says_late {
        // Behind the numbers: those must stand in the first part of the text.
        turn.say_for_safety(Saying::of(MessageKey::of("late")));
    }
    let aside = pausing(category)?;
    // Where a call may not be safe, that question comes first.
    if aside == Aside::AreYouSafe
        && let Some(number) = number::question(turn)
    {
        turn.say_for_safety(number);
    }
    turn.say_for_safety(question_of(&aside));
    Some(aside)
}

/// What a further text within the hour asks, where no safety question is open. Whether it is safe to text can have
/// changed since the person said so.
fn again(turn: &mut Turn, aside: Aside) -> Aside {
    let is_known = turn.session.texts_safe_at.is_some_and(|at| turn.now.since(at) < SAFE_FOR);
    if aside != Aside::SafeToText || is_known {
        return Aside::CarryOn;
    }
    turn.say_for_safety(question_of(&aside));
    aside
}

/// Which question a category asks. A practical need asks none, and the flow goes on.
fn pausing(category: ConcernCategory) -> Option<Aside> {
    match category {
        ConcernCategory::Abuse => Some(Aside::SafeToText),
        ConcernCategory::Destitution | ConcernCategory::ByHand => None,
        ConcernCategory::Emergency
        | ConcernCategory::Suicide
        | ConcernCategory::SelfHarm
        | ConcernCategory::HelpNow
        | ConcernCategory::HarmToOthers
        | ConcernCategory::Child
        | ConcernCategory::Distress => Some(Aside::AreYouSafe),
    }
}

fn question_of(aside: &Aside) -> Saying {
    match aside {
        Aside::SafeToText => Saying::of(MessageKey::of("safe-to-text")).with_yes_or_no(),
        Aside::AreYouSafe
        | Aside::Quiet
        | Aside::CarryOn
        | Aside::Proposal { .. }
        | Aside::SkipOrPerson { .. }
        | Aside::ConfirmRestart
        | Aside::PickLanguage
        | Aside::Resume
        | Aside::OpeningWords { .. } => {
            Saying::of(MessageKey::of("are-you-safe")).with_choices("are-you-safe", &safe_choices())
        }
    }
}

/// Pauses the flow: nothing is asked but the safety question, until the person says so.
pub fn pause(turn: &mut Turn, aside: Aside) {
    turn.hush();
    let same = turn.session.aside.as_ref().is_some_and(|open| open.aside == aside);
    // After the end there is nothing to carry on with.
    let nothing_follows = aside == Aside::CarryOn && !turn.session.is_live();
    if same || nothing_follows {
        return;
    }
    let waits = aside.waits_for_a_human();
    turn.open_aside(aside);
    if waits {
        turn.set_unanswered(turn.session.sequence);
    }
}

/// "Not safe", "not sure": a concern by the person's own answer.
pub fn raise_by_answer(turn: &mut Turn, rule: &'static str, message: &str) {
    raise(turn, Concern { category: ConcernCategory::HelpNow, rule: rule_named(rule), words: 0..0 });
    turn.session.safety_said_at = Some(turn.now);
    turn.say_for_safety(Saying::of(MessageKey::of(message)));
}

/// HELP NOW, where no rule has said so already.
pub fn asked_for_help_now(turn: &mut Turn) {
    if raised(turn).next().is_some() {
        return;
    }
    raise(
        turn,
        Concern { category: ConcernCategory::HelpNow, rule: rule_named("asked-for-help-now"), words: 0..0 },
    );
    if let Some(aside) = reply(turn, ConcernCategory::HelpNow) {
        pause(turn, aside);
    }
}

/// Somebody stops all texts. Where that follows a text about danger, no reply of ours reaches them: a human must ring,
/// and that is a concern of its own, also where the one before was dealt with.
pub fn stopped(turn: &mut Turn) {
    let recently = turn.session.safety_said_at.is_some_and(|at| turn.now.since(at) < RUNG_WITHIN);
    let raised_now = raised(turn).next().is_some();
    if recently && !raised_now && !turn.session.standing.opted_out {
        let rule = rule_named(concern::STOPPED_AFTER);
        raise(turn, Concern { category: ConcernCategory::Distress, rule, words: 0..0 });
    }
}

/// Nobody answered a safety question: a human must look.
pub fn nobody_answered(turn: &mut Turn, sequence: u32) {
    let open = turn.session.aside.as_ref().filter(|open| open.sequence == sequence);
    match open.map(|open| open.aside.clone()) {
        Some(Aside::AreYouSafe) => {
            let rule = rule_named(concern::NO_ANSWER);
            raise(turn, Concern { category: ConcernCategory::Distress, rule, words: 0..0 });
        }
        Some(Aside::SafeToText) => {
            turn.set_texts_unsafe(true);
            turn.needs_reply();
            turn.open_aside(Aside::Quiet);
        }
        Some(
            Aside::Quiet
            | Aside::CarryOn
            | Aside::Proposal { .. }
            | Aside::SkipOrPerson { .. }
            | Aside::ConfirmRestart
            | Aside::PickLanguage
            | Aside::Resume
            | Aside::OpeningWords { .. },
        )
        | None => {}
    }
}

/// An earlier message was changed: read for safety only, and shown to a human.
pub fn edited(turn: &mut Turn, text: &str) {
    if let Some(aside) = scan(turn, text) {
        pause(turn, aside);
    }
}

/// A rule of the engine itself.
fn rule_named(name: &'static str) -> RuleId {
    name.parse().expect("our own rules are names")
}
