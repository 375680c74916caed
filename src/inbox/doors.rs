//! The pages at the door: sign in, set up, signed out, and the pages that say what went wrong.

use askama::Template;

use crate::domain::ids::Reference;
use crate::inbox::again::Again;
use crate::inbox::again::EndAgain;
use crate::inbox::page::Layout;

/// Where people sign in.
#[derive(Debug, Template)]
#[template(path = "inbox/sign_in.html")]
pub struct SignInPage {
    /// The frame.
    pub layout: Layout,
    /// What was typed, so that it need not be typed again.
    pub email: String,
    /// What was wrong, in a sentence that names no account.
    pub problem: Option<&'static str>,
}

/// Where the first administrator makes an account.
#[derive(Template)]
#[template(path = "inbox/set_up.html")]
pub struct SetUpPage {
    /// The frame.
    pub layout: Layout,
    /// The token of the link.
    pub token: String,
    /// What was typed.
    pub name: String,
    /// What was typed.
    pub email: String,
    /// What was wrong, in a sentence.
    pub problem: Option<&'static str>,
}

/// After signing out.
#[derive(Debug, Template)]
#[template(path = "inbox/signed_out.html")]
pub struct SignedOutPage {
    /// The frame.
    pub layout: Layout,
}

/// What went wrong: a title, a sentence, a link that leads on.
#[derive(Template)]
#[template(path = "inbox/refusal.html")]
pub struct RefusalPage {
    /// The frame.
    pub layout: Layout,
    /// What happened.
    pub sentence: &'static str,
    /// A form that holds what was typed, where something can be typed better.
    pub again: Option<Again>,
    /// Where to go on.
    pub onward: String,
    /// What is there.
    pub onward_words: &'static str,
}

/// Somebody was quicker.
#[derive(Template)]
#[template(path = "inbox/conflict.html")]
pub struct ConflictPage {
    /// The frame.
    pub layout: Layout,
    /// The case.
    pub reference: Reference,
    /// Who was quicker, with what, and when.
    pub sentence: String,
    /// A form that holds what was typed, where something was.
    pub again: Option<Again>,
    /// A form that holds how the case was to end, where that was chosen.
    pub ending: Option<EndAgain>,
}
