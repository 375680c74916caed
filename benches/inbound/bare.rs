//! The same SQL as an answer costs, with nothing around it: no HTTP, no engine, no seals, no stories.
//!
//! The grouping is the house's: on SQLite one connection commits together what has queued up meanwhile, on PostgreSQL
//! each answer is a transaction of its own on one of eight connections. `statements` shows what it must equal.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Instant;

use futures_util::StreamExt;
use futures_util::stream;
use sha2::Digest;
use sha2::Sha256;
use sqlx::ConnectOptions;
use sqlx::PgConnection;
use sqlx::PgPool;
use sqlx::SqliteConnection;
use sqlx::postgres::PgPoolOptions;
use sqlx::raw_sql;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::sqlite::SqliteJournalMode;
use sqlx::sqlite::SqliteSynchronous;
use tokio::sync::mpsc;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::ANSWERS;
use crate::CALLERS;
use crate::support::stores::TestStore;

/// The house's own limits: see `store/writer.rs` and `store/database.rs`.
const MOST_TOGETHER: usize = 128;
const CONNECTIONS: u32 = 8;

/// What a person's words, an address, a session and a question weigh when sealed, in bytes.
const HANDLE: [u8; 64] = [7; 64];
const BODY: [u8; 140] = [7; 140];
const STATE: [u8; 1_500] = [7; 1_500];
const QUESTION: [u8; 240] = [7; 240];
/// Any time; everything that is counted lies behind it.
const NOW: i64 = 1_780_000_000_000_000;
const HOUR: i64 = 3_600_000_000;

const FIND_ADDRESS: &str =
    "SELECT id, channel, handle_sealed, textable, opted_out FROM address WHERE lookup = $1";
const NEXT_SEQUENCE: &str = "UPDATE address SET sequence = sequence + 1 WHERE id = $1 RETURNING sequence";
const NOTE: &str = "
    INSERT INTO inbound (id, channel, provider_lookup, address, sequence, service, kind, network,
                         sealed_for, body_sealed, sent_at, received_at, provider_id_sealed)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $4, $9, $10, $11, $12)
    ON CONFLICT (channel, provider_lookup) DO NOTHING";
const FIND_PERSON: &str = "
    SELECT p.id, p.service, p.language, p.speaks_sealed, p.hold, p.texts_unsafe
      FROM person p JOIN person_address pa ON pa.person = p.id
     WHERE pa.address = $1
     ORDER BY pa.last_used_at DESC, p.id DESC LIMIT 1";
const NOTE_USED: &str = "
    INSERT INTO person_address (person, address, last_used_at) VALUES ($1, $2, $3)
    ON CONFLICT (person, address) DO UPDATE SET last_used_at = excluded.last_used_at";
const COUNT_HEARD: &str = "SELECT COUNT(*) FROM inbound WHERE address = $1 AND $2 <= received_at";
const COUNT_SAID: &str = "
    SELECT COUNT(*) FILTER (WHERE purpose = 'safety') AS safety,
           COUNT(*) FILTER (WHERE purpose <> 'safety') AS other
      FROM outbox
     WHERE address = $1 AND $2 <= created_at AND author IN ('bot', 'system')";
const FIND_SESSION: &str = "
    SELECT id, person, address, service, version, state_sealed
      FROM session
     WHERE person = $1 AND channel = $2 AND status = 'live' AND state_sealed IS NOT NULL";
const FIND_REFERRAL: &str = "
    SELECT id, reference, person, service, practice, status, owner, version, reply_due, waiting_since,
           opened_at, promised_on, updated_at, closed_at, ending
      FROM referral WHERE person = $1 AND closed_at IS NULL";
const PLACE: &str =
    "UPDATE inbound SET person = $1, session = $2, sealed_for = $1, body_sealed = $3 WHERE id = $4";
const SAVE_SESSION: &str = "
    UPDATE session
       SET revision = $1, status = $2, version = version + 1, state_sealed = $3, heard_at = $4, ended_at = $5
     WHERE id = $6 AND version = $7";
const APPEND: &str = "
    INSERT INTO outbox (id, address, sequence, person, session, referral, author, purpose, urgency,
                        message_keys, sealed_for, body_sealed, parts, state, due_at, expires_at, attempts,
                        created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'ready', $14, $15, 0, $16)";
const SUPERSEDE: &str =
    "DELETE FROM deadline WHERE session = $1 AND kind = $2 AND sequence < $3 AND NOT done";
const SET_DEADLINE: &str =
    "INSERT INTO deadline (id, session, kind, due_at, sequence, done) VALUES ($1, $2, $3, $4, $5, $6)";

