//! The words of the last resort: the one exception to "no words in the program".

/// Said where nothing else can be: when no message can be rendered, or before the locale files are there. The numbers
/// are 999 and Samaritans, which hold in all four nations, and 111, which Northern Ireland has for other things only.
pub const LAST_RESORT: &str = "Sorry, we cannot answer by text just now. If life is at risk call 999. For urgent \
    health help call 111 (not in Northern Ireland). To talk, call Samaritans free, day or night, on 116 123.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::sms::Encoding;
    use crate::wording::sms::count;

    #[test]
    fn the_last_resort_names_the_numbers_in_plain_letters() {
        for number in ["999", "111", "116 123"] {
            assert!(LAST_RESORT.contains(number));
        }
        let counted = count(LAST_RESORT);
        assert_eq!(counted.encoding, Encoding::Gsm7);
        assert!(counted.parts <= 2);
    }
}
