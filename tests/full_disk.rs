//! A full disk: the server says that it is not ready and acknowledges nothing, and goes on by itself once there is room.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::time::Instant;

use tempfile::TempDir;

use crate::binary::settings;
use crate::binary::text;
use crate::support::fake_twilio::FakeTwilio;
use crate::support::process::Client;
use crate::support::process::Server;
use crate::support::process::footbridge;
use crate::support::rows::Rows;

/// More texts than fit beside the tables.
const MOST_TEXTS: u32 = 3_000;
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The largest file that may be written, in blocks of half a kilobyte: the tables and little more.
const LARGEST_FILE: &str = "4000";

/// A disk with little room.
enum Disk {
    /// A file system of its own in memory, with a file that fills it.
    Small(TempDir),
    /// No file may grow further: where this process may not mount, and in a test of its own in any case.
    Limited(TempDir),
}

impl Disk {
    #[expect(clippy::print_stdout, reason = "whoever reads the outcome must know what was tested")]
    fn small() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"])
            .arg(folder.path())
            .status()
            .is_ok_and(|status| status.success());
        if mounted {
            return Self::Small(folder);
        }
        println!("no file system can be mounted here: a limit on the size of files takes its place");
        Self::Limited(folder)
    }

    fn limited() -> Self {
        Self::Limited(tempfile::tempdir().expect("a folder"))
    }

    fn folder(&self) -> &Path {
        match self {
            Self::Small(folder) | Self::Limited(folder) => folder.path(),
        }
    }

    fn database_url(&self) -> String {
        format!("sqlite://{}", self.folder().join("fb.db").display())
    }

    async fn serve(&self, fake: &FakeTwilio) -> Server {
        let url = self.database_url();
        let serve = footbridge(self.folder(), &["serve"], &settings(fake, &url));
        match self {
            Self::Small(_) => Server::start(serve).await,
            Self::Limited(_) => {
                let mut limited = Command::new("sh");
                // Without a trap the system ends whoever writes too much, which no full disk does.
                let line = format!("trap '' XFSZ; ulimit -S -f {LARGEST_FILE}; exec \"$0\" serve");
                limited.args(["-c", &line]).arg(serve.get_program()).current_dir(self.folder()).env_clear();
                limited.envs(serve.get_envs().filter_map(|(name, value)| Some((name, value?))));
                limited.stdin(std::process::Stdio::null());
                limited.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
                Server::start(limited).await
            }
        }
    }

    /// Takes what room there is.
    fn fill(&self) {
        if let Self::Small(folder) = self {
            let mut ballast = fs::File::create(folder.path().join("ballast")).expect("a file");
            while ballast.write_all(&[0; 4096]).is_ok() {}
        }
    }

    /// An administrator makes room.
    fn make_room(&self, server: &Server) {
        match self {
            Self::Small(folder) => fs::remove_file(folder.path().join("ballast")).expect("removed"),
            Self::Limited(_) => {
                let raised = Command::new("prlimit")
                    .args(["--fsize=unlimited:unlimited", "--pid", &server.id().to_string()])
                    .status();
                assert!(raised.is_ok_and(|status| status.success()), "the limit");
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Self::Small(folder) = self {
            // A folder that stays mounted is no fault of what was tested.
            let _ = Command::new("umount").arg("--lazy").arg(folder.path()).status();
        }
    }
}

async fn until_ready(client: &mut Client, status: u16) {
    let begun = Instant::now();
    while client.get("/readyz").await.status != status {
        assert!(begun.elapsed() < LONGEST_WAIT, "/readyz is not {status}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn phone(number: u32) -> String {
    format!("+4477009{number:05}")
}

async fn runs_full(disk: Disk) {
    let fake = FakeTwilio::start().await;
    fake.keep_time();
    let mut server = disk.serve(&fake).await;
    let mut client = Client::of(&server.base);
    disk.fill();
    let mut acknowledged = 0;
    let full = loop {
        assert!(acknowledged < MOST_TEXTS, "the disk was never full");
        match client.webhook(&text(&format!("SM{acknowledged}"), &phone(acknowledged), "hello")).await {
            Some(200) => acknowledged += 1,
            other => break other,
        }
    };
    assert_eq!(full, Some(503), "{}", server.logs());
    until_ready(&mut client, 503).await;
    assert_eq!(client.get("/healthz").await.status, 200);
    disk.make_room(&server);
    until_ready(&mut client, 200).await;
    // Whoever was turned back comes again, and nobody who was not is lost.
    for number in 0..=acknowledged {
        let again = client.webhook(&text(&format!("SM{number}"), &phone(number), "hello")).await;
        assert_eq!(again, Some(200), "{}", server.logs());
    }
    let rows = Rows(disk.database_url());
    let kept = i64::from(acknowledged) + 1;
    assert_eq!(rows.count("SELECT COUNT(*) FROM inbound").await, kept);
    let begun = Instant::now();
    while rows.count("SELECT COUNT(*) FROM outbox WHERE state = 'sent'").await < kept {
        assert!(begun.elapsed() < 2 * LONGEST_WAIT, "answers are left; {}", server.logs());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(rows.count("SELECT COUNT(*) FROM outbox").await, kept, "each is answered once");
    server.ask_to_stop();
    assert!(server.end().await.success(), "{}", server.logs());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_nothing_is_acknowledged_and_with_room_it_goes_on() {
    runs_full(Disk::small()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_no_file_may_grow_nothing_is_acknowledged_and_with_room_it_goes_on() {
    runs_full(Disk::limited()).await;
}
