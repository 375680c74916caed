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
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Admin, Self::LinkWorker, Self::DutyLead, Self::SafeguardingLead];

    /// The code in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::LinkWorker => "link-worker",
            Self::DutyLead => "duty-lead",
            Self::SafeguardingLead => "safeguarding-lead",
        }
    }

    /// Whether they may sign on for duty. An administrator may: a small team has nobody else.
    #[must_use]
    pub fn may_be_on_duty(self) -> bool {
        match self {
            Self::Admin | Self::DutyLead | Self::SafeguardingLead => true,
            Self::LinkWorker => false,
        }
    }
}

/// The text names no role.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a role: admin, link-worker, duty-lead or safeguarding-lead")]
pub struct NotARole;

impl FromStr for Role {
    type Err = NotARole;

    fn from_str(text: &str) -> Result<Self, NotARole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(NotARole)
    }
}
