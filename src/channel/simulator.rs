//! Phones in memory: for the demo and for tests.
//!
//! Invariant: nothing here leaves the process.

use std::collections::VecDeque;
use std::fmt;

use tokio::sync::watch;

use crate::channel::Receipt;
use crate::channel::SendError;
use crate::channel::door;
use crate::domain::message::ChannelKind;
use crate::domain::message::Content;
use crate::domain::message::Handle;
use crate::domain::message::Inbound;
use crate::domain::message::Outgoing;
use crate::domain::time::Timestamp;

/// A network of phones. Clones share the phones.
#[derive(Clone)]
pub struct Simulator {
    network: watch::Sender<Network>,
}

/// What the network holds.
#[derive(Debug, Default)]
pub struct Network {
    arrived: Vec<Outgoing>,
    faults: VecDeque<Fault>,
}

/// What can go wrong with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It does not arrive, and the sender hears this.
    Lost(SendError),
    /// It arrives, but the sender does not hear so.
    ArrivedUnheard,
}

impl Simulator {
    /// A network on which nothing has been sent.
    #[must_use]
    pub fn new() -> Self {
        Self { network: watch::Sender::default() }
    }

    /// Sends one message, or fails as it was told to.
    ///
    /// # Errors
    /// Where a fault was planned.
    pub fn send(&self, message: &Outgoing) -> Result<Receipt, SendError> {
        let mut result = Ok(receipt(message));
        self.network.send_modify(|network| match network.faults.pop_front() {
            None => network.arrived.push(message.clone()),
            Some(Fault::ArrivedUnheard) => {
                network.arrived.push(message.clone());
                result = Err(SendError::Unknown);
            }
            Some(Fault::Lost(error)) => result = Err(error),
        });
        result
    }

    /// The receipt of a message, if it has arrived.
    #[must_use]
    pub fn find(&self, message: &Outgoing) -> Option<Receipt> {
        let network = self.network.borrow();
        let found = network.all().iter().find(|arrived| arrived.id == message.id);
        found.map(receipt)
    }

    /// What a person's text is to us. Nothing answers STOP on this network but we.
    #[must_use]
    pub fn hear(&self, text: Typed<'_>, received_at: Timestamp) -> Inbound {
        Inbound {
            channel: text.channel,
            provider_id: text.id.to_owned(),
            from: text.from.clone(),
            to: text.to.to_owned(),
            content: Content::Text { body: door::words(text.text), network: None },
            sent_at: None,
            received_at,
        }
    }

    /// What a tap on a button is to us; its text is what the button carries.
    #[must_use]
    pub fn feel(&self, tap: Typed<'_>, received_at: Timestamp) -> Inbound {
        Inbound { content: Content::Button { data: door::clean(tap.text) }, ..self.hear(tap, received_at) }
    }

    /// The messages on a phone, the oldest first.
    #[must_use]
    pub fn messages(&self, on: &Handle) -> Vec<Outgoing> {
        self.network.borrow().on(on).cloned().collect()
    }

    /// Tells of every change, such as a message that arrives.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Network> {
        self.network.subscribe()
    }

    /// Plans what happens to the next message that has no plan yet.
    pub fn fail_next(&self, fault: Fault) {
        self.network.send_modify(|network| network.faults.push_back(fault));
    }
}

fn receipt(message: &Outgoing) -> Receipt {
    Receipt { provider_id: format!("simulated-{}", message.id) }
}

/// What a person types on a simulated phone.
#[derive(Clone, Copy)]
pub struct Typed<'a> {
    /// The kind of channel that the phone stands for.
    pub channel: ChannelKind,
    /// The message's id: the same id is the same message.
    pub id: &'a str,
    /// The phone.
    pub from: &'a Handle,
    /// Our number.
    pub to: &'a str,
    /// What is typed.
    pub text: &'a str,
}

impl Network {
    /// The messages on a phone, the oldest first.
    pub fn on<'a>(&'a self, phone: &'a Handle) -> impl Iterator<Item = &'a Outgoing> {
        self.arrived.iter().filter(move |message| message.to == *phone)
    }

    /// All messages, the oldest first.
    #[must_use]
    pub fn all(&self) -> &[Outgoing] {
        &self.arrived
    }
}

impl Default for Simulator {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Simulator(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::channel::GiveUpReason;
    use crate::channel::StopReason;
    use crate::domain::ids::OutboxId;
    use crate::domain::message::Purpose;
    use crate::domain::message::Words;

    fn message(to: &str, text: &str) -> Outgoing {
        Outgoing {
            id: OutboxId::new(Timestamp::from_micros(1), [1; 10]),
            channel: ChannelKind::Sms,
            to: Handle(to.to_owned()),
            text: Words(text.to_owned()),
            buttons: Vec::new(),
            purpose: Purpose::Answer,
            good_for: Duration::from_secs(60),
        }
    }

    #[tokio::test]
    async fn a_phone_shows_what_was_sent_to_it_and_tells_of_it() {
        let simulator = Simulator::new();
        let mut changes = simulator.subscribe();
        simulator.send(&message("a", "hello")).expect("sent");
        simulator.send(&message("b", "you too")).expect("sent");
        changes.changed().await.expect("a change");
        assert_eq!(simulator.messages(&Handle("a".to_owned())), [message("a", "hello")]);
        assert_eq!(changes.borrow().all().len(), 2);
    }

    #[test]
    fn a_message_fails_in_every_way_that_it_is_told_to() {
        let simulator = Simulator::new();
        let errors = [
            SendError::Retry { after: None, code: Some(20429) },
            SendError::GiveUp { reason: GiveUpReason::OptedOut, code: Some(21610) },
            SendError::Unknown,
            SendError::Stopped { reason: StopReason::WrongCredentials, code: None },
        ];
        for error in errors {
            simulator.fail_next(Fault::Lost(error));
            assert_eq!(simulator.send(&message("a", "hello")), Err(error));
        }
        assert_eq!(simulator.messages(&Handle("a".to_owned())).len(), 0);
        assert_eq!(simulator.find(&message("a", "hello")), None);
        simulator.fail_next(Fault::ArrivedUnheard);
        assert_eq!(simulator.send(&message("a", "hello")), Err(SendError::Unknown));
        assert_eq!(simulator.messages(&Handle("a".to_owned())).len(), 1);
        assert!(simulator.find(&message("a", "hello")).is_some());
        assert!(simulator.send(&message("a", "again")).is_ok());
    }

    #[test]
    fn what_is_typed_comes_in_as_a_text() {
        let from = Handle("a".to_owned());
        let inbound = Simulator::new().hear(
            Typed { channel: ChannelKind::Sms, id: "1", from: &from, to: "us", text: "STOP\0" },
            Timestamp::from_micros(5),
        );
        let body = Words("STOP".to_owned());
        assert_eq!(inbound.content, Content::Text { body, network: None });
        assert_eq!(inbound.received_at, Timestamp::from_micros(5));
        let tap = Typed { channel: ChannelKind::Telegram, id: "2", from: &from, to: "us", text: "a:1.2:b" };
        let felt = Simulator::new().feel(tap, Timestamp::from_micros(6));
        assert_eq!(felt.content, Content::Button { data: "a:1.2:b".to_owned() });
        assert_eq!(felt.channel, ChannelKind::Telegram);
    }
}
