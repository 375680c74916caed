use super::*;

fn sources() -> Vec<(String, String)> {
    ["conversations/words/en.yaml", "conversations/themes/en.yaml"]
        .map(|name| {
            let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
            (name.to_owned(), std::fs::read_to_string(path).unwrap())
        })
        .to_vec()
}

fn rules() -> Rules {
    Rules::read(&sources()).unwrap_or_else(|problems| panic!("{problems}"))
}

#[derive(serde::Deserialize)]
struct Message {
    text: String,
    themes: Vec<Theme>,
}

fn themes_of(rules: &Rules, text: &str) -> Vec<Theme> {
    let mut themes: Vec<Theme> = rules.find(text).into_iter().map(|found| found.theme).collect();
    themes.dedup();
    themes
}

/// F1 over all themes of all messages.
fn f1(rules: &Rules, file: &str) -> (f64, String) {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let (mut right, mut beyond, mut missed) = (0, 0, 0);
    let mut report = String::new();
    for line in text.lines() {
        let message: Message = serde_json::from_str(line).unwrap();
        let found = themes_of(rules, &message.text);
        right += found.iter().filter(|theme| message.themes.contains(theme)).count();
        beyond += found.iter().filter(|theme| !message.themes.contains(theme)).count();
        missed += message.themes.iter().filter(|theme| !found.contains(theme)).count();
        if found != message.themes {
            let words: Vec<_> =
                rules.find(&message.text).into_iter().map(|f| message.text[f.words].to_owned()).collect();
            report +=
                &format!("{:?} wanted {:?}, found {found:?} by {words:?}\n", message.text, message.themes);
        }
    }
    let f1 = 2.0 * f64::from(u32::try_from(right).unwrap())
        / f64::from(u32::try_from(2 * right + beyond + missed).unwrap());
    report += &format!("right {right}, beyond {beyond}, missed {missed}, F1 {f1:.3}\n");
    (f1, report)
}

#[test]
fn own_words_are_filed_under_their_themes() {
    let rules = rules();
    for file in ["messages/themes.jsonl", "themes-more.jsonl", "themes-everyday.jsonl"] {
        let (f1, report) = f1(&rules, file);
        println!("{report}");
        assert!(0.85 <= f1, "{file}: {report}");
    }
}

#[test]
fn what_is_denied_is_not_found() {
    let rules = rules();
    assert_eq!(themes_of(&rules, "not sport. not crafts. not anything with bingo"), []);
    assert_eq!(themes_of(&rules, "lonely? no. bored? yes"), [Theme::Purpose]);
}

#[test]
fn a_death_is_found_beside_the_people_it_is_about() {
    let rules = rules();
    let lost = "my Arthur died in spring and I am on my own now";
    assert_eq!(themes_of(&rules, lost), [Theme::People, Theme::Bereavement]);
    assert_eq!(themes_of(&rules, "I lost my wife in March"), [Theme::People, Theme::Bereavement]);
}

#[test]
fn any_text_can_be_read() {
    fn shared<T: Send + Sync>() {}
    shared::<Rules>();
    let rules = rules();
    proptest::proptest!(proptest::test_runner::Config::with_cases(200), |(text in "(garden|no|money|\\PC{0,9}| |\\.){0,30}")| {
        for found in rules.find(&text) {
            proptest::prop_assert!(text.get(found.words).is_some());
        }
    });
}
