//! What a longer text asks for inside it, where a sentence of its own says so: no more texts. And the whole text that
//! asks for them again.
//!
//! Invariant: only what is said to us counts: "dont text before 9", "my kids dont text me" and "please dont leave me alone"
//! ask for nothing.

use std::ops::Range;

use crate::reply::Lexicons;
use crate::reply::heard::Found;
use crate::reply::heard::Heard;
use crate::reply::lexicon::BECAUSE;
use crate::reply::lexicon::CALL_INSTEAD;
use crate::reply::lexicon::COMMAND_AROUND;
use crate::reply::lexicon::GOES_ON;
use crate::reply::lexicon::GOES_ON_WHEN_TOLD;
use crate::reply::lexicon::GREETING;
use crate::reply::lexicon::INSIDE_AFTER;
use crate::reply::lexicon::INSIDE_BEFORE;
use crate::reply::lexicon::LIMIT;
use crate::reply::lexicon::NEARBY;
use crate::reply::lexicon::NO_CONTACT_INSIDE;
use crate::reply::lexicon::NO_REPLY;
use crate::reply::lexicon::NO_REPLY_AFTER;
use crate::reply::lexicon::NO_REPLY_BEFORE;
use crate::reply::lexicon::NO_REPLY_OTHER;
use crate::reply::lexicon::NO_TEXTS_ASKED;
use crate::reply::lexicon::NO_TEXTS_INSIDE;
use crate::reply::lexicon::NOT;
use crate::reply::lexicon::PLEASANTRIES;
use crate::reply::lexicon::PLEASE;
use crate::reply::lexicon::POLITE;
use crate::reply::lexicon::QUESTION;
use crate::reply::lexicon::READER;
use crate::reply::lexicon::READS_PHONE;
use crate::reply::lexicon::RELATIVE;
use crate::reply::lexicon::SAID;
use crate::reply::lexicon::SMALL;
use crate::reply::lexicon::STOP_INSIDE;
use crate::reply::lexicon::TEXTS_SAFE;
use crate::reply::lexicon::THANKS;
use crate::reply::lexicon::Tags;

/// How many words may stand between who reads and that they do: "my husband will always check my phone".
const BETWEEN: usize = 2;

/// Whether a text asks to be left alone, beside whatever else it says.
#[must_use]
pub fn asks_to_stop(text: &str, lexicons: &Lexicons) -> bool {
    stands_inside(&Heard::new(text, lexicons), STOP_INSIDE, &[])
}

/// Whether a text asks not to be texted, beside whatever else it says. Where somebody else reads the phone, whoever asks
/// not to be rung is not to be texted either.
#[must_use]
pub fn asks_for_no_texts(text: &str, lexicons: &Lexicons) -> bool {
    let heard = Heard::new(text, lexicons);
    asks_in_a_sentence(&heard) || is_first(&heard) || (is_watched(&heard) && is_anywhere(&heard))
}

/// Whether a text asks for silence: it begins with asking for no reply, or asks for no texts and says that somebody else
/// reads this phone or is near. To be texted may then be dangerous, whatever it would say.
#[must_use]
pub fn asks_for_silence(text: &str, lexicons: &Lexicons) -> bool {
    let heard = Heard::new(text, lexicons);
    is_first(&heard) || (is_watched(&heard) && (asks_in_a_sentence(&heard) || is_anywhere(&heard)))
}

/// Whether a text says that somebody else reads this phone.
#[must_use]
pub fn somebody_reads_this_phone(text: &str, lexicons: &Lexicons) -> bool {
    !readers(&Heard::new(text, lexicons)).is_empty()
}

fn asks_in_a_sentence(heard: &Heard) -> bool {
    let readers = readers(heard);
    let wanted = if readers.is_empty() { NO_TEXTS_INSIDE } else { NO_TEXTS_INSIDE | NO_CONTACT_INSIDE };
    stands_inside(heard, wanted, &readers)
}

