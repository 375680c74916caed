//! Puts a book together from its files.
//!
//! Invariant: every problem of every file is noted before anything is refused.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::domain::ids::RuleId;
use crate::phrases::book::Book;
use crate::phrases::book::Rule;
use crate::phrases::book::Silence;
use crate::phrases::book::Use;
use crate::phrases::index::Index;
use crate::phrases::phrase;
use crate::phrases::phrase::Families;
use crate::phrases::phrase::Part;
use crate::phrases::source::Common;
use crate::phrases::source::Line;
use crate::phrases::source::RuleFile;
use crate::phrases::source::RuleSource;
use crate::phrases::source::SilenceSource;
use crate::phrases::vocabulary::Vocabulary;
use crate::reading::problem::Problems;
use crate::reading::source::Source;

/// What has been read so far.
pub(super) struct Builder<'a, K> {
    kinds: &'a [(&'a str, K)],
    problems: Problems,
    vocabulary: Vocabulary,
    families: Families,
    phrases: Vec<Part>,
    uses: Vec<Use>,
    rules: Vec<Rule<K>>,
    silences: Vec<Silence<K>>,
    names: BTreeSet<RuleId>,
}

impl<'a, K: Copy + PartialEq> Builder<'a, K> {
    pub(super) fn new(kinds: &'a [(&'a str, K)], problems: Problems) -> Self {
        Self {
            kinds,
            problems,
            vocabulary: Vocabulary::default(),
            families: Families::new(),
            phrases: Vec::new(),
            uses: Vec::new(),
            rules: Vec::new(),
            silences: Vec::new(),
            names: BTreeSet::new(),
        }
    }

    /// Words and families first: rules of every file may use them.
    pub(super) fn learn_words(&mut self, files: &[(Source, RuleFile)]) {
        for (source, file) in files {
            for line in &file.means {
                match line.text.split_once(" = ") {
                    Some((spellings, meaning))
                        if spellings.split(',').all(|one| !one.trim().contains(' ')) =>
                    {
                        spellings.split(',').for_each(|one| self.vocabulary.learn_meaning(one, meaning));
                    }
                    Some(_) | None => self.problems.add(source.error(
                        line.place,
                        "meaning",
                        "a line of `means` is single words, ` = `, and what they stand for",
                        "Write `dont, don't = do not`.",
                    )),
                }
            }
        }
        for (_, file) in files {
            let words = file.slips.iter().flat_map(|line| line.text.split([',', ' ']));
            words.filter(|word| !word.is_empty()).for_each(|word| self.vocabulary.learn_slips(word));
        }
        self.learn_families(files);
    }

    fn learn_families(&mut self, files: &[(Source, RuleFile)]) {
        let mut open: Vec<_> = files
            .iter()
            .flat_map(|(source, file)| file.families.iter().map(move |family| (source, family)))
            .collect();
        let mut named = BTreeSet::new();
        for (source, (name, _)) in &open {
            if !named.insert(name.text.as_str()) {
                let message = format!("the family `{}` stands twice, and all files share it", name.text);
                let remedy = "Give one of the two another name.";
                self.problems.add(source.error(name.place, "twofold-family", &message, remedy));
            }
        }
        // A family may name another that stands in a later file: read again what could not be read, while that helps.
        while !open.is_empty() {
            let before = open.len();
            open.retain(|(_, (name, lines))| match self.family(lines) {
                Ok(part) => {
                    self.families.insert(name.text.clone(), Arc::new(part));
                    false
                }
                Err(_) => true,
            });
            if open.len() == before {
                for (source, (_, lines)) in &open {
                    if let Err((line, wrong)) = self.family(lines) {
                        self.problems.add(source.error(line.place, "phrase", &wrong.message, wrong.remedy));
                    }
                }
                return;
            }
        }
    }

    fn family<'l>(&mut self, lines: &'l [Line]) -> Result<Part, (&'l Line, phrase::PhraseError)> {
        let mut parts = Vec::new();
        for line in lines {
            let part = phrase::parse(&line.text, &mut self.vocabulary, &self.families);
            parts.push(part.map_err(|wrong| (line, wrong))?);
        }
        Ok(phrase::one_of(parts))
    }

    pub(super) fn add_file(&mut self, source: &Source, file: &RuleFile) {
        for silence in &file.silences {
            self.add_silence(source, file, silence);
        }
        for rule in &file.rules {
            self.add_rule(source, file, rule);
        }
    }

    fn add_rule(&mut self, source: &Source, file: &RuleFile, rule: &RuleSource) {
        self.name(source, &rule.common);
        let Some(finds) = self.kind(source, &rule.finding) else {
            return;
        };
        let beside = rule.beside.iter().filter_map(|line| self.kind(source, line)).collect();
        let number = self.rules.len();
        self.rules.push(Rule {
            id: rule.common.id.clone(),
            finds,
            language: file.language.clone(),
            even_if: rule.even_if.iter().map(|line| line.text.clone()).collect(),
            beside,
            company: 0..0,
            unless: 0..0,
        });
        self.add_phrases(source, &rule.common.phrases, Use::Finds(number));
        self.rules[number].company = self.add_phrases(source, &rule.with, Use::Accompanies(number));
        self.rules[number].unless = self.add_phrases(source, &rule.common.unless, Use::Unless(number));
    }

    fn add_silence(&mut self, source: &Source, file: &RuleFile, silence: &SilenceSource) {
        self.name(source, &silence.common);
        let through = silence.through.iter().flat_map(|line| self.vocabulary.learn(&line.text)).collect();
        let of = silence.of.iter().filter_map(|line| self.kind(source, line)).collect();
        let tag = silence.tag.as_ref().and_then(|line| self.kind(source, line));
        let number = self.silences.len();
        self.silences.push(Silence {
            id: silence.common.id.clone(),
            language: file.language.clone(),
            reach: silence.reach,
            through: sorted(through),
            of,
            tag,
        });
        self.add_phrases(source, &silence.common.phrases, Use::Silences(number));
        self.add_phrases(source, &silence.common.unless, Use::KeepsSilenceOff(number));
    }

    /// Adds the phrases of a block, and gives their numbers.
    fn add_phrases(&mut self, source: &Source, lines: &[Line], for_what: Use) -> Range<usize> {
        let first = self.phrases.len();
        for line in lines {
            match phrase::parse(&line.text, &mut self.vocabulary, &self.families) {
                Ok(part) => {
                    self.phrases.push(part);
                    self.uses.push(for_what);
                }
                Err(wrong) => {
                    self.problems.add(source.error(line.place, "phrase", &wrong.message, wrong.remedy));
                }
            }
        }
        first..self.phrases.len()
    }

    fn name(&mut self, source: &Source, common: &Common) {
        if !self.names.insert(common.id.clone()) {
            let message = format!("there are two rules called `{}`", common.id);
            self.problems.add(source.error(
                common.place,
                "duplicate-rule",
                &message,
                "Give one of them another name.",
            ));
        }
    }

    fn kind(&mut self, source: &Source, line: &Line) -> Option<K> {
        let found = self.kinds.iter().find(|(name, _)| *name == line.text).map(|(_, kind)| *kind);
        if found.is_none() {
            let names: Vec<&str> = self.kinds.iter().map(|(name, _)| *name).collect();
            let message = format!("`{}` is nothing that a rule can find", line.text);
            let remedy = format!("It can be: {}.", names.join(", "));
            self.problems.add(source.error(line.place, "wrong-value", &message, &remedy));
        }
        found
    }

    pub(super) fn finish(mut self) -> (Book<K>, Problems) {
        self.vocabulary.settle();
        let index = Index::new(&self.phrases, &self.vocabulary, |phrase| self.uses[phrase].shelf());
        let book = Book {
            vocabulary: self.vocabulary,
            index,
            uses: self.uses,
            rules: self.rules,
            silences: self.silences,
            version: String::new(),
        };
        (book, self.problems)
    }
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort_unstable();
    list.dedup();
    list
}
