//! Rule files: their shape in YAML.
//!
//! Phrases and examples stand in blocks, one a line, so that nothing in them needs quotes.
//!
//! Invariant: every line that is read here remembers where it stands.

use crate::domain::ids::RuleId;
use crate::reading::item::Item;
use crate::reading::item::Map;
use crate::reading::source::Place;

/// A line of a block, and where it stands.
#[derive(Debug, Clone)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// A rule file.
#[derive(Debug)]
pub struct RuleFile {
    /// Its language, such as `en`: silences count for rules of their own language.
    pub language: String,
    /// Whether a speaker (and for safety a clinician) has read it: files that nobody has read may not silence.
    pub reviewed: bool,
    /// `spelling, spelling = word word`.
    pub means: Vec<Line>,
    /// Words that are known with one slip.
    pub slips: Vec<Line>,
    /// Families, by name.
    pub families: Vec<(Line, Vec<Line>)>,
    /// What finds something.
    pub rules: Vec<RuleSource>,
    /// What says that it was not meant.
    pub silences: Vec<SilenceSource>,
}

/// What rules and silences have in common.
#[derive(Debug)]
pub struct Common {
    /// Its name.
    pub id: RuleId,
    /// Where it stands.
    pub place: Place,
    /// What it looks for.
    pub phrases: Vec<Line>,
    /// What keeps it from counting.
    pub unless: Vec<Line>,
    /// Texts in which it counts.
    pub finds: Vec<Line>,
    /// Texts in which it does not.
    pub leaves: Vec<Line>,
}

/// A rule.
#[derive(Debug)]
pub struct RuleSource {
    /// Name, phrases, examples.
    pub common: Common,
    /// What it finds.
    pub finding: Line,
    /// Silences that do not silence it.
    pub even_if: Vec<Line>,
    /// It counts only where the text holds one of these too.
    pub beside: Vec<Line>,
    /// It counts only where one of these stands in the text as well, before or after it, in other words than its own.
    pub with: Vec<Line>,
}

/// A silence.
#[derive(Debug)]
pub struct SilenceSource {
    /// Name, phrases, examples.
    pub common: Common,
    /// Where it must stand for a match not to count.
    pub reach: Reach,
    /// Words that may stand between it and the match, as one phrase of alternatives.
    pub through: Option<Line>,
    /// What it silences; everything where nothing is named.
    pub of: Vec<Line>,
    /// What a silenced match is noted as.
    pub tag: Option<Line>,
}

/// Where a silence must stand for a match not to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Over the last word of the match, so that it goes on to mean something else: an idiom.
    Over,
    /// Right before it: a denial.
    Before,
    /// Right after it, and then the clause ends: "exercise no".
    After,
    /// In the same sentence.
    Sentence,
    /// Anywhere in the text.
    Text,
}

impl RuleFile {
    /// Lets go of what has been made into phrases.
    pub fn forget_phrases(&mut self) {
        self.rules.iter_mut().for_each(|rule| rule.with = Vec::new());
        let rules = self.rules.iter_mut().map(|rule| &mut rule.common);
        for common in rules.chain(self.silences.iter_mut().map(|silence| &mut silence.common)) {
            common.phrases = Vec::new();
            common.unless = Vec::new();
        }
        self.families = Vec::new();
        self.means = Vec::new();
    }
}

/// Reads a rule file.
pub fn rule_file(item: Item<'_>) -> Option<RuleFile> {
    let known = [
        "language",
        "reviewed by",
        "author",
        "date",
        "source",
        "means",
        "slips",
        "families",
        "rules",
        "silences",
    ];
    let map = item.map(&known)?;
    let language = map.require("language").and_then(Item::string);
    let reviewed = map.require("reviewed by").and_then(Item::text).map(|who| !who.starts_with("nobody"));
    for key in ["author", "date", "source"] {
        map.require(key).and_then(Item::text);
    }
    let families =
        map.find("families").map(|item| item.each_entry(|key, value| Some((line(key)?, lines(value)?))));
    let rules = map.find("rules").map(|item| item.each(rule));
    let silences = map.find("silences").map(|item| item.each(silence));
    if let (Some(false), Some(item)) = (reviewed, map.find("silences")) {
        let remedy = "Let a speaker review the file, or write `unless` in the rule itself.";
        item.error("unreviewed-silence", "rules that nobody has reviewed may not silence others", remedy);
    }
    Some(RuleFile {
        language: language?,
        reviewed: reviewed?,
        means: block(map, "means"),
        slips: block(map, "slips"),
        families: families.unwrap_or_else(|| Some(Vec::new()))?,
        rules: rules.unwrap_or_else(|| Some(Vec::new()))?,
        silences: silences.unwrap_or_else(|| Some(Vec::new()))?,
    })
}

fn rule(item: Item<'_>) -> Option<RuleSource> {
    let known = [
        "id", "is", "beside", "phrases", "with", "unless", "even if", "finds", "leaves", "author", "date",
        "source", "note",
    ];
    let map = item.map(&known)?;
    let finding = map.require("is").and_then(line);
    let list = |key| map.find(key).map_or_else(|| Some(Vec::new()), |item: Item<'_>| item.each(line));
    let (even_if, beside) = (list("even if"), list("beside"));
    let with = block(map, "with");
    let common = common(map)?;
    Some(RuleSource { common, finding: finding?, even_if: even_if?, beside: beside?, with })
}

fn silence(item: Item<'_>) -> Option<SilenceSource> {
    let known = [
        "id", "where", "through", "of", "tag", "phrases", "unless", "finds", "leaves", "author", "date",
        "source", "note",
    ];
    let map = item.map(&known)?;
    let reaches = [
        ("over", Reach::Over),
        ("before", Reach::Before),
        ("after", Reach::After),
        ("sentence", Reach::Sentence),
        ("text", Reach::Text),
    ];
    let reach = map.require("where").and_then(|item| item.one_of(&reaches));
    let of = map.find("of").map(|item| item.each(line));
    let common = common(map)?;
    Some(SilenceSource {
        common,
        reach: reach?,
        through: map.find("through").and_then(line),
        of: of.unwrap_or_else(|| Some(Vec::new()))?,
        tag: map.find("tag").and_then(line),
    })
}

fn common(map: Map<'_>) -> Option<Common> {
    let id = map.require("id").and_then(Item::parsed);
    let phrases = map.require("phrases").and_then(lines);
    let finds = map.require("finds").and_then(lines);
    Some(Common {
        id: id?,
        place: map.place(),
        phrases: phrases?,
        unless: block(map, "unless"),
        finds: finds?,
        leaves: block(map, "leaves"),
    })
}

fn block(map: Map<'_>, key: &str) -> Vec<Line> {
    map.find(key).and_then(lines).unwrap_or_default()
}

fn line(item: Item<'_>) -> Option<Line> {
    Some(Line { text: item.string()?, place: item.place() })
}

/// The lines of a block. The place of a block is that of its first line.
fn lines(item: Item<'_>) -> Option<Vec<Line>> {
    let text = item.text()?;
    let begins = item.place();
    let inline = !text.contains('\n');
    let place = |at: usize| {
        if inline { begins } else { Place { line: begins.line + at, column: begins.column } }
    };
    let lines = text.lines().enumerate();
    let spoken = lines.filter(|(_, text)| !text.trim().is_empty() && !text.trim_start().starts_with("//"));
    Some(spoken.map(|(at, text)| Line { text: text.trim().to_owned(), place: place(at) }).collect())
}
