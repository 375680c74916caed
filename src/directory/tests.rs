//! The shipped directory, and what an author sees of a wrong one.

use jiff::civil::Date;

use crate::directory::Directory;
use crate::directory::Files;
use crate::domain::ids::HelplineId;
use crate::domain::nation::Nation;
use crate::domain::time::Timestamp;
use crate::reading::problem::Problems;
use crate::reading::source::Source;

const SERVICES: &str = include_str!("../../conversations/services.yaml");
const HELPLINES: &str = include_str!("../../conversations/helplines.yaml");
const HOLIDAYS: &str = include_str!("../../conversations/holidays.yaml");

fn read(services: &str, helplines: &str, today: &str) -> (Option<Directory>, Problems) {
    let files = Files {
        services: &Source::new("services.yaml", services),
        helplines: &Source::new("helplines.yaml", helplines),
        holidays: &Source::new("holidays.yaml", HOLIDAYS),
    };
    let mut problems = Problems::default();
    let directory = Directory::read(files, today.parse().unwrap(), &mut problems);
    (directory, problems)
}

fn shipped() -> Directory {
    read(SERVICES, HELPLINES, "2026-11-22").0.unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::from_jiff(text.parse().unwrap())
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn the_shipped_directory_warns_of_numbers_that_nobody_has_verified() {
    let (directory, problems) = read(SERVICES, HELPLINES, "2026-11-22");
    assert!(directory.is_some(), "{problems}");
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    let not_verified = |id: &str| format!("nobody has verified `{id}` here");
    let three = ["domestic-abuse"; 3].map(not_verified);
    assert_eq!(messages, [vec![not_verified("nhs-111")], three.to_vec()].concat());
}

#[test]
fn helplines_that_nobody_read_for_a_year_are_warnings() {
    let (directory, problems) = read(SERVICES, HELPLINES, "2027-11-22");
    assert!(directory.is_some());
    let message = "`samaritans` was last verified over a year ago, on 2026-11-21";
    assert!(problems.iter().any(|problem| problem.message == message), "{problems}");
    let (_, problems) = read(SERVICES, HELPLINES, "2027-11-21");
    assert!(problems.iter().all(|problem| problem.message.starts_with("nobody has verified")), "{problems}");
}

#[test]
fn the_number_or_bot_that_was_texted_decides_the_service() {
    let directory = shipped();
    for (to, service) in [
        ("+447700900101", "alder-vale"),
        ("+447700900202", "dyffryn-gwern"),
        ("@dyffryngwernbot", "dyffryn-gwern"),
        ("+447700900999", "alder-vale"),
        ("", "alder-vale"),
    ] {
        assert_eq!(directory.service_texted(to).id.as_str(), service, "{to}");
    }
}

#[test]
fn a_practice_over_the_border_has_its_own_nation() {
    let directory = shipped();
    let service = directory.service_texted("+447700900202");
    let nation = |practice: &str| directory.nation(service, Some(&practice.parse().unwrap()));
    assert_eq!(directory.nation(service, None), Nation::Wales);
    assert_eq!(nation("ysgubor-wen"), Nation::Wales);
    assert_eq!(nation("offa-bridge"), Nation::England);
    assert_eq!(nation("alder-vale-surgery"), Nation::England);
    assert_eq!(nation("nobody-knows"), Nation::Wales);
}

#[test]
fn practices_and_areas_are_found() {
    let directory = shipped();
    let (service, practice) = directory.practice(&"beauchamp-street".parse().unwrap()).unwrap();
    assert_eq!(service.id.as_str(), "alder-vale");
    assert!(practice.names().any(|name| name == "Beecham Street"));
    assert!(!directory.practices().any(|(_, practice)| practice.names().any(|name| name.contains("Patel"))));
    let around = |postcode: &str| directory.service_around(&postcode.parse().unwrap()).map(|s| s.id.as_str());
    assert_eq!(around("ze97 9zz"), Some("dyffryn-gwern"));
    assert_eq!(around("BN1 1AA"), None);
    assert_eq!(directory.areas().into_iter().collect::<Vec<_>>(), ["ZE96", "ZE97", "ZE98", "ZE99"]);
}

#[test]
fn an_unknown_nation_gets_only_the_numbers_that_are_the_same_everywhere() {
    let directory = shipped();
    let number =
        |id: &str, nation| directory.helpline(&id.parse().unwrap(), nation).map(|h| h.number.as_str());
    assert_eq!(number("samaritans", None), Some("116 123"));
    assert_eq!(number("nhs-111", None), None);
    assert_eq!(number("nhs-111", Some(Nation::Scotland)), Some("111"));
    assert_eq!(number("nhs-111", Some(Nation::NorthernIreland)), None);
    assert_eq!(number("lifeline", Some(Nation::NorthernIreland)), Some("0808 808 8000"));
    assert_eq!(number("domestic-abuse", Some(Nation::Wales)), Some("0808 80 10 800"));
    assert_eq!(number("domestic-abuse", None), None);
    let everywhere: Vec<&str> = directory.helplines(None).into_keys().map(HelplineId::as_str).collect();
    assert_eq!(everywhere, ["childline", "emergency", "nspcc", "papyrus", "samaritans", "shout"]);
}

#[test]
fn a_service_is_open_in_london_time_and_closed_on_bank_holidays() {
    let directory = shipped();
    let service = directory.service_texted("");
    for (time, open) in [
        // Winter: London is UTC.
        ("2026-11-23T09:00:00Z", true),
        ("2026-11-23T08:59:59Z", false),
        ("2026-11-23T17:00:00Z", false),
        // Summer: London is an hour ahead.
        ("2026-06-01T08:00:00Z", true),
        ("2026-06-01T16:00:00Z", false),
        // A Sunday, and Boxing Day's substitute.
        ("2026-11-22T12:00:00Z", false),
        ("2026-12-28T12:00:00Z", false),
    ] {
        assert_eq!(directory.is_open(service, at(time)), open, "{time}");
    }
}

#[test]
fn the_next_opening_skips_weekends_and_bank_holidays() {
    let directory = shipped();
    let service = directory.service_texted("");
    for (from, opens) in [
        ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z"),
        ("2026-11-23T06:00:00Z", "2026-11-23T09:00:00Z"),
        ("2026-11-20T16:30:00Z", "2026-11-23T09:00:00Z"),
        ("2026-12-24T19:00:00Z", "2026-12-29T09:00:00Z"),
        ("2026-03-28T12:00:00Z", "2026-03-30T08:00:00Z"),
    ] {
        assert_eq!(directory.next_open(service, at(from)), Some(at(opens)), "{from}");
    }
}

#[test]
fn a_promise_counts_working_days_of_the_services_nation() {
    let directory = shipped();
    let (english, welsh) =
        (directory.service_texted("+447700900101"), directory.service_texted("+447700900202"));
    assert_eq!(directory.promised(english, at("2026-11-20T12:00:00Z")), day("2026-11-24"));
    assert_eq!(directory.promised(english, at("2026-11-22T02:00:00Z")), day("2026-11-24"));
    assert_eq!(directory.promised(welsh, at("2026-12-24T12:00:00Z")), day("2026-12-31"));
    // Half past eleven at night in UTC is the next day in a British summer.
    assert_eq!(directory.promised(english, at("2026-06-01T23:30:00Z")), day("2026-06-04"));
}

#[test]
fn working_days_are_counted_back_over_weekends_and_holidays() {
    let directory = shipped();
    for (from, count, before) in [
        ("2026-11-23", 1, "2026-11-20"),
        ("2026-11-22", 1, "2026-11-20"),
        ("2026-12-30", 2, "2026-12-24"),
        ("2026-11-20", 5, "2026-11-13"),
    ] {
        let found = directory.holidays().working_days_before(day(from), count, Nation::England);
        assert_eq!(found, day(before), "{count} before {from}");
    }
}

#[test]
fn the_nations_have_holidays_of_their_own() {
    let directory = shipped();
    let holidays = directory.holidays();
    for (date, nation, holiday) in [
        ("2026-04-06", Nation::England, true),
        ("2026-04-06", Nation::Scotland, false),
        ("2026-11-30", Nation::Scotland, true),
        ("2026-11-30", Nation::Wales, false),
        ("2027-07-12", Nation::NorthernIreland, true),
        ("2027-07-12", Nation::England, false),
        ("2027-01-04", Nation::Scotland, true),
        ("2028-01-03", Nation::England, true),
        ("2028-01-04", Nation::England, false),
    ] {
        assert_eq!(holidays.is_holiday(day(date), nation), holiday, "{date} {nation:?}");
    }
    assert_eq!(holidays.last_day(), Some(day("2028-12-26")));
}

#[test]
fn an_author_sees_everything_that_is_wrong_with_a_service() {
    let services = "\
services:
  - id: alder-vale
    name: Alder Vale
    phone: 01632 960101
    nation: england
    numbers: [\"07700 900101\"]
    conversations: []
    open: { mondy: 09:00 to 17:00, tuesday: 17:00 to 9:00 }
    reply within: soon
    area: [ze98]
";
    let (directory, problems) = read(services, HELPLINES, "2026-11-22");
    assert!(directory.is_none());
    let seen: Vec<String> = problems
        .iter()
        .filter(|problem| problem.file == "services.yaml")
        .map(|problem| {
            format!("{}:{} {} | {}", problem.line, problem.column, problem.message, problem.remedy)
        })
        .collect();
    assert_eq!(
        seen,
        [
            "7:20 no conversation is offered | Name at least one: the first is the default.",
            "8:13 unknown key `mondy` | Did you mean `monday`?",
            "8:45 `17:00 to 9:00` are not hours | Write `09:00 to 17:00`, the earlier time first.",
            "8:11 the service is never open | Write at least one day, such as `monday: 09:00 to 17:00`.",
            "9:19 `soon` is no number of working days | Write `2 working days`, from 1 to 20.",
            "2:5 nobody is told when a text raises a concern | Write `duty:` with its `steps:`, who is told after how long; docs/format.md shows one.",
            "10:12 `ze98` is not the first half of a postcode | Write it in capitals, such as BN1.",
            "6:15 `07700 900101` is not a number that can be texted | Write it with + and the country, such as \"+447700900101\", or as a short code.",
        ]
    );
}

#[test]
fn no_id_number_or_bot_stands_twice() {
    let twice = SERVICES
        .replace("dyffryn-gwern", "alder-vale")
        .replace("+447700900202", "+447700900101")
        .replace("ysgubor-wen", "quayside");
    let (directory, problems) = read(&twice, HELPLINES, "2026-11-22");
    assert!(directory.is_none());
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    for message in [
        "another service is called `alder-vale` too",
        "another number is called `+447700900101` too",
        "another practice is called `quayside` too",
    ] {
        assert!(messages.contains(&message), "{messages:?}");
    }
    let helplines = HELPLINES.replace("id: papyrus", "id: samaritans");
    assert!(read(SERVICES, &helplines, "2026-11-22").0.is_none());
}

/// The shipped services with the duty of the first one put otherwise.
fn with_duty(duty: &str) -> (Option<Directory>, Problems) {
    let (before, rest) = SERVICES.split_once("    duty:\n").unwrap();
    let (_, after) = rest.split_once("    # The first half").unwrap();
    read(&format!("{before}{duty}    # The first half{after}"), HELPLINES, "2026-11-22")
}

fn due(directory: &Directory, step: usize, raised: &str) -> Timestamp {
    let service = directory.service_texted("+447700900101");
    let step = service.duty.as_ref().unwrap().steps[step];
    directory.duty_due(service, &step, at(raised)).unwrap()
}

#[test]
fn each_step_of_the_duty_counts_every_hour_or_opening_hours_only() {
    let directory = shipped();
    // A Sunday at night: the leads are told at once, who is told in opening hours on Monday.
    assert_eq!(due(&directory, 0, "2026-11-22T02:00:00Z"), at("2026-11-22T02:00:00Z"));
    assert_eq!(due(&directory, 1, "2026-11-22T02:00:00Z"), at("2026-11-22T02:05:00Z"));
    assert_eq!(due(&directory, 2, "2026-11-22T02:00:00Z"), at("2026-11-23T09:15:00Z"));
    // Ten minutes are left of Friday, five come on Monday.
    assert_eq!(due(&directory, 2, "2026-11-20T16:20:00Z"), at("2026-11-23T09:05:00Z"));
    // Christmas is no opening hour.
    assert_eq!(due(&directory, 2, "2026-12-24T22:00:00Z"), at("2026-12-29T09:15:00Z"));
}

#[test]
fn quiet_hours_end_in_the_morning_of_london_and_hold_at_no_time_where_nothing_is_said() {
    let directory = shipped();
    let quiet = |when| directory.quiet_until(directory.service_texted("+447700900101"), at(when));
    assert_eq!(quiet("2026-11-22T20:59:59Z"), None);
    assert_eq!(quiet("2026-11-22T21:00:00Z"), Some(at("2026-11-23T08:00:00Z")));
    assert_eq!(quiet("2026-11-23T07:59:00Z"), Some(at("2026-11-23T08:00:00Z")));
    assert_eq!(quiet("2026-11-23T08:00:00Z"), None);
    // In summer London is an hour ahead; on the night on which its clocks change the end is that of the new time.
    assert_eq!(quiet("2026-06-22T20:30:00Z"), Some(at("2026-06-23T07:00:00Z")));
    assert_eq!(quiet("2026-10-24T22:00:00Z"), Some(at("2026-10-25T08:00:00Z")));
    let (by_day, problems) =
        read(&SERVICES.replace("21:00 to 08:00", "12:00 to 13:00"), HELPLINES, "2026-11-22");
    assert!(!problems.has_errors(), "{problems}");
    let by_day = by_day.unwrap();
    let at_noon = |when| by_day.quiet_until(by_day.service_texted("+447700900101"), at(when));
    assert_eq!(at_noon("2026-11-22T12:30:00Z"), Some(at("2026-11-22T13:00:00Z")));
    assert_eq!((at_noon("2026-11-22T11:59:00Z"), at_noon("2026-11-22T23:00:00Z")), (None, None));
    let (never, _) =
        read(&SERVICES.replace("    quiet hours: 21:00 to 08:00\n", ""), HELPLINES, "2026-11-22");
    let never = never.unwrap();
    assert_eq!(never.quiet_until(never.service_texted("+447700900101"), at("2026-11-22T23:00:00Z")), None);
    for wrong in ["late", "21:00 to 21:00", "9 to 8"] {
        let (directory, problems) = read(&SERVICES.replace("21:00 to 08:00", wrong), HELPLINES, "2026-11-22");
        assert!(directory.is_none() && problems.to_string().contains("are not hours"), "{wrong}: {problems}");
    }
}

#[test]
fn a_service_without_a_duty_is_warned_of() {
    let (directory, problems) = with_duty("");
    assert!(directory.is_some());
    assert!(problems.iter().any(|problem| problem.rule == "no-duty"), "{problems}");
}

#[test]
fn a_wrong_duty_is_told_with_its_line() {
    for (duty, expected) in [
        ("    duty: {steps: []}\n", "nobody is told of a concern"),
        ("    duty: {steps: [{who: the vicar, after: at once}]}\n", "the vicar"),
        ("    duty: {steps: [{who: everybody, after: soon}]}\n", "`soon` is not a length of time"),
        ("    duty: {steps: [{who: everybody, after: 3 weeks}]}\n", "`3 weeks` is too late"),
        ("    duty: {steps: [{who: everybody}]}\n", "`after` is missing"),
        ("    duty: {signed on for: 3 days, steps: [{who: everybody, after: at once}]}\n", "for so long"),
        (
            "    duty: {steps: [{who: duty leads, after: 5 minutes}, {who: everybody, after: at once}]}\n",
            "`at once` is sooner than the step before",
        ),
    ] {
        let (directory, problems) = with_duty(duty);
        assert!(directory.is_none(), "{duty}");
        let found =
            problems.iter().any(|problem| problem.message.contains(expected) && !problem.remedy.is_empty());
        assert!(found, "{duty}: {problems}");
    }
}

#[test]
fn a_letter_in_a_phone_number_is_refused_with_its_line() {
    let services = SERVICES.replacen("phone: 01632 960101", "phone: 01632 96O101", 1);
    let helplines = HELPLINES.replacen("number: 0800 1111", "number: 0800 IIII", 1);
    let (directory, problems) = read(&services, &helplines, "2026-11-22");
    assert!(directory.is_none());
    let told: Vec<String> = problems.errors().iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{problems}");
    assert!(
        told[0].contains("`01632 96O101` is not a number") && told[0].contains("`O` cannot be dialled"),
        "{problems}"
    );
    let line = 1 + helplines.lines().position(|line| line.contains("0800 IIII")).unwrap();
    assert!(told[1].starts_with(&format!("helplines.yaml:{line}:")), "{problems}");
}
