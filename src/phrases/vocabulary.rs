//! Words as numbers: spellings, contractions, stems and slips of the thumb lead to the word that rules are written in.
//!
//! Invariant: rules and texts go through the same vocabulary, so a rule may be written with any of the spellings.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use crate::phrases::fold::Break;
use crate::phrases::fold::Folded;
use crate::phrases::fold::Word;
use crate::phrases::fold::fold;
use crate::phrases::quick::QuickHasher;

/// The number of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WordId(u32);

impl WordId {
    /// A word of which no rule speaks.
    pub const UNKNOWN: Self = Self(u32::MAX);
    /// Any number, `#` in a phrase.
    const NUMBER: Self = Self(0);
    /// A number from 1900 to 2099, `#year` in a phrase.
    const YEAR: Self = Self(1);
    /// A word that may be a name, `#name` in a phrase.
    pub const NAME: Self = Self(2);

    /// The number as an index.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One word of a text.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// Which word.
    pub id: WordId,
    /// Which of the folded words it came from: one may stand for several ("dont" for "do not").
    pub word: usize,
    /// How it is parted from the token before.
    pub parted: Break,
    /// Which sentence it stands in, from 0.
    pub sentence: u32,
    /// Whether it may be a name: no rule knows the word, or it has a capital within a sentence.
    pub name: bool,
}

/// By the letters of words: the words are ours, so nobody can choose them to be slow.
type Quick<T> = HashMap<Box<str>, T, BuildHasherDefault<QuickHasher>>;

/// The words of all rules.
#[derive(Debug)]
pub struct Vocabulary {
    spellings: Quick<Meaning>,
    /// The word that a word belongs to as well: its stem, or "a number".
    parents: Vec<Option<WordId>>,
    /// The words by the spelling that rules use, in the order in which they were learnt.
    words: Vec<(Box<str>, WordId)>,
    /// Stems in the order of their letters.
    stems: Vec<(Box<str>, WordId)>,
    /// Words that are known with one slip, by each way to leave one letter out.
    slips: Quick<Vec<(Box<str>, WordId)>>,
    /// Which first letters and lengths slips can have: a cheap no for most words.
    slip_shapes: [u32; 26],
}

/// What a spelling stands for: mostly one word.
#[derive(Debug, Clone)]
enum Meaning {
    Word(WordId),
    Words(Box<[WordId]>),
}

impl Meaning {
    fn of(words: &[WordId]) -> Self {
        match words {
            [word] => Self::Word(*word),
            _ => Self::Words(words.into()),
        }
    }

    fn words(&self) -> &[WordId] {
        match self {
            Self::Word(word) => std::slice::from_ref(word),
            Self::Words(words) => words,
        }
    }
}

/// Shorter words have too many neighbours.
const SHORTEST_SLIP: usize = 5;
/// Shorter words are seldom names.
const SHORTEST_NAME: usize = 3;
/// Longer ones are not words.
const LONGEST_SLIP: usize = 24;

impl Default for Vocabulary {
    fn default() -> Self {
        let mut vocabulary = Self {
            spellings: Quick::default(),
            parents: vec![None, Some(WordId::NUMBER), None],
            words: Vec::new(),
            stems: Vec::new(),
            slips: Quick::default(),
            slip_shapes: [0; 26],
        };
        vocabulary.spellings.insert("#".into(), Meaning::Word(WordId::NUMBER));
        vocabulary.spellings.insert("#year".into(), Meaning::Word(WordId::YEAR));
        vocabulary.spellings.insert("#name".into(), Meaning::Word(WordId::NAME));
        vocabulary
    }
}

