//! Phrases as steps that are followed from word to word.
//!
//! What a family says is compiled once, and every phrase that names it goes through there.
//!
//! Invariant: a step only ever leads on, or into a family and out again, so following them ends.

use std::collections::HashMap;

use crate::phrases::fold::Break;
use crate::phrases::index::parts::beginning;
use crate::phrases::index::trace::Around;
use crate::phrases::index::trace::Trace;
use crate::phrases::index::trace::trace;
use crate::phrases::lists::Lists;
use crate::phrases::lists::short;
use crate::phrases::phrase::Part;
use crate::phrases::vocabulary::Token;
use crate::phrases::vocabulary::Vocabulary;
use crate::phrases::vocabulary::WordId;

/// The steps of all phrases.
#[derive(Debug, Default)]
pub(super) struct Program {
    steps: Vec<Step>,
    /// Sets of words, for steps that accept more than one. Families stand in many phrases, and each set is kept once.
    sets: Lists<WordId>,
    set_traces: Vec<Trace>,
    families: Vec<Family>,
}

/// One step of matching a phrase.
#[derive(Debug, Clone, Copy)]
enum Step {
    Word(WordId),
    OneOf(u32),
    Any,
    /// Go on with the next step, or there.
    Or(u32),
    Goto(u32),
    Gap(u32),
    Edge,
    /// Go through the steps of a family.
    Family(u32),
    /// The end of a phrase, or of a family.
    End,
}

/// What several phrases have in common.
#[derive(Debug)]
struct Family {
    step: u32,
    /// The traces of the words with which it can begin; `None` where it may be left out.
    beginning: Option<Trace>,
}

/// Puts a program together.
#[derive(Default)]
pub(super) struct Compiler {
    program: Program,
    sets: HashMap<Box<[WordId]>, u32>,
    /// By where the family stands in memory: all that name it share it.
    families: HashMap<*const Part, u32>,
}

impl Compiler {
    /// Compiles a phrase, and gives its first step.
    pub fn add(&mut self, phrase: &Part) -> u32 {
        self.add_families(phrase);
        let first = short(self.program.steps.len());
        self.compile(phrase);
        self.program.steps.push(Step::End);
        first
    }

    pub fn finish(mut self) -> Program {
        self.program.steps.shrink_to_fit();
        self.program.sets.settle();
        self.program.set_traces.shrink_to_fit();
        self.program
    }

    /// The families that a part names come before it, and those that they name before them.
    fn add_families(&mut self, part: &Part) {
        match part {
            Part::Sequence(parts) | Part::Alternatives(parts) => {
                parts.iter().for_each(|part| self.add_families(part));
            }
            Part::Optional(part) => self.add_families(part),
            Part::Family(family) => self.add_family(family),
            Part::Word(_) | Part::Any | Part::Gap(_) | Part::Edge => {}
        }
    }

    fn add_family(&mut self, family: &Part) {
        // Where it is nothing but words, looking them up is quicker than going there.
        if matches!(family, Part::Word(_)) || self.families.contains_key(&(&raw const *family)) {
            return;
        }
        let (trace, optional) = beginning(family);
        let step = self.add(family);
        let number = short(self.program.families.len());
        self.program.families.push(Family { step, beginning: (!optional).then_some(trace) });
        self.families.insert(&raw const *family, number);
    }

    fn compile(&mut self, part: &Part) {
        match part {
            Part::Word(words) => {
                let step = match words.as_slice() {
                    [word] => Step::Word(*word),
                    _ => Step::OneOf(self.set(words)),
                };
                self.program.steps.push(step);
            }
            Part::Any => self.program.steps.push(Step::Any),
            Part::Gap(width) => self.program.steps.push(Step::Gap(short(*width))),
            Part::Edge => self.program.steps.push(Step::Edge),
            Part::Sequence(parts) => parts.iter().for_each(|part| self.compile(part)),
            Part::Optional(part) => {
                let fork = self.placeholder();
                self.compile(part);
                self.program.steps[fork] = Step::Or(self.next());
            }
            Part::Alternatives(parts) => self.compile_alternatives(parts),
            Part::Family(family) => match self.families.get(&(&raw const **family)) {
                Some(number) => self.program.steps.push(Step::Family(*number)),
                None => self.compile(family),
            },
        }
    }

