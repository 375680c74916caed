//! People who work here.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

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
    /// Reads who did and read what. Sees nobody who writes to us, and belongs to no service.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::Admin, Self::LinkWorker, Self::DutyLead, Self::SafeguardingLead, Self::Auditor];

    /// The code in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::LinkWorker => "link-worker",
            Self::DutyLead => "duty-lead",
            Self::SafeguardingLead => "safeguarding-lead",
            Self::Auditor => "auditor",
        }
    }

    /// Whether they may sign on for duty. An administrator may: a small team has nobody else.
    #[must_use]
    pub fn may_be_on_duty(self) -> bool {
        match self {
            Self::Admin | Self::DutyLead | Self::SafeguardingLead => true,
            Self::LinkWorker | Self::Auditor => false,
        }
    }

    /// Whether they see people who write to us, in the services that they belong to.
    #[must_use]
    pub fn sees_people(self) -> bool {
        match self {
            Self::Admin | Self::LinkWorker | Self::DutyLead | Self::SafeguardingLead => true,
            Self::Auditor => false,
        }
    }

    /// Whether they see who works here, and invite.
    #[must_use]
    pub fn looks_after_staff(self) -> bool {
        match self {
            Self::Admin => true,
            Self::LinkWorker | Self::DutyLead | Self::SafeguardingLead | Self::Auditor => false,
        }
    }

    /// Whether they read the audit.
    #[must_use]
    pub fn reads_audit(self) -> bool {
        match self {
            Self::Admin | Self::Auditor => true,
            Self::LinkWorker | Self::DutyLead | Self::SafeguardingLead => false,
        }
    }
}

/// The text names no role.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a role: admin, link-worker, duty-lead, safeguarding-lead or auditor")]
pub struct NotARole;

impl FromStr for Role {
    type Err = NotARole;

    fn from_str(text: &str) -> Result<Self, NotARole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(NotARole)
    }
}
