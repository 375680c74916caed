//! What codes are called on the pages: the words that staff read.
//!
//! Invariant: no words that a person who writes to us reads stand here.

use crate::domain::concern;
use crate::domain::concern::ConcernCategory;
use crate::domain::ids::RuleId;
use crate::domain::referral::DeclineReason;
use crate::domain::referral::Folder;
use crate::domain::referral::LaterReason;
use crate::domain::referral::Outcome;
use crate::domain::staff::Role;
use crate::domain::tag::Tag;
use crate::domain::theme::Theme;
use crate::inbox::referral::Fate;

/// What a concern is about, in words: what the person did, where no words of theirs but an answer raised it.
#[must_use]
pub fn concern_words(category: ConcernCategory, rule: &RuleId) -> &'static str {
    match rule.as_str() {
        concern::SAID_NOT_SAFE => "Said they are not safe",
        concern::SAID_NOT_SURE => "Not sure whether they are safe",
        concern::STOPPED_AFTER => "Stopped all texts after a text about danger: somebody must ring",
        concern::BY_VOLUNTEER => "Raised by a volunteer champion, in the volunteer's words",
        concern::NO_ANSWER => "Did not answer when we asked whether they are safe",
        _ => category_words(category),
    }
}

/// What a concern is about, in words.
#[must_use]
pub fn category_words(category: ConcernCategory) -> &'static str {
    match category {
        ConcernCategory::Emergency => "Danger to life, or a medical emergency",
        ConcernCategory::Suicide => "Thoughts of ending their life",
        ConcernCategory::SelfHarm => "Hurting themselves",
        ConcernCategory::Abuse => "Abuse, or fear of somebody",
        ConcernCategory::Child => "A child, or somebody who depends on care, at risk",
        ConcernCategory::HarmToOthers => "Harm to somebody else",
        ConcernCategory::Destitution => "No food, heat or roof",
        ConcernCategory::Distress => "Distress: not clear how they are",
        ConcernCategory::HelpNow => "Asked for help now",
        ConcernCategory::ByHand => "Marked by a colleague: missed by the rules",
    }
}

/// What somebody may do, in words.
#[must_use]
pub fn role_words(role: Role) -> &'static str {
    match role {
        Role::Admin => "Administrator: sees every service, and looks after the people who work here",
        Role::LinkWorker => "Link worker: answers people",
        Role::DutyLead => "Duty lead: answers people, and signs on for duty",
        Role::SafeguardingLead => {
            "Safeguarding lead: answers people, signs on for duty, and is told of concerns where your service has laid that down"
        }
        Role::VolunteerChampion => {
            "Volunteer champion: helps with the cases that a link worker asks them to help with, and sees little of those"
        }
        Role::Auditor => "Auditor: reads who did and read what; sees nobody who writes to us",
    }
}

/// What own words are about, in words.
#[must_use]
pub fn theme_words(theme: Theme) -> &'static str {
    match theme {
        Theme::Home => "Home",
        Theme::Money => "Money",
        Theme::People => "People",
        Theme::Bereavement => "A death, grief",
        Theme::Caring => "Caring for somebody",
        Theme::Purpose => "Purpose",
        Theme::Activity => "Being active",
        Theme::Mind => "Peace of mind",
        Theme::Health => "Health",
        Theme::Access => "Finding a way in",
    }
}

/// What was noted of a text, in words.
#[must_use]
pub fn tag_words(tag: Tag) -> &'static str {
    match tag {
        Tag::Past => "An earlier illness or danger",
        Tag::ThirdPerson => "Said of somebody else",
        Tag::Bereavement => "A bereavement",
        Tag::AtStaff => "Rude or threatening to staff",
    }
}

/// What became of a text, in words.
#[must_use]
pub fn fate_words(fate: Fate) -> &'static str {
    match fate {
        Fate::Waiting => "Waiting to be sent",
        Fate::Sent => "Sent; not yet known whether it arrived",
        Fate::Arrived => "Arrived",
        Fate::DidNotArrive => "Did not arrive",
        Fate::Unknown => "May not have been sent: the network did not say",
        Fate::NotSent => "Not sent: it was no longer right to",
    }
}

/// Why a service declines, in words.
#[must_use]
pub fn reason_words(reason: DeclineReason) -> &'static str {
    match reason {
        DeclineReason::OutOfArea => "They live outside our area",
        DeclineReason::OtherServiceFits => "Another service fits better, and they know which",
        DeclineReason::NotWanted => "They do not want it",
        DeclineReason::Age => "They are outside the ages we help",
        DeclineReason::Duplicate => "We have the same case already",
        DeclineReason::SentInError => "Sent in error, or not a real request",
    }
}

/// How a case ended, in words.
#[must_use]
pub fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Connected => "Connected to a group or to people",
        Outcome::SecureHome => "A secure home",
        Outcome::CarerSupport => "Support as a carer",
        Outcome::PathToWork => "A way to work, learning or volunteering",
        Outcome::Informed => "Given information, and wanted no more",
        Outcome::OtherService => "Passed to another service",
        Outcome::NotReached => "Could not be reached",
        Outcome::NotWanted => "Did not want to go on",
        Outcome::Moved => "Moved away",
        Outcome::Died => "Has died (no more texts are sent)",
        Outcome::DoNotContact => "Asked not to be contacted (no more texts are sent)",
    }
}

/// A folder, in words.
#[must_use]
pub fn folder_words(folder: Folder) -> &'static str {
    match folder {
        Folder::NeedsReply => "Needs a reply",
        Folder::Unassigned => "Unassigned",
        Folder::Mine => "Mine",
        Folder::Later => "Later",
        Folder::Undelivered => "Not delivered",
        Folder::Open => "All open",
        Folder::Closed => "Closed",
    }
}

/// Why a case was put aside, in words.
#[must_use]
pub fn later_words(reason: LaterReason) -> &'static str {
    match reason {
        LaterReason::TheirTurn => "It is their turn to reply",
        LaterReason::SomebodyElse => "Waiting for somebody else",
        LaterReason::Agreed => "Agreed with them",
        LaterReason::Away => "They are away, or not well enough now",
        LaterReason::CheckIn => "To ask how they are",
    }
}
