//! The tables as they are, read without any code of ours.

use sqlx::AssertSqlSafe;
use sqlx::Connection;
use sqlx::PgConnection;
use sqlx::SqliteConnection;
use uuid::Uuid;

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

    /// What the tables say of the texts of people and to people.
    pub async fn tables(&self) -> Tables {
        const SQL: &str = "SELECT id, state, sequence, escalated_at IS NOT NULL FROM outbox";
        let rows: Vec<(Uuid, String, i64, bool)> = if self.0.starts_with("sqlite") {
            let mut conn = SqliteConnection::connect(&self.0).await.expect("the database");
            sqlx::query_as(SQL).fetch_all(&mut conn).await.expect("the outbox")
        } else {
            let mut conn = PgConnection::connect(&self.0).await.expect("the database");
            sqlx::query_as(SQL).fetch_all(&mut conn).await.expect("the outbox")
        };
        let row = |(text, state, sequence, human_called)| Row { text, state, sequence, human_called };
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