/// Whether somebody else reads this phone, or is near.
fn is_watched(heard: &Heard) -> bool {
    heard.has(NEARBY) || !readers(heard).is_empty()
}

/// Whether a text begins with asking for no reply, whatever follows.
fn is_first(heard: &Heard) -> bool {
    let mut at = 0;
    loop {
        if let Some(found) = heard.next(at, NO_REPLY) {
            return is_said_to_us(heard, found);
        }
        match heard.next(at, PLEASE | POLITE | GREETING | NO_REPLY_BEFORE) {
            Some(before) => at = before.to,
            None => return false,
        }
    }
}

/// Whether it asks for no reply anywhere, but for what it tells of others: "he said dont reply", "they dont text me".
fn is_anywhere(heard: &Heard) -> bool {
    let is_of_others = |at: usize| {
        heard.folded.before(at).is_none()
            && (at.saturating_sub(2)..at)
                .any(|from| heard.is_phrase(from, at, READER | RELATIVE | SAID | QUESTION))
    };
    (0..heard.len()).any(|at| {
        let found = heard.longest(at, NO_REPLY);
        found.is_some_and(|found| !is_of_others(at) && is_said_to_us(heard, found))
    })
}

/// "Dont text before 9" and "dont text my mum" are said of times and of others; but not "dont text my mum has my phone".
fn is_said_to_us(heard: &Heard, found: Found) -> bool {
    let mut next = found.to;
    loop {
        if next == heard.len() || heard.folded.before(next).is_some() {
            return true;
        }
        match heard.longest(next, NO_REPLY_AFTER) {
            Some(after) => next = after.to,
            None => break,
        }
    }
    let tells_who =
        heard.longest(next, NEARBY).is_some() || readers(heard).iter().any(|sentence| sentence.start == next);
    tells_who || heard.longest(next, LIMIT | NO_REPLY_OTHER).is_none()
}

/// Whether a whole text says that texts are welcome again: "hello, its safe now".
#[must_use]
pub fn welcomes_texts(text: &str, lexicons: &Lexicons) -> bool {
    Heard::new(text, lexicons)
        .covered_by(TEXTS_SAFE | GREETING | POLITE | THANKS)
        .is_some_and(|tags| tags.intersects(TEXTS_SAFE))
}

/// Whether a reply to "is it safe to text you?" says no in other words, or that somebody reads this phone.
#[must_use]
pub fn says_texts_are_not_safe(text: &str, lexicons: &Lexicons) -> bool {
    let heard = Heard::new(text, lexicons);
    heard.has(NO_TEXTS_ASKED) || !readers(&heard).is_empty()
}

/// What a text says of ringing, where the whole of it asks to be rung and not to be texted: "dont text, ring me instead".
#[must_use]
pub fn asks_for_a_call(text: &str, lexicons: &Lexicons) -> Option<String> {
    const NO_TEXTS: Tags = NO_TEXTS_INSIDE.with(NO_REPLY);
    const AROUND: Tags =
        PLEASE.with(POLITE).with(THANKS).with(GREETING).with(INSIDE_BEFORE).with(NO_REPLY_AFTER);
    let heard = Heard::new(text, lexicons);
    let (mut at, mut refuses, mut call) = (0, false, None);
    while at < heard.len() {
        let found = heard.longest(at, NO_TEXTS | CALL_INSTEAD | AROUND)?;
        refuses |= found.is(NO_TEXTS);
        if found.is(CALL_INSTEAD) {
            call = Some((at..found.to).map(|word| heard.word(word)).collect::<Vec<_>>().join(" "));
        }
        at = found.to;
    }
    call.filter(|_| refuses)
}

/// Whether a whole text asks to go on with the questions; `told` where we have just said how.
#[must_use]
pub fn goes_on(text: &str, told: bool, lexicons: &Lexicons) -> bool {
    let wanted = if told { GOES_ON | GOES_ON_WHEN_TOLD } else { GOES_ON };
    Heard::new(text, lexicons)
        .covered_by(wanted | PLEASANTRIES | COMMAND_AROUND)
        .is_some_and(|tags| tags.intersects(wanted))
}

