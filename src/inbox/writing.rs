//! Writing to a person: what the page of a case has beside the box for a text.
//!
//! Invariant: nothing here sends; the worker reads what stands in the box, and sends it.

use crate::domain::account::PartPrice;
use crate::domain::ids::ReadyTextId;
use crate::domain::message::ChannelKind;
use crate::inbox::Inbox;
use crate::inbox::keeping::next_working_day;
use crate::inbox::later::Quiet;
use crate::inbox::later::WaitingView;
use crate::inbox::page::Moment;
use crate::inbox::ready;
use crate::inbox::ready::Filled;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::texts;
use crate::inbox::view::Case;
use crate::inbox::who::Who;
use crate::store::draft::Draft;
use crate::store::draft::DraftKind;
use crate::store::ready_text::ReadyText;

/// What is there for whoever writes to a person.
#[derive(Debug, Clone, Default)]
pub struct Writing {
    /// Whether it goes out as a text message, which has parts.
    pub by_sms: bool,
    /// What one part costs, where the operator has said it.
    pub part_price: Option<PartPrice>,
    /// The ready-made texts of the service, by title, with their blanks filled.
    pub ready: Vec<Ready>,
    /// What was begun as a text.
    pub reply_draft: Option<DraftView>,
    /// What was begun as a note.
    pub note_draft: Option<DraftView>,
    /// What stands in the box for a text.
    pub text: String,
    /// What the sender is told of it.
    pub told: Option<String>,
    /// The texts that wait for their time, or were not sent.
    pub waiting: Vec<WaitingView>,
    /// Whether it is late.
    pub quiet: Quiet,
    /// The day that is proposed for sending later: the next working day.
    pub proposed_day: String,
}

/// What somebody has begun.
#[derive(Debug, Clone)]
pub struct DraftView {
    /// What it says so far.
    pub text: String,
    /// When it was kept last.
    pub kept_at: Moment,
}

/// A ready-made text with its blanks filled for a person.
#[derive(Debug, Clone)]
pub struct Ready {
    /// Its row.
    pub id: ReadyTextId,
    /// By what it is chosen.
    pub title: Foreign,
    /// What it says to them.
    pub text: String,
    /// What the sender is told of its gaps.
    pub told: Option<String>,
}

impl Writing {
    /// What is there for whoever writes to the person of this case, with the ready-made text in the box that they
    /// chose.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn of(inbox: &Inbox, worker: &SignedIn, case: &Case, chosen: &str) -> Result<Self, Refusal> {
        let mut reader = inbox.house.store.read().await?;
        let texts = reader.ready_texts_of(&case.referral.service).await?;
        let mine = |drafts: Vec<Draft>| {
            let draft = drafts.into_iter().find(|draft| draft.staff == worker.id)?;
            Some(DraftView { text: draft.body.0, kept_at: Moment(draft.kept_at) })
        };
        let reply_draft = mine(reader.drafts_of(&case.referral, DraftKind::Text).await?);
        let note_draft = mine(reader.drafts_of(&case.referral, DraftKind::Note).await?);
        let address = reader.texted_at(case.referral.person).await?;
        let (content, now) = (inbox.house.content.get(), inbox.house.clock.now());
        let waiting = reader.later_texts_of(case.referral.id).await?;
        let mut writing = Self {
            by_sms: address.is_some_and(|address| address.channel == ChannelKind::Sms),
            part_price: inbox.part_price,
            ready: fill_all(inbox, worker, case, &texts),
            text: reply_draft.as_ref().map(|draft| draft.text.clone()).unwrap_or_default(),
            reply_draft,
            note_draft,
            told: None,
            waiting: waiting.into_iter().map(|text| WaitingView::of(text, &case.staff, now)).collect(),
            quiet: Quiet::of(&content, &case.referral, case.heard_at, now),
            proposed_day: next_working_day(&content.directory, &case.referral.service, now).to_string(),
        };
        writing.put(chosen);
        Ok(writing)
    }

    /// Puts a ready-made text into the box, below what stands there.
    fn put(&mut self, chosen: &str) {
        let Some(ready) = self.ready.iter().find(|ready| ready.id.to_string() == chosen) else { return };
        self.text = [self.text.as_str(), &ready.text].join("\n").trim().to_owned();
        self.told.clone_from(&ready.told);
    }

    /// When quiet hours end, where it is asked whether a text can wait until then.
    pub(super) fn asks_to_wait_until(&self) -> Option<Moment> {
        match self.quiet {
            Quiet::Until(morning) => Some(morning),
            Quiet::No | Quiet::JustWrote => None,
        }
    }

    pub(super) fn price_words(&self) -> Option<String> {
        self.part_price.map(|price| price_words(usize::from(price.hundredths())))
    }
}

fn fill_all(inbox: &Inbox, worker: &SignedIn, case: &Case, texts: &[ReadyText]) -> Vec<Ready> {
    let content = inbox.house.content.get();
    let service = content.directory.service(&case.referral.service);
    let name = Who::of(&case.summaries).writer().map(ToString::to_string);
    let fill = |text: &ReadyText| {
        let filled =
            ready::fill(&text.words.text.0, |blank| texts::value(worker, service, name.as_deref(), blank));
        // What was kept had no blank that is none.
        filled.unwrap_or_else(|_| Filled { text: text.words.text.0.clone(), missing: Vec::new() })
    };
    let ready = |text: &ReadyText| {
        let filled = fill(text);
        let (title, told) = (Foreign::new(&text.words.title.0), filled.gap_words());
        Ready { id: text.id, title, text: filled.text, told }
    };
    texts.iter().map(ready).collect()
}

/// What something costs, up to the next penny.
fn price_words(hundredths: usize) -> String {
    let pence = hundredths.div_ceil(100);
    if pence < 100 { format!("{pence}p") } else { format!("£{}.{:02}", pence / 100, pence % 100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_told_up_to_the_next_penny() {
        let words: Vec<_> = [50, 385, 400, 9_900, 9_901, 12_345].into_iter().map(price_words).collect();
        assert_eq!(words, ["1p", "4p", "4p", "99p", "£1.00", "£1.24"]);
    }
}
