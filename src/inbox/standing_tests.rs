//! Whatever somebody says, no page of a case contradicts itself: every example chat, looked at after each of its lines.

use std::collections::BTreeSet;

use askama::Template;
use scraper::Html;
use scraper::Selector;

use crate::content::Content;
use crate::content::Conversation;
use crate::conversation::chat::Chat;
use crate::conversation::chat::Line;
use crate::conversation::session::Standing as PersonStanding;
use crate::conversation::transcript::Happened;
use crate::conversation::transcript::Talk;
use crate::domain::message::NetworkWord;
use crate::handover::Summary;
use crate::inbox::referral::ReferralPage;
use crate::inbox::samples;
use crate::inbox::standing::Known;
use crate::inbox::standing::Reach;
use crate::inbox::standing::Standing;
use crate::inbox::who::Who;

/// The page of a case, as far as it says how the case stands.
struct Told {
    chat: String,
    banners: Vec<String>,
    words: String,
    questions: String,
    held: bool,
    no_concern: bool,
}

impl Told {
    fn by(chat: &Chat, talk: &Talk<'_>, summary: Summary) -> Self {
        let summaries = [summary];
        let concern = talk.happened.iter().any(|event| matches!(event, Happened::Raised(..)));
        let standing = &talk.standing;
        let known = Known {
            summaries: &summaries,
            session: talk.session.as_ref(),
            concern,
            hold: standing.hold,
            reach: Reach::of(true, standing.opted_out, standing.texts_unsafe, None),
            speaks: standing.speaks.as_deref(),
        };
        let mut page = samples::referral("some words");
        page.concerns.truncate(usize::from(concern));
        let page = ReferralPage { who: Who::of(&summaries), standing: Standing::of(&known), ..page };
        Self::from_page(chat, &Html::parse_document(&page.render().expect("a page")))
    }

    fn from_page(chat: &Chat, page: &Html) -> Self {
        let all = |selector: &str| {
            let selector = Selector::parse(selector).expect("a selector");
            page.select(&selector).collect::<Vec<_>>()
        };
        let attribute = |selector: &str, name: &str| -> Vec<String> {
            let found = all(selector).into_iter();
            found.map(|element| element.value().attr(name).unwrap_or_default().to_owned()).collect()
        };
        let text =
            |selector: &str| all(selector).iter().flat_map(scraper::ElementRef::text).collect::<String>();
        Self {
            chat: chat.title.clone(),
            banners: attribute("[data-warning]", "data-warning"),
            words: text("[data-warning]"),
            questions: attribute("[data-questions]", "data-questions").remove(0),
            held: attribute("[data-hold]", "data-hold") == ["on"],
            no_concern: text("[data-part=concerns]").contains("No concern has been raised"),
        }
    }

    /// One thing at most once, and never beside its opposite.
    fn assert_sound(&self) {
        let Self { chat, banners, words, questions, .. } = self;
        let of = |prefix: &str| banners.iter().filter(|code| code.starts_with(prefix)).count();
        assert!(of("consent-") <= 1, "{chat}: {banners:?}");
        assert!(!(self.no_concern && words.contains("because of a concern")), "{chat}: {words}");
        assert_eq!(questions == "human-speaks", self.held, "{chat}");
        let barred = of("opted-out") + of("do-not-text") + of("cannot-be-texted");
        assert!(barred <= 1, "{chat}: {banners:?}");
        assert_eq!(questions == "nothing-is-sent", barred == 1 && !self.held, "{chat}: {questions}");
        assert!(questions != "on" || of("consent-refused") == 0, "{chat}: {banners:?}");
        assert!(questions != "over" || !words.contains("not come to that question yet"), "{chat}: {words}");
        assert!(questions != "on" || !words.contains("ended before that question"), "{chat}: {words}");
    }
}

fn say(talk: &mut Talk<'_>, line: &Line) {
    match line {
        Line::Them(text) => talk.hears(text, None),
        Line::Button(step, choice) => talk.pressed(step, choice),
        Line::Network(
            word @ (NetworkWord::Stop | NetworkWord::Start | NetworkWord::Help | NetworkWord::Yes),
        ) => {
            talk.hears("", Some(*word));
        }
        Line::Wait(length) => talk.wait(*length),
        Line::Hold(on) => talk.hold(*on),
        Line::Us(_) | Line::Nothing | Line::Contains(_) | Line::Expect(_) => {}
    }
}

fn live_through(content: &Content, conversation: &Conversation, chat: &Chat, seen: &mut BTreeSet<String>) {
    let engine = &conversation.engine;
    let render =
        |utterance: &_, standing: &_, channel, now| content.say(engine, utterance, standing, channel, now);
    let standing = PersonStanding { language: chat.language.clone(), ..PersonStanding::default() };
    let mut talk = Talk::new(engine, &render, chat.channel, standing, samples::now());
    for (_, line) in &chat.lines {
        say(&mut talk, line);
        let Some(session) = &talk.session else { continue };
        let told = Told::by(chat, &talk, content.summary(&engine.definition, session));
        told.assert_sound();
        seen.insert(told.questions);
        seen.extend(told.banners);
    }
}

#[test]
fn whatever_somebody_says_no_page_contradicts_itself() {
    let (content, problems) = Content::load(None, None, true, samples::now()).expect("the shipped files");
    let content = content.unwrap_or_else(|| panic!("{problems:?}"));
    let mut seen = BTreeSet::new();
    for conversation in content.conversations.values() {
        for chat in conversation.chats.iter().flat_map(|(_, chats)| chats) {
            live_through(&content, conversation, chat, &mut seen);
        }
    }
    // Every state that a chat can reach was there, so that the test has looked at something.
    for state in ["on", "over", "wait", "nothing-is-sent", "human-speaks"] {
        assert!(seen.contains(state), "{state} is not in {seen:?}");
    }
    for banner in [
        "consent-not-asked",
        "consent-not-answered",
        "consent-refused",
        "consent-not-yet",
        "on-behalf",
        "do-not-text",
        "opted-out",
        "deletion",
        "speaks",
    ] {
        assert!(seen.contains(banner), "{banner} is not in {seen:?}");
    }
}