/// Where a text says that somebody else reads this phone, as in "he always checks my texts": a sentence of its own,
/// with or without a comma.
fn readers(heard: &Heard) -> Vec<Range<usize>> {
    let reads = |at: usize| {
        let who = heard.longest(at, READER | RELATIVE)?;
        (who.to..=who.to + BETWEEN).find_map(|verb| heard.next(verb, READS_PHONE)).map(|reads| at..reads.to)
    };
    (0..heard.len()).filter_map(reads).collect()
}

/// Whether one of these stands somewhere as a sentence of its own.
fn stands_inside(heard: &Heard, wanted: Tags, sentences: &[Range<usize>]) -> bool {
    (0..heard.len()).any(|at| {
        let found = heard.longest(at, wanted);
        found.is_some_and(|found| begins(heard, at, sentences) && ends(heard, found, sentences))
    })
}

/// Whether a sentence may begin here: at the beginning, after a full stop or another sentence, or after "please".
fn begins(heard: &Heard, at: usize, sentences: &[Range<usize>]) -> bool {
    let mut from = at;
    let mut asked = false;
    while heard.folded.before(from).is_none()
        && let Some(before) = led_up(heard, from)
    {
        // Whoever says who reads the phone asks plainly: "i need help but dont reply he will see".
        asked |= heard.is_phrase(before, from, PLEASE) || !sentences.is_empty();
        from = before;
    }
    let reported = (0..from).any(|before| heard.is_phrase(before, from, SAID));
    match heard.folded.before(from) {
        _ if from == 0 || sentences.iter().any(|sentence| sentence.end == from) => true,
        // "My kids dont ring, dont text me": a comma alone goes on with what was said before.
        Some(',') => !reported && (asked || (0..from).all(|before| heard.longest(before, NOT).is_none())),
        Some(_) => !reported,
        None => asked && !reported,
    }
}

/// Where the words begin that lead up to a request and end here.
fn led_up(heard: &Heard, to: usize) -> Option<usize> {
    (to.saturating_sub(2)..to).find(|from| heard.is_phrase(*from, to, PLEASE | INSIDE_BEFORE))
}

