//! UK mobile numbers: the only ones that we text.

use std::fmt;
use std::str::FromStr;

/// A UK mobile number in E.164 form, such as `+447700900123`.
///
/// Invariant: `+44`, then ten digits that start with 7, neither personal numbers (`+4470`) nor pagers (`+4476`, but
/// `+447624` is the Isle of Man's mobiles). UK landlines are not rejected by Twilio but read aloud by voice
/// (twilio.com/docs, guidelines/gb/sms), so a text to one could be spoken to the household.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Mobile(String);

/// The text is no UK mobile number.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a UK mobile number")]
pub struct NotAMobile;

impl Mobile {
    /// The number in E.164 form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as people write it: `07700 900123`.
    #[must_use]
    pub fn spaced(&self) -> String {
        let national = &self.0[3..];
        format!("0{} {}", &national[..4], &national[4..])
    }
}

impl FromStr for Mobile {
    type Err = NotAMobile;

    fn from_str(text: &str) -> Result<Self, NotAMobile> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let national = digits.strip_prefix("+44").or_else(|| digits.strip_prefix('0')).ok_or(NotAMobile)?;
        let looks_right = national.len() == 10
            && national.starts_with('7')
            && national.bytes().all(|byte| byte.is_ascii_digit());
        let personal = national.starts_with("70");
        let pager = national.starts_with("76") && !national.starts_with("7624");
        if !looks_right || personal || pager {
            return Err(NotAMobile);
        }
        Ok(Self(format!("+44{national}")))
    }
}

impl fmt::Debug for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mobile(…{})", &self.0[self.0.len() - 3..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_uk_mobiles_are_texted() {
        assert_eq!(
            "07700 900123".parse::<Mobile>().map(|m| m.as_str().to_owned()),
            Ok("+447700900123".to_owned())
        );
        assert!("+447624900123".parse::<Mobile>().is_ok());
        for wrong in
            ["+48500100200", "01632960001", "+447000000000", "+447600000000", "0770090012", "INFO", ""]
        {
            assert_eq!(wrong.parse::<Mobile>(), Err(NotAMobile), "{wrong}");
        }
    }

    #[test]
    fn a_number_is_spaced_for_people_and_hidden_from_logs() {
        let mobile: Mobile = "+447700900123".parse().expect("a mobile");
        assert_eq!(mobile.spaced(), "07700 900123");
        assert_eq!(format!("{mobile:?}"), "Mobile(…123)");
    }
}
