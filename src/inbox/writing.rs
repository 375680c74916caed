//! Writing to a person: what the page of a case has beside the box for a text.
//!
//! Invariant: nothing here sends; the worker reads what stands in the box, and sends it.

use crate::domain::account::PartPrice;
use crate::domain::message::ChannelKind;
use crate::inbox::view::Case;

/// What is there for whoever writes to a person.
#[derive(Debug, Clone)]
pub struct Writing {
    /// Whether it goes out as a text message, which has parts.
    pub by_sms: bool,
    /// What one part costs, where the operator has said it.
    pub part_price: Option<PartPrice>,
}

impl Writing {
    /// To whom this case belongs.
    #[must_use]
    pub fn of(case: &Case, part_price: Option<PartPrice>) -> Self {
        // As a reply goes: where they wrote from last, of what can be texted.
        let address = case.addresses.iter().find(|address| address.textable && !address.opted_out);
        Self { by_sms: address.is_some_and(|address| address.channel == ChannelKind::Sms), part_price }
    }

    pub(super) fn price_words(&self) -> Option<String> {
        self.part_price.map(|price| price_words(usize::from(price.hundredths())))
    }
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
