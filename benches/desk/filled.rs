//! A database with many cases.
//!
//! What is open, and what was closed last, is made by the store's own functions. What was closed before that is copied
//! from it by SQL, with ids of its own and the same sealed bytes: those are as long as real ones, and nobody opens
//! them, as nobody opens what was closed years ago.

use footbridge::domain::concern::ConcernCategory;
use footbridge::domain::ids::ServiceId;
use footbridge::domain::ids::StaffId;
use footbridge::domain::language::Language;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::message::Content;
use footbridge::domain::message::Inbound;
use footbridge::domain::message::Purpose;
use footbridge::domain::message::Words;
use footbridge::domain::referral::HandOverReason;
use footbridge::domain::referral::LaterReason;
use footbridge::domain::referral::Outcome;
use footbridge::handover::Summary;
use footbridge::store::concern::ConcernWords;
use footbridge::store::concern::NewConcern;
use footbridge::store::error::StoreError;
use footbridge::store::outbox::Author;
use footbridge::store::outbox::Body;
use footbridge::store::outbox::NewText;
use footbridge::store::person::Person;
use footbridge::store::referral::Move;
use footbridge::store::referral::Referral;
use footbridge::store::tx::Tx;
use futures_util::FutureExt;
use serde_json::json;
use sqlx::AssertSqlSafe;
use sqlx::Connection;
use sqlx::Executor;

use crate::support::people::at;
use crate::support::people::mobile;
use crate::support::people::session;
use crate::support::people::text;
use crate::support::stores::TestStore;

pub const SERVICES: [&str; 5] = ["alder-vale", "dyffryn-gwern", "hillside", "moorland", "riverside"];
const PRACTICES: [&str; 4] = ["alder-vale-surgery", "beauchamp-street", "st-oswin", "quayside"];
const FIRST: [&str; 20] = [
    "Joan", "Arthur", "Mair", "Derek", "Aisha", "Tomasz", "Pat", "Gwen", "Olu", "Margaret", "Susan", "Dilys",
    "Imran", "Keith", "Brenda", "Yusuf", "Agnes", "Stan", "Rhian", "Colin",
];
const LAST: [&str; 40] = [
    "Williams", "Ellis", "Khan", "Nowak", "Jones", "Rhys", "Okafor", "Brown", "Patel", "Wilson", "Smith",
    "Taylor", "Davies", "Evans", "Thomas", "Johnson", "Roberts", "Walker", "Wright", "Robinson", "Thompson",
    "White", "Hughes", "Edwards", "Green", "Lewis", "Wood", "Harris", "Martin", "Jackson", "Clarke", "Clark",
    "Turner", "Hill", "Scott", "Cooper", "Morris", "Ward", "Moore", "King",
];
/// With these, some eight thousand people in a hundred thousand have a name of their own kind, and a dozen share each.
const ENDINGS: [&str; 10] = ["", "son", "ley", "ton", "man", "worth", "field", "ford", "by", "wick"];
/// What people write; the last word of each text is as good as nobody else's.
const TEXTS: [&str; 5] = [
    "I have been on my own a lot since Arthur died, and the house is quiet. I used to go to",
    "My daughter lives in Leeds and rings on Sundays. The neighbours come from",
    "My knees are bad, the bus stop has moved and the nearest shop is at",
    "There is a letter about the heating bill that I do not understand. It says",
    "I would like a bit of company, perhaps a garden or a choir. I have heard of",
];
const SYLLABLES: [&str; 12] =
    ["bar", "den", "fol", "gan", "hol", "kin", "lan", "mor", "nes", "pol", "rin", "tav"];
const THEMES: [&str; 5] = ["people", "money", "home", "mind", "health"];
const DAY: i64 = 24 * 3600;
/// So many that names are as different as they are in a town.
const MOST_COPIED: u32 = 5_000;
/// As many cases as one story makes.
const TOGETHER: u32 = 10;

