//! A volunteer champion: sees the cases that a link worker asked them to help with, and little of those.

use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::rights::audited;
use crate::support::app::TestApp;
use crate::support::page::Page;
use crate::support::worker::Worker;

const JOAN: &str = "+447700900123";

/// Until the case is in the queue: Joan Ellis, who agrees to be rung.
const UNTIL_HANDED_OVER: [(&str, &str); 12] = [
    ("hello", "welcome, for-whom"),
    ("me", "age-band"),
    ("78", "name"),
    ("Joan Ellis", "practice"),
    ("Alder Vale Surgery", "matters"),
    ("I would like some company in the afternoons", "six"),
    ("3 4", "barriers"),
    ("1", "strengths"),
    ("I bake, and I used to teach", "pass-on"),
    ("yes", "reach"),
    ("2", "check"),
    ("yes", "handed-over, people"),
];

/// What is asked next.
const AFTER: [(&str, &str); 3] = [
    ("My sister rings on Sundays", "good-week"),
    ("Tea with somebody, and the choir", "access"),
    ("1", "when-to-call"),
];

/// The id of a volunteer, as the page of the case offers them.
fn offered(case: &Page) -> Vec<String> {
    case.attributes("#lend-to option:not([value=''])", "value")
}

/// A case that Sam has, and with which Vi helps.
async fn lent(app: &mut TestApp) -> (Worker, Worker, String) {
    app.talk(JOAN, &UNTIL_HANDED_OVER).await;
    let sam = app.worker("Sam").await;
    let vi = app.colleague_of("Vi", Role::VolunteerChampion, &["alder-vale"]).await;
    let (reference, _) = sam.queue("needs-reply").await.remove(0);
    sam.press(&reference, "claim", &[]).await;
    let vis_id = offered(&sam.case(&reference).await).remove(0);
    let here = format!("/inbox/referrals/{reference}");
    sam.press(&reference, "lend", &[("to", &vis_id), ("agreed", "yes")]).await.went_to(&here);
    (sam, vi, reference)
}

