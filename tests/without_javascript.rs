//! A whole day of work in a browser without JavaScript: from the invitation to erasing somebody, by forms alone.

use fantoccini::Locator;
use footbridge::inbox::totp::TotpSecret;

use crate::browser::code_after;
use crate::browser::inside_with_a_case;
use crate::browser::sign_in;
use crate::browser::wait_for_words;
use crate::support::browser::Browser;
use crate::support::browser::Kind;

const PASSWORD: &str = "four words are here";
/// More concerns than anybody in the test has.
const MOST_CONCERNS: usize = 5;

/// Opens what is folded around something.
async fn unfold(browser: &Browser, within: &str) {
    browser.click(&format!("details:has({within}) summary")).await;
}

async fn open_case(browser: &Browser, base: &str, reference: &str) {
    browser.open(&format!("{base}/inbox/referrals/{reference}")).await;
    browser.wait_for("[data-part=what-next]").await;
}

/// Presses the button of a form, and waits for what the next page holds.
async fn press(browser: &Browser, action: &str, then: &str) {
    browser.click(&format!("form[action$='/{action}'] button")).await;
    browser.wait_for(then).await;
}

async fn sign_out(browser: &Browser) {
    browser.click("header form button").await;
    browser.wait_for("main a[href='/sign-in']").await;
}

/// Somebody new, by a link; says the link.
async fn invite(browser: &Browser, base: &str) -> String {
    browser.open(&format!("{base}/inbox/people")).await;
    browser.write("#email", "kim@example.org").await;
    browser.click("label[for=role-link-worker]").await;
    browser.click("label[for=service-alder-vale]").await;
    browser.click("main form button").await;
    browser.wait_for("[data-invitation-link]").await;
    let link = browser.client.find(Locator::Css("[data-invitation-link]")).await.expect("the link");
    link.attr("value").await.expect("the page").expect("a link")
}

/// An account with a second factor, and in again by both.
async fn begin(browser: &Browser, base: &str, link: &str) {
    browser.open(link).await;
    browser.write("#name", "Kim").await;
    browser.write("#password", PASSWORD).await;
    browser.click("main form button").await;
    browser.wait_for("[data-referral]").await;
    browser.open(&format!("{base}/second-factor")).await;
    let secret: TotpSecret = browser.texts("[data-totp-secret]").await[0].parse().expect("a secret");
    browser.write("#code", &code_after(&secret, 0)).await;
    browser.click("main form button").await;
    browser.wait_for("[data-recovery-code]").await;
    sign_out(browser).await;
    browser.open(&format!("{base}/sign-in")).await;
    browser.write("#email", "kim@example.org").await;
    browser.write("#password", PASSWORD).await;
    browser.click("main form button").await;
    browser.wait_for("#code").await;
    browser.write("#code", &code_after(&secret, 1)).await;
    browser.click("main form button").await;
    browser.wait_for("[data-referral]").await;
}

async fn filter_and_search(browser: &Browser, base: &str) {
    browser.click(".fb-filters summary").await;
    browser.click("#filter-practice option:nth-child(2)").await;
    browser.click(".fb-filters button").await;
    browser.wait_for("[data-live=filtered]").await;
    browser.click("[data-live=filtered] a").await;
    browser.wait_for_none("[data-live=filtered]").await;
    browser.open(&format!("{base}/inbox/search")).await;
    browser.write("#find", "joan").await;
    browser.click("form[role=search] button").await;
    browser.wait_for("[data-found]").await;
    assert_eq!(browser.texts("[data-referral]").await.len(), 1);
}

/// Nobody is closed or erased over an open concern.
async fn acknowledge_all(browser: &Browser) {
    for _ in 0..MOST_CONCERNS {
        let open = browser.texts(".fb-concern:not(.fb-concern--done)").await.len();
        if open == 0 {
            return;
        }
        let done = browser.texts(".fb-concern--done").await.len();
        browser.write("[data-concern] textarea", "Rang, and they are safe").await;
        browser.click("[data-concern] form button").await;
        browser.wait_for_many(".fb-concern--done", done + 1).await;
    }
    panic!("concerns stay open");
}

