//! A text to the concerns that a human must see now.
//!
//! The rules are data (`conversations/safety/`); docs/safety.md is their guide. Rules of every language run on every text.
//!
//! Invariant: a text has a concern or it has not; nothing here knows a score, a level or a likelihood.

use std::ops::Range;

use crate::domain::concern::ConcernCategory;
use crate::domain::ids::RuleId;
use crate::domain::tag::Tag;
use crate::phrases::book::Book;
use crate::phrases::book::Match;
use crate::reading::problem::Problems;

/// More sentences about others than this are not looked through: then it is asked whether whoever writes is safe.
const OTHERS_MOST: usize = 4;

/// The safety rules of every language.
#[derive(Debug)]
pub struct Rules {
    book: Book<Kind>,
}

/// A concern in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub category: ConcernCategory,
    /// The rule that found it.
    pub rule: RuleId,
    /// Which bytes of the original text made it, on character boundaries.
    pub words: Range<usize>,
}

/// What a rule sees in a text, also where it does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Considered {
    /// What it would be, as the rule files say it.
    pub what: &'static str,
    /// The rule that sees it.
    pub rule: RuleId,
    /// Which bytes of the original text, on character boundaries.
    pub words: Range<usize>,
    /// The rules that say it was not meant; it counts where there are none.
    pub kept_from_counting_by: Vec<RuleId>,
}

/// What a rule can find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Concern(ConcernCategory),
    Tag(Tag),
}

/// The words after `is:` in the rule files. A concern marked by hand has no rule.
const KINDS: [(&str, Kind); 13] = [
    ("emergency", Kind::Concern(ConcernCategory::Emergency)),
    ("suicide", Kind::Concern(ConcernCategory::Suicide)),
    ("self-harm", Kind::Concern(ConcernCategory::SelfHarm)),
    ("help-now", Kind::Concern(ConcernCategory::HelpNow)),
    ("harm-to-others", Kind::Concern(ConcernCategory::HarmToOthers)),
    ("child", Kind::Concern(ConcernCategory::Child)),
    ("abuse", Kind::Concern(ConcernCategory::Abuse)),
    ("destitution", Kind::Concern(ConcernCategory::Destitution)),
    ("distress", Kind::Concern(ConcernCategory::Distress)),
    (Tag::Past.as_str(), Kind::Tag(Tag::Past)),
    (Tag::ThirdPerson.as_str(), Kind::Tag(Tag::ThirdPerson)),
    (Tag::Bereavement.as_str(), Kind::Tag(Tag::Bereavement)),
    (Tag::AtStaff.as_str(), Kind::Tag(Tag::AtStaff)),
];

impl Rules {
    /// Reads the rule files: pairs of file name and YAML.
    ///
    /// # Errors
    /// Everything that is wrong in any of the files, failing examples too.
    pub fn read(sources: &[(String, String)]) -> Result<Self, Problems> {
        Book::read(sources, &KINDS).map(|book| Self { book })
    }

    /// The hash of the files: each concern stores it.
    #[must_use]
    pub fn version(&self) -> &str {
        self.book.version()
    }

    /// The concerns in a text, in the order in which safety replies are chosen; each rule at most once.
    #[must_use]
    pub fn scan(&self, text: &str) -> Vec<Finding> {
        concerns(self.book.matches(text))
    }

    /// The same, but only what begins before this byte of the text and ends behind it.
    #[must_use]
    pub fn scan_across(&self, text: &str, byte: usize) -> Vec<Finding> {
        concerns(self.book.matches_across(text, byte))
    }

    /// Whether all that a text raises is said of somebody else: without the words that say so it raises nothing. Whoever
    /// says anything of the kind of themselves as well is heard for themselves.
    #[must_use]
    pub fn is_of_another(&self, text: &str) -> bool {
        let mut rest = text.to_owned();
        for _ in 0..OTHERS_MOST {
            let Some(words) = self.said_of_another(&rest) else { break };
            rest.replace_range(words, ".");
        }
        rest != text && self.scan(&rest).is_empty()
    }

    /// Words that say something of somebody else, within one sentence: "I miss who she is. Not coping" is none.
    fn said_of_another(&self, text: &str) -> Option<Range<usize>> {
        let of_another = |found: &Match<Kind>| {
            found.finds == Kind::Tag(Tag::ThirdPerson)
                && found.silenced.is_empty()
                && !text[found.words.clone()].contains(['.', ',', ';', ':', '!', '?', '\n', '-'])
        };
        self.book.matches(text).into_iter().find(of_another).map(|found| found.words)
    }

    /// All that the rules see in a text, and what keeps some of it from counting: for people who ask why.
    #[must_use]
    pub fn considered(&self, text: &str) -> Vec<Considered> {
        let named = |kind| KINDS.iter().find(|(_, known)| *known == kind).map_or("", |(name, _)| name);
        let considered = |found: Match<Kind>| Considered {
            what: named(found.finds),
            rule: found.rule,
            words: found.words,
            kept_from_counting_by: found.silenced.into_iter().map(|silenced| silenced.by).collect(),
        };
        self.book.matches(text).into_iter().map(considered).collect()
    }

    /// What is worth noting beside the concerns; each at most once.
    #[must_use]
    pub fn tags(&self, text: &str) -> Vec<Tag> {
        let noted = self.book.matches(text).into_iter().flat_map(|found| {
            let itself = found.silenced.is_empty().then_some(found.finds);
            found.silenced.into_iter().filter_map(|silenced| silenced.tag).chain(itself)
        });
        let mut tags: Vec<Tag> = noted
            .filter_map(|kind| match kind {
                Kind::Tag(tag) => Some(tag),
                Kind::Concern(_) => None,
            })
            .collect();
        tags.sort_unstable();
        tags.dedup();
        tags
    }
}

/// The concerns that count, in the order in which safety replies are chosen.
fn concerns(matches: Vec<Match<Kind>>) -> Vec<Finding> {
    let counted = matches.into_iter().filter(|found| found.silenced.is_empty());
    let mut findings: Vec<Finding> = counted
        .filter_map(|found| match found.finds {
            Kind::Concern(category) => Some(Finding { category, rule: found.rule, words: found.words }),
            Kind::Tag(_) => None,
        })
        .collect();
    // The same dark words said plainly: one concern, and the graver of the two.
    let is_plain = |finding: &Finding| {
        matches!(
            finding.category,
            ConcernCategory::Suicide | ConcernCategory::SelfHarm | ConcernCategory::HelpNow
        )
    };
    if findings.iter().any(is_plain) {
        findings.retain(|finding| finding.category != ConcernCategory::Distress);
    }
    findings.sort_by_key(|finding| {
        let urgency = ConcernCategory::ALL.iter().position(|category| *category == finding.category);
        (urgency, finding.words.start)
    });
    findings
}

#[cfg(test)]
mod tests;
