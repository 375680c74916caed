//! Invented accounts, invitations and lines of the audit, so that pages can be looked at and asked about in tests.

use crate::domain::ids::InvitationId;
use crate::domain::ids::ReadyTextId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::staff::Role;
use crate::inbox::account::AccountPage;
use crate::inbox::account::Problem;
use crate::inbox::account::SessionView;
use crate::inbox::audit::AuditPage;
use crate::inbox::audit::LineView;
use crate::inbox::away::AbsenceView;
use crate::inbox::away::AwayForm;
use crate::inbox::away::AwayPage;
use crate::inbox::invited::InvitationPage;
use crate::inbox::kept::KeptBy;
use crate::inbox::kept::KeptView;
use crate::inbox::me::MePage;
use crate::inbox::me::NO_MOBILE;
use crate::inbox::page::Layout;
use crate::inbox::page::Moment;
use crate::inbox::people::InvitedPage;
use crate::inbox::people::InvitedView;
use crate::inbox::people::PeoplePage;
use crate::inbox::people::PersonView;
use crate::inbox::person::PersonPage;
use crate::inbox::samples::ago;
use crate::inbox::samples::f;
use crate::inbox::samples::layout;
use crate::inbox::samples::now;
use crate::inbox::scope::PracticesOf;
use crate::inbox::scope::ScopePage;
use crate::inbox::second_factor::EnrolPage;
use crate::inbox::second_factor::RecoveryPage;
use crate::inbox::second_step::SecondStepPage;
use crate::inbox::texts::ServiceTexts;
use crate::inbox::texts::TextView;
use crate::inbox::texts::TextsPage;
use crate::inbox::totp::TotpSecret;
use crate::store::erasure::Held;

pub(crate) fn second_step(written: &str) -> SecondStepPage {
    SecondStepPage {
        layout: Layout::outside("Your code"),
        ticket: written.to_owned(),
        problem: Some("That code is not right."),
    }
}

pub(crate) fn second_factor(written: &str) -> EnrolPage {
    let secret = TotpSecret::from_random([7; 20]);
    EnrolPage {
        layout: layout("Set up your second step"),
        secret: secret.reveal(),
        link: secret.link(written),
        required: true,
        problem: None,
    }
}

pub(crate) fn recovery_codes() -> RecoveryPage {
    RecoveryPage { layout: layout("Your recovery codes"), codes: vec!["2345-6789-ABCD".to_owned()] }
}

pub(crate) fn invitation(written: &str) -> InvitationPage {
    InvitationPage {
        layout: Layout::outside("Make your account"),
        token: "token".to_owned(),
        email: written.to_owned(),
        name: written.to_owned(),
        problem: None,
    }
}

pub(crate) fn invited(written: &str) -> InvitedPage {
    InvitedPage {
        layout: layout("Send them this link"),
        link: "https://texts.example.org/invitation?token=t".to_owned(),
        email: f(written),
        until: Moment(now()),
    }
}

pub(crate) fn account(written: &str) -> AccountPage {
    let session = |id: &str, here| SessionView {
        id: id.to_owned(),
        device: "Firefox on Windows".to_owned(),
        since: Moment(ago(60)),
        seen: Moment(ago(1)),
        here,
    };
    AccountPage {
        layout: layout("Your account"),
        email: written.to_owned(),
        sessions: vec![session("0123456789abcdef", true), session("fedcba9876543210", false)],
        recovery_codes: Some(9),
        problem: Some(Problem::of_factor("That was not right.")),
    }
}

pub(crate) fn audit(written: &str) -> AuditPage {
    let line = LineView {
        number: 7,
        at: Moment(now()),
        who: f(written),
        what: "read referral".to_owned(),
        subject: f("referral FB-7GH2QX"),
    };
    AuditPage {
        layout: layout("Audit"),
        about: written.to_owned(),
        no_reference: true,
        lines: vec![line],
        older: Some(7),
    }
}