impl Vocabulary {
    /// How many words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parents.len()
    }

    /// Whether there are none (there are always the numbers).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parents.is_empty()
    }

    /// All words.
    pub fn words(&self) -> impl Iterator<Item = WordId> {
        (0..).map(WordId).take(self.len())
    }

    /// The word itself, and what it goes with: its stem, and the shorter stems of that.
    pub fn family(&self, id: WordId) -> impl Iterator<Item = WordId> {
        std::iter::successors(Some(id), |id| self.parents.get(id.index()).copied().flatten())
    }

    /// Learns that `spelling` stands for these words.
    pub fn learn_meaning(&mut self, spelling: &str, meaning: &str) {
        let meant: Vec<WordId> = words_of(meaning).iter().map(|word| self.intern(word)).collect();
        for spelling in words_of(spelling) {
            self.spellings.insert(spelling.into(), Meaning::of(&meant));
        }
    }

    /// Learns that this word is known with one slip.
    pub fn learn_slips(&mut self, word: &str) {
        let id = self.intern(word);
        let Some(first) = word.bytes().next().filter(u8::is_ascii_lowercase) else {
            return;
        };
        let usable = SHORTEST_SLIP <= word.len() && word.len() < LONGEST_SLIP && word.is_ascii();
        if !usable {
            return;
        }
        for length in word.len() - 1..=word.len() + 1 {
            self.slip_shapes[usize::from(first - b'a')] |= 1 << length;
        }
        self.slips.entry(word.into()).or_default().push((word.into(), id));
        for at in 1..word.len() {
            let shorter = format!("{}{}", &word[..at], &word[at + 1..]);
            self.slips.entry(shorter.into()).or_default().push((word.into(), id));
        }
    }

    /// The words that a plain spelling in a rule stands for, learnt where they are new.
    pub fn learn(&mut self, spelling: &str) -> Vec<WordId> {
        words_of(spelling)
            .iter()
            .flat_map(|word| match self.spellings.get(word.as_str()) {
                Some(meant) => meant.words().to_vec(),
                None => vec![self.intern(word)],
            })
            .collect()
    }

    /// The number of a class of words, such as `#` or `#year`.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<WordId> {
        self.spellings.get(name).and_then(|meant| meant.words().first().copied())
    }

    /// Learns a stem: it stands for every word that begins so.
    pub fn learn_stem(&mut self, stem: &str) -> WordId {
        let plain = words_of(stem).concat();
        match self.stems.binary_search_by(|(known, _)| (**known).cmp(&plain)) {
            Ok(at) => self.stems[at].1,
            Err(at) => {
                let id = self.new_id();
                self.stems.insert(at, (plain.into(), id));
                id
            }
        }
    }

    /// Finds out what goes with which stem, after everything has been learnt.
    pub fn settle(&mut self) {
        let stems = std::mem::take(&mut self.stems);
        for (at, (stem, id)) in stems.iter().enumerate() {
            let shorter = stems[..at].iter().rev().find(|(shorter, _)| stem.starts_with(&**shorter));
            self.parents[id.index()] = shorter.map(|(_, shorter)| *shorter);
        }
        self.stems = stems;
        self.learn_dropped_g();
        // By the spelling that rules use: another one ("suiside") may begin with the stem of another language.
        for (word, id) in std::mem::take(&mut self.words) {
            self.parents[id.index()] = number(&word).or_else(|| self.stem_of(&word));
        }
    }

    /// Many people write as they speak: "livin", "cuttin". Where what stands before has no vowel it is another word
    /// ("thing", "thin").
    fn learn_dropped_g(&mut self) {
        let dropped: Vec<(Box<str>, Meaning)> = self
            .spellings
            .iter()
            .filter_map(|(word, meant)| Some((word.strip_suffix('g')?, word.strip_suffix("ing")?, meant)))
            .filter(|(short, stem, _)| {
                stem.contains(['a', 'e', 'i', 'o', 'u', 'y']) && !self.spellings.contains_key(*short)
            })
            .map(|(short, _, meant)| (short.into(), meant.clone()))
            .collect();
        self.spellings.extend(dropped);
    }

    /// The words of a text.
    #[must_use]
    pub fn tokens(&self, folded: &Folded) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(folded.words().len() + 8);
        let mut sentence = 0;
        for (at, word) in folded.words().iter().enumerate() {
            let mut parted = word.parted;
            sentence += u32::from(parted == Break::Hard);
            let begins = tokens.last().is_none_or(|last: &Token| last.sentence != sentence);
            let letters = folded.letters(word);
            let long = SHORTEST_NAME <= letters.len() && letters.chars().all(char::is_alphabetic);
            let mut add = |id| {
                let name = long && (id == WordId::UNKNOWN || (word.capital && !begins));
                tokens.push(Token { id, word: at, parted, sentence, name });
                parted = Break::None;
            };
            match self.look_up(letters, word) {
                Ok(meant) => meant.iter().copied().for_each(add),
                Err(id) => add(id),
            }
        }
        tokens
    }

    /// What a spelling stands for, or else the one number of a word that is in no list.
    fn look_up(&self, letters: &str, word: &Word) -> Result<&[WordId], WordId> {
        if let Some(meant) = self.spellings.get(letters) {
            return Ok(meant.words());
        }
        if word.stretched {
            let mut short: Vec<char> = letters.chars().collect();
            short.dedup();
            let short: String = short.into_iter().collect();
            if let Some(meant) = self.spellings.get(short.as_str()) {
                return Ok(meant.words());
            }
        }
        let found = number(letters).or_else(|| self.stem_of(letters)).or_else(|| self.slip_of(letters));
        Err(found.unwrap_or(WordId::UNKNOWN))
    }

    /// The longest stem with which the word begins.
    fn stem_of(&self, letters: &str) -> Option<WordId> {
        let after = self.stems.partition_point(|(stem, _)| **stem <= *letters);
        let nearest = &self.stems.get(after.checked_sub(1)?)?;
        if letters.starts_with(&*nearest.0) {
            return Some(nearest.1);
        }
        // A shorter stem sorts before all words that begin with it, with longer stems of its own in between.
        let shared = nearest.0.bytes().zip(letters.bytes()).take_while(|(a, b)| a == b).count();
        (1..=shared).rev().filter(|end| letters.is_char_boundary(*end)).find_map(|end| {
            let at = self.stems.binary_search_by(|(stem, _)| (**stem).cmp(&letters[..end])).ok()?;
            Some(self.stems[at].1)
        })
    }

    /// The word that this was meant to be, one slip away: a letter left out, added, swapped or wrong, never the first.
    fn slip_of(&self, letters: &str) -> Option<WordId> {
        let first = letters.bytes().next().filter(u8::is_ascii_lowercase)?;
        let possible = letters.len() <= LONGEST_SLIP
            && self.slip_shapes[usize::from(first - b'a')] & (1 << letters.len()) != 0
            && letters.is_ascii();
        if !possible {
            return None;
        }
        let is_slip = |word: &str| strsim::osa_distance(word, letters) <= 1;
        let near = |shorter: &str| {
            let words = self.slips.get(shorter)?;
            words.iter().find(|(word, _)| is_slip(word)).map(|(_, id)| *id)
        };
        near(letters).or_else(|| {
            let mut shorter = String::with_capacity(LONGEST_SLIP);
            (1..letters.len()).find_map(|at| {
                shorter.clear();
                shorter.push_str(&letters[..at]);
                shorter.push_str(&letters[at + 1..]);
                near(&shorter)
            })
        })
    }

    fn intern(&mut self, word: &str) -> WordId {
        match self.spellings.get(word) {
            Some(Meaning::Word(id)) => *id,
            Some(Meaning::Words(_)) | None => {
                let id = self.new_id();
                self.words.push((word.into(), id));
                self.spellings.entry(word.into()).or_insert(Meaning::Word(id));
                id
            }
        }
    }

    fn new_id(&mut self) -> WordId {
        let id = WordId(u32::try_from(self.parents.len()).unwrap_or(u32::MAX));
        self.parents.push(None);
        id
    }
}

/// The plain words of a spelling.
fn words_of(spelling: &str) -> Vec<String> {
    let folded = fold(spelling);
    folded.words().iter().map(|word| folded.letters(word).to_owned()).collect()
}

fn number(letters: &str) -> Option<WordId> {
    if !letters.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year = letters.len() == 4 && (letters.starts_with("19") || letters.starts_with("20"));
    Some(if year { WordId::YEAR } else { WordId::NUMBER })
}