on_both_stores! {
    async fn a_volunteer_sees_a_first_name_how_to_reach_somebody_and_what_matters_and_nothing_else(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, vi, reference) = lent(&mut app).await;
        sam.press(&reference, "note", &[("text", "she sounded low on Monday")]).await;
        let list = vi.get("/inbox").await;
        assert_eq!(list.attributes("[data-helping]", "data-helping"), std::slice::from_ref(&reference));
        assert!(list.all("[data-referral], [data-folder], [data-duty]").is_empty());
        let page = vi.case(&reference).await;
        for shown in ["Joan", "07700 900123", "company in the afternoons", "Leave no voicemail", "Sam"] {
            assert!(page.body.contains(shown), "{shown}: {}", page.body);
        }
        for hidden in ["Ellis", "Alder Vale", "I bake", "she sounded low", "hello", "data-part=\"thread\""] {
            assert!(!page.body.contains(hidden), "{hidden}");
            assert!(!list.body.contains(hidden), "{hidden}");
        }
        app.talk(JOAN, &AFTER).await;
        let page = vi.case(&reference).await;
        assert!(page.body.contains("Tea with somebody, and the choir"));
        assert!(!page.body.contains("My sister rings on Sundays"), "who is around them is not for volunteers");
        for path in ["/inbox/search", "/inbox/audit", "/inbox/people", &format!("/inbox/referrals/{reference}/person")] {
            assert_eq!(vi.get(path).await.status, 404, "{path}");
        }
    }

    async fn nobody_is_lent_who_was_not_asked_and_nobody_but_a_volunteer_is_lent_to(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        let sam = app.worker("Sam").await;
        let vi = app.colleague_of("Vi", Role::VolunteerChampion, &["alder-vale"]).await;
        app.colleague_of("Wyn", Role::VolunteerChampion, &["dyffryn-gwern"]).await;
        app.worker("Kim").await;
        let (reference, _) = sam.queue("needs-reply").await.remove(0);
        let case = sam.case(&reference).await;
        let [vis_id] = &offered(&case)[..] else { panic!("one volunteer of the service") };
        let [kims_id] = &case.attributes("#give-to option:not([value=''])", "value")[..] else { panic!("one colleague") };
        let not_agreed = sam.press(&reference, "lend", &[("to", vis_id), ("text", "for Thursdays")]).await;
        assert!(not_agreed.status == 422 && not_agreed.body.contains("for Thursdays"), "{}", not_agreed.body);
        assert_eq!(sam.press(&reference, "lend", &[("to", kims_id), ("agreed", "yes")]).await.status, 422);
        assert_eq!(sam.press(&reference, "transfer", &[("to", vis_id)]).await.status, 422, "no case is a volunteer's own");
        assert_eq!(vi.get(&format!("/inbox/referrals/{reference}")).await.status, 404);
    }

    async fn a_volunteer_notes_what_happened_and_gives_the_case_back_to_whoever_has_it(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, vi, reference) = lent(&mut app).await;
        assert_eq!(sam.queue("mine").await.len(), 1, "the case stays with its link worker");
        vi.press(&reference, "note", &[("text", "we went to the choir")]).await;
        assert_eq!(vi.case(&reference).await.all("[data-part=notes] .fb-note").len(), 1);
        vi.press(&reference, "give-back", &[("text", "she wants to go again")]).await.went_to("/inbox");
        assert_eq!(vi.get(&format!("/inbox/referrals/{reference}")).await.status, 404);
        assert!(vi.get("/inbox").await.all("[data-helping]").is_empty());
        let mine = sam.queue("mine").await;
        assert!(mine[0].1.contains("New to you") && mine[0].1.contains("From Vi"), "{}", mine[0].1);
        let case = sam.case(&reference).await;
        let notes = case.all("[data-part=notes] [data-note]").join(" ");
        assert!(notes.contains("we went to the choir") && notes.contains("she wants to go again"), "{notes}");
        let done = audited(&app).await;
        assert!(["lend", "lend-to", "give-back"].iter().all(|action| done.contains(&(*action).to_owned())));
    }

    async fn with_the_end_of_a_case_and_where_it_is_taken_back_a_volunteer_sees_it_no_more(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, vi, reference) = lent(&mut app).await;
        let path = format!("/inbox/referrals/{reference}");
        sam.press(&reference, "give-back", &[]).await.went_to(&path);
        assert_eq!(vi.get(&path).await.status, 404);
        let vis_id = offered(&sam.case(&reference).await).remove(0);
        sam.press(&reference, "lend", &[("to", &vis_id), ("agreed", "yes")]).await;
        assert_eq!(vi.get(&path).await.status, 200);
        sam.press(&reference, "close", &[("outcome", "informed")]).await;
        assert_eq!(vi.get(&path).await.status, 404);
        assert!(vi.get("/inbox").await.all("[data-helping]").is_empty());
    }

    async fn a_volunteer_raises_a_concern_which_the_team_sees_and_its_words_are_the_teams_alone(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, vi, reference) = lent(&mut app).await;
        app.sms(JOAN, "I want to die").await;
        app.look();
        let page = vi.case(&reference).await;
        assert!(page.all("[data-warning=concern]").len() == 1 && !page.body.contains("want to die"));
        assert_eq!(vi.press(&reference, "raise", &[("text", " ")]).await.status, 422);
        let here = format!("/inbox/referrals/{reference}");
        let page = vi.case(&reference).await;
        for _ in 0..2 {
            vi.press_on(&page, &reference, "raise", &[("text", "her pills are all over the floor")]).await.went_to(&here);
        }
        let concerns = sam.case(&reference).await.all("[data-concern]");
        let raised: Vec<_> = concerns.iter().filter(|shown| shown.contains("her pills")).collect();
        assert!(raised.len() == 1 && raised[0].contains("Raised by a volunteer"), "{concerns:?}");
        app.settle().await;
        app.look();
    }
}
