//! Invented people, so that pages can be looked at and asked about in tests.

use std::time::Duration;

use crate::domain::concern::ConcernCategory;
use crate::domain::ids::ConcernId;
use crate::domain::ids::Reference;
use crate::domain::ids::RuleId;
use crate::domain::ids::StaffId;
use crate::domain::referral::Folder;
use crate::domain::referral::HandOverReason;
use crate::domain::referral::ReferralStatus;
use crate::domain::tag::Tag;
use crate::domain::theme::Theme;
use crate::domain::time::Timestamp;
use crate::handover::Consent;
use crate::inbox::again::Again;
use crate::inbox::again::Typed;
use crate::inbox::asked_safe::AskedSafe;
use crate::inbox::asked_safe::SafeAnswer;
use crate::inbox::away::AwayView;
use crate::inbox::concern::ConcernPage;
use crate::inbox::concern::SentView;
use crate::inbox::concern::TriedView;
use crate::inbox::contacts::Contacts;
use crate::inbox::demo::DemoPage;
use crate::inbox::demo::Phone;
use crate::inbox::demo::PhoneButton;
use crate::inbox::demo::PhonePage;
use crate::inbox::demo::PhoneText;
use crate::inbox::doors::ConflictPage;
use crate::inbox::doors::RefusalPage;
use crate::inbox::doors::SetUpPage;
use crate::inbox::doors::SignInPage;
use crate::inbox::found::Hit;
use crate::inbox::found::MessagesFound;
use crate::inbox::keeping::Keeping;
use crate::inbox::keeping::LaterView;
use crate::inbox::label_samples::on_a_case;
use crate::inbox::page::Layout;
use crate::inbox::page::Moment;
use crate::inbox::presence::Presence;
use crate::inbox::queue::QueuePage;
use crate::inbox::queue::QueueRow;
use crate::inbox::queue::Search;
use crate::inbox::queue::queue_page;
use crate::inbox::queue::search_page;
use crate::inbox::referral::AnswerView;
use crate::inbox::referral::ConcernView;
use crate::inbox::referral::Done;
use crate::inbox::referral::Fate;
use crate::inbox::referral::From;
use crate::inbox::referral::Holder;
use crate::inbox::referral::MessageView;
use crate::inbox::referral::NoteView;
use crate::inbox::referral::PartView;
use crate::inbox::referral::ReferralPage;
use crate::inbox::referral::ThingView;
use crate::inbox::same_samples;
use crate::inbox::sharing_samples::for_leads;
use crate::inbox::sharing_samples::lending;
use crate::inbox::sharing_samples::seen_by;
use crate::inbox::shown::Foreign;
use crate::inbox::shown::marked;
use crate::inbox::standing::Permission;
use crate::inbox::standing::Questions;
use crate::inbox::standing::Reach;
use crate::inbox::standing::Standing;
use crate::inbox::themes::SaidBy;
use crate::inbox::themes::ThemeView;
use crate::inbox::told::ToldView;
use crate::inbox::who::Who;
use crate::inbox::writing_samples::writing;
use crate::store::desk::Counts;
use crate::store::message_word::MessagePlace;

pub(crate) fn now() -> Timestamp {
    Timestamp::from_micros(1_795_426_320_000_000)
}

pub(crate) fn ago(minutes: u64) -> Timestamp {
    now().minus(Duration::from_secs(minutes * 60))
}

pub(crate) fn f(text: &str) -> Foreign {
    Foreign::new(text)
}

pub(crate) fn layout(title: &str) -> Layout {
    Layout {
        title: title.to_owned(),
        worker: Some(f("Sam Okafor")),
        people: true,
        audit: true,
        leads: true,
        ..Layout::default()
    }
}

fn rule(name: &str) -> RuleId {
    name.parse().expect("a name")
}

pub(super) fn reference(text: &str) -> Reference {
    text.parse().expect("a reference")
}

pub(crate) fn row(reference_text: &str, name: Option<&str>, words: Option<&str>) -> QueueRow {
    QueueRow {
        reference: reference(reference_text),
        version: 1,
        who: name.map_or(Who::Unknown, |name| Who::Themselves(f(name))),
        words: words.map(f),
        themes: vec!["Money", "People"],
        labels: vec![f("Winter warmth")],
        status: ReferralStatus::New,
        concerns: 0,
        needs_reply: false,
        consent: Consent::Agreed,
        reason: Some(HandOverReason::Agreed),
        age: "Waiting 2 days".to_owned(),
        later: None,
        given_by: None,
        undelivered: false,
        text_stopped: false,
        promised: Some("Wed 25 Nov".to_owned()),
        answer_by: Some("22 December 2026".to_owned()),
        holder: None,
        mine: false,
        channel: "Text message",
        practice: Some(f("Alder Vale Surgery")),
        language: None,
        erased: false,
        away: None,
        no_action_for: None,
    }
}

