//! People who work here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The e-mail address with which somebody signs in, as they write it. Printing it for a log shows nothing.
///
/// Invariant: something on both sides of one `@`, no space and no control character, at most 254 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

/// The name of somebody who works here, as colleagues see it. Printing it for a log shows nothing.
///
/// Invariant: 1 to 80 letters, no control character, no space around it.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffName(String);

/// The text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write an email address, such as sam@example.org")]
pub struct NotAnEmailAddress;

/// The text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write a name, in at most 80 letters")]
pub struct NotAStaffName;

/// The longest that mail allows.
const LONGEST_EMAIL: usize = 254;
const LONGEST_NAME: usize = 80;

impl EmailAddress {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EmailAddress {
    type Err = NotAnEmailAddress;

    fn from_str(text: &str) -> Result<Self, NotAnEmailAddress> {
        let text = text.trim();
        let (name, host) = text.split_once('@').ok_or(NotAnEmailAddress)?;
        let wrong = name.is_empty()
            || host.is_empty()
            || host.contains('@')
            || text.contains(|c: char| c.is_whitespace() || c.is_control())
            || LONGEST_EMAIL < text.len();
        if wrong { Err(NotAnEmailAddress) } else { Ok(Self(text.to_owned())) }
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

impl StaffName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StaffName {
    type Err = NotAStaffName;

    fn from_str(text: &str) -> Result<Self, NotAStaffName> {
        let text = text.trim();
        let wrong = text.is_empty() || text.contains(char::is_control) || LONGEST_NAME < text.chars().count();
        if wrong { Err(NotAStaffName) } else { Ok(Self(text.to_owned())) }
    }
}

impl fmt::Debug for StaffName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaffName(…)")
    }
}

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sets up services and people; works as a link worker too.
    Admin,
    /// Answers people.
    LinkWorker,
    /// Signs on for duty and is told of concerns; works as a link worker too.
    DutyLead,
    /// Is told of concerns where the duty says so; works as a link worker too.
    SafeguardingLead,
    /// Helps with the cases that a link worker asks them to help with, and sees little of those.
    VolunteerChampion,
    /// Reads who did and read what. Sees nobody who writes to us, and belongs to no service.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] = [
        Self::Admin,
        Self::LinkWorker,
        Self::DutyLead,
        Self::SafeguardingLead,
        Self::VolunteerChampion,
        Self::Auditor,
    ];

    /// The code in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::LinkWorker => "link-worker",
            Self::DutyLead => "duty-lead",
            Self::SafeguardingLead => "safeguarding-lead",
            Self::VolunteerChampion => "volunteer-champion",
            Self::Auditor => "auditor",
        }
    }

    /// Whether open concerns, and who sees a case, are theirs to look after.
    #[must_use]
    pub fn leads(self) -> bool {
        self.may_be_on_duty()
    }

    /// Whether they may sign on for duty. An administrator may: a small team has nobody else.
    #[must_use]
    pub fn may_be_on_duty(self) -> bool {
        match self {
            Self::Admin | Self::DutyLead | Self::SafeguardingLead => true,
            Self::LinkWorker | Self::VolunteerChampion | Self::Auditor => false,
        }
    }

    /// Whether they belong to services: who belongs to none sees nobody who writes to us.
    #[must_use]
    pub fn belongs_to_services(self) -> bool {
        match self {
            Self::Admin
            | Self::LinkWorker
            | Self::DutyLead
            | Self::SafeguardingLead
            | Self::VolunteerChampion => true,
            Self::Auditor => false,
        }
    }

    /// Whether they see and answer people who write to us, in the services that they belong to.
    #[must_use]
    pub fn answers_people(self) -> bool {
        match self {
            Self::Admin | Self::LinkWorker | Self::DutyLead | Self::SafeguardingLead => true,
            Self::VolunteerChampion | Self::Auditor => false,
        }
    }

    /// Whether they can be kept to some practices of a service. An administrator sees everybody, so that nobody who writes
    /// is seen by nobody; a volunteer champion is asked for each case by itself.
    #[must_use]
    pub fn may_be_kept_to_practices(self) -> bool {
        match self {
            Self::LinkWorker | Self::DutyLead | Self::SafeguardingLead => true,
            Self::Admin | Self::VolunteerChampion | Self::Auditor => false,
        }
    }

    /// Whether they see nothing but the cases that a link worker asks them to help with, and of those the little that
    /// they need.
    #[must_use]
    pub fn only_helps(self) -> bool {
        match self {
            Self::VolunteerChampion => true,
            Self::Admin | Self::LinkWorker | Self::DutyLead | Self::SafeguardingLead | Self::Auditor => false,
        }
    }

    /// Whether they see who works here, and invite.
    #[must_use]
    pub fn looks_after_staff(self) -> bool {
        match self {
            Self::Admin => true,
            Self::LinkWorker
            | Self::DutyLead
            | Self::SafeguardingLead
            | Self::VolunteerChampion
            | Self::Auditor => false,
        }
    }

    /// Whether they keep the ready-made texts, and the labels, of the services that they belong to.
    #[must_use]
    pub fn keeps_texts(self) -> bool {
        match self {
            Self::Admin | Self::DutyLead => true,
            Self::LinkWorker | Self::SafeguardingLead | Self::VolunteerChampion | Self::Auditor => false,
        }
    }

    /// Whether they read the audit.
    #[must_use]
    pub fn reads_audit(self) -> bool {
        match self {
            Self::Admin | Self::Auditor => true,
            Self::LinkWorker | Self::DutyLead | Self::SafeguardingLead | Self::VolunteerChampion => false,
        }
    }
}

/// The text names no role.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a role: admin, link-worker, duty-lead, safeguarding-lead, volunteer-champion or auditor")]
pub struct NotARole;

impl FromStr for Role {
    type Err = NotARole;

    fn from_str(text: &str) -> Result<Self, NotARole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(NotARole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_something_on_both_sides_of_its_at_sign() {
        let read = |text: &str| text.parse::<EmailAddress>().map(|email| email.as_str().to_owned());
        assert_eq!(read(" Sam@example.org "), Ok("Sam@example.org".to_owned()));
        for wrong in ["", "sam", "@example.org", "sam@", "sam@a@b", "sam o@example.org", "sam\0@example.org"]
        {
            assert_eq!(read(wrong), Err(NotAnEmailAddress), "{wrong}");
        }
        assert_eq!(read(&format!("{}@example.org", "s".repeat(250))), Err(NotAnEmailAddress));
    }

    #[test]
    fn a_name_is_there_and_fits_on_a_page() {
        let read = |text: &str| text.parse::<StaffName>().map(|name| name.as_str().to_owned());
        assert_eq!(read(" Siân O'Hara "), Ok("Siân O'Hara".to_owned()));
        for wrong in ["", "  ", "Sam\nSmith", "Sam\u{7}", &"x".repeat(81)] {
            assert_eq!(read(wrong), Err(NotAStaffName), "{wrong}");
        }
    }

    #[test]
    fn a_log_shows_neither() {
        let email: EmailAddress = "sam@example.org".parse().expect("an address");
        let name: StaffName = "Sam".parse().expect("a name");
        assert_eq!(format!("{email:?} {name:?}"), "EmailAddress(…) StaffName(…)");
    }
}
