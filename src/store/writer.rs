//! The only way to write: a story that runs in one durable transaction which nobody can cancel.
//!
//! Invariant: whoever is told that a story is done, is told after the COMMIT; a caller who stops waiting changes
//! nothing (a cancelled `begin` poisons a PostgreSQL connection in sqlx 0.9.0, and web handlers are cancelled when the
//! client goes away).

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::ConnectOptions;
use sqlx::PgPool;
use sqlx::raw_sql;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::sync::Semaphore;
use tokio::sync::mpsc;
use tokio::sync::oneshot;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::keys::Keys;
use crate::store::tx::Connection;
use crate::store::tx::Tx;

/// More than this cannot be written within the 15 seconds that Twilio waits for its webhook.
const MOST_WAITING: usize = 2_000;
/// One fsync for this many stories; more gains little and makes the first wait.
const MOST_TOGETHER: usize = 128;
/// A conflict is resolved by the second try nearly always.
const TRIES: u32 = 5;
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);
/// A caller waits no longer for an answer; the story may still be done.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A story: may run again, so it has no effect outside its transaction.
type Story = Box<dyn for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<(), StoreError>> + Send + Sync>;

type Answer = Result<(), StoreError>;

/// A story and whoever waits for it.
struct Queued {
    story: Story,
    answer: oneshot::Sender<Answer>,
}

/// What writes.
pub(super) struct Writer {
    kind: Kind,
    tasks: TaskTracker,
    /// Rings after each commit.
    bell: watch::Sender<()>,
}

enum Kind {
    /// One task takes what has queued up, and commits it together.
    Sqlite(Mutex<Option<mpsc::Sender<Queued>>>),
    /// One task per story.
    Postgres { pool: PgPool, keys: Arc<Keys>, places: Arc<Semaphore> },
}

impl Writer {
    pub(super) fn sqlite(options: SqliteConnectOptions, keys: Arc<Keys>) -> Self {
        let (sender, queue) = mpsc::channel(MOST_WAITING);
        let tasks = TaskTracker::new();
        tasks.spawn(write_all(options, keys, queue));
        Self { kind: Kind::Sqlite(Mutex::new(Some(sender))), tasks, bell: watch::Sender::default() }
    }

    pub(super) fn postgres(pool: PgPool, keys: Arc<Keys>) -> Self {
        Self {
            kind: Kind::Postgres { pool, keys, places: Arc::new(Semaphore::new(MOST_WAITING)) },
            tasks: TaskTracker::new(),
            bell: watch::Sender::default(),
        }
    }

    pub(super) fn bell(&self) -> watch::Receiver<()> {
        self.bell.subscribe()
    }

