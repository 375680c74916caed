//! The inbox: pages for link workers, a `page.rs` beside its `page.html`.
//!
//! `fence` stands around every page, `signed_in` before those of the inbox; `cases` shows cases, `acts`
//! changes them, `view` makes the pages from what the store says, `shown` makes foreign text fit to be looked at.
//!
//! Invariant: every page works without JavaScript, everything that somebody else wrote is shown as `shown::Foreign`,
//! and a note can never become a text.

pub mod account;
pub mod account_form;
pub mod acts;
pub mod again;
pub mod agreed;
pub mod asked_safe;
pub mod assets;
pub mod audit;
pub mod away;
pub mod banner;
pub mod beside;
pub mod blanks;
pub mod brand;
pub mod bulk;
pub mod cases;
pub mod champion;
pub mod concern;
pub mod contacts;
pub mod deed;
pub mod demo;
pub mod device;
pub mod doors;
pub mod drafts;
pub mod entry;
pub mod examples;
pub mod export;
pub mod fence;
pub mod filters;
pub mod form;
pub mod found;
pub mod glance;
pub mod hands;
pub mod history;
pub mod hurdle;
pub mod invited;
pub mod keeping;
pub mod kept;
pub mod labelling;
pub mod labels;
pub mod later;
pub mod lending;
pub mod live;
pub mod me;
pub mod messages;
pub mod page;
pub mod password;
pub mod people;
pub mod person;
pub mod presence;
pub mod queue;
pub mod ready;
pub mod referral;
pub mod refusal;
pub mod same;
pub mod saved_views;
pub mod scope;
pub mod search;
pub mod second_factor;
pub mod second_step;
pub mod seen_by;
pub mod sharing;
pub mod shown;
pub mod signed_in;
pub mod standing;
pub mod texts;
pub mod themes;
pub mod token;
pub mod told;
pub mod totp;
pub mod tries;
pub mod unnamed;
pub mod view;
pub mod watchers;
pub mod who;
pub mod words;
pub mod writing;

#[cfg(test)]
mod account_samples;
#[cfg(test)]
mod label_samples;
#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod same_samples;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod sharing_samples;
#[cfg(test)]
mod standing_tests;
#[cfg(test)]
mod view_samples;
#[cfg(test)]
mod writing_samples;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::Redirect;
use axum::routing::get;
use axum::routing::post;

use crate::domain::account::PartPrice;
use crate::inbox::brand::Brand;
use crate::inbox::fence::Fence;
use crate::inbox::live::Live;
use crate::inbox::password::Passwords;
use crate::inbox::refusal::Refusal;
use crate::inbox::token::Cookie;
use crate::intake::House;
use crate::store::randomness::Randomness;

/// The longest note, four times over: a letter may take four bytes, and forms write some as three letters a byte.
const LARGEST_FORM: usize = 64 * 1024;

/// What the pages work with.
#[derive(Clone)]
pub struct Inbox {
    /// The store, the clock, what authors wrote, and the bell of the outbox.
    pub house: House,
    /// Where tokens and keys of forms come from.
    pub randomness: Randomness,
    /// Makes and compares hashes.
    pub passwords: Passwords,
    /// The public address, without a slash at its end.
    pub base: Arc<str>,
    /// Whether nobody works without a second factor.
    pub second_factor_required: bool,
    /// What the streams to open pages share.
    pub live: Live,
    /// What one part of a text costs, where the operator has said it.
    pub part_price: Option<PartPrice>,
    /// Whose inbox it is.
    pub brand: Brand,
    /// The demo: says so on every page, and lets its own pages stand in frames.
    pub demo: bool,
}

impl Inbox {
    fn cookie(&self) -> Cookie {
        Cookie::for_base(&self.base)
    }

    fn mark_cookie(&self) -> Cookie {
        Cookie::of_mark(&self.base)
    }

