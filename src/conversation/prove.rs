//! Proves a flow: which guards can hold, and which steps somebody can reach.
//!
//! Every way through a flow is walked at once, step by step. What is carried along is, for each question that a later
//! guard names, which of its answers was given; answers that no guard tells apart count as one, and a question that no
//! later guard names is forgotten. So a flow of a hundred steps has a handful of ways that differ at any one of them.
//!
//! Invariant: uses the very test that the engine uses, so that what is proved here is what runs.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::conversation::definition::Question;
use crate::conversation::definition::Step;
use crate::conversation::definition::StepKind;
use crate::conversation::guard::Test;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::PracticeAnswer;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::domain::message::Words;
use crate::domain::postcode::Postcode;

/// More ways than this at one step are more than anybody could read, and than `check` should wait for.
const WAYS_MOST: usize = 20_000;

/// What is wrong with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Whatever is answered, its guard does not hold.
    NeverHolds,
    /// Whatever is answered, its guard holds.
    AlwaysHolds,
    /// Every way has ended before.
    NeverReached,
    /// There are too many ways to walk them all.
    TooManyWays,
}

/// What was found out about a flow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proof {
    /// What is wrong, with the place of the step.
    pub faults: Vec<(usize, Fault)>,
    /// Which step can follow which at once, by their places.
    pub arrows: BTreeSet<(usize, usize)>,
}

/// One way up to a step: which of the answers that are told apart was given to each question that still matters, and
/// the last step that applied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Walk {
    given: BTreeMap<usize, usize>,
    last: Option<usize>,
}

/// Walks every way through the steps.
#[must_use]
pub fn prove(steps: &[Step]) -> Proof {
    let answers = told_apart(steps);
    let last_named = last_named(steps);
    let mut proof = Proof::default();
    let mut walks = BTreeSet::from([Walk::default()]);
    for (at, step) in steps.iter().enumerate() {
        let (go, pass): (Vec<Walk>, Vec<Walk>) =
            walks.into_iter().partition(|walk| applies(step, walk, &answers));
        proof.faults.extend(fault(step, &go, &pass).map(|fault| (at, fault)));
        proof.arrows.extend(go.iter().filter_map(|walk| Some((walk.last?, at))));
        let gone = go.into_iter().flat_map(|walk| onwards(step, at, walk, answers.get(&at)));
        walks = gone.chain(pass).map(|walk| forget(walk, at, &last_named)).collect();
        if WAYS_MOST < walks.len() {
            proof.faults.push((at, Fault::TooManyWays));
            return proof;
        }
    }
    proof
}

fn applies(step: &Step, walk: &Walk, answers: &BTreeMap<usize, Vec<Option<Value>>>) -> bool {
    let given = |at: usize| answers.get(&at)?.get(*walk.given.get(&at)?);
    step.only_if.as_ref().is_none_or(|guard| {
        guard
            .0
            .iter()
            .all(|condition| given(condition.at).is_some_and(|answer| condition.test.holds(answer.as_ref())))
    })
}

fn fault(step: &Step, go: &[Walk], pass: &[Walk]) -> Option<Fault> {
    match (go.is_empty(), pass.is_empty()) {
        (true, true) => Some(Fault::NeverReached),
        (true, false) => Some(Fault::NeverHolds),
        (false, true) => step.only_if.is_some().then_some(Fault::AlwaysHolds),
        (false, false) => None,
    }
}

/// The ways on from a step that applies: none after an end, one for each answer that matters later, else one.
fn onwards(step: &Step, at: usize, walk: Walk, answers: Option<&Vec<Option<Value>>>) -> Vec<Walk> {
    let walk = Walk { last: Some(at), ..walk };
    match (&step.kind, answers) {
        (StepKind::Finish, _) => Vec::new(),
        (StepKind::Ask(_), Some(answers)) => {
            let with = |answer: usize| {
                let mut walk = walk.clone();
                walk.given.insert(at, answer);
                walk
            };
            (0..answers.len()).map(with).collect()
        }
        (StepKind::Ask(_) | StepKind::Say | StepKind::Check { .. } | StepKind::HandOver { .. }, _) => {
            vec![walk]
        }
    }
}

