//! Blanks in ready-made texts: which there are, and what they are filled with.
//!
//! Invariant: what is not known leaves a gap that can be seen, and never a guess.

/// What stands for a blank of which nothing is known.
pub const GAP: &str = "…";

/// A blank in a ready-made text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// The first name of whoever gets the text.
    FirstName,
    /// The name of whoever writes.
    MyName,
    /// The name of the service.
    Service,
    /// The number on which the service is rung.
    ServicePhone,
}

/// A ready-made text with its blanks filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// What stands in the box.
    pub text: String,
    /// Of what nothing is known.
    pub missing: Vec<Blank>,
}

/// What is wrong with the blanks of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrongBlank {
    /// There is no such blank.
    Unknown(String),
    /// A `{` or `}` belongs to none.
    Alone,
}

impl Blank {
    /// Every blank.
    pub const ALL: [Self; 4] = [Self::FirstName, Self::MyName, Self::Service, Self::ServicePhone];

    /// What stands between `{` and `}`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FirstName => "first name",
            Self::MyName => "my name",
            Self::Service => "service",
            Self::ServicePhone => "service phone",
        }
    }

    fn missing_words(self) -> &'static str {
        match self {
            Self::FirstName => "their first name",
            Self::MyName => "your name",
            Self::Service => "the name of the service",
            Self::ServicePhone => "the number of the service",
        }
    }
}

/// A blank, or the words between two.
enum Piece<'a> {
    Words(&'a str),
    Blank(Blank),
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, WrongBlank> {
    let mut pieces = Vec::new();
    let mut parts = text.split('{');
    pieces.push(Piece::Words(parts.next().unwrap_or_default()));
    for part in parts {
        let (name, words) = part.split_once('}').ok_or(WrongBlank::Alone)?;
        let blank = Blank::ALL.into_iter().find(|blank| blank.as_str() == name.trim());
        pieces.push(Piece::Blank(blank.ok_or_else(|| WrongBlank::Unknown(name.to_owned()))?));
        pieces.push(Piece::Words(words));
    }
    let is_alone = |piece: &Piece<'_>| matches!(piece, Piece::Words(words) if words.contains('}'));
    if pieces.iter().any(is_alone) { Err(WrongBlank::Alone) } else { Ok(pieces) }
}

/// Fills the blanks of a text.
///
/// # Errors
/// Where one is none.
pub fn fill(text: &str, value: impl Fn(Blank) -> Option<String>) -> Result<Filled, WrongBlank> {
    let mut filled = Filled { text: String::with_capacity(text.len()), missing: Vec::new() };
    for piece in pieces(text)? {
        match piece {
            Piece::Words(words) => filled.text.push_str(words),
            Piece::Blank(blank) => match value(blank).filter(|value| !value.trim().is_empty()) {
                Some(value) => filled.text.push_str(value.trim()),
                None => {
                    filled.text.push_str(GAP);
                    filled.missing.push(blank);
                }
            },
        }
    }
    filled.missing.dedup();
    Ok(filled)
}

impl Filled {
    /// What the sender is told of the gaps; nothing where there are none.
    #[must_use]
    pub fn gap_words(&self) -> Option<String> {
        let missing: Vec<_> = self.missing.iter().map(|blank| blank.missing_words()).collect();
        let is_missing = !missing.is_empty();
        is_missing.then(|| {
            format!("We do not know {}. Fill the gap {GAP} before you send it.", missing.join(" and "))
        })
    }
}

impl WrongBlank {
    /// What is wrong, in a sentence.
    #[must_use]
    pub fn words(&self) -> String {
        let known = Blank::ALL.map(|blank| format!("{{{}}}", blank.as_str())).join(", ");
        match self {
            Self::Unknown(name) => format!("There is no blank {{{name}}}. These can be filled in: {known}."),
            Self::Alone => format!("A {{ or }} stands by itself. These can be filled in: {known}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(blank: Blank) -> Option<String> {
        match blank {
            Blank::FirstName => None,
            Blank::MyName => Some(" Ann ".to_owned()),
            Blank::Service => Some("Alder Vale {link} workers".to_owned()),
            Blank::ServicePhone => Some(String::new()),
        }
    }

    #[test]
    fn blanks_are_filled_once_and_what_is_not_known_is_a_gap_that_is_told() {
        let filled = fill("Hello {first name}, {my name} of {service} here. Ring {service phone}.", known);
        let filled = filled.expect("known blanks");
        assert_eq!(filled.text, "Hello …, Ann of Alder Vale {link} workers here. Ring ….");
        let told = "We do not know their first name and the number of the service. Fill the gap … before you send it.";
        assert_eq!(filled.gap_words().as_deref(), Some(told));
        assert_eq!(fill("{my name}", known).expect("a known blank").gap_words(), None);
    }

    #[test]
    fn a_blank_that_is_none_is_refused_with_a_sentence() {
        let wrong = fill("Dear {surname}", known).expect_err("no such blank");
        assert!(
            wrong.words().starts_with("There is no blank {surname}. These can be filled in: {first name},")
        );
        for alone in ["Dear {first name", "Dear first name}", "{first name}}", "{{first name}"] {
            assert!(fill(alone, known).is_err(), "{alone}");
        }
    }
}
