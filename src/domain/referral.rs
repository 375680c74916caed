//! Referrals: the case of a person with a service, and how it ends.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident, $error:ident, $wrong:literal, { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)*
        }

        impl $name {
            /// Every one, in the order in which they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code in tables and forms.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }
        }

        #[doc = concat!("The text is ", $wrong, ".")]
        #[derive(Debug, thiserror::Error, PartialEq, Eq)]
        #[error($wrong)]
        pub struct $error;

        impl FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text).ok_or($error)
            }
        }
    };
}

codes! {
    /// Where a referral stands.
    ReferralStatus, NotAStatus, "not a status of a referral", {
        /// In the queue; nobody has it.
        New = "new",
        /// Somebody works on it.
        InHand = "in-hand",
        /// Accepted by the service.
        Accepted = "accepted",
        /// Declined, with a reason.
        Declined = "declined",
        /// Ended, with an outcome.
        Closed = "closed",
    }
}

codes! {
    /// Why a service declines.
    DeclineReason, NotAReason, "not a reason to decline", {
        /// The person lives outside the area.
        OutOfArea = "out-of-area",
        /// Another service fits better, and the person was told which.
        OtherServiceFits = "other-service-fits",
        /// The person does not want it.
        NotWanted = "not-wanted",
        /// Outside the ages that the service helps.
        Age = "age",
        /// The same case exists already.
        Duplicate = "duplicate",
        /// Sent in error, or not a real request.
        SentInError = "sent-in-error",
    }
}

codes! {
    /// Why a text that was to be sent later was held back.
    WhyNotSent, NotAWhy, "not a reason for not sending a text", {
        /// The person wrote before it went, and nobody has looked at it since.
        Wrote = "wrote",
        /// A concern was raised before it went, and is open.
        Concern = "concern",
        /// They stopped all texts.
        Stopped = "stopped",
        /// No text reaches them any more.
        Unreachable = "unreachable",
        /// Texts are not safe for them.
        Unsafe = "unsafe",
        /// The case has ended.
        Ended = "ended",
        /// Its time was over before the program could send it.
        Late = "late",
        /// The program was put back from a copy: nobody knows whether it has left since the copy was made.
        Restored = "restored",
        /// Two cases were joined, or taken apart: it may have been meant for somebody else.
        Parted = "parted",
        /// A mistake of ours.
        Broken = "broken",
    }
}

codes! {
    /// How a case ended (the first four are those of general practice's own account of social prescribing: connected
    /// to a group, a secure home, support for a carer, a way to work).
    Outcome, NotAnOutcome, "not an outcome", {
        /// Connected to a group or to people.
        Connected = "connected",
        /// A secure home.
        SecureHome = "secure-home",
        /// Support as a carer.
        CarerSupport = "carer-support",
        /// A way to work, learning or volunteering.
        PathToWork = "path-to-work",
        /// Given information, and wanted no more.
        Informed = "informed",
        /// Passed to another service.
        OtherService = "other-service",
        /// Could not be reached.
        NotReached = "not-reached",
        /// Did not want to go on.
        NotWanted = "not-wanted",
        /// Moved away.
        Moved = "moved",
        /// Has died: everything pending is cancelled.
        Died = "died",
        /// Asked not to be contacted: everything pending is cancelled.
        DoNotContact = "do-not-contact",
    }
}

codes! {
    /// Why something was handed over.
    HandOverReason, NotAHandOverReason, "not a reason to hand over", {
        /// The person agreed to be passed on.
        Agreed = "agreed",
        /// The person stopped half way; consent was not asked: first contact only.
        PartFinished = "part-finished",
        /// The person asked for a human.
        WantsAHuman = "wants-a-human",
        /// The person is under 16 (the other spelling stands in what was kept before the codes were the same everywhere).
        #[serde(alias = "under16")]
        Under16 = "under-16",
        /// The person lives outside the area.
        OutOfArea = "out-of-area",
        /// The person they wrote for cannot agree: a human decides.
        CannotAgree = "cannot-agree",
        /// A message after the end.
        WroteAgain = "wrote-again",
        /// The person asked to have their information deleted.
        Deletion = "deletion",
        /// A concern, whatever became of the conversation.
        Concern = "concern",
        /// Replies could not be understood, or the sender cannot be texted back.
        NeedsAHuman = "needs-a-human",
    }
}

codes! {
    /// The folders of the inbox. Who waits for us stands in the first, or was put aside and stands in `later`.
    Folder, NotAFolder, "not a folder", {
        /// An open concern, a text without a reply, a new case, or one whose day has come.
        NeedsReply = "needs-reply",
        /// Nobody has it.
        Unassigned = "unassigned",
        /// Whoever looks has it.
        Mine = "mine",
        /// Put aside until a day.
        Later = "later",
        /// A text to them did not arrive, and nothing since tells that they can be reached.
        Undelivered = "undelivered",
        /// Everything that goes on.
        Open = "open",
        /// What has ended.
        Closed = "closed",
    }
}

codes! {
    /// Why a case was put aside.
    LaterReason, NotALaterReason, "not a reason to put a case aside", {
        /// It is for the person to reply.
        TheirTurn = "their-turn",
        /// It is for somebody else, such as a group or the practice.
        SomebodyElse = "somebody-else",
        /// That is the day that was agreed with them.
        Agreed = "agreed",
        /// They are away, or not well enough for now.
        Away = "away",
        /// To ask how they are then.
        CheckIn = "check-in",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_as_they_were_written() {
        assert!(Outcome::ALL.iter().all(|code| code.as_str().parse() == Ok(*code)));
        assert!(ReferralStatus::ALL.iter().all(|code| code.as_str().parse() == Ok(*code)));
        assert!(Folder::ALL.iter().all(|code| code.as_str().parse() == Ok(*code)));
        assert!(LaterReason::ALL.iter().all(|code| code.as_str().parse() == Ok(*code)));
        assert_eq!("high".parse::<ReferralStatus>(), Err(NotAStatus));
    }

    #[test]
    fn a_code_is_the_same_in_json_as_in_tables_and_what_was_kept_otherwise_is_read() {
        for reason in HandOverReason::ALL {
            assert_eq!(serde_json::to_value(reason).expect("a code"), reason.as_str());
        }
        let kept: HandOverReason = serde_json::from_str(r#""under16""#).expect("an older spelling");
        assert_eq!(kept, HandOverReason::Under16);
    }
}