    fn compile_alternatives(&mut self, parts: &[Part]) {
        let mut ends = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            if at + 1 == parts.len() {
                self.compile(part);
                break;
            }
            let fork = self.placeholder();
            self.compile(part);
            ends.push(self.placeholder());
            self.program.steps[fork] = Step::Or(self.next());
        }
        for end in ends {
            self.program.steps[end] = Step::Goto(self.next());
        }
    }

    fn next(&self) -> u32 {
        short(self.program.steps.len())
    }

    fn placeholder(&mut self) -> usize {
        self.program.steps.push(Step::End);
        self.program.steps.len() - 1
    }

    fn set(&mut self, words: &[WordId]) -> u32 {
        if let Some(number) = self.sets.get(words) {
            return *number;
        }
        let number = self.program.sets.push(words.iter().copied());
        self.program.set_traces.push(trace(words));
        self.sets.insert(words.into(), number);
        number
    }
}

/// One text while phrases are looked for in it.
pub struct Search<'a> {
    pub(super) program: &'a Program,
    pub(super) tokens: &'a [Token],
    pub(super) traces: Vec<Trace>,
    pub(super) around: Around,
    pub(super) vocabulary: &'a Vocabulary,
}

/// Where to go on behind a family.
struct Then<'a> {
    step: usize,
    then: Option<&'a Then<'a>>,
}

/// One past the last token of the shortest and of the longest reading.
type Ends = Option<(usize, usize)>;

impl Search<'_> {
    /// Where the phrase with this first step ends, if it begins at this token.
    pub(super) fn ends(&self, first_step: u32, at: usize) -> Ends {
        let mut ends = None;
        self.run(first_step as usize, at, None, &mut ends);
        ends
    }

    /// Follows the steps from `at` on, and widens `ends` to the shortest and longest reading.
    fn run(&self, mut step: usize, mut at: usize, mut then: Option<&Then<'_>>, ends: &mut Ends) {
        loop {
            match self.program.steps[step] {
                Step::Word(word) => {
                    if !self.is(at, trace(&[word]), |id| id == word) {
                        return;
                    }
                    at += 1;
                }
                Step::OneOf(set) => {
                    let (marks, words) =
                        (self.program.set_traces[set as usize], self.program.sets.get(set as usize));
                    if !self.is(at, marks, |id| words.binary_search(&id).is_ok()) {
                        return;
                    }
                    at += 1;
                }
                Step::Any => {
                    if self.tokens.len() <= at {
                        return;
                    }
                    at += 1;
                }
                Step::Or(there) => {
                    if self.can_begin(step + 1, at) {
                        self.run(step + 1, at, then, ends);
                    }
                    step = there as usize;
                    continue;
                }
                Step::Goto(there) => {
                    step = there as usize;
                    continue;
                }
                Step::Gap(width) => return self.run_gap(step + 1, at, width as usize, then, ends),
                Step::Edge => {
                    if at != 0 && at != self.tokens.len() {
                        return;
                    }
                }
                Step::Family(family) => {
                    let family = &self.program.families[family as usize];
                    if family.beginning.is_some_and(|marks| !self.shares(at, marks)) {
                        return;
                    }
                    let behind = Then { step: step + 1, then };
                    return self.run(family.step as usize, at, Some(&behind), ends);
                }
                Step::End => {
                    let Some(behind) = then else {
                        let (least, most) = ends.unwrap_or((at, at));
                        *ends = Some((least.min(at), most.max(at)));
                        return;
                    };
                    (step, then) = (behind.step, behind.then);
                    continue;
                }
            }
            step += 1;
        }
    }

    /// A gap never reaches over the end of a sentence; the text may end with it.
    fn run_gap(&self, step: usize, at: usize, width: usize, then: Option<&Then<'_>>, ends: &mut Ends) {
        for next in at..=(at + width).min(self.tokens.len()) {
            if self.tokens.get(next).is_some_and(|token| token.parted == Break::Hard) {
                return;
            }
            self.run(step, next, then, ends);
        }
    }

    /// Whether it is worth going on with this step: most alternatives end at their first word.
    fn can_begin(&self, step: usize, at: usize) -> bool {
        match self.program.steps[step] {
            Step::Word(word) => self.shares(at, trace(&[word])),
            Step::OneOf(set) => self.shares(at, self.program.set_traces[set as usize]),
            Step::Any
            | Step::Or(_)
            | Step::Goto(_)
            | Step::Gap(_)
            | Step::Edge
            | Step::Family(_)
            | Step::End => true,
        }
    }

    /// Whether the token, or what it goes with, is wanted; where no mark is shared, it is not.
    fn is(&self, at: usize, marks: Trace, wanted: impl Fn(WordId) -> bool) -> bool {
        self.shares(at, marks) && {
            let token = self.tokens[at];
            self.vocabulary.family(token.id).any(&wanted) || (token.name && wanted(WordId::NAME))
        }
    }

    fn shares(&self, at: usize, marks: Trace) -> bool {
        self.traces.get(at).is_some_and(|trace| trace & marks != 0)
    }
}