/// Forgets the questions that no later guard names.
fn forget(mut walk: Walk, at: usize, last_named: &BTreeMap<usize, usize>) -> Walk {
    walk.given.retain(|question, _| last_named.get(question).is_some_and(|last| at < *last));
    walk
}

/// The last step whose guard names a question.
fn last_named(steps: &[Step]) -> BTreeMap<usize, usize> {
    named(steps).map(|(at, question, _)| (question, at)).collect()
}

/// Every condition: the place of its step, the place of the question that it names, and its test.
fn named(steps: &[Step]) -> impl Iterator<Item = (usize, usize, &Test)> {
    steps.iter().enumerate().flat_map(|(at, step)| {
        let conditions = step.only_if.iter().flat_map(|guard| &guard.0);
        conditions.map(move |condition| (at, condition.at, &condition.test))
    })
}

/// For each question that a guard names: one answer for each way in which its guards can tell answers apart.
fn told_apart(steps: &[Step]) -> BTreeMap<usize, Vec<Option<Value>>> {
    let mut tests: BTreeMap<usize, Vec<&Test>> = BTreeMap::new();
    for (_, question, test) in named(steps) {
        tests.entry(question).or_default().push(test);
    }
    let answers = tests.into_iter().filter_map(|(at, tests)| match &steps.get(at)?.kind {
        StepKind::Ask(question) => {
            let skipped = question.may_skip.then_some(None);
            let answers = values(question, &tests).into_iter().map(Some).chain(skipped);
            Some((at, distinct(answers, &tests)))
        }
        StepKind::Say | StepKind::Check { .. } | StepKind::HandOver { .. } | StepKind::Finish => None,
    });
    answers.collect()
}

/// One answer for each combination of tests that hold of it.
fn distinct(answers: impl Iterator<Item = Option<Value>>, tests: &[&Test]) -> Vec<Option<Value>> {
    let mut seen = BTreeSet::new();
    answers
        .filter(|answer| {
            seen.insert(tests.iter().map(|test| test.holds(answer.as_ref())).collect::<Vec<_>>())
        })
        .collect()
}

/// Every value that a guard could tell from another.
fn values(question: &Question, tests: &[&Test]) -> Vec<Value> {
    match &question.answer {
        AnswerKind::YesOrNo => vec![Value::YesNo(true), Value::YesNo(false)],
        AnswerKind::ChooseOne => question.choices.iter().cloned().map(Value::Choice).collect(),
        AnswerKind::ChooseSeveral { most } => several(question, *most),
        AnswerKind::Scale => {
            numbers(tests, 0, 10).filter_map(|n| u8::try_from(n).ok()).map(Value::Scale).collect()
        }
        AnswerKind::WholeNumber { least, most } => numbers(tests, *least, *most).map(Value::Number).collect(),
        AnswerKind::Practice => practices(),
        AnswerKind::OwnWords
        | AnswerKind::ShortText
        | AnswerKind::Name
        | AnswerKind::Postcode
        | AnswerKind::DateOfBirth
        | AnswerKind::Phone => vec![Value::Text(Words::default())],
    }
}

/// Every set of choices that can be given: at most nine choices, so at most 512 sets.
fn several(question: &Question, most: Option<u8>) -> Vec<Value> {
    let choices = &question.choices;
    let chosen = |set: usize| -> Vec<ChoiceId> {
        let one = |(index, choice): (usize, &ChoiceId)| (set >> index & 1 == 1).then(|| choice.clone());
        choices.iter().enumerate().filter_map(one).collect()
    };
    let allowed = |set: &Vec<ChoiceId>| {
        let alone = set.len() < 2 || !set.iter().any(|choice| question.alone.contains(choice));
        alone && most.is_none_or(|most| set.len() <= usize::from(most))
    };
    (0..1_usize << choices.len().min(9)).map(chosen).filter(allowed).map(Value::Choices).collect()
}

/// The ends of the range, and the numbers on both sides of each bound.
fn numbers(tests: &[&Test], least: u32, most: u32) -> impl Iterator<Item = u32> {
    let bounds = tests.iter().filter_map(|test| match test {
        Test::AtLeast(bound) | Test::AtMost(bound) => Some(*bound),
        Test::Is(_) | Test::IsNot(_) | Test::Answered | Test::Skipped => None,
    });
    let around = bounds.flat_map(|bound| [bound.saturating_sub(1), bound, bound.saturating_add(1)]);
    let numbers: BTreeSet<u32> = around.chain([least, most]).filter(|n| (least..=most).contains(n)).collect();
    numbers.into_iter()
}

