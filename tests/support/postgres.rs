//! A throw-away PostgreSQL cluster, one per test process, from the installed binaries.
//!
//! A missing PostgreSQL is a failure, never a skip.

use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::ChildStdin;
use std::process::Command;
use std::process::Stdio;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use sqlx::AssertSqlSafe;
use sqlx::Connection;
use sqlx::Executor;
use sqlx::PgConnection;

/// A cluster on a loop device and a busy machine is slow, but not slower than this.
const LONGEST_START: Duration = Duration::from_secs(60);

/// A running cluster.
pub struct Cluster {
    port: u16,
    folder: PathBuf,
    bin: PathBuf,
    databases: AtomicU32,
    /// Held open for as long as the cluster should run: it stops, and its folder goes, when this process ends in
    /// whatever way and the pipe closes.
    _alive: ChildStdin,
    _shell: Child,
}

/// The cluster of this process.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start)
}

impl Cluster {
    /// A cluster of one's own, for tests that stop it.
    pub fn start() -> Self {
        let bin = binaries();
        let folder = tempfile::Builder::new().prefix("footbridge-pg-").tempdir().expect("a folder").keep();
        let data = folder.join("data");
        if let Some((user, group)) = server_user() {
            chown(&folder, Some(user), Some(group)).expect("giving the folder away");
        }
        let made = as_server_user(&bin.join("initdb"))
            .args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "-D"])
            .arg(&data)
            .current_dir(&folder)
            .output()
            .expect("running initdb");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let mut settings = std::fs::OpenOptions::new()
            .append(true)
            .open(data.join("postgresql.conf"))
            .expect("the settings");
        writeln!(
            settings,
            "listen_addresses = '127.0.0.1'\nport = {port}\nmax_connections = 200\n\
             unix_socket_directories = '{}'",
            folder.display()
        )
        .expect("writing the settings");
        let (shell, alive) = run_while_we_live(&bin, &folder);
        let cluster = Self { port, folder, bin, databases: AtomicU32::new(0), _alive: alive, _shell: shell };
        cluster.wait_until_it_listens();
        cluster
    }

    /// The address of a new, empty database.
    pub async fn new_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::SeqCst));
        let mut conn = PgConnection::connect(&self.url("postgres")).await.expect("the cluster");
        conn.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a database");
        conn.close().await.expect("closing");
        self.url(&name)
    }

    /// Stops the server at once, as a crash would.
    pub fn stop(&self) {
        let stopped = self.pg_ctl(&["stop", "--mode=immediate"]);
        assert!(stopped, "the cluster stops");
    }

    /// Starts it again on the same port.
    pub fn start_again(&self) {
        let log = self.folder.join("log");
        assert!(self.pg_ctl(&["start", "--log", &log.to_string_lossy()]), "the cluster starts");
    }

    fn pg_ctl(&self, arguments: &[&str]) -> bool {
        as_server_user(&self.bin.join("pg_ctl"))
            .arg("-D")
            .arg(self.folder.join("data"))
            .args(arguments)
            .current_dir(&self.folder)
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    fn wait_until_it_listens(&self) {
        let begun = Instant::now();
        let ready = || {
            TcpStream::connect(("127.0.0.1", self.port)).is_ok()
                && Command::new(self.bin.join("pg_isready"))
                    .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])
                    .status()
                    .is_ok_and(|status| status.success())
        };
        while !ready() {
            assert!(begun.elapsed() < LONGEST_START, "PostgreSQL did not start: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

/// A shell that stops the server and removes the folder as soon as its standard input closes.
fn run_while_we_live(bin: &Path, folder: &Path) -> (Child, ChildStdin) {
    const SCRIPT: &str = r#"
        trap '' INT
        "$1/pg_ctl" -D "$2/data" --log "$2/log" start >/dev/null 2>&1
        cat >/dev/null
        "$1/pg_ctl" -D "$2/data" --mode=immediate stop >/dev/null 2>&1
        rm -rf "$2""#;
    let mut shell = as_server_user(Path::new("/bin/sh"))
        .args(["-c", SCRIPT, "sh"])
        .arg(bin)
        .arg(folder)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell");
    let alive = shell.stdin.take().expect("the pipe");
    (shell, alive)
}

/// PostgreSQL refuses to run as root: then it runs as the system's `postgres`.
fn as_server_user(program: &Path) -> Command {
    let mut command = Command::new(program);
    if let Some((user, group)) = server_user() {
        command.uid(user).gid(group);
    }
    command
}

fn server_user() -> Option<(u32, u32)> {
    (id(&["-u"]) == 0).then(|| (id(&["-u", "postgres"]), id(&["-g", "postgres"])))
}

fn id(arguments: &[&str]) -> u32 {
    let output = Command::new("id").args(arguments).output().expect("running id");
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().expect("a user `postgres`, which comes with PostgreSQL's packages")
}

/// Where `initdb` and its siblings are.
fn binaries() -> PathBuf {
    let named = Command::new("pg_config").arg("--bindir").output().ok();
    let named = named.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).chain(named).collect();
    found.retain(|bin| bin.join("initdb").exists());
    found.sort();
    found.pop().expect("PostgreSQL's server (on Debian: apt-get install postgresql)")
}
