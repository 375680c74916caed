//! The directory: services and their practices, helplines, opening hours and bank holidays, as data that is looked up.
//!
//! Invariant: nothing here knows the time; a directory has at least one service, and no id or number stands twice.

pub mod duty;
pub mod helpline;
pub mod holidays;
pub mod hours;
mod number;
pub mod service;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::directory::duty::Counts;
use crate::directory::duty::DutyStep;
use crate::directory::helpline::Helpline;
use crate::directory::holidays::Holidays;
use crate::directory::service::Practice;
use crate::directory::service::Service;
use crate::domain::ids::HelplineId;
use crate::domain::ids::PracticeId;
use crate::domain::ids::ServiceId;
use crate::domain::nation::Nation;
use crate::domain::postcode::Postcode;
use crate::domain::time::Timestamp;
use crate::reading;
use crate::reading::problem::Problems;
use crate::reading::source::Source;

/// Everything that is known about services, helplines and days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    services: Vec<Service>,
    helplines: Vec<Helpline>,
    holidays: Holidays,
}

/// The three files that make a directory.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// `services.yaml`.
    pub services: &'a Source,
    /// `helplines.yaml`.
    pub helplines: &'a Source,
    /// `holidays.yaml`.
    pub holidays: &'a Source,
}

impl Directory {
    /// Reads the three files; notes all that is wrong with any of them. Helplines that were last verified more than a
    /// year before `today` are warnings.
    #[must_use]
    pub fn read(files: Files<'_>, today: jiff::civil::Date, problems: &mut Problems) -> Option<Self> {
        let services = reading::yaml(files.services, problems, service::read_all);
        let helplines = reading::yaml(files.helplines, problems, |item| helpline::read_all(item, today));
        let holidays = reading::yaml(files.holidays, problems, Holidays::read);
        Some(Self { services: services?, helplines: helplines?, holidays: holidays? })
    }

    /// Every service, in the order of the file.
    #[must_use]
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// The service of this id.
    #[must_use]
    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.iter().find(|service| service.id == *id)
    }

    /// The service to whose number or bot a text was sent; the first, where it is nobody's.
    #[must_use]
    pub fn service_texted(&self, to: &str) -> &Service {
        // Reading refuses a file without a service, so there is a first.
        self.services.iter().find(|service| service.is_texted_at(to)).unwrap_or(&self.services[0])
    }

    /// The service to whose Telegram bot something was sent. Where the bot's name is nobody's, or not known yet, the
    /// first service that has a bot takes it: a program speaks for one bot.
    #[must_use]
    pub fn service_of_bot(&self, bot: &str) -> &Service {
        let named =
            self.services.iter().find(|service| service.telegram.is_some() && service.is_texted_at(bot));
        let any = || self.services.iter().find(|service| service.telegram.is_some());
        named.or_else(any).unwrap_or(&self.services[0])
    }

    /// The practice of this id, and its service.
    #[must_use]
    pub fn practice(&self, id: &PracticeId) -> Option<(&Service, &Practice)> {
        self.practices().find(|(_, practice)| practice.id == *id)
    }

    /// Every practice, with its service.
    pub fn practices(&self) -> impl Iterator<Item = (&Service, &Practice)> {
        self.services
            .iter()
            .flat_map(|service| service.practices.iter().map(move |practice| (service, practice)))
    }

    /// The outward halves of the postcodes of all areas, each once.
    #[must_use]
    pub fn areas(&self) -> BTreeSet<&str> {
        self.services.iter().flat_map(|service| &service.area).map(String::as_str).collect()
    }

    /// The first service whose area holds this postcode.
    #[must_use]
    pub fn service_around(&self, postcode: &Postcode) -> Option<&Service> {
        self.services.iter().find(|service| service.area.iter().any(|outward| outward == postcode.outward()))
    }

    /// The nation whose numbers a person needs: the practice's, else the service's.
    #[must_use]
    pub fn nation(&self, service: &Service, practice: Option<&PracticeId>) -> Nation {
        let practice = practice.and_then(|id| self.practice(id));
        practice.map_or(service.nation, |(owner, practice)| practice.nation.unwrap_or(owner.nation))
    }

    /// The helplines to use in a nation, by id; where the nation is unknown, only those that are the same in all four.
    #[must_use]
    pub fn helplines(&self, nation: Option<Nation>) -> BTreeMap<&HelplineId, &Helpline> {
        let known = self.helplines.iter().map(|helpline| &helpline.id);
        known.filter_map(|id| Some((id, self.helpline(id, nation)?))).collect()
    }

    /// A helpline for a nation; where the nation is unknown, only one that is the same in all four.
    #[must_use]
    pub fn helpline(&self, id: &HelplineId, nation: Option<Nation>) -> Option<&Helpline> {
        let within = |nation| {
            self.helplines.iter().find(|helpline| helpline.id == *id && helpline.nations.contains(&nation))
        };
        match nation {
            Some(nation) => within(nation),
            None => {
                let first = within(Nation::ALL[0])?;
                let same = |nation| within(nation).is_some_and(|other| other.number == first.number);
                Nation::ALL.into_iter().all(same).then_some(first)
            }
        }
    }

    /// Every helpline id, valid somewhere or everywhere.
    #[must_use]
    pub fn helpline_ids(&self) -> BTreeSet<&HelplineId> {
        self.helplines.iter().map(|helpline| &helpline.id).collect()
    }

    /// Whether somebody works at this service at this time.
    #[must_use]
    pub fn is_open(&self, service: &Service, at: Timestamp) -> bool {
        service.open.is_open(at, &self.holidays, service.nation)
    }

    /// When somebody works at this service again; `from` itself where it is open; `None` for a service that never is.
    #[must_use]
    pub fn next_open(&self, service: &Service, from: Timestamp) -> Option<Timestamp> {
        service.open.next_open(from, &self.holidays, service.nation)
    }

    /// When the quiet hours end in which people of this service are not texted unasked; nothing where there are none now.
    #[must_use]
    pub fn quiet_until(&self, service: &Service, at: Timestamp) -> Option<Timestamp> {
        service.quiet.and_then(|quiet| quiet.end_after(at))
    }

    /// When a step of the duty falls due for a concern of this time; `None` where it never does.
    #[must_use]
    pub fn duty_due(&self, service: &Service, step: &DutyStep, raised_at: Timestamp) -> Option<Timestamp> {
        match step.counts {
            Counts::Always => Some(raised_at.plus(step.after)),
            Counts::OpeningHours => {
                service.open.after_open(raised_at, step.after, &self.holidays, service.nation)
            }
        }
    }

    /// The day by which somebody replies to a text of this time.
    #[must_use]
    pub fn promised(&self, service: &Service, from: Timestamp) -> jiff::civil::Date {
        self.holidays.working_days_after(hours::day_in_london(from), service.reply_within, service.nation)
    }

    /// The days that are known as bank holidays.
    #[must_use]
    pub fn holidays(&self) -> &Holidays {
        &self.holidays
    }
}

#[cfg(test)]
mod tests;