pub(crate) fn people(written: &str) -> PeoplePage {
    let id = uuid::Uuid::from_u128(5);
    let person = |me: bool| PersonView {
        id: StaffId(id),
        name: f(written),
        email: f(written),
        role: "Link worker: answers people",
        services: vec![f(written)],
        practices: vec![f(written)],
        choosable: true,
        active: !me,
        has_second_factor: true,
        me,
    };
    PeoplePage {
        layout: layout("People who work here"),
        people: vec![person(true), person(false)],
        invited: vec![InvitedView {
            id: InvitationId(id),
            email: f(written),
            role: "Link worker: answers people",
            until: Moment(now()),
        }],
        services: vec![("alder-vale".parse().expect("a name"), f(written), true)],
        practices: practices(written),
        email: written.to_owned(),
        role: Role::LinkWorker,
        problem: None,
    }
}

fn practices(written: &str) -> Vec<PracticesOf> {
    let practices = vec![("quayside".parse().expect("a name"), f(written), true)];
    vec![PracticesOf { name: f(written), practices }]
}

pub(crate) fn away(written: &str) -> AwayPage {
    let id = StaffId(uuid::Uuid::from_u128(5));
    let absence = |now: bool| AbsenceView {
        staff: id,
        who: f(written),
        from: "Mon 23 Nov".to_owned(),
        until: "Thu 3 Dec".to_owned(),
        cover: now.then(|| f(written)),
        kept_from_cover: 2,
        now,
        may: true,
    };
    AwayPage {
        layout: layout("Away, and who covers"),
        absences: vec![absence(true), absence(false)],
        who: vec![(id, f(written))],
        cover: vec![(id, f(written))],
        typed: AwayForm { from: written.to_owned(), ..AwayForm::default() },
        problem: Some("Choose who is away."),
    }
}

pub(crate) fn scope(written: &str) -> ScopePage {
    ScopePage {
        layout: layout("Choose practices"),
        id: StaffId(uuid::Uuid::from_u128(5)),
        name: f(written),
        practices: practices(written),
    }
}

pub(crate) fn person(typed: &str) -> PersonPage {
    let held = Held {
        sessions: 1,
        heard: 12,
        told: 14,
        waiting: 1,
        referrals: 1,
        notes: 0,
        concerns: 1,
        open_concerns: 0,
        consents: 2,
    };
    PersonPage {
        layout: layout("What we hold of a person"),
        reference: "FB-222222".parse().expect("a reference"),
        kept: KeptView {
            years: Some(8),
            by: Some(KeptBy { who: f(typed), since: Moment(ago(60)), why: f(typed) }),
        },
        held,
        erased_at: None,
        unfinished: false,
        again: typed.to_owned(),
        days: "30".to_owned(),
        chosen: String::new(),
        until: Some("22 December 2026".to_owned()),
        problem: Some("Type the reference."),
    }
}

pub(crate) fn texts(written: &str) -> TextsPage {
    let service: ServiceId = "alder-vale".parse().expect("a name");
    let text = TextView {
        id: ReadyTextId(uuid::Uuid::from_u128(6)),
        version: 1,
        title: written.to_owned(),
        text: written.to_owned(),
        parts: 2,
    };
    TextsPage {
        layout: layout("Ready-made texts"),
        key: "0123456789abcdef".to_owned(),
        services: vec![ServiceTexts { id: service.clone(), name: f(written), texts: vec![text] }],
        typed: Some((service, written.to_owned(), written.to_owned())),
        problem: Some(f(written)),
    }
}

/// Somebody's own page.
pub(crate) fn me(typed: &str) -> MePage {
    MePage {
        layout: layout("My details"),
        key: "key".to_owned(),
        phone: typed.to_owned(),
        has_phone: true,
        problem: Some(NO_MOBILE),
        test: Some((Moment(ago(5)), "Arrived")),
    }
}
