//! What the pages must hold, asked by selector.

use askama::Template;
use scraper::ElementRef;
use scraper::Html;
use scraper::Selector;

use crate::domain::concern::ConcernCategory;
use crate::domain::referral::DeclineReason;
use crate::domain::referral::Outcome;
use crate::domain::referral::ReferralStatus;
use crate::domain::theme::Theme;
use crate::inbox::account_samples;
use crate::inbox::label_samples;
use crate::inbox::page::Moment;
use crate::inbox::queue::QueuePage;
use crate::inbox::referral::Holder;
use crate::inbox::referral::ReferralPage;
use crate::inbox::same_samples;
use crate::inbox::samples;
use crate::inbox::sharing_samples;
use crate::inbox::shown::Foreign;
use crate::inbox::standing::Permission;
use crate::inbox::standing::Questions;
use crate::inbox::standing::Reach;
use crate::inbox::view_samples;
use crate::inbox::who::Who;

const PLAIN: &str = "I used to go dancing on a Thursday";

fn html(page: &impl Template) -> Html {
    Html::parse_document(&page.render().expect("a page"))
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("a selector");
    page.select(&selector).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect()
}

fn every_page(written: &str) -> Vec<(&'static str, Html)> {
    let mut queue = samples::queue();
    queue.rows.push(samples::row("FB-222222", Some(written), Some(written)));
    queue.beside.views = view_samples::links(written);
    queue.beside.keep_key = Some("k".to_owned());
    vec![
        ("queue", html(&queue)),
        ("search", html(&samples::search(written))),
        ("referral", html(&samples::referral(written))),
        ("without name", html(&sharing_samples::unnamed(written))),
        ("champion", html(&sharing_samples::champion(written))),
        ("helping", html(&sharing_samples::helping(written))),
        ("compare", html(&same_samples::compare(written))),
        ("person", html(&account_samples::person(written))),
        ("concern", html(&samples::concern(written))),
        ("me", html(&account_samples::me(written))),
        ("conflict", html(&samples::conflict(written))),
        ("refusal", html(&samples::refusal(written))),
        ("sign in", html(&samples::sign_in(written))),
        ("set up", html(&samples::set_up(written))),
        ("away", html(&account_samples::away(written))),
        ("scope", html(&account_samples::scope(written))),
        ("second step", html(&account_samples::second_step(written))),
        ("second factor", html(&account_samples::second_factor(written))),
        ("recovery codes", html(&account_samples::recovery_codes())),
        ("invitation", html(&account_samples::invitation(written))),
        ("invited", html(&account_samples::invited(written))),
        ("account", html(&account_samples::account(written))),
        ("people", html(&account_samples::people(written))),
        ("texts", html(&account_samples::texts(written))),
        ("labels", html(&label_samples::labels(written))),
        ("views", html(&view_samples::views(written))),
        ("audit", html(&account_samples::audit(written))),
        ("phone", html(&samples::phone(written))),
        ("demo", html(&samples::demo())),
    ]
}

/// The elements of a page, without what they say: hostile text must not change it.
fn skeleton(page: &Html) -> Vec<String> {
    page.root_element()
        .descendants()
        .filter_map(ElementRef::wrap)
        .map(|element| {
            let mut attributes: Vec<&str> = element.value().attrs().map(|(name, _)| name).collect();
            attributes.sort_unstable();
            format!("{} {attributes:?}", element.value().name())
        })
        .filter(|element| !element.starts_with("mark"))
        .collect()
}

fn hostile() -> Vec<String> {
    let messages = include_str!("../../tests/data/messages/nasty.jsonl").lines().map(|line| {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row");
        row["text"].as_str().expect("a text").to_owned()
    });
    let by_hand = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='x",
        "</textarea></bdi></p><form action=//evil.example>",
        "{{ layout.title }}{% raw %}",
        "<!-- ",
        "\n\n</title>",
        "&lt;b&gt; &amp;",
    ];
    messages.chain(by_hand.map(str::to_owned)).collect()
}

#[test]
fn no_text_breaks_out_of_its_place() {
    let plain: Vec<Vec<String>> = every_page(PLAIN).iter().map(|(_, page)| skeleton(page)).collect();
    for written in hostile() {
        for ((name, page), expected) in every_page(&written).iter().zip(&plain) {
            assert_eq!(&skeleton(page), expected, "{name}: {written:?}");
        }
    }
}

#[test]
fn what_somebody_else_wrote_stands_apart_from_the_writing_around_it() {
    for (name, page) in every_page(PLAIN) {
        for node in page.root_element().descendants() {
            let Some(words) = node.value().as_text() else {
                continue;
            };
            if !words.contains(PLAIN) {
                continue;
            }
            let apart = node
                .ancestors()
                .filter_map(ElementRef::wrap)
                .any(|e| matches!(e.value().name(), "bdi" | "textarea" | "option"));
            assert!(apart, "{name}: {:?}", &**words);
        }
    }
}

