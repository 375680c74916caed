//! Sends one text.
//!
//! Telegram knows no key that would make a second request harmless, and no bot can ask what it has sent: each outcome
//! is sent, certainly not sent, or unknown for ever.

use serde::Deserialize;
use teloxide::payloads::SendMessage;
use teloxide::payloads::SendMessageSetters;
use teloxide::types::ChatId;
use teloxide::types::InlineKeyboardButton;
use teloxide::types::InlineKeyboardMarkup;
use teloxide::types::LinkPreviewOptions;

use crate::channel::GiveUpReason;
use crate::channel::Receipt;
use crate::channel::SendError;
use crate::channel::telegram::Telegram;
use crate::domain::message::Button;
use crate::domain::message::Outgoing;

/// Telegram takes 4096 letters and counts some twice; longer texts are sent in pieces.
const LONGEST_PIECE: usize = 3_500;

/// So much of a message as we read of it.
#[derive(Deserialize)]
struct Sent {
    message_id: i64,
}

impl Telegram {
    /// Sends one text, in order and in pieces where it is long; the buttons stand under the last.
    pub(in crate::channel) async fn send(&self, message: &Outgoing) -> Result<Receipt, SendError> {
        let chat = message.to.0.parse().map(ChatId);
        let chat = chat.map_err(|_| SendError::GiveUp { reason: GiveUpReason::BadNumber, code: None })?;
        let pieces = pieces(&message.text.0);
        let last = pieces.len().saturating_sub(1);
        let mut receipt = Err(SendError::GiveUp { reason: GiveUpReason::Refused, code: None });
        for (index, piece) in pieces.into_iter().enumerate() {
            let buttons = if index == last { message.buttons.as_slice() } else { &[] };
            receipt = match self.call(piece_of(chat, piece, buttons)).await {
                Ok(Sent { message_id }) => Ok(Receipt { provider_id: format!("telegram-{message_id}") }),
                Err(error) if index == 0 => return Err(error),
                // A part of it has left: nobody may simply send it again.
                Err(_) => return Err(SendError::Unknown),
            };
        }
        receipt
    }
}

fn piece_of(chat: ChatId, text: &str, buttons: &[Button]) -> SendMessage {
    // No `parse_mode`: whatever a person or a link worker wrote stands as it is. No preview: Telegram would fetch the page.
    let message = SendMessage::new(chat, text).link_preview_options(no_preview());
    if buttons.is_empty() { message } else { message.reply_markup(keyboard(buttons)) }
}

fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

/// One button a row: labels are whole phrases, and a thumb finds them.
fn keyboard(buttons: &[Button]) -> InlineKeyboardMarkup {
    InlineKeyboardMarkup::new(
        buttons.iter().map(|button| [InlineKeyboardButton::callback(&button.label, &button.data)]),
    )
}

/// Cuts a text at the end of a paragraph, else of a line, else of a word, else between two letters.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while let Some((end, _)) = rest.char_indices().nth(LONGEST_PIECE) {
        let begin = &rest[..end];
        let cut =
            ["\n\n", "\n", " "].iter().find_map(|gap| begin.rfind(gap)).filter(|at| 0 < *at).unwrap_or(end);
        pieces.push(rest[..cut].trim_end());
        rest = rest[cut..].trim_start();
    }
    pieces.push(rest);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_where_a_paragraph_ends() {
        let paragraph = "word ".repeat(400);
        let text = format!("{paragraph}\n\n{paragraph}\n\n{paragraph}");
        let cut = pieces(&text);
        assert_eq!(cut, [paragraph.trim(), paragraph.trim(), paragraph.trim()]);
        assert_eq!(pieces("short\n\ntext"), ["short\n\ntext"]);
        assert!(pieces(" \n").is_empty());
    }

    #[test]
    fn a_text_without_a_gap_is_cut_between_letters_and_nothing_is_lost() {
        let text = "ŵ👍".repeat(4_000);
        let cut = pieces(&text);
        assert!(cut.iter().all(|piece| piece.chars().count() <= LONGEST_PIECE));
        assert_eq!(cut.concat(), text);
    }
}
