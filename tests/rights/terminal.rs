//! The same with the real program: what it asks for where nothing is set, and what administrators do at the terminal.

use footbridge::clock::Clock;

use crate::binary::set_up;
use crate::rights::Authenticator;
use crate::support::process::Client;
use crate::support::process::KEY;
use crate::support::process::Server;
use crate::support::process::footbridge;
use crate::support::process::outcome;

const SETTINGS: [(&str, &str); 3] = [
    ("FOOTBRIDGE_LISTEN", "127.0.0.1:0"),
    ("FOOTBRIDGE_SECRET_KEY", KEY),
    // As where it is not set.
    ("FOOTBRIDGE_SECOND_FACTOR", ""),
];
const ANN: [(&str, &str); 2] = [("email", "ann@example.org"), ("password", "three words here")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_is_set_the_program_asks_for_a_second_factor_and_the_terminal_helps_who_lost_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let at_the_terminal = |arguments: &[&str]| {
        let url = ("FOOTBRIDGE_PUBLIC_URL", "https://texts.example.org");
        outcome(footbridge(
            folder.path(),
            &[&["admin"], arguments].concat(),
            &[&SETTINGS[..], &[url]].concat(),
        ))
    };
    let mut server = Server::start(footbridge(folder.path(), &["serve"], &SETTINGS)).await;
    let link = server.line_with("set-up link: ").await;
    let mut ann = set_up(&server.base, &link).await;
    ann.get("/inbox").await.went_to("/second-factor");
    let page = ann.get("/second-factor").await;
    let authenticator = Authenticator::reading(&page);
    let now = Clock::System.now();
    let fields = [("secret", page.value("[name=secret]")), ("code", authenticator.code(now))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let codes = ann.post("/second-factor", &fields).await.all("[data-recovery-code]");
    assert_eq!(codes.len(), 10);
    assert_eq!(ann.get("/inbox").await.status, 200);
    let mut stranger = Client::of(&server.base);
    let ticket = stranger.post("/sign-in", &ANN).await.value("[name=ticket]");
    stranger.get("/inbox").await.went_to("/sign-in");
    stranger.post("/sign-in", &[("ticket", &ticket), ("code", &codes[0])]).await.went_to("/inbox");
    let (code, said) = at_the_terminal(&["remove-second-factor", "Ann@example.org"]);
    assert_eq!(code, 0, "{said}");
    stranger.get("/inbox").await.went_to("/sign-in");
    let (code, said) = at_the_terminal(&["remove-second-factor", "ann@example.org"]);
    assert!(code == 1 && said.contains("has no second factor"), "{code} {said}");
    stranger.post("/sign-in", &ANN).await.went_to("/inbox");
    stranger.get("/inbox").await.went_to("/second-factor");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_colleague_is_invited_at_the_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = ("FOOTBRIDGE_PUBLIC_URL", "https://texts.example.org");
    let invite = |arguments: &[&str]| {
        let settings = [&SETTINGS[..2], &[url]].concat();
        outcome(footbridge(folder.path(), &[&["admin", "invite"], arguments].concat(), &settings))
    };
    let (code, said) = invite(&["kim@example.org", "--role", "duty-lead", "--service", "alder-vale"]);
    assert_eq!(code, 0, "{said}");
    let link = said.lines().next().expect("a line");
    let path = link.strip_prefix("https://texts.example.org").expect("a link").to_owned();
    let server = Server::start(footbridge(folder.path(), &["serve"], &SETTINGS[..2])).await;
    let mut kim = Client::of(&server.base);
    assert_eq!(kim.get(&path).await.status, 200);
    let token = path.split_once("token=").expect("a token").1;
    let common = [("token", token), ("name", "Kim"), ("password", "liverpool2024!")];
    assert_eq!(kim.post("/invitation", &common).await.status, 422);
    kim.post("/invitation", &[common[0], common[1], ("password", "three words here")])
        .await
        .went_to("/inbox");
    assert_eq!(kim.get("/inbox").await.attributes("[data-duty]", "data-duty"), ["alder-vale"]);
    assert_eq!(kim.get("/inbox/people").await.status, 404);
    for (wrong, why) in [
        (&["kim@example.org"][..], "already"),
        (&["no-address"], "email address"),
        (&["a@example.org", "--service", "nowhere"], "there is no service"),
    ] {
        let (code, said) = invite(wrong);
        assert!(code != 0 && said.contains(why), "{code} {said}");
    }
}