/// Makes the cases: six of a hundred are open, a quarter of these waits, and the rest has ended in the last five years.
pub async fn fill(store: &TestStore, staff: &[StaffId], cases: u32) {
    let (open, ended) = (cases * 6 / 100, (cases / 100).max(50));
    for from in (0..open + ended).step_by(TOGETHER as usize) {
        let staff = staff.to_vec();
        let made = store.write(move |tx| {
            let staff = staff.clone();
            async move {
                for number in from..(from + TOGETHER).min(open + ended) {
                    make(tx, &staff, number, number < open).await?;
                }
                Ok(())
            }
            .boxed()
        });
        made.await.expect("cases");
    }
    copy(&store.settings.database_url, cases - open - ended, MOST_COPIED.min(open + ended)).await;
}

async fn make(tx: &mut Tx, staff: &[StaffId], number: u32, open: bool) -> Result<(), StoreError> {
    let n = number as usize;
    let service: ServiceId = SERVICES[n % SERVICES.len()].parse().expect("a name");
    // The last hundred and fifty days, spread out.
    let began = if open { -(i64::from(number) * 7919 % (150 * DAY)) - DAY } else { -80 * DAY };
    let address = tx.find_or_open_address(ChannelKind::Sms, &mobile(number), at(began)).await?;
    let language = if n % 25 == 3 { "cy".parse().expect("a language") } else { Language::english() };
    let person = tx.open_person(address.id, &service, &language, at(began)).await?;
    let saved = tx.open_session(&person, &address, session(), at(began)).await?;
    let lost = open && n.is_multiple_of(20);
    for turn in 0..5 {
        let said = format!("{} {}", TEXTS[turn as usize], rare_word(number));
        let inbound = Inbound {
            received_at: at(began + turn * 600),
            ..text(&format!("SM{number}-{turn}"), number, &said)
        };
        heard(tx, &person, &inbound, &service).await?;
        let text = NewText {
            address: address.id,
            person: Some(person.id),
            session: Some(saved.id),
            referral: None,
            author: Author::Bot,
            purpose: Purpose::Answer,
            message_keys: if lost && turn == 4 { "lost" } else { "welcome" }.to_owned(),
            body: Body { text: Words("Thank you. What matters to you now?".to_owned()), buttons: Vec::new() },
            parts: 1,
            due_at: at(began + turn * 600 + 2),
        };
        tx.append_text(&text, at(began + turn * 600 + 2)).await?;
    }
    let referral = tx.find_or_open_referral(person.id, &service, at(began + 600)).await?;
    let practice = PRACTICES[n % PRACTICES.len()].parse().expect("a name");
    tx.route_referral(referral.id, Some(&practice), None, at(began + 600)).await?;
    tx.save_handover(&saved, referral.id, HandOverReason::Agreed, &summary(n), at(began + 3_000)).await?;
    tx.make_findable(person.id).await?;
    stand(tx, staff, &referral, number, open.then_some(person)).await
}

async fn heard(tx: &mut Tx, person: &Person, text: &Inbound, service: &ServiceId) -> Result<(), StoreError> {
    let arrival = tx.note_inbound(text, service).await?.ok_or(StoreError::NotFound)?;
    let Content::Text { .. } = &text.content else { return Ok(()) };
    tx.place_inbound(arrival.id, person.id, None, &text.content).await
}

/// A word that stands in the texts of this case, and of those that are copied from it.
pub fn rare_word(number: u32) -> String {
    (0..4).map(|place| SYLLABLES[(number / 12_u32.pow(place) % 12) as usize]).collect()
}

/// Where the case stands now.
async fn stand(
    tx: &mut Tx,
    staff: &[StaffId],
    case: &Referral,
    number: u32,
    open: Option<Person>,
) -> Result<(), StoreError> {
    let owner = staff[number as usize % staff.len()];
    let then = case.opened_at;
    let Some(person) = open else {
        let ended = at(-(i64::from(number) * 7919 % (20 * DAY)) - 1);
        return tx.move_referral(case.id, case.version, Move::Close(Outcome::Connected), ended).await;
    };
    // One of twenty is new, four of twenty wait for a reply, two were put aside, the rest goes on.
    match number % 20 {
        4 => return Ok(()),
        kind => {
            tx.set_owner(case.id, case.version, Some(owner), then).await?;
            tx.move_referral(case.id, case.version + 1, Move::Accept, then).await?;
            match kind {
                5..=8 => tx.mark_reply_due(case.id, then).await?,
                9..=10 => {
                    let aside = (at(30 * DAY), LaterReason::TheirTurn);
                    tx.put_aside(case.id, case.version + 2, aside, owner, then).await?;
                }
                _ => {}
            }
        }
    }
    if number.is_multiple_of(150) {
        tx.raise_concern(&a_concern(&person), then).await?;
    }
    Ok(())
}

