//! What follows from a text of the person, in a fixed order: safety; stop; hold; the open aside; an exact answer of
//! the question last asked; commands; the rest of the answer; ask again.
//!
//! Invariant: whatever a text is taken for, it has been scanned first.

use crate::conversation::answer;
use crate::conversation::aside::Aside;
use crate::conversation::beside;
use crate::conversation::command;
use crate::conversation::definition::Part;
use crate::conversation::definition::Step;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::join;
use crate::conversation::join::JOINS_OPENING_WITHIN;
use crate::conversation::late;
use crate::conversation::late::BelongsTo;
use crate::conversation::number;
use crate::conversation::safe;
use crate::conversation::session::Ending;
use crate::conversation::session::Joining;
use crate::conversation::session::Repeated;
use crate::conversation::session::Session;
use crate::conversation::session::Status;
use crate::conversation::step::Engine;
use crate::conversation::turn::Turn;
use crate::conversation::watch;
use crate::conversation::wish;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::Value;
use crate::domain::ids::StepId;
use crate::domain::message::NetworkWord;
use crate::domain::message::Purpose;
use crate::domain::message::Words;
use crate::domain::referral::HandOverReason;
use crate::reply;
use crate::reply::Asking;
use crate::reply::Command;
use crate::reply::Reading;
use crate::reply::text::TextKind;
use crate::reply::text::Tidied;

/// What somebody would write who begins by the channel's own button.
pub const START: &str = "START";

/// A first text of at least this many words is a story, not a greeting.
pub const STORY_WORDS: usize = 4;

/// The same long text this often is answered no more.
const REPEATS_MOST: u8 = 3;

/// The person wrote.
pub fn heard(turn: &mut Turn, raw: &str, network: Option<NetworkWord>) {
    heard_as(turn, raw, network, BelongsTo::WhatIsAsked);
}

/// The person wrote, perhaps some time ago.
pub fn heard_as(turn: &mut Turn, raw: &str, network: Option<NetworkWord>, belongs: BelongsTo) {
    turn.wrote();
    let tidied = reply::text::tidy(raw);
    let pause = watch::listen(turn, raw);
    if wish::wants_a_call(turn, tidied) || wish::says_it_is_not_safe(turn, tidied) {
        return turn.set_deadlines();
    }
    respond(turn, tidied, network, (pause.is_some(), belongs));
    if let Some(aside) = pause {
        watch::pause(turn, aside);
    }
    turn.set_deadlines();
}

/// The person, or a machine, wrote more than anybody can answer.
pub fn too_many(turn: &mut Turn, raw: &str, network: Option<NetworkWord>) {
    if let Some(aside) = watch::listen(turn, raw) {
        watch::pause(turn, aside);
    }
    let own = reply::command::command(reply::text::tidy(raw).text, &turn.engine.lexicons);
    if network == Some(NetworkWord::Stop) || (network.is_none() && own == Some(Command::Stop)) {
        stop(turn);
    }
}

/// Everything after the scan. Where a safety reply pauses the flow, words are kept and nothing is asked.
fn respond(
    turn: &mut Turn,
    tidied: Tidied<'_>,
    network: Option<NetworkWord>,
    (paused, belongs): (bool, BelongsTo),
) {
    if obeys_the_network(turn, tidied.text, network) {
        return;
    }
    if number::heard(turn, tidied.text) && !paused {
        return;
    }
    if turn.is_silent() {
        safe::answered_after_a_stop(turn, tidied);
        return turn.needs_reply();
    }
    if tidied.kind != TextKind::Plain || wish::wants_no_texts(turn, tidied.text) {
        return;
    }
    match belongs {
        BelongsTo::WhatIsAsked => {}
        BelongsTo::SomethingOlder => return late::keep(turn, tidied.text),
        BelongsTo::TheTextBefore => return late::say(turn),
    }
    if paused {
        return keep_words(turn, tidied.text);
    }
    if turn.session.standing.texts_unsafe && !turn.asks_about_safety() {
        return safe::quiet(turn, tidied.text);
    }
    if repeats_itself(turn, tidied.text) {
        return;
    }
    late::say(turn);
    match turn.session.status.clone() {
        Status::Live => live(turn, tidied.text),
        Status::Ended(ending) => after_the_end(turn, tidied.text, &ending),
    }
}