fn practices() -> Vec<Value> {
    let ours = "any".parse().map(PracticeAnswer::Known).ok();
    let place = "BN1 1AA".parse().ok();
    let by_place = place.into_iter().flat_map(|place: Postcode| {
        [PracticeAnswer::InArea(place.clone()), PracticeAnswer::OutOfArea(place)]
    });
    let others = [PracticeAnswer::Unknown(Words::default()), PracticeAnswer::None];
    ours.into_iter().chain(by_place).chain(others).map(Value::Practice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::definition::Part;
    use crate::conversation::guard::Condition;
    use crate::conversation::guard::Guard;

    /// The steps, each with the conditions under which it applies: the place of a question, and a test.
    fn steps(steps: Vec<(StepKind, Vec<(usize, Test)>)>) -> Vec<Step> {
        let name = |at: usize| format!("step-{at}").parse().unwrap();
        let condition = |(at, test)| Condition { at, step: name(at), test };
        let guard =
            |tests: Vec<_>| (!tests.is_empty()).then(|| Guard(tests.into_iter().map(condition).collect()));
        let step = |(at, (kind, tests))| Step { id: name(at), only_if: guard(tests), kind };
        steps.into_iter().enumerate().map(step).collect()
    }

    fn ask(answer: AnswerKind) -> StepKind {
        StepKind::Ask(Question {
            answer,
            choices: Vec::new(),
            alone: Vec::new(),
            may_skip: false,
            joins_within: None,
            takes_opening_words: false,
            takes_own_words: false,
            part: Part::Other,
            no_texts_if: Vec::new(),
            phone_means: None,
        })
    }

    fn is(word: &str) -> Test {
        Test::Is(vec![word.to_owned()])
    }

    #[test]
    fn every_value_of_a_practice_is_tried() {
        let words: Vec<_> = practices()
            .iter()
            .map(|value| match value {
                Value::Practice(practice) => practice.as_guard_word(),
                _ => "",
            })
            .collect();
        assert_eq!(words, PracticeAnswer::GUARD_WORDS);
    }

    #[test]
    fn an_answer_that_ended_the_conversation_is_not_met_again() {
        let proof = prove(&steps(vec![
            (ask(AnswerKind::YesOrNo), vec![]),
            (StepKind::Finish, vec![(0, is("no"))]),
            (StepKind::Say, vec![(0, is("yes"))]),
            (StepKind::Finish, vec![]),
        ]));
        assert_eq!(proof.faults, [(2, Fault::AlwaysHolds)]);
        assert_eq!(proof.arrows, BTreeSet::from([(0, 1), (0, 2), (2, 3)]));
    }

    #[test]
    fn bounds_that_leave_no_number_between_them_never_hold() {
        let proof = prove(&steps(vec![
            (ask(AnswerKind::Scale), vec![]),
            (StepKind::Say, vec![(0, Test::AtLeast(6)), (0, Test::AtMost(5))]),
            (StepKind::Say, vec![(0, Test::AtLeast(6)), (0, Test::AtMost(6))]),
            (StepKind::Finish, vec![]),
        ]));
        assert_eq!(proof.faults, [(1, Fault::NeverHolds)]);
    }

    #[test]
    fn a_guard_on_a_question_that_is_asked_only_sometimes_can_fail() {
        let proof = prove(&steps(vec![
            (ask(AnswerKind::YesOrNo), vec![]),
            (ask(AnswerKind::YesOrNo), vec![(0, is("yes"))]),
            (StepKind::Say, vec![(1, Test::Answered)]),
            (StepKind::Finish, vec![]),
        ]));
        assert_eq!(proof.faults, []);
    }

    #[test]
    fn a_question_that_may_not_be_left_out_was_never_skipped() {
        let proof = prove(&steps(vec![
            (ask(AnswerKind::OwnWords), vec![]),
            (StepKind::Say, vec![(0, Test::Skipped)]),
            (StepKind::Finish, vec![]),
        ]));
        assert_eq!(proof.faults, [(1, Fault::NeverHolds)]);
    }
}
