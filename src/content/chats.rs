//! The example chats, run against the conversations that they belong to.
//!
//! Invariant: nothing is in force whose own chats part from it, but by a restart.

use crate::content::Content;
use crate::content::Conversation;
use crate::conversation::chat::Chat;
use crate::conversation::transcript;
use crate::conversation::transcript::Run;
use crate::domain::time::Timestamp;
use crate::reading::problem::Problem;
use crate::reading::problem::Problems;
use crate::reading::source::Source;

/// Monday 5 January 2026, 10:00 in London: a working day without a holiday near it.
const START: Timestamp = Timestamp::from_micros(1_767_607_200_000_000);

impl Content {
    /// Runs a chat.
    #[must_use]
    pub fn run_chat(&self, conversation: &Conversation, chat: &Chat) -> Run {
        let engine = &conversation.engine;
        let render =
            |utterance: &_, standing: &_, channel, now| self.say(engine, utterance, standing, channel, now);
        transcript::run(engine, chat, &render, START)
    }

    /// Where any chat of any conversation parts from what was written.
    #[must_use]
    pub fn broken_chats(&self) -> Problems {
        let mut problems = Problems::default();
        for conversation in self.conversations.values() {
            for (source, chat) in conversation
                .chats
                .iter()
                .flat_map(|(source, chats)| chats.iter().map(move |chat| (source, chat)))
            {
                let run = self.run_chat(conversation, chat);
                differences(source, &run).into_iter().for_each(|problem| problems.add(problem));
            }
        }
        problems
    }
}

/// Where a chat parts from what was written in its file.
#[must_use]
pub fn differences(source: &Source, run: &Run) -> Vec<Problem> {
    let at = |difference: &transcript::Difference| {
        let message = format!("here {}", difference.message);
        source.error(difference.place, "chat", &message, "Change the chat, or the conversation.")
    };
    run.differences.iter().map(at).collect()
}