/// A long text that comes for the third time without leading anywhere is a machine, or somebody who is stuck: a human
/// is told, and we fall silent. Short texts may repeat: "1" is a good answer to three questions.
fn repeats_itself(turn: &mut Turn, text: &str) -> bool {
    // SKIP in many words leads on.
    let skips = reply::command::command(text, &turn.engine.lexicons) == Some(Command::Skip);
    let is_long = STORY_WORDS <= text.split_whitespace().count() && !skips;
    let before = turn.session.repeated.take().filter(|before| before.text.0 == text);
    if !is_long {
        return false;
    }
    let times = before.map_or(1, |before| before.times.saturating_add(1));
    turn.session.repeated = Some(Repeated { text: Words(text.to_owned()), times });
    if times < REPEATS_MOST {
        return false;
    }
    turn.needs_reply();
    if times == REPEATS_MOST {
        turn.say("too-many-answers");
    }
    true
}

/// Stop and start, by the network's words or by ours; help, where the network has answered. No other reading wins
/// over a stop word.
fn obeys_the_network(turn: &mut Turn, text: &str, network: Option<NetworkWord>) -> bool {
    let own = reply::command::command(text, &turn.engine.lexicons)
        .or_else(|| wish::stops_beside_danger(turn, text).then_some(Command::Stop));
    let out = turn.session.standing.opted_out;
    match (network, own) {
        (Some(NetworkWord::Stop), _) => stop(turn),
        (Some(NetworkWord::Help), _) => {
            if is_turned_away_as_a_child(&turn.session) {
                turn.needs_reply();
            }
        }
        (Some(NetworkWord::Start | NetworkWord::Yes), _) | (None, Some(Command::Start)) if out => {
            turn.opt_in();
            if network.is_none() {
                turn.say("started");
                if let Status::Ended(ending) = turn.session.status.clone() {
                    offers_to_resume(turn, &ending);
                }
            }
        }
        (None, Some(Command::Stop)) => {
            if safe::asks_whether_texts_are_safe(turn) {
                // It is no yes, and a goodbye could be read by whoever else reads this phone.
                turn.set_texts_unsafe(true);
            }
            if !out {
                turn.said_for(Purpose::Goodbye);
                turn.say("stopped");
            }
            // Where the network has stopped the texts, no more of them would arrive; and its words mean silence.
            let by_own_words = reply::command::network_word(text) != Some(NetworkWord::Stop);
            let is_told = by_own_words && (!out || turn.session.told_of_stop_next);
            stop(turn);
            turn.session.told_of_stop_next = is_told;
        }
        (Some(NetworkWord::Start | NetworkWord::Yes) | None, _) => return false,
    }
    true
}

/// No more texts, and no more questions. What was handed over stays; a concern stays.
fn stop(turn: &mut Turn) {
    watch::stopped(turn);
    turn.opt_out();
    if turn.session.is_live() {
        turn.finish(Ending::Stopped);
    }
}

/// A text that raised a concern is kept as the answer where the open question asks what matters; nothing is asked. It is
/// no answer to what somebody enjoys, or to who is around them.
pub fn keep_words(turn: &mut Turn, text: &str) {
    let matters =
        |step: &&Step| turn.engine.definition.question(&step.id).is_some_and(|q| q.part == Part::OwnWords);
    let wants_words = turn.asked().filter(|_| turn.wants_own_words()).filter(matters);
    let is_command = turn.command(text).is_some();
    match wants_words {
        // HELP NOW answers nothing.
        _ if is_command => {}
        Some(step) if turn.session.is_live() => {
            turn.record(&step.id, Some(Value::Text(Words(text.to_owned()))), text);
        }
        Some(_) | None => {
            if turn.session.asked.is_none() {
                turn.keep_opening(text);
                // A human reads it beside the concern. To ask about it again would be hard on the person.
                turn.session.opening_offered = true;
            }
            turn.needs_reply();
        }
    }
}