fn a_concern(person: &Person) -> NewConcern {
    NewConcern {
        person: person.id,
        session: None,
        inbound: None,
        service: person.service.clone(),
        category: ConcernCategory::Suicide,
        rule: "s2-plain".parse().expect("a name"),
        rules_version: "7".to_owned(),
        words: ConcernWords { text: Words("I want to die".to_owned()), found: 7..13 },
    }
}

/// What a person told: some twenty answers, as the long conversation has them.
fn summary(n: usize) -> Summary {
    let entry = |part: &str, step: String, shown: &str| {
        json!({ "part": part, "step": step, "label": "What matters", "shown": shown, "words": shown,
                "skipped": false })
    };
    let words = "I lost my Arthur in March and the house is that quiet. I used to go dancing on a Thursday.";
    let mut entries: Vec<_> = (0..18)
        .map(|number| entry("strengths", format!("question-{number}"), "I bake and used to teach"))
        .collect();
    entries.insert(0, entry("own-words", "matters".to_owned(), words));
    let theme = |theme: &str| json!({ "theme": theme, "step": "matters", "rule": "lost", "words": "the house is that quiet" });
    let themes = [theme(THEMES[n % THEMES.len()]), theme(THEMES[(n / 5) % THEMES.len()])];
    let (first, last) = (FIRST[n % FIRST.len()], LAST[n / FIRST.len() * 7 % LAST.len()]);
    let name = format!("{first} {last}{}", ENDINGS[n / (FIRST.len() * LAST.len()) % ENDINGS.len()]);
    let summary = json!({ "conversation": "what-matters", "revision": "0123456789abcdef", "reason": "agreed",
        "name": name, "consent": "agreed", "language": "en-GB", "speaks": null, "opening_words": null,
        "entries": entries, "themes": themes });
    serde_json::from_value(summary).expect("a summary")
}