    /// A key for the forms of a page.
    fn form_key(&self) -> String {
        let bytes: [u8; 16] = self.randomness.bytes();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Every page, with the fence around it.
pub fn router(inbox: Inbox) -> Router {
    let fence = Fence { base: inbox.base.to_string(), brand: inbox.brand.clone(), demo: inbox.demo };
    let home = Router::new().route("/", get(async || Redirect::to("/inbox")));
    home.merge(pages().with_state(inbox)).layer(from_fn_with_state(fence, fence::keep))
}

/// The pages alone: the demo adds its own before the fence goes around.
pub fn pages() -> Router<Inbox> {
    case_pages()
        .route("/set-up", get(entry::set_up_page).post(entry::set_up))
        .route("/sign-in", get(entry::sign_in_page).post(entry::sign_in))
        .route("/sign-out", post(entry::sign_out))
        .route("/invitation", get(invited::page).post(invited::accept))
        .route("/second-factor", get(second_factor::page).post(second_factor::enrol))
        .route("/signed-out", get(entry::signed_out))
        .route("/inbox", get(cases::queue))
        .route("/inbox/changes", get(cases::changes))
        .route("/inbox/bulk", post(bulk::act))
        .route("/inbox/events", get(live::events))
        .route("/inbox/search", get(search::page).post(search::search))
        .route("/inbox/me", get(me::show))
        .route("/inbox/me/phone", post(me::set_phone))
        .route("/inbox/me/test-alert", post(me::test_alert))
        .route("/inbox/account", get(account::show))
        .route("/inbox/account/password", post(account::change_password))
        .route("/inbox/account/end-session", post(account::end_session))
        .route("/inbox/account/end-others", post(account::end_others))
        .route("/inbox/account/recovery-codes", post(second_factor::new_recovery_codes))
        .route("/inbox/account/remove-second-factor", post(second_factor::remove))
        .route("/inbox/audit", get(audit::show))
        .route("/inbox/away", get(away::show).post(away::set))
        .route("/inbox/away/end", post(away::end))
        .route("/inbox/people", get(people::show))
        .route("/inbox/people/invite", post(people::invite))
        .route("/inbox/people/invitations/{id}/withdraw", post(people::withdraw))
        .route("/inbox/people/{id}/practices", get(scope::page).post(scope::set))
        .route("/inbox/people/{id}/remove-second-factor", post(people::remove_second_factor))
        .route("/inbox/people/{id}/stop", post(people::stop))
        .route("/inbox/people/{id}/resume", post(people::resume))
        .route("/inbox/texts", get(texts::show).post(texts::add))
        .route("/inbox/texts/{id}", post(texts::change))
        .route("/inbox/texts/{id}/remove", post(texts::remove))
        .route("/inbox/labels", get(labels::show).post(labels::add))
        .route("/inbox/labels/{id}", post(labels::rename))
        .route("/inbox/labels/{id}/retire", post(labels::retire))
        .route("/inbox/labels/{id}/use-again", post(labels::use_again))
        .route("/inbox/examples", get(examples::list))
        .route("/inbox/examples/{id}/remove", post(examples::remove))
        .route("/inbox/views", get(saved_views::show).post(saved_views::keep))
        .route("/inbox/views/{id}", post(saved_views::rename))
        .route("/inbox/views/{id}/remove", post(saved_views::remove))
        .route("/inbox/views/{id}/share", post(saved_views::share))
        .route("/inbox/views/{id}/unshare", post(saved_views::unshare))
        .route("/inbox/duty/on", post(me::sign_on))
        .route("/inbox/duty/off", post(me::sign_off))
        .route("/inbox/concerns/{id}", get(concern::show))
        .route("/inbox/concerns/{id}/acknowledge", post(acts::acknowledge))
        .route("/inbox/concerns/{id}/not-reached", post(concern::not_reached))
        .route("/inbox/messages/{id}/concern", post(concern::by_hand))
        .route("/assets/logo", get(brand::logo))
        .route("/assets/{name}", get(assets::asset))
        .fallback(async || Refusal::NotHere)
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
}

/// What is shown of a case, and done with it.
fn case_pages() -> Router<Inbox> {
    let case = "/inbox/referrals/{reference}";
    Router::new()
        .route(case, get(cases::show))
        .route(&format!("{case}/here"), post(presence::here))
        .route(&format!("{case}/claim"), post(acts::claim))
        .route(&format!("{case}/take-over"), post(acts::take_over))
        .route(&format!("{case}/hand-back"), post(acts::hand_back))
        .route(&format!("{case}/release"), post(acts::release))
        .route(&format!("{case}/transfer"), post(hands::transfer))
        .route(&format!("{case}/lend"), post(hands::lend))
        .route(&format!("{case}/give-back"), post(hands::give_back))
        .route(&format!("{case}/restrict"), post(seen_by::restrict))
        .route(&format!("{case}/lift"), post(seen_by::lift))
        .route(&format!("{case}/step-back"), post(seen_by::step_back))
        .route(&format!("{case}/let-back"), post(seen_by::let_back))
        .route(&format!("{case}/raise"), post(champion::raise))
        .route(&format!("{case}/put-aside"), post(hands::put_aside))
        .route(&format!("{case}/bring-back"), post(hands::bring_back))
        .route(&format!("{case}/reached"), post(hands::reached))
        .route(&format!("{case}/contact"), post(contacts::log))
        .route(&format!("{case}/reply"), post(acts::reply))
        .route(&format!("{case}/later"), post(later::see_to))
        .route(&format!("{case}/note"), post(acts::note))
        .route(&format!("{case}/reply/draft"), post(drafts::keep_text))
        .route(&format!("{case}/note/draft"), post(drafts::keep_note))
        .route(&format!("{case}/themes"), post(acts::correct_themes))
        .route(&format!("{case}/label"), post(labelling::put_on))
        .route(&format!("{case}/label-off"), post(labelling::take_off))
        .route(&format!("{case}/accept"), post(acts::accept))
        .route(&format!("{case}/decline"), post(acts::decline))
        .route(&format!("{case}/close"), post(acts::close))
        .route(&format!("{case}/same"), get(same::compare))
        .route(&format!("{case}/merge"), post(same::merge))
        .route(&format!("{case}/not-same"), post(same::not_same))
        .route(&format!("{case}/split"), post(same::split))
        .route(&format!("{case}/example"), get(examples::page).post(examples::add))
        .route(&format!("{case}/without-name"), get(unnamed::show))
        .route(&format!("{case}/person"), get(person::show))
        .route(&format!("{case}/export"), post(person::export))
        .route(&format!("{case}/erase"), post(person::erase))
        .route(&format!("{case}/keep"), post(kept::keep))
        .route(&format!("{case}/keep-no-longer"), post(kept::keep_no_longer))
}
