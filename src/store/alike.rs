//! Who may be the same person as somebody: found by the keyed hashes of the search, and then compared.
//!
//! Invariant: nobody is found who belongs to another service, was erased, or of whom a link worker said that they are
//! not the same; and nothing is joined here.

use std::collections::BTreeSet;

use crate::domain::ids::PersonId;
use crate::domain::likeness::Likeness;
use crate::domain::likeness::Particulars;
use crate::domain::message::ChannelKind;
use crate::domain::message::Content;
use crate::domain::message::Words;
use crate::handover::Summary;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::inbound;
use crate::store::referral::Referral;
use crate::store::same_person::first_of;
use crate::store::same_person::whole_person;
use crate::store::tx::Reader;

/// More people than this with one name, and the name alone says nothing.
const MOST_CANDIDATES: i64 = 100;
/// More than this on one page is a list that nobody reads.
const MOST_SHOWN: usize = 5;

/// Who may be the same person, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Their case: the open one, else the newest.
    pub referral: Referral,
    /// Their name, where it is known.
    pub name: Option<Words>,
    /// What is the same.
    pub how: Vec<Likeness>,
}

#[derive(sqlx::FromRow)]
struct SharedRow {
    id: uuid::Uuid,
    sealed_for: uuid::Uuid,
    body_sealed: Option<Vec<u8>>,
}

impl Reader {
    /// Who may be the same person as the one of this case, the likest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn alike(&mut self, referral: &Referral) -> Result<Vec<Alike>, StoreError> {
        let own = self.particulars_of(referral.person).await?;
        let mut alike = Vec::new();
        for person in self.candidates(referral, &own).await? {
            let how = own.likeness(&self.particulars_of(person).await?);
            let case = match self.open_referral_of(person).await? {
                Some(open) => Some(open),
                None => self.newest_referral_of(person).await?,
            };
            if let (Some(case), false) = (case, how.is_empty()) {
                let name = self.name_in(&case).await?;
                alike.push(Alike { referral: case, name, how });
            }
        }
        alike.sort_by_key(|one| (one.how.first().copied(), one.referral.opened_at));
        alike.truncate(MOST_SHOWN);
        Ok(alike)
    }

    /// Whether these two cases are of people who may be the same.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn likeness_of(
        &mut self,
        one: &Referral,
        other: &Referral,
    ) -> Result<Vec<Likeness>, StoreError> {
        let (one, other) = (self.particulars_of(one.person).await?, self.particulars_of(other.person).await?);
        Ok(one.likeness(&other))
    }

    async fn candidates(
        &mut self,
        referral: &Referral,
        own: &Particulars,
    ) -> Result<BTreeSet<PersonId>, StoreError> {
        const SQL: &str = concat!(
            "
            SELECT DISTINCT COALESCE(p.same_as, p.id)
              FROM search_key k JOIN person p ON p.id = k.person
             WHERE k.hash = $1 AND EXISTS (SELECT 1 FROM search_key o WHERE o.hash = $5 AND o.person = k.person)
               AND p.service = $2 AND COALESCE(p.same_as, p.id) <> ",
            first_of!("$3"),
            "
               AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.person = p.id)
               AND NOT EXISTS (SELECT 1 FROM not_same n
                                WHERE (n.person = p.id AND n.other IN ",
            whole_person!("$3"),
            ") OR (n.other = p.id AND n.person IN ",
            whole_person!("$3"),
            "))
             ORDER BY 1 DESC LIMIT $4"
        );
        let mut candidates = BTreeSet::new();
        for terms in own.terms() {
            let [one, both] = terms.map(|term| self.search_hash(&term));
            let found: Vec<PersonId> = on!(self, |conn| sqlx::query_scalar(SQL)
                .bind(one)
                .bind(&referral.service)
                .bind(referral.person)
                .bind(MOST_CANDIDATES)
                .bind(both)
                .fetch_all(conn)
                .await?);
            candidates.extend(found);
        }
        Ok(candidates)
    }

    /// What tells people apart, of everything that somebody told, and of where they write from.
    async fn particulars_of(&mut self, person: PersonId) -> Result<Particulars, StoreError> {
        let mut known = Particulars::default();
        for referral in self.referrals_of(person).await? {
            for handover in self.handovers_of::<Summary>(referral.id).await? {
                add_summary(&mut known, &handover.summary);
            }
        }
        for address in if_readable(self.addresses_of(person).await)?.unwrap_or_default() {
            match address.channel {
                ChannelKind::Sms => known.add_own_number(&address.handle.0),
                ChannelKind::Telegram => {}
            }
        }
        for number in self.shared_numbers(person).await? {
            known.add_own_number(&number.0);
        }
        Ok(known)
    }

    /// The numbers that they shared as their own: Telegram says whose a contact is.
    async fn shared_numbers(&mut self, person: PersonId) -> Result<Vec<Words>, StoreError> {
        const SQL: &str = concat!(
            "
            SELECT id, sealed_for, body_sealed FROM inbound WHERE kind = 'contact' AND person IN ",
            whole_person!("$1")
        );
        let rows: Vec<SharedRow> = on!(self, |conn| sqlx::query_as(SQL).bind(person).fetch_all(conn).await?);
        let mut shared = Vec::new();
        for row in rows {
            let sealed = row.body_sealed.as_deref();
            let content =
                self.open_some::<Content>(inbound::BODY, row.sealed_for, row.id.as_bytes(), sealed).await;
            if let Some(Content::Contact { phone }) = if_readable(content)?.flatten() {
                shared.push(phone);
            }
        }
        Ok(shared)
    }

    async fn name_in(&mut self, referral: &Referral) -> Result<Option<Words>, StoreError> {
        let told = self.handovers_of::<Summary>(referral.id).await?;
        Ok(told.into_iter().find_map(|handover| handover.summary.name))
    }
}

fn add_summary(known: &mut Particulars, summary: &Summary) {
    if let Some(name) = &summary.name {
        known.add_name(name);
    }
    for entry in summary.entries.iter().filter(|entry| !entry.skipped) {
        known.add_told(&entry.shown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_words_of_each_name_are_looked_up_and_each_number() {
        let mut known = Particulars::default();
        known.add_name(&Words("Joan Mary Okafor".to_owned()));
        known.add_own_number("+447700900123");
        known.add_name(&Words("Joan".to_owned()));
        let letters: Vec<[String; 2]> = known.terms().map(|pair| pair.map(|term| term.letters)).collect();
        let pairs = [["joan", "joan"], ["okafor", "joan"], ["07700900123", "07700900123"]];
        assert_eq!(letters, pairs.map(|pair| pair.map(str::to_owned)));
    }
}
