//! What people who work here send about themselves and each other: signing in, accounts, duty.
//!
//! Invariant: printing one for a log shows no password, no code and no token.

use serde::Deserialize;

use crate::domain::ids::ServiceId;

/// Somebody's own phone.
#[derive(Deserialize)]
pub struct PhoneForm {
    /// The number as they wrote it.
    pub phone: String,
}

/// For which service somebody signs on for duty.
#[derive(Debug, Deserialize)]
pub struct DutyForm {
    /// The service.
    pub service: ServiceId,
}

/// Who wants to sign in: first with a password, then with the ticket that it earned and a code.
#[derive(Deserialize)]
pub struct SignInForm {
    /// The e-mail address.
    #[serde(default)]
    pub email: String,
    /// The password.
    #[serde(default)]
    pub password: String,
    /// What the second page holds, where the password was right.
    #[serde(default)]
    pub ticket: String,
    /// The code of an app, or a recovery code.
    #[serde(default)]
    pub code: String,
}

/// A second factor that is to be set up.
#[derive(Deserialize)]
pub struct EnrolForm {
    /// The secret that the page showed.
    pub secret: String,
    /// The code that the app shows now.
    pub code: String,
}

/// A code, where what is asked for needs one.
#[derive(Deserialize)]
pub struct CodeForm {
    /// The code of an app, or a recovery code.
    pub code: String,
}

/// A second factor that is to be taken away.
#[derive(Deserialize)]
pub struct RemoveFactorForm {
    /// The password.
    pub password: String,
    /// The code of an app, or a recovery code.
    pub code: String,
}

/// Another password.
#[derive(Deserialize)]
pub struct PasswordForm {
    /// The one until now.
    pub current: String,
    /// The one from now on.
    pub password: String,
}

/// A session that is to be ended.
#[derive(Debug, Deserialize)]
pub struct SessionForm {
    /// Which, as the page names it.
    pub session: String,
}

/// Who follows an invitation.
#[derive(Deserialize)]
pub struct AcceptForm {
    /// The token of the link.
    pub token: String,
    /// Their name.
    pub name: String,
    /// Their password.
    pub password: String,
}

/// Who is to be invited: services and practices stand in it once each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InviteForm {
    /// The e-mail address.
    pub email: String,
    /// The code of the role.
    pub role: String,
    /// The services.
    pub services: Vec<String>,
    /// The practices.
    pub practices: Vec<String>,
}

impl From<Vec<(String, String)>> for InviteForm {
    fn from(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "email" => form.email = value,
                "role" => form.role = value,
                "service" => form.services.push(value),
                "practice" => form.practices.push(value),
                _ => {}
            }
        }
        form
    }
}

/// The first administrator.
#[derive(Deserialize)]
pub struct SetUpForm {
    /// The token of the link.
    pub token: String,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Their password.
    pub password: String,
}