/// Whether a sentence may end behind this: at the end, before a comma or a full stop, or where another begins.
fn ends(heard: &Heard, found: Found, sentences: &[Range<usize>]) -> bool {
    let mut to = found.to;
    // "Dont text me my husband …", but not "dont text my husband".
    let is_whole = found.is(STOP_INSIDE) || (found.from + 1..to).any(|at| heard.is_phrase(at, at + 1, SMALL));
    let next = if is_whole { INSIDE_AFTER | BECAUSE } else { BECAUSE };
    loop {
        if to == heard.len() || heard.folded.before(to).is_some() || heard.is_picture(to) {
            return true;
        }
        if heard.longest(to, next).is_some() || sentences.iter().any(|sentence| sentence.start == to) {
            return true;
        }
        match heard.longest(to, POLITE | THANKS | PLEASE) {
            Some(polite) => to = polite.to,
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::reply::Lexicons;

    fn asks_for_no_texts(text: &str) -> bool {
        super::asks_for_no_texts(text, &Lexicons::embedded_for_tests())
    }

    fn asks_to_stop(text: &str) -> bool {
        super::asks_to_stop(text, &Lexicons::embedded_for_tests())
    }

    #[test]
    fn a_sentence_that_asks_for_no_texts_is_heard_inside_a_longer_text() {
        for text in [
            "someone might see, please dont text me",
            "someone might see please dont text",
            "pls dont text me he reads my phone",
            "He checks my phone. Don't text me.",
            "he looks at my phone, dont text me again",
            "im scared, so please do not text me on this number, ring me at work",
            "Dont text me cos he will see",
            "please dont text me my husband reads it",
            "i want to get out more\ndont text me x",
            "ring my mum but please dont message me here",
            "please stop texting me my husband reads my texts",
            "its not safe to text me",
            "not safe to text",
            "please dont reply he reads my phone",
            "my husband always checks my texts so dont ring",
            "dont answer she looks at my messages",
            "he has my phone dont text",
            "I need help but dont reply he will see",
            "do not ring or text he will check my phone",
            "please dont reply, he sees my messages",
            "dont reply im not safe",
            "im not safe dont reply",
            "shh he is here dont reply",
            "this is his phone dont text it",
            "if you reply he will see",
            "ring me dont text he reads it",
            "dont txt bk he reads my fone",
            "wait dont reply yet he has my phone",
        ] {
            assert!(asks_for_no_texts(text), "{text}");
        }
    }

    #[test]
    fn what_is_said_of_times_and_of_other_people_asks_for_nothing() {
        for text in [
            "dont text before 9",
            "is it not safe to text in the bath",
            "please dont text me at work",
            "please dont text me on sundays",
            "my kids dont text me",
            "my kids dont ring, dont text me, nothing",
            "why dont you text me",
            "i dont text much",
            "dont text my mum",
            "please dont text my husband he is at work",
            "she said please dont text me again",
            "he told me, dont text me",
            "dont text me when im asleep",
            "please dont ring me, text me",
            "my son reads my texts to me, dont ring on sundays",
            "i dont ring him he has my phone number",
            "dont reply before i check my phone",
            "people never call and dont text",
            "dont message people much",
            "he is here but my kids dont text",
            "he said dont reply he has my phone",
            "dont answer the door",
        ] {
            assert!(!asks_for_no_texts(text), "{text}");
        }
    }

    #[test]
    fn texts_are_welcome_again_where_the_whole_text_says_so() {
        let welcomes = |text: &str| super::welcomes_texts(text, &Lexicons::embedded_for_tests());
        for text in [
            "hello? can you text me now",
            "you can text me again",
            "its safe now",
            "It's safe to text me now, thanks",
        ] {
            assert!(welcomes(text), "{text}");
        }
        for text in
            ["hello?", "its not safe now", "is it safe now", "im safe now", "you can text my mum", "ok"]
        {
            assert!(!welcomes(text), "{text}");
        }
    }

    #[test]
    fn no_texts_and_a_call_is_a_wish_for_a_call() {
        let asks = |text: &str| super::asks_for_a_call(text, &Lexicons::embedded_for_tests()).is_some();
        for text in [
            "dont text, ring me instead",
            "dont text me just ring",
            "Please don't text me. Call me please",
            "ring me dont text",
            "can you ring me instead of texting",
            "id rather you rang, dont text me",
        ] {
            assert!(asks(text), "{text}");
        }
        for text in [
            "dont text or ring me",
            "dont text dont ring",
            "dont ring me, text me",
            "ring me dont text he reads it",
            "stop",
            "dont text me",
            "ring me",
            "dont text me my son can ring",
        ] {
            assert!(!asks(text), "{text}");
        }
    }

    #[test]
    fn a_no_to_texts_is_heard_in_other_words_where_it_is_asked() {
        let says = |text: &str| super::says_texts_are_not_safe(text, &Lexicons::embedded_for_tests());
        for text in
            ["can you not send texts he sees them", "he reads my texts", "better not", "please do not reply"]
        {
            assert!(says(text), "{text}");
        }
        for text in ["he is in the garden", "yes he is out", "i am in the kitchen"] {
            assert!(!says(text), "{text}");
        }
    }

    #[test]
    fn leave_me_alone_counts_where_it_is_said_to_us() {
        for text in ["leave me alone i want to die", "please leave me alone, its over", "im done. go away"] {
            assert!(asks_to_stop(text), "{text}");
        }
        for text in [
            "please dont leave me alone i want to die",
            "they wont leave me alone",
            "i want him to leave me alone",
            "i want to go away and die",
            "leave me alone with my thoughts",
        ] {
            assert!(!asks_to_stop(text), "{text}");
        }
    }
}