/// What has left has arrived, but for what was lost; and every old case, as a copy of one that is there. What only the one
/// is found by, as a number, is another in each copy.
const COPY: &str = "
    UPDATE outbox SET state = 'sent', sent_at = created_at,
                      delivery = CASE WHEN message_keys = 'lost' THEN 'undelivered' ELSE 'delivered' END;
    CREATE TABLE bench_copy (n BIGINT PRIMARY KEY, template UUID, person UUID, address UUID, session UUID,
                             referral UUID, closed_at BIGINT);
    INSERT INTO bench_copy
        WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {copies}),
             template AS (SELECT person, ROW_NUMBER() OVER (ORDER BY id) AS k FROM referral)
        SELECT n.n, t.person, {uuid}, {uuid}, {uuid}, {uuid}, {now} - CAST(20 * 86400 + n.n * {gap} AS BIGINT) * 1000000
          FROM number n JOIN template t ON t.k = 1 + n.n % {templates};
    INSERT INTO person (id, service, language, hold, texts_unsafe, created_at)
        SELECT c.person, p.service, p.language, p.hold, p.texts_unsafe, c.closed_at - 86400000000
          FROM bench_copy c JOIN person p ON p.id = c.template;
    INSERT INTO address (id, channel, lookup, handle_sealed, textable, opted_out, sequence, created_at)
        SELECT c.address, a.channel, {bytes}, a.handle_sealed, a.textable, a.opted_out, a.sequence, a.created_at
          FROM bench_copy c JOIN person_address pa ON pa.person = c.template JOIN address a ON a.id = pa.address;
    INSERT INTO person_address (person, address, last_used_at)
        SELECT person, address, closed_at FROM bench_copy;
    INSERT INTO session (id, person, address, channel, service, conversation, revision, status, version,
                         state_sealed, started_at, heard_at, ended_at)
        SELECT c.session, c.person, c.address, s.channel, s.service, s.conversation, s.revision, 'completed', 1,
               s.state_sealed, c.closed_at, c.closed_at, c.closed_at
          FROM bench_copy c JOIN session s ON s.person = c.template;
    INSERT INTO referral (id, reference, person, service, practice, status, owner, version, reply_due, opened_at,
                          updated_at, closed_at, ending)
        SELECT c.referral, 'FB-' || CAST(1000000 + c.n AS TEXT), c.person, r.service, r.practice, 'closed', r.owner, 3,
               FALSE, c.closed_at - 5000000000000, c.closed_at, c.closed_at, 'connected'
          FROM bench_copy c JOIN referral r ON r.person = c.template;
    INSERT INTO handover (id, session, referral, person, reason, version, summary_sealed, created_at, updated_at)
        SELECT {uuid}, c.session, c.referral, c.person, h.reason, 1, h.summary_sealed, c.closed_at, c.closed_at
          FROM bench_copy c JOIN handover h ON h.person = c.template;
    INSERT INTO inbound (id, channel, provider_lookup, address, sequence, service, person, kind, sealed_for,
                         body_sealed, received_at, provider_id_sealed)
        SELECT {uuid}, i.channel, {bytes}, c.address, i.sequence, i.service, c.person, i.kind, c.person,
               i.body_sealed, c.closed_at - 4000000000000 + i.sequence, i.provider_id_sealed
          FROM bench_copy c JOIN inbound i ON i.person = c.template;
    INSERT INTO outbox (id, address, sequence, person, author, purpose, urgency, message_keys, sealed_for,
                        body_sealed, parts, state, due_at, attempts, delivery, created_at, sent_at)
        SELECT {uuid}, c.address, o.sequence, c.person, o.author, o.purpose, o.urgency, o.message_keys, c.person,
               o.body_sealed, o.parts, o.state, o.due_at, 1, o.delivery, c.closed_at - 4000000000000 + o.sequence,
               c.closed_at
          FROM bench_copy c JOIN outbox o ON o.person = c.template;
    CREATE TABLE bench_own (hash BYTEA PRIMARY KEY);
    INSERT INTO bench_own SELECT hash FROM search_key GROUP BY hash HAVING COUNT(*) = 1;
    INSERT INTO search_key (hash, person)
        SELECT CASE WHEN o.hash IS NULL THEN k.hash ELSE {bytes} END, c.person
          FROM bench_copy c JOIN search_key k ON k.person = c.template LEFT JOIN bench_own o ON o.hash = k.hash;
    INSERT INTO message_word (hash, written_at, message, kind)
        SELECT w.hash, n.received_at, n.id, w.kind
          FROM bench_copy c JOIN inbound i ON i.person = c.template
          JOIN inbound n ON n.person = c.person AND n.received_at = c.closed_at - 4000000000000 + i.sequence
          JOIN message_word w ON w.message = i.id
         ORDER BY w.hash, n.received_at;
    DROP TABLE bench_own;
    DROP TABLE bench_copy";

async fn copy(url: &str, copies: u32, templates: u32) {
    // Five years.
    let gap = 1805 * 86_400 / copies.max(1);
    let postgres = url.starts_with("postgres");
    let (uuid, bytes) = match postgres {
        true => ("gen_random_uuid()", "decode(md5(random()::text || clock_timestamp()::text), 'hex')"),
        false => ("randomblob(16)", "randomblob(16)"),
    };
    let (now, gap, copies) = (at(0).as_micros().to_string(), gap.to_string(), copies.to_string());
    let sql = COPY.replace("{uuid}", uuid).replace("{bytes}", bytes).replace("{now}", &now);
    let sql = sql.replace("{gap}", &gap).replace("{copies}", &copies);
    let sql = AssertSqlSafe(sql.replace("{templates}", &templates.to_string()));
    if postgres {
        let mut conn = sqlx::PgConnection::connect(url).await.expect("the database");
        conn.execute(sql).await.expect("copies");
        // As PostgreSQL does by itself within a minute.
        conn.execute("VACUUM ANALYZE").await.expect("statistics");
    } else {
        let mut conn = sqlx::SqliteConnection::connect(url).await.expect("the database");
        conn.execute(sql).await.expect("copies");
    }
}
