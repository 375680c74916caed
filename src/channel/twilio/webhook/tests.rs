use super::*;
use crate::domain::account::TwilioAccount;
use crate::domain::account::TwilioSender;
use crate::domain::message::Words;
use crate::domain::secret::Secret;

const SID: &str = "AC0123456789abcdef0123456789abcdef";
const TOKEN: &str = "12345678901234567890123456789012";
const PUBLIC_URL: &str = "https://texts.example.org";
const PATH: &str = "/channels/twilio/inbound";
const MESSAGE: &str = "MessageSid=SM1&From=%2B447700900123&To=%2B447700900999";

/// An account that nobody has.
pub(in crate::channel::twilio) fn twilio(opt_out: OptOutMode) -> Twilio {
    let account = TwilioAccount {
        sid: SID.to_owned(),
        tokens: vec![Secret::from(TOKEN.to_owned())],
        sender: TwilioSender::Number("+447700900999".to_owned()),
        api_url: "http://127.0.0.1:1".parse().expect("an address"),
        opt_out,
    };
    Twilio::new(account, PUBLIC_URL.parse().expect("an address")).expect("a client")
}

/// The signature of a form that is posted to this path.
pub(in crate::channel::twilio) fn signed(path_and_query: &str, body: &str) -> String {
    let token = Secret::from(TOKEN.to_owned());
    let url = format!("{PUBLIC_URL}{path_and_query}");
    signature::expected(&token, &url, &Form::read(body.as_bytes()).0)
}

fn receive(mode: OptOutMode, body: &str) -> Result<Inbound, Refused> {
    let signature = signed(PATH, body);
    twilio(mode).receive(Some(&signature), PATH, body.as_bytes(), Timestamp::from_micros(5))
}

fn heard(mode: OptOutMode, more: &str) -> (String, Option<NetworkWord>) {
    match receive(mode, &format!("{MESSAGE}&{more}")).expect("a message").content {
        Content::Text { body, network } => (body.0, network),
        other => panic!("not a text: {other:?}"),
    }
}

#[test]
fn a_signed_text_is_read() {
    let inbound = receive(
        OptOutMode::Twilio,
        &format!("{MESSAGE}&AccountSid={SID}&Body=Yes+please+%C2%A3%0Aline+2&New=1"),
    )
    .expect("a message");
    assert_eq!(inbound.provider_id, "SM1");
    assert_eq!(inbound.from, Handle("+447700900123".to_owned()));
    assert_eq!(inbound.to, "+447700900999");
    assert_eq!(
        inbound.content,
        Content::Text { body: Words("Yes please £\nline 2".to_owned()), network: None }
    );
    assert_eq!(inbound.received_at, Timestamp::from_micros(5));
}

#[test]
fn what_is_not_signed_is_refused_before_it_is_read() {
    let twilio = twilio(OptOutMode::Twilio);
    let now = Timestamp::from_micros(5);
    let signature = signed(PATH, MESSAGE);
    let receive = |signature, path, body: &str| twilio.receive(signature, path, body.as_bytes(), now);
    assert!(receive(Some(&signature), PATH, MESSAGE).is_ok());
    assert_eq!(receive(None, PATH, MESSAGE), Err(Refused::NotSigned));
    assert_eq!(receive(Some("x"), PATH, ""), Err(Refused::NotSigned));
    assert_eq!(receive(Some(&signature), "/other", MESSAGE), Err(Refused::NotSigned));
    let changed = MESSAGE.replace("123", "124");
    assert_eq!(receive(Some(&signature), PATH, &changed), Err(Refused::NotSigned));
}

#[test]
fn another_account_and_half_a_message_are_refused() {
    let foreign = format!("{MESSAGE}&AccountSid=AC00000000000000000000000000000000");
    assert_eq!(receive(OptOutMode::Twilio, &foreign), Err(Refused::ForeignAccount));
    for half in [
        "",
        "From=%2B447700900123&Body=hi",
        "MessageSid=SM1&Body=hi",
        "MessageSid=&From=%2B447700900123",
        "MessageSid=SM%00&From=%2B447700900123",
        "MessageSid=SM1&From=%00+",
    ] {
        assert_eq!(receive(OptOutMode::Twilio, half), Err(Refused::NotUnderstood), "{half}");
    }
}

#[test]
fn a_text_without_words_is_still_a_text() {
    assert_eq!(heard(OptOutMode::Twilio, "NumSegments=1"), (String::new(), None));
    assert_eq!(
        heard(OptOutMode::Twilio, "Body=%FF%00%07ok%0D%0A%09%1F"),
        ("\u{fffd}ok\n\t".to_owned(), None)
    );
}

#[test]
fn media_is_kept_with_its_caption() {
    let body = format!("{MESSAGE}&NumMedia=1&MediaContentType0=audio/ogg&Body=STOP");
    let inbound = receive(OptOutMode::Twilio, &body).expect("a message");
    assert_eq!(
        inbound.content,
        Content::Media { kind: "voice".to_owned(), caption: Words("STOP".to_owned()) }
    );
}

#[test]
fn twilio_acts_on_the_bare_word_only() {
    let word = |body: &str| heard(OptOutMode::Twilio, &format!("Body={body}")).1;
    for stop in
        ["STOP", "stop", "+Stop+", "STOPALL", "unsubscribe", "CANCEL", "End", "quit", "REVOKE", "OptOut"]
    {
        assert_eq!(word(stop), Some(NetworkWord::Stop), "{stop}");
    }
    for start in ["START", "unstop"] {
        assert_eq!(word(start), Some(NetworkWord::Start), "{start}");
    }
    for help in ["HELP", "info"] {
        assert_eq!(word(help), Some(NetworkWord::Help), "{help}");
    }
    assert_eq!(word("Yes"), Some(NetworkWord::Yes));
    for none in ["STOP+please", "stop+it+hurts", "yes+please", "st%E2%80%8Bop", "", "no"] {
        assert_eq!(word(none), None, "{none}");
    }
}

#[test]
fn advanced_opt_out_says_itself_what_it_did() {
    let word = |more: &str| heard(OptOutMode::Advanced, more).1;
    assert_eq!(word("Body=peidio&OptOutType=STOP"), Some(NetworkWord::Stop));
    assert_eq!(word("Body=yes&OptOutType=START"), Some(NetworkWord::Start));
    assert_eq!(word("Body=HELP&OptOutType=HELP"), Some(NetworkWord::Help));
    assert_eq!(word("Body=STOP"), None);
    assert_eq!(word("Body=STOP&OptOutType="), None);
}

#[test]
fn where_we_answer_no_word_is_the_networks() {
    assert_eq!(heard(OptOutMode::Footbridge, "Body=STOP&OptOutType=STOP").1, None);
}

#[test]
fn a_call_is_read() {
    let path = "/channels/twilio/voice";
    let body = "CallSid=CA1&From=%2B447700900123&To=%2B447700900999";
    let call = twilio(OptOutMode::Twilio)
        .receive_call(Some(&signed(path, body)), path, body.as_bytes(), Timestamp::from_micros(0))
        .expect("a call");
    assert_eq!((call.provider_id.as_str(), call.to.as_str()), ("CA1", "+447700900999"));
}

#[test]
fn nothing_of_the_account_or_the_person_is_printed() {
    let printed = format!(
        "{:?} {:?}",
        twilio(OptOutMode::Twilio),
        receive(OptOutMode::Twilio, &format!("{MESSAGE}&Body=canary"))
    );
    assert!(
        !printed.contains(TOKEN) && !printed.contains("canary") && !printed.contains("900123"),
        "{printed}"
    );
}