#[test]
fn what_was_typed_comes_back_letter_for_letter() {
    let typed = "\nfirst a line break,\n then </textarea> and \u{200b}&amp;";
    for page in [html(&samples::conflict(typed)), html(&samples::refusal(typed))] {
        assert_eq!(text(all(&page, "textarea")[0]), typed);
    }
    assert_eq!(all(&html(&samples::conflict(typed)), "form input[name=version]").len(), 1);
}

#[test]
fn no_page_holds_a_style_or_a_script_of_its_own() {
    for (name, page) in every_page(PLAIN) {
        assert!(all(&page, "[style], style, script:not([src])").is_empty(), "{name}");
        let elsewhere = all(&page, "[src], link[href]").into_iter().any(|e| {
            let address = e.value().attr("src").or(e.value().attr("href")).unwrap_or_default();
            !address.starts_with('/') || address.starts_with("//")
        });
        assert!(!elsewhere, "{name} asks for something from elsewhere");
        let handlers = page
            .root_element()
            .descendants()
            .filter_map(ElementRef::wrap)
            .any(|e| e.value().attrs().any(|(name, _)| name.starts_with("on")));
        assert!(!handlers, "{name} has a script in an attribute");
    }
}

#[test]
fn every_page_can_be_found_ones_way_in() {
    for (name, page) in every_page(PLAIN) {
        assert_eq!(all(&page, "h1").len(), 1, "{name}");
        assert_eq!(all(&page, "html[lang]").len(), 1, "{name}");
        assert_eq!(all(&page, "main#main").len(), 1, "{name}");
        let ids: Vec<&str> = all(&page, "[id]").iter().filter_map(|e| e.value().attr("id")).collect();
        let different: std::collections::HashSet<&&str> = ids.iter().collect();
        assert_eq!(ids.len(), different.len(), "{name}: {ids:?}");
        for field in all(&page, "input:not([type=hidden], [type=submit]), textarea, select") {
            let id = field.value().attr("id").unwrap_or("none");
            let labelled = field.value().attr("aria-label").is_some()
                || !all(&page, &format!("label[for='{id}']")).is_empty();
            assert!(labelled, "{name}: {id}");
        }
    }
}

#[test]
fn a_row_names_its_referral_in_the_order_of_the_store() {
    let page = html(&samples::queue());
    let order: Vec<&str> =
        all(&page, "[data-referral]").iter().filter_map(|e| e.value().attr("data-referral")).collect();
    assert_eq!(order, ["FB-C4J9MW", "FB-7GH2QX", "FB-R3V6PH", "FB-29QXFC"]);
    let folders: Vec<&str> =
        all(&page, "[data-folder]").iter().filter_map(|e| e.value().attr("data-folder")).collect();
    assert_eq!(folders, ["needs-reply", "unassigned", "mine", "later", "undelivered", "open", "closed"]);
    assert_eq!(all(&page, "[data-folder][aria-current=page]").len(), 1);
    assert_eq!(all(&page, "a[rel=next]").len(), 1);
}

#[test]
fn the_parts_of_a_case_carry_their_names() {
    let page = html(&samples::referral(PLAIN));
    for part in [
        "concerns",
        "own-words",
        "themes",
        "strengths",
        "access",
        "contact",
        "consent",
        "thread",
        "notes",
        "six-things",
        "barriers",
        "people",
        "person",
    ] {
        assert_eq!(all(&page, &format!("[data-part='{part}']")).len(), 1, "{part}");
    }
    assert_eq!(text(all(&page, "[data-part='own-words'] [data-step='matters']")[0]).trim(), PLAIN);
    for from in ["person", "bot", "link-worker"] {
        assert!(!all(&page, &format!("[data-part=thread] [data-from='{from}']")).is_empty(), "{from}");
    }
    let marked: Vec<String> = all(&page, "[data-part=concerns] mark").into_iter().map(text).collect();
    assert_eq!(marked[0], "better off without me");
    assert!(text(all(&page, "[data-part=concerns]")[0]).contains("burden-to-others"));
}

#[test]
fn concerns_come_first_and_own_words_next() {
    let page = html(&samples::referral(PLAIN));
    let parts: Vec<&str> =
        all(&page, "[data-part]").iter().filter_map(|e| e.value().attr("data-part")).collect();
    assert_eq!(parts[..2], ["concerns", "own-words"]);
}