fn live(turn: &mut Turn, text: &str) {
    if turn.session.asked.is_none() && turn.session.aside.is_none() {
        return first(turn, text);
    }
    if let Some(joining) = continues(turn, text) {
        return turn.join(&joining, text);
    }
    if turn.session.aside.is_some() && beside::heard(turn, text) {
        return;
    }
    match turn.asked() {
        Some(step) => answer::answer(turn, step, text),
        None if turn.session.asked.is_none() => first(turn, text),
        // The step that was asked is gone or answered: say where they stand now.
        None => turn.ask_again(),
    }
}

/// The first text: a greeting, a command, or a story that is kept.
fn first(turn: &mut Turn, text: &str) {
    let lexicons = &turn.engine.lexicons;
    match reply::command::command(text, lexicons) {
        Some(
            asked @ (Command::Help
            | Command::HelpNow
            | Command::Who
            | Command::Privacy
            | Command::Person
            | Command::Language
            | Command::Delete),
        ) => return command::obey(turn, asked, text),
        Some(_) => return turn.ask_again(),
        None => {}
    }
    let is_story =
        STORY_WORDS <= text.split_whitespace().count() && !reply::command::is_greeting(text, lexicons);
    if is_story {
        turn.keep_opening(text);
        turn.session.joining = Some(Joining { step: None, until: turn.now.plus(JOINS_OPENING_WITHIN) });
    }
    turn.ask_again();
}

/// Where a text follows an own-words answer at once and plainly answers nothing else, it continues that answer.
fn continues(turn: &Turn, text: &str) -> Option<Joining> {
    let joining = turn.session.joining.clone()?;
    let in_time = turn.now < joining.until && turn.joined_so_far(&joining) < join::LONGEST;
    let is_command = reply::command::plain_command(text, &turn.engine.lexicons).is_some();
    let answers = turn.asked().is_some_and(|step| answer::is_plain(turn, step, text));
    let answers_aside =
        turn.session.aside.as_ref().is_some_and(|open| beside::is_reply(turn, &open.aside, text));
    (in_time && !is_command && !answers && !answers_aside).then_some(joining)
}

/// Whether somebody who was passed on to nobody writes more than thanks or a command. A text of danger is none of this:
/// it belongs to all that they wrote before.
pub fn thinks_better_of_it(engine: &Engine, session: &Session, raw: &str) -> bool {
    let passed_on = session.handed_over.is_some() || session.raised || session.standing.hold;
    // Asked about every text that comes in: nearly all of them need not be read for it.
    if passed_on || !matches!(session.status, Status::Ended(Ending::Finished(_))) {
        return false;
    }
    let tidied = reply::text::tidy(raw);
    let command = reply::command::command(tidied.text, &engine.lexicons);
    let says_more = tidied.kind == TextKind::Plain
        && matches!(command, None | Some(Command::Person | Command::Help | Command::Explain))
        && !is_bare_help(tidied.text)
        && !reply::command::is_thanks(tidied.text, &engine.lexicons);
    let says_yes = refused(engine, session).is_some() && says_yes(engine, session, tidied.text);
    says_more && !says_yes && engine.safety.scan(raw).is_empty()
}