/// Claims, answers, notes, logs, puts aside and wakes.
async fn work_on(browser: &Browser, base: &str, reference: &str) {
    open_case(browser, base, reference).await;
    press(browser, "claim", "form[action$='/release']").await;
    acknowledge_all(browser).await;
    browser.write("#reply", "May I ring you at two?").await;
    press(browser, "reply", "[data-from=link-worker]").await;
    browser.write("#note", "Lives alone").await;
    press(browser, "note", "[data-note]").await;
    browser.click(".fb-contact button[value=no-answer]").await;
    browser.wait_for("[data-from=contact]").await;
    unfold(browser, "form[action$='/put-aside']").await;
    press(browser, "put-aside", "[data-later]").await;
    press(browser, "bring-back", "details form[action$='/put-aside']").await;
    browser.wait_for_none("[data-later]").await;
}

/// To a colleague, and the questions back to the person.
async fn pass_on(browser: &Browser) {
    press(browser, "hand-back", "[data-hold=off]").await;
    unfold(browser, "form[action$='/transfer']").await;
    browser.click("#give-to option:nth-child(2)").await;
    browser.click("form[action$='/transfer'] button").await;
    wait_for_words(browser, "[data-part=what-next] p", "Ann").await;
}

async fn join_and_split(browser: &Browser, base: &str, (one, other): (&str, &str)) {
    open_case(browser, base, one).await;
    unfold(browser, "#other").await;
    browser.write("#other", other).await;
    browser.click("form[action$='/same'] button").await;
    browser.wait_for("form[action$='/merge']").await;
    press(browser, "merge", "[data-joined]").await;
    browser.click("[data-joined] summary").await;
    browser.click("form[action$='/split'] button").await;
    browser.wait_for_none("[data-joined]").await;
}

async fn restrict_and_lift(browser: &Browser, base: &str, reference: &str) {
    open_case(browser, base, reference).await;
    unfold(browser, "form[action$='/restrict']").await;
    browser.click("form[action$='/restrict'] .nhsuk-checkboxes__item:nth-child(1) label").await;
    browser.click("form[action$='/restrict'] .nhsuk-checkboxes__item:nth-child(2) label").await;
    press(browser, "restrict", "form[action$='/lift']").await;
    press(browser, "lift", "form[action$='/restrict']").await;
}

/// Keeps somebody, takes a copy, keeps them no longer, and erases them.
async fn keep_copy_and_erase(browser: &Browser, base: &str, reference: &str) {
    open_case(browser, base, reference).await;
    acknowledge_all(browser).await;
    browser.open(&format!("{base}/inbox/referrals/{reference}/person")).await;
    browser.write("#why", "A complaint").await;
    press(browser, "keep", "form[action$='/keep-no-longer']").await;
    press(browser, "keep-no-longer", "#why").await;
    browser.click("form[action$='/export'] button[value=text]").await;
    let copy = browser.downloaded(&format!("{reference}.txt")).await;
    assert!(copy.contains("someone wants to hurt me"), "{copy}");
    browser.click("#reason option[value=erase-as-they-asked]").await;
    browser.write("#again", reference).await;
    press(browser, "erase", "[data-warning=erased]").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_day_goes_without_javascript() {
    let inside = inside_with_a_case().await;
    let base = inside.server.base.clone();
    let browser = Browser::start(Kind::WithoutJavaScript).await;
    sign_in(&browser, &base).await;
    let link = invite(&browser, &base).await;
    sign_out(&browser).await;
    begin(&browser, &base, &link).await;
    filter_and_search(&browser, &base).await;
    work_on(&browser, &base, &inside.reference).await;
    pass_on(&browser).await;
    sign_out(&browser).await;
    sign_in(&browser, &base).await;
    browser.open(&format!("{base}/inbox?show=open")).await;
    browser.click(&format!("label[for='choose-{}']", inside.other)).await;
    browser.click(".fb-bulk summary").await;
    browser.click("[name=act][value=claim]").await;
    browser.wait_for("[data-bulk=done]").await;
    join_and_split(&browser, &base, (&inside.reference, &inside.other)).await;
    restrict_and_lift(&browser, &base, &inside.reference).await;
    browser.click("#close option[value=informed]").await;
    browser.click("form[action$='/close'] button").await;
    browser.wait_for_none("[data-part=decision]").await;
    keep_copy_and_erase(&browser, &base, &inside.other).await;
}
