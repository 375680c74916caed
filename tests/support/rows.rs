//! The tables as they are, read without any code of ours.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::time::Duration;

use footbridge::domain::ids::AddressId;
use footbridge::domain::ids::PersonId;
use footbridge::domain::message::ChannelKind;
use footbridge::store::Store;
use footbridge::store::thread::SaidWhat;
use sqlx::AssertSqlSafe;
use sqlx::Connection;
use sqlx::PgConnection;
use sqlx::SqliteConnection;
use uuid::Uuid;

use crate::support::fake_telegram::name_of;
use crate::support::journal::Row;
use crate::support::journal::Tables;

/// Every table that a text from outside could put something into.
pub const TABLES_OF_PEOPLE: [&str; 8] =
    ["address", "person", "session", "inbound", "outbox", "referral", "handover", "concern"];

/// A database, by its address.
#[derive(Clone)]
pub struct Rows(pub String);

impl Rows {
    /// What a query that gives one number says.
    pub async fn count(&self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.0.starts_with("sqlite") {
            let mut conn = SqliteConnection::connect(&self.0).await.expect("the database");
            return sqlx::query_scalar(sql).fetch_one(&mut conn).await.expect("a number");
        }
        let mut conn = PgConnection::connect(&self.0).await.expect("the database");
        sqlx::query_scalar(sql).fetch_one(&mut conn).await.expect("a number")
    }

    /// Waits until a query gives this number.
    pub async fn until(&self, sql: &str, number: i64) {
        for _ in 0..1_000 {
            if self.count(sql).await == number {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("not {number}: {sql}");
    }

    /// What a query that gives one column of text says.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.0.starts_with("sqlite") {
            let mut conn = SqliteConnection::connect(&self.0).await.expect("the database");
            return sqlx::query_scalar(sql).fetch_all(&mut conn).await.expect("texts");
        }
        let mut conn = PgConnection::connect(&self.0).await.expect("the database");
        sqlx::query_scalar(sql).fetch_all(&mut conn).await.expect("texts")
    }

    /// Every text that was ever to be sent: its id, the messages that it says, its state.
    pub async fn outbox(&self) -> Vec<(Uuid, String, String)> {
        const SQL: &str = "SELECT id, message_keys, state FROM outbox ORDER BY created_at, sequence";
        if self.0.starts_with("sqlite") {
            let mut conn = SqliteConnection::connect(&self.0).await.expect("the database");
            return sqlx::query_as(SQL).fetch_all(&mut conn).await.expect("the outbox");
        }
        let mut conn = PgConnection::connect(&self.0).await.expect("the database");
        sqlx::query_as(SQL).fetch_all(&mut conn).await.expect("the outbox")
    }

    /// Everybody, by each of their addresses: address, person.
    pub async fn people_by_address(&self) -> Vec<(Uuid, Uuid)> {
        const SQL: &str = "SELECT address, person FROM person_address";
        if self.0.starts_with("sqlite") {
            let mut conn = SqliteConnection::connect(&self.0).await.expect("the database");
            return sqlx::query_as(SQL).fetch_all(&mut conn).await.expect("people");
        }
        let mut conn = PgConnection::connect(&self.0).await.expect("the database");
        sqlx::query_as(SQL).fetch_all(&mut conn).await.expect("people")
    }

    /// What the tables say of the texts of people and to people.
    pub async fn tables(&self) -> Tables {
        const SQL: &str =
            "SELECT id, state, sequence, escalated_at IS NOT NULL, purpose = 'safety' FROM outbox";
        let rows: Vec<(Uuid, String, i64, bool, bool)> = if self.0.starts_with("sqlite") {
            let mut conn = SqliteConnection::connect(&self.0).await.expect("the database");
            sqlx::query_as(SQL).fetch_all(&mut conn).await.expect("the outbox")
        } else {
            let mut conn = PgConnection::connect(&self.0).await.expect("the database");
            sqlx::query_as(SQL).fetch_all(&mut conn).await.expect("the outbox")
        };
        let row = |(text, state, sequence, human_called, safety)| {
            let to = None;
            Row { text, state, sequence, human_called, safety, to }
        };
        let inbound = self.count("SELECT COUNT(*) FROM inbound").await;
        Tables {
            inbound: usize::try_from(inbound).expect("a count"),
            outbox: rows.into_iter().map(row).collect(),
        }
    }

    /// How many rows all the tables of people have together.
    pub async fn people(&self) -> i64 {
        let mut rows = 0;
        for table in TABLES_OF_PEOPLE {
            rows += self.count(&format!("SELECT COUNT(*) FROM {table}")).await;
        }
        rows
    }
}

/// What the tables say, with the texts to chats under the names that they have in Telegram's journal: no request to
/// Telegram bears an id of ours.
pub async fn tables_by_name(rows: &Rows, store: &Store) -> Tables {
    let (mut tables, mut names) = (rows.tables().await, BTreeMap::new());
    for (address, person) in rows.people_by_address().await {
        let mut reader = store.read().await.expect("a reader");
        let address = reader.address(AddressId(address)).await.expect("an address");
        if address.channel != ChannelKind::Telegram {
            continue;
        }
        let chat: i64 = address.handle.0.parse().expect("a chat");
        for said in reader.thread(PersonId(person), 50).await.expect("a thread") {
            if let SaidWhat::Told { id, body: Some(body), .. } = said.what {
                names.insert(id.0, (name_of(chat, &body.text.0), chat.to_string()));
            }
        }
    }
    let different: BTreeSet<Uuid> = names.values().map(|(name, _)| *name).collect();
    assert_eq!(different.len(), names.len(), "nobody is told the same words twice");
    for row in &mut tables.outbox {
        if let Some((name, to)) = names.remove(&row.text) {
            (row.text, row.to) = (name, Some(to));
        }
    }
    tables
}