/// The question at which somebody said no to being passed on, where that was the end.
fn refused<'e>(engine: &'e Engine, session: &Session) -> Option<&'e Step> {
    let is_consent = |id: &&StepId| {
        let question = engine.definition.question(id);
        question.is_some_and(|q| q.part == Part::Consent && q.answer == AnswerKind::YesOrNo)
    };
    let newest = session.order.iter().rev().find(is_consent)?;
    let said_no = session.answers.get(newest)?.value == Some(Value::YesNo(false));
    let passed_on = session.handed_over.is_some() || session.is_live();
    engine.definition.step(newest).filter(|_| said_no && !passed_on)
}

fn says_yes(engine: &Engine, session: &Session, text: &str) -> bool {
    let numbers_only = session.standing.speaks.is_some();
    let (kind, today) = (&AnswerKind::YesOrNo, jiff::civil::Date::ZERO);
    let asking = Asking { kind, choices: &[], today, numbers_only };
    reply::read(&asking, text, &engine.lexicons) == Reading::Understood(Value::YesNo(true))
}

/// A text after the end: thanks start nothing, everything else is a message that needs a reply.
fn after_the_end(turn: &mut Turn, text: &str, ending: &Ending) {
    if turn.session.aside.is_some() && beside::heard(turn, text) {
        return;
    }
    if cries_for_help(turn, text) {
        return help_after_the_end(turn, ending);
    }
    if let Some(
        asked @ (Command::Restart
        | Command::Help
        | Command::HelpNow
        | Command::Who
        | Command::Privacy
        | Command::Delete
        | Command::Language),
    ) = reply::command::command(text, &turn.engine.lexicons)
    {
        return command::obey(turn, asked, text);
    }
    if reply::command::command(text, &turn.engine.lexicons) == Some(Command::Start) {
        if !offers_to_resume(turn, ending) {
            command::obey(turn, Command::Restart, text);
        }
        return;
    }
    if reply::command::is_thanks(text, &turn.engine.lexicons) {
        return;
    }
    if let Some(step) =
        refused(turn.engine, &turn.session).filter(|_| says_yes(turn.engine, &turn.session, text))
    {
        turn.session.status = Status::Live;
        return answer::take(turn, step, Value::YesNo(true), text);
    }
    turn.needs_reply();
    let asked_before = turn.session.aside.as_ref().is_some_and(|open| open.aside == Aside::Resume);
    if asked_before || turn.safety_said_recently() || !offers_to_resume(turn, ending) {
        turn.say("message-kept");
    }
}

/// Whether a text after the end asks for help, and not only for what may be texted: HELP and INFO alone ask for that, but
/// nobody who was turned away as too young is told of commands.
fn cries_for_help(turn: &Turn, text: &str) -> bool {
    let command = reply::command::command(text, &turn.engine.lexicons);
    let asks = matches!(command, Some(Command::Help | Command::Explain));
    asks && (!is_bare_help(text) || is_turned_away_as_a_child(&turn.session))
}

fn is_bare_help(text: &str) -> bool {
    reply::command::network_word(text) == Some(NetworkWord::Help)
}

fn is_turned_away_as_a_child(session: &Session) -> bool {
    !session.is_live() && session.handed_over == Some(HandOverReason::Under16)
}

/// A human reads it; and who helps at this age is said once more.
fn help_after_the_end(turn: &mut Turn, ending: &Ending) {
    turn.needs_reply();
    turn.say("help-after-the-end");
    if let Ending::Finished(goodbye) = ending
        && is_turned_away_as_a_child(&turn.session)
    {
        turn.say(goodbye.as_str());
    }
}

/// Offers somebody whose questions were left open to carry on; whether there is anything to carry on with.
pub fn offers_to_resume(turn: &mut Turn, ending: &Ending) -> bool {
    let left_open = matches!(ending, Ending::Expired | Ending::Stopped);
    if !left_open || turn.position().is_none() {
        return false;
    }
    turn.open_aside(Aside::Resume);
    let choices = beside::resume_choices();
    turn.say_saying(Saying::of(MessageKey::of("resume")).with_choices("resume", &choices));
    true
}
