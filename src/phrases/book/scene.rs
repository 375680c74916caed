//! What keeps a match from counting.
//!
//! Invariant: for each match only what stands near it is looked at, or what settles the question at once, so that the
//! time for a text grows no faster than its length.

use crate::phrases::book::Book;
use crate::phrases::book::Rule;
use crate::phrases::book::Silence;
use crate::phrases::book::Silenced;
use crate::phrases::book::Use;
use crate::phrases::fold::Break;
use crate::phrases::index::Hit;
use crate::phrases::source::Reach;
use crate::phrases::vocabulary::Token;

/// A text in which phrases were found that silence others, or keep a silence off.
pub(super) struct Scene<'a, K> {
    book: &'a Book<K>,
    tokens: &'a [Token],
    groups: Vec<Group>,
}

/// What was found for one silence, or for one rule.
struct Group {
    for_what: Use,
    /// By their first tokens.
    hits: Vec<Hit>,
    /// How many tokens the longest of them takes.
    longest: usize,
    /// By token: where the words begin through which a silence reaches up to it; behind it where it reaches nothing.
    /// Only for what silences what comes behind it.
    through: Vec<usize>,
}

impl<'a, K: Copy + PartialEq> Scene<'a, K> {
    /// `hits` are sorted, so that those of one use stand together.
    pub(super) fn new(book: &'a Book<K>, tokens: &'a [Token], hits: &[Hit]) -> Self {
        let of_one_use = |one: &Hit, other: &Hit| book.uses[one.phrase] == book.uses[other.phrase];
        let group = |hits: &[Hit]| {
            let for_what = book.uses[hits[0].phrase];
            let mut hits = hits.to_vec();
            hits.sort_unstable_by_key(|hit| hit.start);
            let longest = hits.iter().map(|hit| hit.longest - hit.start).max().unwrap_or_default();
            let through = match for_what {
                Use::Silences(silence) if book.silences[silence].reach == Reach::Before => {
                    through(&book.silences[silence], tokens)
                }
                Use::Silences(_)
                | Use::Finds(_)
                | Use::Accompanies(_)
                | Use::Unless(_)
                | Use::KeepsSilenceOff(_) => Vec::new(),
            };
            Group { for_what, hits, longest, through }
        };
        Self { book, tokens, groups: hits.chunk_by(of_one_use).map(group).collect() }
    }

    /// What keeps a match of this rule from counting, in the order of the rule files.
    pub(super) fn silencers(&self, number: usize, found: &Hit) -> impl Iterator<Item = Silenced<K>> {
        self.groups.iter().flat_map(move |group| {
            let concerned = self.concerned(group, number).filter(|(_, reach)| {
                let Use::Silences(silence) = group.for_what else { return true };
                !self.kept_off(silence, *reach, found)
            });
            concerned.into_iter().flat_map(move |(silenced, reach)| {
                self.reaching(group, reach, *found).map(move |_| silenced.clone())
            })
        })
    }

    /// Why a match of this rule does not count where a hit of the group reaches it, and how such a hit does.
    fn concerned(&self, group: &Group, number: usize) -> Option<(Silenced<K>, Reach)> {
        let rule = &self.book.rules[number];
        match group.for_what {
            Use::Unless(of) if of == number => {
                Some((Silenced { by: rule.id.clone(), tag: None }, Reach::Sentence))
            }
            Use::Silences(silence) => {
                let silence = &self.book.silences[silence];
                let silenced = || (Silenced { by: silence.id.clone(), tag: silence.tag }, silence.reach);
                is_concerned(silence, rule).then(silenced)
            }
            Use::Unless(_) | Use::Finds(_) | Use::Accompanies(_) | Use::KeepsSilenceOff(_) => None,
        }
    }

    /// "I can't promise I won't": what looks like a silence is none. A denial is only undone from its own sentence.
    fn kept_off(&self, silence: usize, reach: Reach, found: &Hit) -> bool {
        let reach = if reach == Reach::Text { Reach::Text } else { Reach::Sentence };
        let group = self.groups.iter().find(|group| group.for_what == Use::KeepsSilenceOff(silence));
        group.is_some_and(|group| self.reaching(group, reach, *found).next().is_some())
    }

    /// The hits of a group that reach a match.
    fn reaching<'s>(&'s self, group: &'s Group, reach: Reach, found: Hit) -> impl Iterator<Item = &'s Hit> {
        let near = match reach {
            Reach::Over => group.near(found.end, found.end),
            Reach::Before => group.near(group.through.get(found.start).map_or(0, |at| *at), found.start + 1),
            Reach::After => group.near(found.end, found.end + 1),
            Reach::Sentence => {
                group.near(self.begin_of_sentence(found.start), self.end_of_sentence(found.end - 1))
            }
            Reach::Text => &group.hits,
        };
        near.iter().filter(move |hit| self.reaches(group, reach, hit, &found))
    }

    fn reaches(&self, group: &Group, reach: Reach, hit: &Hit, found: &Hit) -> bool {
        match reach {
            Reach::Over => hit.start < found.end && found.end <= hit.longest,
            Reach::Before => {
                let joined = group.through[found.start]..=found.start;
                joined.contains(&hit.longest) || joined.contains(&hit.end)
            }
            Reach::After => {
                let ends = self.tokens.get(hit.end).is_none_or(|next| next.parted != Break::None);
                hit.start == found.end && ends
            }
            Reach::Sentence => self.same_sentence(hit, found),
            Reach::Text => true,
        }
    }

    fn same_sentence(&self, one: &Hit, other: &Hit) -> bool {
        let (first, last) = if one.start <= other.start { (one, other) } else { (other, one) };
        let sentence = |token: usize| self.tokens[token].sentence;
        last.start < first.end || sentence(first.end - 1) == sentence(last.start)
    }

    fn begin_of_sentence(&self, token: usize) -> usize {
        self.tokens.partition_point(|other| other.sentence < self.tokens[token].sentence)
    }

    fn end_of_sentence(&self, token: usize) -> usize {
        self.tokens.partition_point(|other| other.sentence <= self.tokens[token].sentence)
    }
}

impl Group {
    /// The hits that begin before `end`, but for those that are over before `begin` for certain.
    fn near(&self, begin: usize, end: usize) -> &[Hit] {
        let first = self.hits.partition_point(|hit| hit.start + self.longest < begin);
        let last = self.hits.partition_point(|hit| hit.start < end);
        self.hits.get(first..last).unwrap_or_default()
    }
}

fn is_concerned<K: Copy + PartialEq>(silence: &Silence<K>, rule: &Rule<K>) -> bool {
    silence.language == rule.language
        && (silence.of.is_empty() || silence.of.contains(&rule.finds))
        && !rule.even_if.iter().any(|id| id == silence.id.as_str())
}

/// For each token, where the words begin that stand right before it, unbroken, and through which the silence reaches.
fn through<K>(silence: &Silence<K>, tokens: &[Token]) -> Vec<usize> {
    let mut begins = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let begin = match begins.last() {
            _ if token.parted != Break::None => at + 1,
            Some(begin) if silence.through.binary_search(&tokens[at - 1].id).is_ok() => at.min(*begin),
            Some(_) | None => at,
        };
        begins.push(begin);
    }
    begins
}