/// One answer of one person.
#[derive(Clone, Copy)]
struct Answer {
    person: u32,
    /// Which answer of the person it is, over all rounds.
    number: i64,
}

impl Answer {
    fn id(self, table: u128) -> Uuid {
        let number = u128::from(self.number.unsigned_abs());
        Uuid::from_u128(table << 120 | number << 64 | u128::from(self.person))
    }

    fn person(self, table: u128) -> Uuid {
        Answer { number: 0, ..self }.id(table)
    }

    fn lookup(self, purpose: &str) -> Vec<u8> {
        Sha256::digest(format!("{purpose} {} {}", self.person, self.number)).to_vec()
    }

    fn address_lookup(self) -> Vec<u8> {
        Answer { number: 0, ..self }.lookup("address")
    }
}

/// Everything an answer costs, on this kind of connection; and what must be there before the first.
macro_rules! sql_of_an_answer {
    ($module:ident, $conn:ty) => {
        mod $module {
            use super::*;

            pub async fn move_in(conn: &mut $conn, person: Answer) {
                let (address, own) = (person.person(1), person.person(2));
                sqlx::query("INSERT INTO address (id, channel, lookup, handle_sealed, textable, opted_out, sequence, created_at) VALUES ($1, 'sms', $2, $3, $4, $5, 0, $6)")
                    .bind(address).bind(person.address_lookup()).bind(HANDLE.as_slice()).bind(true).bind(false).bind(NOW)
                    .execute(&mut *conn).await.expect("an address");
                sqlx::query("INSERT INTO person (id, service, language, hold, texts_unsafe, created_at) VALUES ($1, 'alder-vale', 'en-GB', $2, $2, $3)")
                    .bind(own).bind(false).bind(NOW)
                    .execute(&mut *conn).await.expect("a person");
                sqlx::query(NOTE_USED).bind(own).bind(address).bind(NOW).execute(&mut *conn).await.expect("used");
                sqlx::query("INSERT INTO session (id, person, address, channel, service, conversation, revision, status, version, state_sealed, started_at, heard_at) VALUES ($1, $2, $3, 'sms', 'alder-vale', 'what-matters', 'r', 'live', 1, $4, $5, $5)")
                    .bind(person.person(3)).bind(own).bind(address).bind(STATE.as_slice()).bind(NOW)
                    .execute(&mut *conn).await.expect("a session");
            }

            pub async fn answer(conn: &mut $conn, answer: Answer) -> Result<(), sqlx::Error> {
                let (address, person, session) = (answer.person(1), answer.person(2), answer.person(3));
                let (inbound, now) = (answer.id(4), NOW + answer.number);
                sqlx::query(FIND_ADDRESS).bind(answer.address_lookup()).fetch_one(&mut *conn).await?;
                let sequence: i64 = sqlx::query_scalar(NEXT_SEQUENCE).bind(address).fetch_one(&mut *conn).await?;
                sqlx::query(NOTE).bind(inbound).bind("sms").bind(answer.lookup("inbound")).bind(address).bind(sequence)
                    .bind("alder-vale").bind("text").bind(None::<&str>).bind(BODY.as_slice()).bind(None::<i64>).bind(now)
                    .bind(HANDLE.as_slice())
                    .execute(&mut *conn).await?;
                sqlx::query(FIND_PERSON).bind(address).fetch_one(&mut *conn).await?;
                sqlx::query(NOTE_USED).bind(person).bind(address).bind(now).execute(&mut *conn).await?;
                sqlx::query(COUNT_HEARD).bind(address).bind(now - HOUR).fetch_one(&mut *conn).await?;
                sqlx::query(COUNT_SAID).bind(address).bind(now - HOUR).fetch_one(&mut *conn).await?;
                sqlx::query(FIND_SESSION).bind(person).bind("sms").fetch_one(&mut *conn).await?;
                sqlx::query(FIND_REFERRAL).bind(person).fetch_optional(&mut *conn).await?;
                sqlx::query(PLACE).bind(person).bind(session).bind(BODY.as_slice()).bind(inbound).execute(&mut *conn).await?;
                let saved = sqlx::query(SAVE_SESSION).bind("r").bind("live").bind(STATE.as_slice()).bind(now).bind(None::<i64>)
                    .bind(session).bind(answer.number).execute(&mut *conn).await?;
                assert_eq!(saved.rows_affected(), 1, "the session is where the last answer left it");
                for (kind, table) in [("remind", 5), ("close", 6)] {
                    sqlx::query(SUPERSEDE).bind(session).bind(kind).bind(answer.number).execute(&mut *conn).await?;
                    sqlx::query(SET_DEADLINE).bind(answer.id(table)).bind(session).bind(kind).bind(now + HOUR)
                        .bind(answer.number).bind(false).execute(&mut *conn).await?;
                }
                let sequence: i64 = sqlx::query_scalar(NEXT_SEQUENCE).bind(address).fetch_one(&mut *conn).await?;
                sqlx::query(APPEND).bind(answer.id(7)).bind(address).bind(sequence).bind(person).bind(session)
                    .bind(None::<Uuid>).bind("bot").bind("answer").bind(2_i16).bind("name").bind(person)
                    .bind(QUESTION.as_slice()).bind(1_i16).bind(now).bind(Some(now + HOUR)).bind(now)
                    .execute(&mut *conn).await?;
                Ok(())
            }
        }
    };
}
sql_of_an_answer!(on_sqlite, SqliteConnection);
sql_of_an_answer!(on_postgres, PgConnection);

