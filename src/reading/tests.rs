//! What an author sees.

use std::time::Duration;

use crate::domain::ids::ServiceId;
use crate::domain::nation::Nation;
use crate::reading::item::Item;
use crate::reading::problem::Problems;
use crate::reading::source::Source;
use crate::reading::yaml;

#[derive(Debug, PartialEq)]
struct Team {
    id: ServiceId,
    nation: Option<Nation>,
    tries: u8,
    wait: Duration,
    open: bool,
    words: Vec<String>,
    phones: Vec<(String, String)>,
}

fn team(item: Item<'_>) -> Option<Team> {
    let map = item.map(&["id", "nation", "tries", "wait", "open", "words", "phones"])?;
    let id = map.require("id").and_then(Item::parsed);
    let nation = map.find("nation").and_then(Item::parsed);
    let tries = map.require("tries").and_then(|tries| tries.number(1..=9));
    let wait = map.require("wait").and_then(Item::length);
    let open = map.require("open").and_then(Item::yes_no);
    let words = map.find("words").and_then(Item::parsed_list);
    let phones = map
        .find("phones")
        .and_then(|phones| phones.each_entry(|who, phone| Some((who.string()?, phone.string()?))));
    Some(Team {
        id: id?,
        nation,
        tries: tries?,
        wait: wait?,
        open: open?,
        words: words.unwrap_or_default(),
        phones: phones.unwrap_or_default(),
    })
}

fn read(text: &str) -> (Option<Team>, Problems) {
    let mut problems = Problems::default();
    let value = yaml(&Source::new("team.yaml", text), &mut problems, team);
    (value, problems)
}

fn what_the_author_sees(text: &str) -> String {
    let (value, problems) = read(text);
    assert_eq!(value, None, "a value came out of a wrong file");
    problems.sorted().to_string()
}

#[test]
fn a_right_file_becomes_a_value() {
    let text = "
# A comment.
id: alder-vale
nation: wales
tries: 3
wait: 20 seconds
open: yes
words: [no, 07, ~, yes please]
phones: { sam: 01632 960001, alex: '01632 960002' }
";
    let (value, problems) = read(text);
    assert_eq!(problems, Problems::default());
    let value = value.unwrap();
    assert_eq!(value.words, ["no", "07", "~", "yes please"]);
    assert_eq!(value.phones[0], ("sam".to_owned(), "01632 960001".to_owned()));
    assert_eq!((value.nation, value.tries, value.open), (Some(Nation::Wales), 3, true));
    assert_eq!(value.wait, Duration::from_secs(20));
}

#[test]
fn all_problems_are_reported_at_once() {
    let text = "\
id: Alder Vale
naton: wales
tries: 12
wait: soon
open: yess
words: none
";
    assert_eq!(
        what_the_author_sees(text),
        "\
team.yaml:1:5: error: `Alder Vale` is not a name
  1 | id: Alder Vale
    |     ^
  Use lower-case letters, digits and hyphens, such as `what-matters`.

team.yaml:2:1: error: unknown key `naton`
  2 | naton: wales
    | ^
  Did you mean `nation`?

team.yaml:3:8: error: `12` is not a whole number from 1 to 9
  3 | tries: 12
    |        ^
  Write one of these numbers.

team.yaml:4:7: error: `soon` is not a length of time
  4 | wait: soon
    |       ^
  Write a number and seconds, minutes, hours, days or weeks, such as `20 seconds`.

team.yaml:5:7: error: `open` cannot be `yess`
  5 | open: yess
    |       ^
  Did you mean `yes`?

team.yaml:6:8: error: `words` must be a list
  6 | words: none
    |        ^
  Write `[one, two]`, or a line `- one` for each."
    );
}

#[test]
fn a_missing_key_is_named_where_the_map_begins() {
    assert_eq!(
        what_the_author_sees("\n\nid: a\ntries: 1\nopen: no\n"),
        "\
team.yaml:3:1: error: `wait` is missing
  3 | id: a
    | ^
  Add a line `wait: …`."
    );
}

#[test]
fn an_empty_value_is_no_value() {
    assert_eq!(
        what_the_author_sees("id:\ntries: 1\nwait: 1 day\nopen: no\n"),
        "\
team.yaml:1:3: error: `id` is empty
  1 | id:
    |   ^
  Write a value, or remove the line."
    );
}

#[test]
fn a_key_that_stands_twice_is_an_error() {
    assert_eq!(
        what_the_author_sees("id: a\ntries: 1\nwait: 1 day\nopen: no\ntries: 2\n"),
        "\
team.yaml:5:1: error: `tries` stands twice
  5 | tries: 2
    | ^
  Keep this one or the one on line 2."
    );
}

#[test]
fn what_is_no_yaml_is_shown_where_it_stops_being_it() {
    let seen = what_the_author_sees("id: a\n  tries: 1\n");
    assert!(
        seen.starts_with("team.yaml:2:8: error: this line has a `:` too many, or begins too far in\n"),
        "{seen}"
    );
    assert!(seen.contains("Look at this line and the one above"), "{seen}");
    for (text, said) in [
        ("id: [", "the bracket `[` is never closed"),
        ("id: [a, b\nwait: 1", "a bracket before this is not closed"),
        ("id: \"a", "this quotation mark is never closed"),
        ("id: \"a\nwait: 1", "a quotation mark before this is not closed"),
        ("id: \"a\" b", "nothing may follow the closing quotation mark"),
        ("id: @a", "nothing may begin with `@`"),
        ("id: a\n\twait: 1", "there is a tab here"),
        ("id: a\nwait", "this line does not go on from the one above"),
    ] {
        let seen = what_the_author_sees(text);
        assert!(seen.contains(said), "{text:?}: {seen}");
    }
}

#[test]
fn the_parts_of_yaml_that_surprise_people_are_refused() {
    for (text, message) in [
        ("id: &x a", "an anchor (`&name`) cannot be used here"),
        ("id: &x a\nwords: *x", "an anchor (`&name`) cannot be used here"),
        ("words: *x", "this line cannot be read"),
        ("id: !secret a", "a tag (`!name`) cannot be used here"),
        ("id: a\n---\nid: b", "a second document begins here"),
        ("%YAML 1.2\n---\nid: a", "this line cannot be read"),
        ("", "the file is empty"),
        ("# nothing", "the file is empty"),
        ("? [a]\n: b", "a key must be a word"),
        ("- a", "the file must be keys and values"),
    ] {
        let seen = what_the_author_sees(text);
        assert!(seen.contains(message), "{text:?}: {seen}");
    }
}

#[test]
fn warnings_do_not_take_the_value_away() {
    let mut problems = Problems::default();
    let value = yaml(&Source::new("team.yaml", "id: a"), &mut problems, |item| {
        item.warn("old", "this is old", "Look at it.");
        Some(1)
    });
    assert_eq!(value, Some(1));
    assert!(!problems.has_errors());
    assert_eq!(problems.len(), 1);
}