pub(crate) fn rows() -> Vec<QueueRow> {
    vec![
        QueueRow {
            concerns: 1,
            needs_reply: true,
            age: "Concern open 3 hours".to_owned(),
            ..row(
                "FB-C4J9MW",
                Some("Boyd"),
                Some(
                    "stroke in may, still no wheelchair, the leccy is going on the meter faster than i can put it on",
                ),
            )
        },
        row(
            "FB-7GH2QX",
            Some("Margaret Ellis"),
            Some(
                "I lost my Arthur in March and the house is that quiet. I used to go dancing on a Thursday at the Legion and I miss it more than I can say. If there was a lift there I would go again.",
            ),
        ),
        QueueRow {
            needs_reply: true,
            status: ReferralStatus::Accepted,
            holder: Some(f("Sam Okafor")),
            mine: true,
            age: "Waiting 1 hour".to_owned(),
            later: Some(later(true)),
            given_by: Some(f("Priya Nair")),
            undelivered: true,
            text_stopped: true,
            away: Some(away("Priya Nair", true)),
            no_action_for: Some(5),
            promised: None,
            answer_by: None,
            language: Some("cy".to_owned()),
            ..row("FB-R3V6PH", Some("Siân Rhys-Llewellyn"), Some("dwi isio cwrdd â phobl"))
        },
        QueueRow {
            consent: Consent::NotAsked,
            practice: None,
            promised: None,
            answer_by: None,
            ..row("FB-29QXFC", None, None)
        },
    ]
}

pub(crate) fn queue() -> QueuePage {
    let page = queue_page(layout("Inbox"), Folder::NeedsReply, Counts::default(), rows());
    let next = "1.2.00000000-0000-0000-0000-000000000007".parse().expect("a place");
    QueuePage { next: Some(next), first: false, for_leads: for_leads("Sam Okafor"), ..page }
}

fn later(has_come: bool) -> LaterView {
    LaterView { until: Moment(ago(60)), why: "It is their turn to reply", has_come }
}

pub(crate) fn away(text: &str, mine: bool) -> AwayView {
    AwayView { who: f(text), until: "Thu 3 Dec".to_owned(), cover: Some(f(text)), mine }
}

fn keeping(text: &str) -> Keeping {
    Keeping {
        given_by: Some(f(text)),
        later: Some(later(false)),
        proposed_day: "2026-11-24".to_owned(),
        undelivered_since: Some(Moment(ago(90))),
        colleagues: vec![(StaffId::new(now(), [3; 10]), f(text))],
        away: Some(away(text, false)),
    }
}

fn found(text: &str) -> MessagesFound {
    let hit = Hit {
        reference: "FB-7GH2QX".to_owned(),
        ended: true,
        who: Who::Themselves(f(text)),
        author: Some(f(text)),
        is_note: true,
        at: Moment(ago(60)),
        said: marked(text, &(0..1)),
    };
    MessagesFound { newest: true, hits: vec![hit], further: Some(MessagePlace::FIRST) }
}

pub(crate) fn search(typed: &str) -> QueuePage {
    let search =
        Search { typed: typed.to_owned(), remark: Some("2 cases".to_owned()), messages: Some(found(typed)) };
    search_page(layout("Search"), search, Counts::default(), rows())
}

fn answer(step: &str, label: &str, said: Option<&str>) -> AnswerView {
    AnswerView { step: step.to_owned(), label: label.to_owned(), said: said.map(f), beside: None }
}

fn things() -> Vec<ThingView> {
    let thing = |label: &str, hard| ThingView { label: label.to_owned(), hard };
    vec![
        thing("A safe, warm home", false),
        thing("Enough money for food", true),
        thing("People who care about me", false),
        thing("Belonging and purpose", false),
        thing("Exercise and fresh air", true),
        thing("Peace of mind", false),
    ]
}

fn parts(text: &str) -> Vec<PartView> {
    let part = |part, step: &str, label: &str, said| PartView {
        part,
        things: Vec::new(),
        answers: vec![answer(step, label, said)],
    };
    let mut person = part("person", "name", "Name", Some(text));
    person.answers.push(answer("practice", "GP practice", Some("Alder Vale Surgery")));
    vec![
        PartView { part: "six-things", things: things(), answers: Vec::new() },
        part("barriers", "barriers", "What makes it hard", Some("Getting about, Money")),
        part("strengths", "strengths", "Good at or enjoys", Some(text)),
        part("people", "who-around", "Who is around", None),
        part("access", "access", "Needs", Some("large print, and ring twice, I am slow to the phone")),
        person,
        part("contact", "reach", "Contact by", Some("Phone call")),
        part("consent", "pass-on", "May be passed on", Some("Yes")),
    ]
}