#[test]
fn a_theme_is_told_with_the_words_that_gave_it_and_with_whoever_corrected_it() {
    let page = html(&samples::referral(PLAIN));
    let told: Vec<String> = all(&page, "[data-part=themes] .fb-themes li")
        .into_iter()
        .map(|line| text(line).split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let by = format!("by {PLAIN} on {}", Moment(samples::ago(30)));
    let found = format!("“{PLAIN}”, “the leccy”");
    assert_eq!(
        told,
        [
            format!("Home added {by}"),
            format!("Money from: {found}"),
            format!("People added {by}; the rules found: {found}"),
            format!("Peace of mind taken out {by}; the rules found: {found}"),
        ]
    );
    let named = |selector: &str, name: &str| -> Vec<String> {
        let found = all(&page, &format!("[data-part=themes] {selector}")).into_iter();
        found.map(|element| element.value().attr(name).unwrap_or_default().to_owned()).collect()
    };
    let counting = ["home", "money", "people"];
    assert_eq!(named("[data-theme]", "data-theme"), counting);
    assert_eq!(named("[data-theme-out]", "data-theme-out"), ["mind"]);
    assert_eq!(named("details form [name=theme][checked]", "value"), counting);
    assert_eq!(
        named("details form [name=was]", "value"),
        counting,
        "what was shown is told apart from what is ticked"
    );
    assert_eq!(named("details form [name=theme]", "value"), Theme::ALL.map(Theme::as_str));
}

#[test]
fn a_note_stands_in_a_form_that_never_sends() {
    let page = html(&samples::referral(PLAIN));
    let notes = all(&page, "[data-part=notes] form");
    assert!(!notes.is_empty());
    assert!(
        notes
            .iter()
            .all(|form| { form.value().attr("action").is_some_and(|action| action.ends_with("/note")) })
    );
    let sends = all(&page, "form[action$='/reply']");
    assert_eq!(sends.len(), 1);
    assert!(all(&page, "form[action$='/reply'] [data-note], form[action$='/reply'] #note, [data-part=notes] form[action$='/reply']").is_empty());
    assert!(all(&page, "form[id], [form]").is_empty(), "a button could send another form");
    // What else a button does is keep what stands in its own box, and nothing is ever sent by that.
    for form in all(&page, "form") {
        let own = format!("{}/draft", form.value().attr("action").unwrap_or_default());
        for button in form.select(&Selector::parse("[formaction]").expect("a selector")) {
            assert_eq!(
                button.value().attr("formaction"),
                Some(own.as_str()),
                "a button could send another form"
            );
        }
    }
}

#[test]
fn every_form_of_a_case_says_which_state_it_was_made_from() {
    let page = html(&samples::referral(PLAIN));
    for form in all(&page, "main form") {
        let action = form.value().attr("action").unwrap_or_default();
        if action.ends_with("/same") || action.ends_with("#reply") {
            // It asks for a page, and changes nothing.
            assert_eq!(form.value().attr("method"), Some("get"));
            continue;
        }
        let has = |name: &str| {
            form.select(&Selector::parse(&format!("input[type=hidden][name='{name}']")).expect("a selector"))
                .count()
                == 1
        };
        assert!(has("key"), "{action}");
        assert!(has("version") || action.ends_with("/acknowledge"), "{action}");
        assert_eq!(form.value().attr("method"), Some("post"), "{action}");
    }
    let option_count = |selector: &str| all(&page, selector).len();
    assert_eq!(option_count("#decline option"), DeclineReason::ALL.len() + 1);
    assert_eq!(option_count("#close option"), Outcome::ALL.len() + 1);
}

#[test]
fn what_can_be_done_fits_where_the_case_stands() {
    let actions = |page: &ReferralPage| -> Vec<String> {
        all(&html(page), "main form")
            .iter()
            .filter_map(|form| form.value().attr("action")?.rsplit('/').next().map(str::to_owned))
            .collect()
    };
    let mut case = samples::referral(PLAIN);
    case.holder = Holder::Nobody;
    case.standing.questions = Questions::On;
    let free = actions(&case);
    assert!(
        free.contains(&"claim".to_owned())
            && free.contains(&"take-over".to_owned())
            && !free.contains(&"hand-back".to_owned())
    );
    case.holder = Holder::Me;
    case.standing.questions = Questions::HumanSpeaks { can_go_on: true };
    let mine = actions(&case);
    assert!(!mine.contains(&"claim".to_owned()) && mine.contains(&"hand-back".to_owned()));
    case.status = ReferralStatus::Closed;
    case.standing.reach = Reach::CannotBeTexted;
    let ended = actions(&case);
    for gone in ["accept", "decline", "close", "reply", "claim"] {
        assert!(!ended.contains(&gone.to_owned()), "{gone}");
    }
    assert!(ended.contains(&"note".to_owned()));
}

#[test]
fn somebody_whose_phone_is_not_safe_is_texted_only_with_a_reason() {
    let mut case = samples::referral(PLAIN);
    assert_eq!(all(&html(&case), "form[action$='/reply'] input[name=reason][required]").len(), 1);
    assert_eq!(all(&html(&case), "[data-warning=do-not-text]").len(), 1);
    case.standing.reach = Reach::Free;
    assert!(all(&html(&case), "form[action$='/reply'] input[name=reason]").is_empty());
}

#[test]
fn whoever_writes_for_somebody_is_told_apart_from_them() {
    let headings = |who: &Who| {
        let page = html(&ReferralPage { who: who.clone(), ..samples::referral(PLAIN) });
        let label = text(all(&page, "label[for=reply]")[0]);
        (text(all(&page, "h1")[0]), label, all(&page, "[data-warning=on-behalf]").len())
    };
    let for_doreen = |writer: Option<&str>, relationship: Option<&str>, subject: Option<&str>| {
        let [writer, relationship, subject] =
            [writer, relationship, subject].map(|name| name.map(Foreign::new));
        Who::ForSomebody { writer, relationship, subject }
    };
    for (who, heading, label, banners) in [
        (Who::Unknown, "No name yet", "Write to them", 0),
        (Who::Themselves(Foreign::new("Joan")), "Joan", "Write to Joan", 0),
        (for_doreen(Some("Sue"), Some("Family"), Some("Doreen")), "Sue, for Doreen", "Write to Sue", 1),
        (
            for_doreen(None, Some("Family"), Some("Doreen")),
            "Somebody (Family), for Doreen",
            "Write to the writer",
            1,
        ),
        (for_doreen(None, None, Some("Doreen")), "Somebody, for Doreen", "Write to the writer", 1),
        (for_doreen(Some("Sue"), None, None), "Sue, for somebody else", "Write to Sue", 1),
    ] {
        assert_eq!(headings(&who), (heading.to_owned(), label.to_owned(), banners));
        let mut row = samples::row("FB-222222", None, None);
        row.who = who;
        let queue = html(&QueuePage { rows: vec![row], ..samples::queue() });
        assert_eq!(text(all(&queue, "h2")[0]), heading, "the queue says the same");
    }
}

#[test]
fn the_demo_says_once_that_it_is_one() {
    // The inbox in its frame says it; the stage around it does not.
    assert!(all(&html(&samples::demo()), ".fb-demo").is_empty());
    let mut case = samples::referral(PLAIN);
    case.layout.demo = true;
    assert_eq!(all(&html(&case), ".fb-demo").len(), 1);
}

#[test]
fn a_sentence_before_a_button_is_whole() {
    for questions in [
        Questions::On,
        Questions::Wait,
        Questions::Over,
        Questions::NothingIsSent,
        Questions::HumanSpeaks { can_go_on: false },
    ] {
        let mut case = samples::referral(PLAIN);
        case.standing.questions = questions;
        let words = text(all(&html(&case), ".fb-hold p")[0]);
        assert!(words.ends_with('.'), "{words}");
    }
}

#[test]
fn a_concern_raised_by_an_answer_says_what_the_answer_was() {
    let mut case = samples::referral(PLAIN);
    for (rule, words) in [
        ("said-not-safe", "Said they are not safe"),
        ("said-not-sure", "Not sure whether they are safe"),
        ("no-answer-to-are-you-safe", "Did not answer when we asked whether they are safe"),
        ("asked-for-help-now", "Asked for help now"),
    ] {
        case.concerns.truncate(1);
        case.concerns[0].category = ConcernCategory::HelpNow;
        case.concerns[0].rule = rule.parse().expect("a name");
        assert_eq!(text(all(&html(&case), "[data-concern] h3")[0]), words);
    }
}

#[test]
fn a_case_without_anything_says_so() {
    let mut case = samples::referral(PLAIN);
    case.who = Who::Unknown;
    case.standing.permission = Permission::Agreed;
    case.concerns.clear();
    case.own_words.clear();
    case.themes.clear();
    case.thread.clear();
    case.notes.clear();
    let page = html(&case);
    assert_eq!(text(all(&page, "h1")[0]), "No name yet");
    assert!(text(all(&page, "[data-part='own-words']")[0]).contains("Has not said yet"));
    assert!(text(all(&page, "[data-part=concerns]")[0]).contains("No concern has been raised"));
}

#[test]
fn a_hidden_character_is_seen_by_whoever_reads_the_case() {
    let page = html(&samples::referral("ring me \u{202e}321"));
    assert!(text(all(&page, "[data-from=person]")[0]).contains("ring me [U+202E]321"));
    assert_eq!(Foreign::new("a").to_string(), "a");
}
