//! What is not ready for the public though everything runs: the shipped services, which are invented, and a number of ours
//! that belongs to no service.
//!
//! Invariant: nothing here stops a start, and no number is told whole.

use crate::config::Config;
use crate::directory::Directory;
use crate::directory::service::Service;
use crate::domain::account::TwilioSender;

/// As many last digits as tell one number of ours from another.
const DIGITS_TOLD: usize = 3;

/// What to do about a number that no service names.
pub const NAME_IT: &str = "Write it under `numbers` of its service, in conversations/services.yaml.";
/// What to do about the services that came with the program.
pub const BE_YOURSELF: &str = "Put your own services into conversations/services.yaml: `footbridge unpack FOLDER` writes it out, FOOTBRIDGE_CONVERSATIONS names its folder.";

/// The services with numbers that are set aside for drama and reach nobody, as the shipped ones have.
#[must_use]
pub fn invented(directory: &Directory) -> Vec<&str> {
    let is_invented = |number: &str| {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        digits.starts_with("01632960") || digits.starts_with("447700900")
    };
    let has_invented = |service: &&Service| {
        is_invented(&service.phone) || service.numbers.iter().any(|number| is_invented(number.as_str()))
    };
    directory.services().iter().filter(has_invented).map(|service| service.id.as_str()).collect()
}

/// What texts come from, where no service names it: they all go to the first. Which numbers a Messaging Service has, only
/// Twilio knows: told is where no service names any.
#[must_use]
pub fn unnamed(sender: &TwilioSender, directory: &Directory) -> Option<String> {
    let services = directory.services();
    let (what, whole, is_named) = match sender {
        TwilioSender::Number(number) => {
            ("the number", number, services.iter().any(|service| service.is_texted_at(number)))
        }
        TwilioSender::Service(id) => (
            "a number of the Messaging Service",
            id,
            services.iter().any(|service| !service.numbers.is_empty()),
        ),
    };
    let end = whole.char_indices().rev().nth(DIGITS_TOLD - 1).map_or(0, |(at, _)| at);
    (!is_named).then(|| {
        format!(
            "no service names {what} that ends in {}: its texts go to the first, {}",
            &whole[end..],
            services[0].id
        )
    })
}

/// What whoever starts the server is told.
#[must_use]
pub fn warnings(config: &Config, directory: &Directory) -> Vec<String> {
    let invented = invented(directory);
    let invented = (!invented.is_empty()).then(|| {
        format!(
            "made-up numbers, which reach nobody, at the service {}. {BE_YOURSELF}",
            invented.join(" and ")
        )
    });
    let unnamed = config.twilio.as_ref().and_then(|account| unnamed(&account.sender, directory));
    invented.into_iter().chain(unnamed.map(|found| format!("{found}. {NAME_IT}"))).collect()
}