    pub(super) async fn write<T, F>(&self, story: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, StoreError>> + Send + Sync + 'static,
    {
        let told = Arc::new(Mutex::new(None));
        let (answer, waiting) = oneshot::channel();
        self.enqueue(Queued { story: tell_into(Arc::clone(&told), story), answer })?;
        // A lost answer means that the program is stopping, or was too slow: the story may have been done.
        let answer = tokio::time::timeout(LONGEST_WAIT, waiting).await;
        answer.map_err(|_| StoreError::Away(None))?.map_err(|_| StoreError::Away(None))??;
        self.bell.send_replace(());
        let value = told.lock().unwrap_or_else(PoisonError::into_inner).take();
        value.ok_or(StoreError::Refused(None))
    }

    fn enqueue(&self, queued: Queued) -> Result<(), StoreError> {
        match &self.kind {
            Kind::Sqlite(sender) => {
                let sender = sender.lock().unwrap_or_else(PoisonError::into_inner);
                let open = sender.as_ref().ok_or(StoreError::Away(None))?;
                open.try_send(queued).map_err(|refused| match refused {
                    mpsc::error::TrySendError::Full(_) => StoreError::Busy,
                    mpsc::error::TrySendError::Closed(_) => StoreError::Away(None),
                })
            }
            Kind::Postgres { pool, keys, places } => {
                if self.tasks.is_closed() {
                    return Err(StoreError::Away(None));
                }
                let place = Arc::clone(places).try_acquire_owned().map_err(|_| StoreError::Busy)?;
                let (pool, keys) = (pool.clone(), Arc::clone(keys));
                self.tasks.spawn(async move {
                    let answer = write_one(&pool, &keys, &queued.story).await;
                    drop(place);
                    // Nobody waits any more: the story is done all the same.
                    let _ = queued.answer.send(answer);
                });
                Ok(())
            }
        }
    }

    /// Takes nothing new, and waits until everything that was taken is done.
    pub(super) async fn close(&self) {
        self.tasks.close();
        if let Kind::Sqlite(sender) = &self.kind {
            sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
        self.tasks.wait().await;
    }
}

/// The same story, that leaves what it tells where the caller looks for it.
fn tell_into<T, F>(told: Arc<Mutex<Option<T>>>, story: F) -> Story
where
    T: Send + 'static,
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, StoreError>> + Send + Sync + 'static,
{
    Box::new(move |tx| {
        let telling = story(tx);
        let told = Arc::clone(&told);
        async move {
            let value = telling.await?;
            *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
            Ok(())
        }
        .boxed()
    })
}

/// Runs a story once. A story that panics fails alone.
async fn tell(story: &Story, tx: &mut Tx) -> Answer {
    let telling = AssertUnwindSafe(async { story(tx).await });
    telling.catch_unwind().await.unwrap_or(Err(StoreError::Refused(None)))
}

/// PostgreSQL: one story, again where somebody else was quicker.
async fn write_one(pool: &PgPool, keys: &Arc<Keys>, story: &Story) -> Answer {
    let mut tries = 1;
    loop {
        match try_once(pool, keys, story).await {
            Err(StoreError::Conflict) if tries < TRIES => {
                tries += 1;
                tokio::time::sleep(pause(keys)).await;
            }
            answer => return answer,
        }
    }
}

fn pause(keys: &Keys) -> Duration {
    let random = u32::from_le_bytes(keys.randomness.bytes());
    let spread = LONGEST_PAUSE - SHORTEST_PAUSE;
    SHORTEST_PAUSE + spread.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

async fn try_once(pool: &PgPool, keys: &Arc<Keys>, story: &Story) -> Answer {
    let conn = pool.acquire().await?;
    let mut tx = Tx::on(Connection::Postgres(conn), Arc::clone(keys));
    run(&mut tx, "BEGIN").await?;
    let told = match tell(story, &mut tx).await {
        Ok(()) => tx.keep_keys().await,
        Err(error) => Err(error),
    };
    match told {
        // A COMMIT after a statement that failed rolls back and says nothing; the SELECT before it fails then.
        Ok(()) => run(&mut tx, "SELECT 1; COMMIT").await,
        Err(error) => {
            // Where this fails too, `after_release` finds out and drops the connection.
            let _ = run(&mut tx, "ROLLBACK").await;
            Err(error)
        }
    }
}

/// SQLite: takes whatever has queued up while the last commit ran, until nobody can ask any more.
async fn write_all(options: SqliteConnectOptions, keys: Arc<Keys>, mut queue: mpsc::Receiver<Queued>) {
    let mut open = None;
    let mut batch = Vec::with_capacity(MOST_TOGETHER);
    while 0 < queue.recv_many(&mut batch, MOST_TOGETHER).await {
        let answers = match connected(&mut open, &options, &keys).await {
            Ok(tx) => write_together(tx, &batch).await,
            Err(error) => Err(error),
        };
        if answers.is_err() {
            // The connection may be in any state (disk full, file gone): the next batch gets a new one.
            open = None;
        }
        for (at, queued) in batch.drain(..).enumerate() {
            let answer = match &answers {
                Ok(answers) => answers[at].clone(),
                Err(error) => Err(error.clone()),
            };
            // Nobody waits any more: the story is done all the same.
            let _ = queued.answer.send(answer);
        }
    }
    if let Some(tx) = open {
        tx.close().await;
    }
}

async fn connected<'a>(
    open: &'a mut Option<Tx>,
    options: &SqliteConnectOptions,
    keys: &Arc<Keys>,
) -> Result<&'a mut Tx, StoreError> {
    match open {
        Some(tx) => Ok(tx),
        None => {
            let conn = options.connect().await?;
            Ok(open.insert(Tx::on(Connection::Sqlite(conn), Arc::clone(keys))))
        }
    }
}

/// Commits all stories together, each in a savepoint of its own. An error means that none of them was committed.
async fn write_together(tx: &mut Tx, batch: &[Queued]) -> Result<Vec<Answer>, StoreError> {
    // A deferred transaction that reads and then writes fails with "database is locked" as soon as another writer was
    // quicker, and no timeout helps.
    run(tx, "BEGIN IMMEDIATE").await?;
    let mut answers = Vec::with_capacity(batch.len());
    for queued in batch {
        answers.push(tell_in_savepoint(tx, &queued.story).await?);
    }
    tx.keep_keys().await?;
    run(tx, "COMMIT").await?;
    Ok(answers)
}

/// Runs a story in a savepoint. An error means that the whole transaction is lost, not this story alone.
async fn tell_in_savepoint(tx: &mut Tx, story: &Story) -> Result<Answer, StoreError> {
    let mut tries = 1;
    loop {
        let keys_before = tx.fresh_keys();
        run(tx, "SAVEPOINT story").await?;
        let told = tell(story, tx).await;
        match &told {
            Ok(()) => {}
            // SQLite may have rolled back everything by itself, and a savepoint outside a transaction would commit.
            Err(error) if error.is_away() => return Err(error.clone()),
            Err(_) => {
                tx.drop_keys_after(keys_before);
                run(tx, "ROLLBACK TO story").await?;
            }
        }
        run(tx, "RELEASE story").await?;
        match told {
            // Nobody else writes meanwhile, but the story may have drawn a number that exists.
            Err(StoreError::Conflict) if tries < TRIES => tries += 1,
            told => return Ok(told),
        }
    }
}

async fn run(tx: &mut Tx, sql: &'static str) -> Answer {
    on!(tx, |conn| raw_sql(sql).execute(conn).await.map(|_| ())?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::domain::message::ChannelKind;
    use crate::domain::message::Handle;
    use crate::domain::time::Timestamp;
    use crate::store::Store;

    async fn open_address(store: &Store, number: u32) -> Answer {
        let now = Timestamp::from_micros(0);
        store
            .write(move |tx| {
                let handle = Handle(number.to_string());
                async move { tx.find_or_open_address(ChannelKind::Sms, &handle, now).await.map(|_| ()) }
                    .boxed()
            })
            .await
    }

    /// A file that may not grow is as good as a full disk; the limit belongs to the writer's connection, so it is gone
    /// with it, as if an administrator had made space.
    #[tokio::test]
    async fn on_a_full_disk_nothing_is_acknowledged_and_nothing_that_was_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new_in(folder.path()).await;
        store.write(|tx| run(tx, "PRAGMA max_page_count = 1").boxed()).await.unwrap();

        let mut acknowledged = Vec::new();
        let full = loop {
            let number = u32::try_from(acknowledged.len()).unwrap();
            assert!(number < 1_000, "the disk was never full");
            match open_address(&store, number).await {
                Ok(()) => acknowledged.push(number),
                Err(error) => break error,
            }
        };
        assert!(full.is_away(), "{full}");
        open_address(&store, 5_000).await.unwrap();
        let mut reader = store.read().await.unwrap();
        for number in acknowledged {
            let handle = Handle(number.to_string());
            assert!(reader.address_of(ChannelKind::Sms, &handle).await.unwrap().is_some(), "{number}");
        }
    }
}
