//! YAML as a tree in which every key and value knows its place.
//!
//! Built from the parser's events rather than through serde: a value keeps the text that the author wrote, so a choice
//! named `no` stays the word *no*, and `0800` keeps its zero.

use serde_saphyr::granit_parser::ErrorKind;
use serde_saphyr::granit_parser::Event;
use serde_saphyr::granit_parser::Marker;
use serde_saphyr::granit_parser::Options;
use serde_saphyr::granit_parser::Parser;
use serde_saphyr::granit_parser::Span;
use serde_saphyr::granit_parser::StrInput;

use crate::reading::item::Page;
use crate::reading::source::Place;

/// A part of a YAML file.
#[derive(Debug)]
pub(super) struct Node {
    /// Where it begins.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// What a part of a YAML file is.
#[derive(Debug)]
pub(super) enum Value {
    /// One value, as it was written.
    Scalar(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values, in their order; keys are scalars, none stands twice.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// What a key or another single value says; nothing for a list or a map.
    pub fn text(&self) -> &str {
        match &self.value {
            Value::Scalar(text) => text,
            Value::List(_) | Value::Map(_) => "",
        }
    }
}

/// Parses the page's source. Notes what is no YAML, and the parts of YAML that we refuse because they surprise
/// people: anchors, aliases, tags, directives, a second document, and a key that stands twice.
pub(super) fn parse(page: &Page<'_>) -> Option<Node> {
    let mut options = Options::default();
    options.disallow_directives = true;
    options.set_emit_comments(false);
    let events = Parser::new_from_str_with_options(&page.source.text, options);
    let mut builder = Builder { page, events };
    loop {
        match builder.next()? {
            (Event::StreamStart | Event::DocumentStart(..), _) => {}
            (Event::StreamEnd | Event::DocumentEnd, _) => {
                page.error(Place::START, "empty-file", "the file is empty", "Write something, or remove it.");
                return None;
            }
            (event, span) => {
                let root = builder.node(event, span)?;
                builder.expect_end()?;
                return Some(root);
            }
        }
    }
}

const LOOK: &str = "Look at this line and the one above: how far in each begins, and whether each quotation mark and bracket is closed.";

/// What is wrong where a text cannot be read on, without the words of YAML's own guide.
fn unreadable(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::UnclosedFlowCollection { open } => format!("the bracket `{open}` is never closed"),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            format!("the bracket `{close}` cannot close `{open}`")
        }
        ErrorKind::MisplacedFlowCollectionEnd => "this bracket closes nothing".to_owned(),
        ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::BlockEntryInFlowCollection
        | ErrorKind::InvalidFlowScalarIndent => {
            "a bracket before this is not closed, or a comma is missing".to_owned()
        }
        ErrorKind::InvalidQuotedScalarIndent | ErrorKind::DocumentIndicatorInQuotedScalar => {
            "a quotation mark before this is not closed".to_owned()
        }
        ErrorKind::UnclosedQuotedScalar => "this quotation mark is never closed".to_owned(),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "nothing may follow the closing quotation mark on its line".to_owned()
        }
        ErrorKind::UnexpectedCharacter { character } => {
            format!("nothing may begin with `{character}`: put it between quotation marks")
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => "there is a tab here: write spaces".to_owned(),
        ErrorKind::MappingValueNotAllowed => "this line has a `:` too many, or begins too far in".to_owned(),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::SimpleKeyExpected
        | ErrorKind::InvalidSimpleKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::BlockSequenceEntryNotAllowed => {
            "this line does not go on from the one above: it begins too far in or out, or lacks its `:`"
                .to_owned()
        }
        // The parser's enum is open, and most of it is beyond what anybody writes here.
        _ => "this line cannot be read".to_owned(),
    }
}

struct Builder<'p> {
    page: &'p Page<'p>,
    events: Parser<'p, StrInput<'p>>,
}

impl<'p> Builder<'p> {
    /// The next event; notes where the text is no YAML.
    fn next(&mut self) -> Option<(Event<'p>, Span)> {
        match self.events.next()? {
            Ok(event) => Some(event),
            Err(wrong) => {
                self.page.error(place(*wrong.marker()), "yaml", &unreadable(wrong.kind()), LOOK);
                None
            }
        }
    }

    fn node(&mut self, event: Event<'p>, span: Span) -> Option<Node> {
        let place = place(span.start);
        let (value, anchor, tag) = match event {
            // The parser writes `~` for a value that is not there at all.
            Event::Scalar(_, _, 0, None) if span.start.index() == span.end.index() => {
                (Value::Scalar(String::new()), 0, None)
            }
            Event::Scalar(text, _, anchor, tag) => (Value::Scalar(text.into_owned()), anchor, tag),
            Event::SequenceStart(_, anchor, tag) => (self.list()?, anchor, tag),
            Event::MappingStart(_, anchor, tag) => (self.map()?, anchor, tag),
            // The parser's enum is open; whatever else comes here stands for another node.
            _ => return self.refuse(place, "an alias (`*name`)"),
        };
        if anchor != 0 {
            return self.refuse(place, "an anchor (`&name`)");
        }
        if tag.is_some() {
            return self.refuse(place, "a tag (`!name`)");
        }
        Some(Node { place, value })
    }

    fn list(&mut self) -> Option<Value> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Some(Value::List(items)),
                (event, span) => items.push(self.node(event, span)?),
            }
        }
    }

    fn map(&mut self) -> Option<Value> {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        loop {
            let key = match self.next()? {
                (Event::MappingEnd, _) => return Some(Value::Map(entries)),
                (event, span) => self.key(event, span)?,
            };
            let (event, span) = self.next()?;
            let value = self.node(event, span)?;
            match entries.iter().find(|(earlier, _)| earlier.text() == key.text()) {
                None => entries.push((key, value)),
                Some((earlier, _)) => {
                    let message = format!("`{}` stands twice", key.text());
                    let remedy = format!("Keep this one or the one on line {}.", earlier.place.line);
                    self.page.error(key.place, "duplicate-key", &message, &remedy);
                }
            }
        }
    }

    fn key(&mut self, event: Event<'p>, span: Span) -> Option<Node> {
        let key = self.node(event, span)?;
        match key.value {
            Value::Scalar(_) => Some(key),
            Value::List(_) | Value::Map(_) => {
                self.page.error(key.place, "wrong-kind", "a key must be a word", "Write `key: value`.");
                None
            }
        }
    }

    fn expect_end(&mut self) -> Option<()> {
        loop {
            match self.next()? {
                (Event::DocumentEnd, _) => {}
                (Event::StreamEnd, _) => return Some(()),
                (_, span) => {
                    let message = "a second document begins here";
                    self.page.error(
                        place(span.start),
                        "yaml",
                        message,
                        "Remove the line `---`, or make two files.",
                    );
                    return None;
                }
            }
        }
    }

    fn refuse(&self, place: Place, what: &str) -> Option<Node> {
        let message = format!("{what} cannot be used here");
        self.page.error(place, "yaml", &message, "Write the value itself, or put it in quotes.");
        None
    }
}

/// The parser counts lines from one and columns from zero.
fn place(marker: Marker) -> Place {
    Place { line: marker.line(), column: marker.col() + 1 }
}
