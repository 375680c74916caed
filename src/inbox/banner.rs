//! The banners of a case: what must be known before anything is done.
//!
//! Invariant: a banner says what the standing of the case says, and nothing else.

use crate::inbox::shown::Foreign;
use crate::inbox::standing::NotAsked;
use crate::inbox::standing::Permission;
use crate::inbox::standing::Reach;
use crate::inbox::standing::SeenBecause;
use crate::inbox::standing::Standing;
use crate::inbox::who::Who;

/// A banner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// The word for programs.
    pub code: &'static str,
    /// What is so.
    pub heading: &'static str,
    /// What it means, and what to do.
    pub words: &'static str,
    /// What they said themselves, where that belongs to it.
    pub said: Option<Foreign>,
    /// Whether it forbids something.
    pub is_stop: bool,
}

/// The banners of a case, in the order in which they are read.
#[must_use]
pub fn banners(standing: &Standing, who: &Who) -> Vec<Banner> {
    let deletion = standing.deletion.then_some(Banner {
        code: "deletion",
        heading: "Asked us to delete their information.",
        words: "Nothing is deleted by itself. The law gives you one month; an administrator erases by “What we hold of this person”.",
        said: None,
        is_stop: true,
    });
    let speaks = standing.speaks.clone().map(|language| Banner {
        code: "speaks",
        heading: "Needs an interpreter.",
        words: "They said they speak",
        said: Some(language),
        is_stop: false,
    });
    let all = [reach(standing.reach), on_behalf(who), permission(&standing.permission)];
    all.into_iter().flatten().chain(deletion).chain(speaks).collect()
}

fn stop(code: &'static str, heading: &'static str, words: &'static str) -> Option<Banner> {
    Some(Banner { code, heading, words, said: None, is_stop: true })
}

fn note(code: &'static str, heading: &'static str, words: &'static str) -> Option<Banner> {
    Some(Banner { code, heading, words, said: None, is_stop: false })
}

fn reach(reach: Reach) -> Option<Banner> {
    match reach {
        Reach::Free => None,
        Reach::Stopped => {
            stop("opted-out", "Stopped all texts.", "Texts do not reach them until they write START.")
        }
        Reach::DoNotText => stop(
            "do-not-text",
            "Do not text.",
            "They said that texts are not safe or not wanted, or did not answer when we asked. Nothing automatic is sent. Somebody else may read what you send.",
        ),
        Reach::StoppedAndDoNotText => stop(
            "do-not-text",
            "Do not text.",
            "They stopped all texts, and somebody else may read this phone. Texts do not reach them until they write START.",
        ),
        Reach::CannotBeTexted => stop(
            "cannot-be-texted",
            "Cannot be texted back.",
            "No text reaches this sender. Ring, or find another way.",
        ),
        Reach::Died => stop("died", "Has died.", "Nothing more is sent to this phone."),
    }
}

fn on_behalf(who: &Who) -> Option<Banner> {
    match who {
        Who::Unknown | Who::Themselves(_) => None,
        Who::ForSomebody { .. } => note(
            "on-behalf",
            "Somebody else writes for them.",
            "Texts come from the writer’s phone, and go to it. “How to reach them” says whom to ring.",
        ),
    }
}

fn permission(permission: &Permission) -> Option<Banner> {
    match permission {
        Permission::Agreed => None,
        Permission::NotAsked(why) => {
            note("consent-not-asked", "Consent not asked: first contact only.", not_asked_words(*why))
        }
        Permission::NotAnswered => note(
            "consent-not-answered",
            "Consent not given yet: first contact only.",
            "They have not answered whether we may pass this on. You may contact them once; pass nothing on, unless somebody is in danger.",
        ),
        Permission::Refused(why) => {
            stop("consent-refused", "Said no to being passed on.", refused_words(*why))
        }
        Permission::NotYet(words) => Some(Banner {
            code: "consent-not-yet",
            heading: "Has not agreed.",
            words: "Pass nothing on, unless somebody is in danger. Asked whether they agree, the writer said:",
            said: Some(words.clone()),
            is_stop: true,
        }),
    }
}

fn not_asked_words(why: NotAsked) -> &'static str {
    match why {
        NotAsked::GoesOn => {
            "They have not come to that question yet. You may contact them once; pass nothing on, unless somebody is in danger."
        }
        NotAsked::Under16 => {
            "They are under 16, so we asked nothing more. You may contact them once; pass nothing on, unless somebody is in danger."
        }
        NotAsked::OutOfArea => {
            "They live outside the area, so we asked nothing more. You may contact them once; pass nothing on, unless somebody is in danger."
        }
        NotAsked::WantsAHuman => {
            "They asked for a person before that question. You may contact them once; pass nothing on, unless somebody is in danger."
        }
        NotAsked::Stopped => {
            "The conversation ended before that question. You may contact them once; pass nothing on, unless somebody is in danger."
        }
    }
}

fn refused_words(why: SeenBecause) -> &'static str {
    match why {
        SeenBecause::Concern => {
            "Pass nothing on, unless somebody is in danger. You see this because of a concern."
        }
        SeenBecause::WantsAHuman => {
            "Pass nothing on, unless somebody is in danger. You see this because they asked for a person."
        }
        SeenBecause::Deletion => {
            "Pass nothing on, unless somebody is in danger. You see this because they asked us to delete their information."
        }
        SeenBecause::WroteAgain => {
            "Pass nothing on, unless somebody is in danger. You see this because they wrote again."
        }
    }
}