fn message(from: From, who: &str, minutes: u64, text: &str, fate: Option<Fate>) -> MessageView {
    MessageView {
        inbound: None,
        from,
        who: f(who),
        at: Moment(ago(minutes)),
        text: f(text),
        tags: if from == From::Person { vec![Tag::Past] } else { Vec::new() },
        about: None,
        fate,
    }
}

const WORDS: &str = "some days i think they would all be better off without me, honest";

fn concerns(text: &str) -> Vec<ConcernView> {
    let open = ConcernView {
        id: ConcernId::new(now(), [1; 10]),
        category: ConcernCategory::Suicide,
        rule: rule("burden-to-others"),
        said: marked(WORDS, &(36..57)),
        raised_at: Moment(ago(200)),
        sent_at: Some(Moment(ago(240))),
        reply: Some("Our safety reply: arrived.".to_owned()),
        asked_safe: Some(AskedSafe {
            at: Moment(ago(200)),
            answer: SafeAnswer::Words { meaning: None, words: f(text), at: Moment(ago(198)) },
        }),
        rules_version: "1a2b3c4d".to_owned(),
        told: vec![ToldView { at: Moment(ago(200)), who: Some(f(text)), words: "told: arrived".to_owned() }],
        done: None,
    };
    let done = ConcernView {
        id: ConcernId::new(now(), [2; 10]),
        category: ConcernCategory::Destitution,
        rule: rule("meter-empty"),
        said: marked(text, &(0..1)),
        done: Some(Done { by: f(text), at: Moment(ago(800)), what: f(text) }),
        ..open.clone()
    };
    vec![open, done]
}

fn thread(text: &str) -> Vec<MessageView> {
    let photo = message(From::Person, "Boyd", 190, "", None);
    vec![
        message(From::Person, "Boyd", 240, text, None),
        message(From::Bot, "Automatic", 239, WELCOME, Some(Fate::Arrived)),
        message(From::Person, "Boyd", 200, WORDS, None),
        message(From::Bot, "Automatic", 200, "Thank you for telling us.", Some(Fate::DidNotArrive)),
        MessageView { about: Some("A photo, which nobody has seen"), ..photo },
        message(
            From::LinkWorker,
            "Sam Okafor",
            100,
            "Hello Boyd, Sam here. May I ring?",
            Some(Fate::Waiting),
        ),
    ]
}

const WELCOME: &str = "Hello. This is automatic, and people at Alder Vale read it too.\nWho is this for?\n1 Me\n2 Somebody else";

/// Found; added where something was found, and where nothing was; taken out; a slip that was taken back; nothing.
fn themes(text: &str) -> Vec<ThemeView> {
    let view = |theme| {
        let (counts, is_found, is_said) = match theme {
            Theme::Money => (true, true, false),
            Theme::People => (true, true, true),
            Theme::Home => (true, false, true),
            Theme::Mind => (false, true, true),
            Theme::Health => (false, false, true),
            Theme::Bereavement | Theme::Caring | Theme::Purpose | Theme::Activity | Theme::Access => {
                (false, false, false)
            }
        };
        let found = if is_found { vec![f(text), f("the leccy")] } else { Vec::new() };
        ThemeView { theme, counts, found, said: is_said.then(|| SaidBy { by: f(text), at: Moment(ago(30)) }) }
    };
    Theme::ALL.into_iter().map(view).collect()
}

