//! By what the list of cases is filtered: plain columns, and keyed hashes of what stands in the sealed handovers, which
//! are themes as corrected and access needs.
//!
//! Invariant: whoever was erased has no facet, and nobody without the secret key can tell what a facet says.

use std::collections::BTreeSet;

use crate::conversation::definition::Part;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::LabelId;
use crate::domain::ids::PracticeId;
use crate::domain::ids::ReferralId;
use crate::domain::ids::ServiceId;
use crate::domain::language::Language;
use crate::domain::theme::Corrected;
use crate::domain::theme::Theme;
use crate::domain::theme::as_corrected;
use crate::domain::time::Timestamp;
use crate::handover::Summary;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::search::HASH_BYTES;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// What is asked of the cases of a list. What is not said lets every case through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// The service.
    pub service: Option<ServiceId>,
    /// The practice.
    pub practice: Option<PracticeId>,
    /// The language of the texts.
    pub language: Option<Language>,
    /// They wait for us since before.
    pub waits_before: Option<Timestamp>,
    /// What it is about, as corrected.
    pub theme: Option<Theme>,
    /// What they need so that they can take part.
    pub need: Option<ChoiceId>,
    /// A label that it has.
    pub label: Option<LabelId>,
}

/// The need of whoever speaks a language that is none of ours, whatever they chose.
const INTERPRETER: &str = "interpreter";

impl Reader {
    pub(super) fn facet_hashes(&self, filter: &Filter) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        let theme = filter.theme.map(|theme| self.facet_hash("facet theme", theme.as_str()));
        (theme, filter.need.as_ref().map(|need| self.facet_hash("facet need", need.as_str())))
    }

    fn facet_hash(&self, purpose: &str, code: &str) -> Vec<u8> {
        let mut hash = self.keyed_index(purpose, code.as_bytes());
        hash.truncate(HASH_BYTES);
        hash
    }

    fn facets_of(&self, summaries: &[Summary], corrected: &[Corrected]) -> BTreeSet<Vec<u8>> {
        let found: Vec<Theme> =
            summaries.iter().flat_map(|summary| &summary.themes).map(|found| found.theme).collect();
        let themes = as_corrected(&found, corrected).into_iter().map(|theme| ("facet theme", theme.as_str()));
        let speaks = summaries.iter().any(|summary| summary.speaks.is_some()).then_some(INTERPRETER);
        let needs = needs(summaries).into_iter().chain(speaks).map(|need| ("facet need", need));
        themes.chain(needs).map(|(purpose, code)| self.facet_hash(purpose, code)).collect()
    }

    async fn kept_facets(&mut self, referral: ReferralId) -> Result<BTreeSet<Vec<u8>>, StoreError> {
        const SQL: &str = "SELECT hash FROM case_facet WHERE referral = $1";
        let kept: Vec<Vec<u8>> =
            on!(self, |conn| sqlx::query_scalar(SQL).bind(referral).fetch_all(conn).await?);
        Ok(kept.into_iter().collect())
    }
}

impl Tx {
    /// Lets a case be filtered by what is known of it now, and by nothing else.
    pub(super) async fn keep_facets(
        &mut self,
        referral: ReferralId,
        summaries: &[Summary],
    ) -> Result<(), StoreError> {
        const ADD: &str = "INSERT INTO case_facet (referral, hash) VALUES ($1, $2)";
        const REMOVE: &str = "DELETE FROM case_facet WHERE referral = $1 AND hash = $2";
        let corrected = self.theme_corrections_of(referral).await?;
        let wanted = self.facets_of(summaries, &corrected);
        let kept = self.kept_facets(referral).await?;
        for (sql, hashes) in [(ADD, wanted.difference(&kept)), (REMOVE, kept.difference(&wanted))] {
            for hash in hashes {
                on!(self, |conn| sqlx::query(sql)
                    .bind(referral)
                    .bind(hash.as_slice())
                    .execute(conn)
                    .await
                    .map(|_| ())?);
            }
        }
        Ok(())
    }
}

/// What was chosen of the access needs, where the newest conversation that asks for them says so.
fn needs(summaries: &[Summary]) -> Vec<&str> {
    let mut answers = summaries.iter().flat_map(|summary| &summary.entries);
    let answer = answers.find(|entry| entry.part == Part::Access && !entry.choices.is_empty());
    let choices = answer.iter().flat_map(|entry| &entry.choices);
    choices.filter(|choice| choice.chosen).map(|choice| choice.choice.as_str()).collect()
}
