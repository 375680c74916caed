//! Calls to our number: who rings, and what Twilio is told to say to them.
//!
//! Invariant: nothing is recorded, nobody is connected to anybody, and the call ends by itself.

use std::fmt::Write;

use crate::channel::door;
use crate::domain::language::Language;
use crate::domain::message::Handle;

/// What Twilio writes where the network does not tell the number: words, typed on a phone's keys (ANONYMOUS,
/// UNAVAILABLE, RESTRICTED, UNKNOWN, BLOCKED).
const WITHHELD: [&str; 5] = ["+266696687", "+86282452253", "+7378742833", "+8656696", "+2562533"];

/// Welsh is spoken by one voice only; for all others the account's own will do.
const WELSH: &str = "cy-GB\" voice=\"Polly.Gwyneth";

/// Who rings. Everybody whose number is not told is one and the same.
pub(super) fn caller(from: &str) -> Handle {
    let from = door::clean(from);
    let is_number = from.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    if is_number && !WITHHELD.contains(&from.as_str()) {
        Handle(from)
    } else {
        Handle(Handle::WITHHELD.to_owned())
    }
}

/// The answer to a call: says this, in each language, and hangs up.
#[must_use]
pub fn answer(spoken: &[(Language, String)]) -> String {
    let mut answer = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>");
    for (language, words) in spoken {
        let tag = language.to_string();
        let tag = if tag == "cy" { WELSH } else { &tag };
        // Writing to a string cannot fail.
        let _ = write!(answer, "<Say language=\"{tag}\">{}</Say>", escaped(words));
    }
    answer.push_str("<Hangup/></Response>");
    answer
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_not_told_is_withheld_however_it_is_written() {
        for from in ["", "+266696687", "anonymous", "Restricted", "sip:someone@example.org", "+12"] {
            assert_eq!(caller(from).0, Handle::WITHHELD, "{from}");
        }
        for from in ["+441632960123", "+447700900123", "+48123456789"] {
            assert_eq!(caller(from).0, from);
        }
    }

    #[test]
    fn what_is_said_is_words_whatever_stands_in_it() {
        let english = Language::english();
        let answer =
            answer(&[("cy".parse().unwrap(), "Helo".to_owned()), (english, "A & B <Dial>".to_owned())]);
        assert_eq!(
            answer,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>\
             <Say language=\"cy-GB\" voice=\"Polly.Gwyneth\">Helo</Say>\
             <Say language=\"en-GB\">A &amp; B &lt;Dial&gt;</Say><Hangup/></Response>"
        );
    }
}