type Queued = (Answer, oneshot::Sender<()>);

/// The bare loop on a database.
pub struct Bare {
    people: u32,
    kind: Kind,
    largest_group: Arc<AtomicUsize>,
}

enum Kind {
    Sqlite(mpsc::Sender<Queued>),
    Postgres(PgPool),
}

impl Bare {
    /// Moves people in for as many rounds as there are.
    pub async fn on(store: &TestStore, people: u32) -> Self {
        let url = store.settings.database_url.as_str();
        let largest_group = Arc::new(AtomicUsize::new(1));
        let kind = if url.starts_with("sqlite") {
            let options = SqliteConnectOptions::from_str(url).expect("an address");
            let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
            let conn = options.foreign_keys(true).connect().await.expect("a file");
            let (sender, queue) = mpsc::channel(2_000);
            tokio::spawn(write_all(conn, queue, Arc::clone(&largest_group)));
            Kind::Sqlite(sender)
        } else {
            Kind::Postgres(
                PgPoolOptions::new().max_connections(CONNECTIONS).connect(url).await.expect("a server"),
            )
        };
        Self { people, kind, largest_group }
    }

    /// One round: fresh people move in, and everybody answers as often as at the real server; says how many a second.
    pub async fn tell(&self, round: u32) -> f64 {
        let people: Vec<u32> = (round * self.people..(round + 1) * self.people).collect();
        for person in &people {
            self.write(Answer { person: *person, number: 0 }).await;
        }
        let each = people.len() / usize::try_from(CALLERS).expect("a few");
        let begun = Instant::now();
        stream::iter(people.chunks(each)).for_each_concurrent(None, |own| self.call(own)).await;
        (people.len() * ANSWERS.len()) as f64 / begun.elapsed().as_secs_f64()
    }

    /// The most answers that were committed together.
    pub fn largest_group(&self) -> usize {
        self.largest_group.load(Ordering::Relaxed)
    }

    async fn call(&self, people: &[u32]) {
        for number in (1..).take(ANSWERS.len()) {
            for person in people {
                self.write(Answer { person: *person, number }).await;
            }
        }
    }

    /// The number zero moves a person in.
    async fn write(&self, answer: Answer) {
        match &self.kind {
            Kind::Sqlite(sender) => {
                let (done, waiting) = oneshot::channel();
                sender.send((answer, done)).await.expect("a writer");
                waiting.await.expect("written");
            }
            Kind::Postgres(pool) => {
                let mut conn = pool.acquire().await.expect("a connection");
                raw_sql("BEGIN").execute(&mut *conn).await.expect("begun");
                match answer.number {
                    0 => on_postgres::move_in(&mut conn, answer).await,
                    _ => on_postgres::answer(&mut conn, answer).await.expect("written"),
                }
                raw_sql("COMMIT").execute(&mut *conn).await.expect("committed");
            }
        }
    }
}

async fn write_all(
    mut conn: SqliteConnection,
    mut queue: mpsc::Receiver<Queued>,
    largest_group: Arc<AtomicUsize>,
) {
    let mut batch = Vec::new();
    while 0 < queue.recv_many(&mut batch, MOST_TOGETHER).await {
        largest_group.fetch_max(batch.len(), Ordering::Relaxed);
        raw_sql("BEGIN IMMEDIATE").execute(&mut conn).await.expect("begun");
        for (answer, _) in &batch {
            match answer.number {
                0 => on_sqlite::move_in(&mut conn, *answer).await,
                _ => on_sqlite::answer(&mut conn, *answer).await.expect("written"),
            }
        }
        raw_sql("COMMIT").execute(&mut conn).await.expect("committed");
        for (_, done) in batch.drain(..) {
            done.send(()).ok();
        }
    }
}