/// A case in which everything that somebody else wrote is `text`.
pub(crate) fn referral(text: &str) -> ReferralPage {
    ReferralPage {
        layout: layout("FB-C4J9MW"),
        reference: reference("FB-C4J9MW"),
        version: 7,
        key: "0123456789abcdef".to_owned(),
        heard: 0,
        presence: Presence { others: vec![(f(text), true), (f("Kim"), false)], concern: None },
        reply_due: true,
        who: Who::ForSomebody { writer: Some(f(text)), relationship: None, subject: Some(f(text)) },
        erased_at: None,
        facts: vec![f("07700 900123"), f("Text message"), f("Alder Vale Surgery"), f("waiting 3 hours")],
        status: ReferralStatus::InHand,
        holder: Holder::Colleague(f(text)),
        lending: lending(text),
        seen_by: seen_by(text),
        keeping: keeping(text),
        answer_by: Some("22 December 2026".to_owned()),
        standing: Standing {
            permission: Permission::NotYet(f(text)),
            questions: Questions::HumanSpeaks { can_go_on: true },
            reach: Reach::DoNotText,
            deletion: true,
            speaks: Some(f(text)),
        },
        reply_waits: true,
        glance: same_samples::glance(text),
        agreed: same_samples::agreed(text),
        history: same_samples::history(text),
        same: same_samples::same(text),
        concerns: concerns(text),
        own_words: vec![
            answer("matters", "What matters to you?", Some(text)),
            answer("better", "What would make your days better?", None),
        ],
        labels: on_a_case(text),
        themes: themes(text),
        parts: parts(text),
        thread: thread(text),
        writing: writing(text),
        contacts: Contacts {
            count: Some("2 contacts, 2 no answer".to_owned()),
            in_vain: Some(2),
            numbers: vec![("+447700900123".to_owned(), f("07700 900123"))],
        },
        notes: vec![NoteView { by: f(text), at: Moment(ago(50)), text: f(text) }],
    }
}

pub(crate) fn conflict(text: &str) -> ConflictPage {
    ConflictPage {
        layout: layout("Somebody was quicker"),
        reference: reference("FB-C4J9MW"),
        sentence: "Priya Nair wrote to them 10 seconds ago.".to_owned(),
        again: Some(Again::on_case(&reference("FB-C4J9MW"), Typed::Text, (8, "k"), text.to_owned())),
        ending: None,
    }
}

pub(crate) fn refusal(text: &str) -> RefusalPage {
    RefusalPage {
        layout: layout("That was not done yet"),
        sentence: "A text can have 1,500 letters at the most.",
        again: Some(Again {
            needs_reason: true,
            ..Again::on_case(&reference("FB-C4J9MW"), Typed::Text, (8, "k"), text.to_owned())
        }),
        onward: "/inbox/referrals/FB-C4J9MW".to_owned(),
        onward_words: "Back to FB-C4J9MW",
    }
}

pub(crate) fn sign_in(text: &str) -> SignInPage {
    SignInPage {
        layout: Layout::outside("Sign in"),
        email: text.to_owned(),
        problem: Some("The email address or the password is not right."),
    }
}

pub(crate) fn set_up(text: &str) -> SetUpPage {
    SetUpPage {
        layout: Layout::outside("Set up"),
        token: text.to_owned(),
        name: text.to_owned(),
        email: text.to_owned(),
        problem: None,
    }
}

fn a_phone() -> Phone {
    Phone::Texts("07700 900123".parse().expect("a mobile"))
}

pub(crate) fn demo() -> DemoPage {
    DemoPage {
        layout: Layout { demo: true, ..Layout::outside("Demo") },
        phones: vec![a_phone(), Phone::Telegram(7_000_000_201)],
        may_add: true,
        may_add_telegram: true,
    }
}

pub(crate) fn phone(text: &str) -> PhonePage {
    PhonePage {
        layout: Layout { demo: true, ..Layout::outside("Phone") },
        phone: a_phone(),
        with: "Alder Vale link workers".to_owned(),
        texts: vec![
            PhoneText { mine: true, text: f("hello"), buttons: Vec::new() },
            PhoneText {
                mine: false,
                text: f("Hello. This is automatic, and people at Alder Vale read it too.\nWho is this for?"),
                buttons: vec![PhoneButton { label: f(text), data: text.to_owned() }],
            },
            PhoneText { mine: true, text: f(text), buttons: Vec::new() },
        ],
    }
}

/// A concern in which everything that somebody else wrote is `text`.
pub(crate) fn concern(text: &str) -> ConcernPage {
    let open = concerns(text).remove(0);
    ConcernPage {
        erased_at: None,
        layout: layout("Concern"),
        key: "key".to_owned(),
        reference: reference("FB-C4J9MW"),
        sees_case: true,
        who: Who::Themselves(f(text)),
        concern: ConcernView { said: marked(text, &(0..1)), ..open },
        numbers: vec![("+447700900123".to_owned(), f(text))],
        warnings: vec!["They have stopped all texts: somebody must ring."],
        facts: vec![(f(text), f(text))],
        version: 3,
        reply_waits: true,
        sent: vec![SentView { at: Moment(ago(200)), text: f(text), fate: "Arrived" }],
        tried: vec![TriedView { by: f(text), at: Moment(ago(100)), what: f(text) }],
        try_at: Some(Moment(now())),
        typed: Some(text.to_owned()),
    }
}
