//! A text, folded and looked up in every language: what the files for the kinds of answer read.
//!
//! Invariant: where two languages disagree about a phrase it means both, and its reader asks again.

use std::cell::OnceCell;

use crate::reply::Lexicons;
use crate::reply::lexicon::Meaning;
use crate::reply::lexicon::Tags;
use crate::reply::text::Folded;

/// A text, folded and looked up.
pub(crate) struct Heard<'a> {
    /// The text in its one form.
    pub folded: Folded,
    lexicons: &'a Lexicons,
    /// The numbers of the words, language by language: looked up when they are first asked for.
    ids: OnceCell<Vec<u32>>,
}

/// A phrase that stands in a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    /// Where it begins.
    pub from: usize,
    /// The word after it.
    pub to: usize,
    /// What it means; nothing for a word that no list has.
    pub meaning: Meaning,
}

impl Found {
    /// Whether it is good for any of these.
    pub fn is(&self, wanted: Tags) -> bool {
        self.meaning.tags.intersects(wanted)
    }
}

impl<'a> Heard<'a> {
    /// Folds a text.
    pub fn new(text: &str, lexicons: &'a Lexicons) -> Self {
        Self::folded(Folded::of(text), lexicons)
    }

    /// A folded text, whose words are looked up once they are needed.
    pub fn folded(folded: Folded, lexicons: &'a Lexicons) -> Self {
        Self { folded, lexicons, ids: OnceCell::new() }
    }

    fn ids(&self) -> &[u32] {
        self.ids.get_or_init(|| {
            let mut ids = Vec::with_capacity(self.len() * self.lexicons.languages.len());
            for lexicon in self.lexicons.languages.values() {
                ids.extend(self.folded.words().map(|word| lexicon.word(word)));
            }
            ids
        })
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.folded.len()
    }

    /// The word at this place.
    pub fn word(&self, at: usize) -> &str {
        self.folded.word(at)
    }

    /// The words of all languages.
    pub fn lexicons(&self) -> &'a Lexicons {
        self.lexicons
    }

    /// The longest phrase here that is good for one of these; its other uses are left out.
    pub fn longest(&self, at: usize, wanted: Tags) -> Option<Found> {
        let mut found = self.longest_by(at, |meaning| meaning.tags.intersects(wanted))?;
        found.meaning.tags = found.meaning.tags.and(wanted);
        Some(found)
    }

    /// The same, also behind the last word, where nothing stands.
    pub fn next(&self, at: usize, wanted: Tags) -> Option<Found> {
        if at < self.len() { self.longest(at, wanted) } else { None }
    }

    /// The longest phrase here whose meaning is accepted.
    pub fn longest_by(&self, at: usize, accepts: impl Fn(&Meaning) -> bool) -> Option<Found> {
        let mut best: Option<Found> = None;
        for (language, lexicon) in self.lexicons.languages.values().enumerate() {
            let words = &self.ids()[language * self.len()..(language + 1) * self.len()];
            let mut node = 0;
            for (place, word) in words.iter().enumerate().skip(at) {
                let Some(next) = (*word != 0).then(|| lexicon.step(node, *word)).flatten() else {
                    break;
                };
                node = next;
                let meaning = lexicon.meaning(node);
                if accepts(&meaning) {
                    best = Some(longer(best, Found { from: at, to: place + 1, meaning }));
                }
            }
        }
        best
    }

    /// The whole text as phrases, from the left, the longest first; a word that none has stands alone without meaning.
    pub fn phrases(&self, wanted: Tags) -> Vec<Found> {
        let mut phrases = Vec::with_capacity(self.len());
        let mut at = 0;
        while at < self.len() {
            let found = self.longest(at, wanted).unwrap_or(Found {
                from: at,
                to: at + 1,
                meaning: Meaning::default(),
            });
            at = found.to;
            phrases.push(found);
        }
        phrases
    }

    /// Whether the words of this range are together one phrase that is good for one of these.
    pub fn is_phrase(&self, from: usize, to: usize, wanted: Tags) -> bool {
        self.longest(from, wanted).is_some_and(|found| found.to == to)
    }

    /// All that the phrases are good for, where every word (but pictures) belongs to one.
    pub fn covered_by(&self, wanted: Tags) -> Option<Tags> {
        let mut all = Tags::default();
        let mut at = 0;
        while at < self.len() {
            match self.longest(at, wanted) {
                Some(found) => {
                    all = all | found.meaning.tags;
                    at = found.to;
                }
                None if self.is_picture(at) => at += 1,
                None => return None,
            }
        }
        (self.len() != 0).then_some(all)
    }

    /// Whether the word is a picture.
    pub fn is_picture(&self, at: usize) -> bool {
        !self.word(at).chars().any(char::is_alphanumeric)
    }

    /// Whether the name of a month begins here.
    pub fn is_month(&self, at: usize) -> bool {
        self.longest_by(at, |meaning| meaning.month.is_some()).is_some()
    }

    /// Whether a phrase that is good for one of these stands anywhere.
    pub fn has(&self, wanted: Tags) -> bool {
        (0..self.len()).any(|at| self.longest(at, wanted).is_some())
    }

    /// Whether these letters are an ending of such words, as `nd` of `2nd`, or `ish` of `7ish`.
    pub fn is_ending(&self, ending: &str, wanted: Tags) -> bool {
        self.lexicons.languages.values().any(|lexicon| {
            let word = lexicon.word(ending);
            lexicon.step(0, word).is_some_and(|node| lexicon.meaning(node).tags.intersects(wanted))
        })
    }
}

/// The longer of two phrases; of two equally long ones, both meanings.
fn longer(best: Option<Found>, other: Found) -> Found {
    match best {
        Some(best) if other.to < best.to => best,
        Some(best) if other.to == best.to => {
            let (one, two) = (best.meaning, other.meaning);
            let meaning = Meaning {
                tags: one.tags | two.tags,
                number: one.number.or(two.number),
                ordinal: one.ordinal.or(two.ordinal),
                decade: one.decade.or(two.decade),
                month: one.month.or(two.month),
                named_day: one.named_day.or(two.named_day),
                same: one.same.or(two.same),
            };
            Found { meaning, ..best }
        }
        Some(_) | None => other,
    }
}
