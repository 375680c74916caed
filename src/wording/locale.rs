//! One language: its Fluent files, read and looked up.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use fluent::FluentArgs;
use fluent::FluentResource;
use fluent::concurrent::FluentBundle;
use fluent_syntax::ast::Entry;
use fluent_syntax::ast::Expression;
use fluent_syntax::ast::Identifier;
use fluent_syntax::ast::InlineExpression;
use fluent_syntax::ast::Pattern;
use fluent_syntax::ast::PatternElement;
use fluent_syntax::parser::ErrorKind;
use fluent_syntax::parser::ParserError;

use crate::conversation::effect::MessageKey;
use crate::domain::ids::ConversationId;
use crate::domain::language::Language;
use crate::reading;
use crate::reading::item::Item;
use crate::reading::problem::Problems;
use crate::reading::source::Place;
use crate::reading::source::Source;

/// The files of one folder under `locales/`.
#[derive(Debug, Clone)]
pub struct LocaleFiles {
    /// The folder's name.
    pub language: Language,
    /// `language.yaml`.
    pub about: Source,
    /// The Fluent files by their names without `.ftl`.
    pub messages: BTreeMap<String, Source>,
}

/// What `language.yaml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// What the language calls itself.
    pub name: String,
    /// What else people call it, such as its name in English.
    pub other_names: Vec<String>,
    /// Who speaks it and has read every word; `None` where nobody has.
    pub reviewed: Option<Review>,
    /// Words that are hard to read or hurtful, in small letters, and what to write instead.
    pub hard_words: Vec<(String, String)>,
}

/// That a speaker has read every word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Who.
    pub by: String,
    /// When.
    pub on: jiff::civil::Date,
}

/// One language.
pub(super) struct Locale {
    pub about: About,
    /// By their names without `.ftl`.
    pub files: BTreeMap<String, File>,
    /// By conversation; each looks into its conversation's file, then `general`, then `safety`.
    bundles: BTreeMap<String, Bundle>,
    /// For conversations without a file in this language.
    common: Bundle,
}

type Bundle = FluentBundle<Arc<FluentResource>>;

/// One Fluent file.
pub(super) struct File {
    pub source: Source,
    resource: Arc<FluentResource>,
    /// Messages and attributes by their full names: `for-whom`, `for-whom.retry`.
    pub parts: BTreeMap<String, Part>,
}

/// A message or one of its attributes.
pub(super) struct Part {
    pub place: Place,
    /// The variables that it uses, and where.
    pub variables: BTreeMap<String, Place>,
    /// The messages and terms that it names, and where.
    pub references: BTreeMap<String, Place>,
    /// Its words, with a stand-in for each variable: for words that have none, and for counting.
    pub plain: String,
}

/// Stands for a variable where words are counted.
const STAND_IN: &str = "x";

/// The files that every conversation looks into after its own.
pub(super) const COMMON: [&str; 2] = ["general", "safety"];

impl Locale {
    pub fn read(files: &LocaleFiles, problems: &mut Problems) -> Option<Self> {
        let about = reading::yaml(&files.about, problems, about);
        let read: BTreeMap<String, Option<File>> = files
            .messages
            .iter()
            .map(|(name, source)| (name.clone(), File::read(source, problems)))
            .collect();
        let files_read: Option<BTreeMap<String, File>> =
            read.into_iter().map(|(name, file)| Some((name, file?))).collect();
        Some(Self::of(&files.language, about?, files_read?))
    }

    fn of(language: &Language, about: About, files: BTreeMap<String, File>) -> Self {
        let bundle = |own: Option<&File>| bundle(language, own, &files);
        let bundles = files.iter().map(|(name, file)| (name.clone(), bundle(Some(file)))).collect();
        let common = bundle(None);
        Self { about, files, bundles, common }
    }

    /// The words of a message, in the wording of the first of these channels and nations for which it has one; `None`
    /// where it is not here or cannot be filled in.
    pub fn format(
        &self,
        conversation: &ConversationId,
        key: &MessageKey,
        variants: &[&str],
        arguments: &FluentArgs<'_>,
    ) -> Option<String> {
        let bundle = self.bundles.get(conversation.as_str()).unwrap_or(&self.common);
        let message = bundle.get_message(&key.message)?;
        let pattern = match &key.attribute {
            Some(attribute) => {
                let of = |variant: &&str| message.get_attribute(&format!("{attribute}-{variant}"));
                variants.iter().find_map(of).or_else(|| message.get_attribute(attribute))?.value()
            }
            None => {
                let variant = variants.iter().find_map(|variant| message.get_attribute(variant));
                variant.map(|attribute| attribute.value()).or(message.value())?
            }
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(arguments), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }

    /// The part of this name, in the order in which a conversation looks it up.
    pub fn part(&self, conversation: &ConversationId, key: &MessageKey) -> Option<&Part> {
        self.found(conversation, key).map(|(_, part)| part)
    }

    /// The same, with the file that it stands in.
    pub fn found(&self, conversation: &ConversationId, key: &MessageKey) -> Option<(&File, &Part)> {
        let own = std::iter::once(conversation.as_str());
        let mut files = own.chain(COMMON).filter_map(|name| self.files.get(name));
        // The first file that has the message has all of it: attributes are not taken from elsewhere.
        let file = files.find(|file| file.has_message(&key.message))?;
        Some((file, file.parts.get(&key.to_string())?))
    }
}

impl File {
    pub fn read(source: &Source, problems: &mut Problems) -> Option<Self> {
        let resource = match FluentResource::try_new(source.text.clone()) {
            Ok(resource) => resource,
            Err((_, wrong)) => {
                for wrong in wrong {
                    problems.add(syntax_problem(source, &wrong));
                }
                return None;
            }
        };
        let (parts, twice) = parts(source, &resource);
        for (name, place) in &twice {
            let message = format!("`{name}` stands twice");
            problems.add(source.error(*place, "duplicate-message", &message, "Keep one of the two."));
        }
        twice.is_empty().then(|| Self { source: source.clone(), resource: Arc::new(resource), parts })
    }

    /// Whether the message is here, with a text of its own or with attributes only.
    pub fn has_message(&self, message: &str) -> bool {
        let attributes = format!("{message}.");
        self.parts.contains_key(message) || self.parts.keys().any(|name| name.starts_with(&attributes))
    }
}

fn bundle(language: &Language, own: Option<&File>, files: &BTreeMap<String, File>) -> Bundle {
    // A tag that Fluent does not know only changes plurals.
    let mut bundle = FluentBundle::new_concurrent(vec![language.as_str().parse().unwrap_or_default()]);
    bundle.set_use_isolating(false);
    let common = COMMON.iter().filter_map(|name| files.get(*name));
    for file in own.into_iter().chain(common) {
        // What is there already stays: that is the order of look-up, and no problem.
        let _ = bundle.add_resource(Arc::clone(&file.resource));
    }
    bundle
}

fn about(item: Item<'_>) -> Option<About> {
    let map = item.map(&["name", "other names", "reviewed by", "reviewed on", "hard words"])?;
    let name = map.require("name").and_then(Item::string);
    let other_names = map.find("other names").map_or(Some(Vec::new()), |item| item.each(Item::string));
    let hard_words = map.find("hard words").map_or(Some(Vec::new()), |item| {
        item.each_entry(|word, instead| Some((word.string()?.to_lowercase(), instead.string()?)))
    })?;
    let by = map.find("reviewed by");
    let on = map.find("reviewed on");
    let reviewed = match (by, on) {
        (Some(by), Some(on)) => Some(Review { by: by.string()?, on: on.day()? }),
        (None, None) => None,
        (Some(half), None) | (None, Some(half)) => {
            let remedy = "Write both `reviewed by` and `reviewed on`, or neither.";
            half.error("half-a-review", "half of the review is missing", remedy);
            None
        }
    };
    Some(About { name: name?, other_names: other_names?, reviewed, hard_words })
}

fn syntax_problem(source: &Source, wrong: &ParserError) -> reading::problem::Problem {
    let message = match &wrong.kind {
        ErrorKind::ExpectedToken(token) => format!("a `{token}` is missing before this"),
        ErrorKind::ExpectedMessageField { entry_id } => format!("`{entry_id}` has no text"),
        ErrorKind::UnbalancedClosingBrace => "this `}` closes nothing".to_owned(),
        // The parser's other kinds belong to what nobody writes here.
        _ => "this line cannot be read".to_owned(),
    };
    let remedy =
        "Write `name = text`; lines that go on, and `.attributes`, begin with blanks; `{` needs its `}`.";
    source.error(source.place_of_byte(wrong.pos.start), "fluent", &message, remedy)
}

/// All messages and attributes of a file by their full names, and those that stand twice.
fn parts(source: &Source, resource: &FluentResource) -> (BTreeMap<String, Part>, Vec<(String, Place)>) {
    let place = |name: &str| {
        let offset = (name.as_ptr() as usize).saturating_sub(resource.source().as_ptr() as usize);
        source.place_of_byte(offset)
    };
    let mut parts = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut twice = Vec::new();
    let mut add = |name: String, id: &str, pattern: Option<&Pattern<&str>>| {
        if !seen.insert(name.clone()) {
            twice.push((name, place(id)));
        } else if let Some(pattern) = pattern {
            let mut part = Part {
                place: place(id),
                variables: BTreeMap::new(),
                references: BTreeMap::new(),
                plain: String::new(),
            };
            part.read(pattern, &place);
            parts.insert(name, part);
        }
    };
    for entry in resource.entries() {
        let (id, name, value, attributes) = match entry {
            Entry::Message(m) => (m.id.name, m.id.name.to_owned(), m.value.as_ref(), &m.attributes),
            Entry::Term(t) => (t.id.name, format!("-{}", t.id.name), Some(&t.value), &t.attributes),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) | Entry::Junk { .. } => {
                continue;
            }
        };
        add(name.clone(), id, value);
        for attribute in attributes {
            add(format!("{name}.{}", attribute.id.name), attribute.id.name, Some(&attribute.value));
        }
    }
    (parts, twice)
}

impl Part {
    fn read(&mut self, pattern: &Pattern<&str>, place: &dyn Fn(&str) -> Place) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.plain.push_str(value),
                PatternElement::Placeable { expression } => self.read_expression(expression, place),
            }
        }
    }

    fn read_expression(&mut self, expression: &Expression<&str>, place: &dyn Fn(&str) -> Place) {
        match expression {
            Expression::Inline(inline) => self.read_inline(inline, place),
            Expression::Select { selector, variants } => {
                let before = std::mem::take(&mut self.plain);
                self.read_inline(selector, place);
                self.plain = before;
                for variant in variants {
                    let before = self.plain.clone();
                    self.read(&variant.value, place);
                    // Only the variant for everything else counts as the words.
                    if !variant.default {
                        self.plain = before;
                    }
                }
            }
        }
    }

    fn read_inline(&mut self, inline: &InlineExpression<&str>, place: &dyn Fn(&str) -> Place) {
        match inline {
            InlineExpression::StringLiteral { value } | InlineExpression::NumberLiteral { value } => {
                self.plain.push_str(value);
            }
            InlineExpression::VariableReference { id } => {
                self.variables.entry(id.name.to_owned()).or_insert_with(|| place(id.name));
                self.plain.push_str(STAND_IN);
            }
            InlineExpression::FunctionReference { arguments, .. } => {
                for argument in &arguments.positional {
                    self.read_inline(argument, place);
                }
            }
            InlineExpression::MessageReference { id, attribute } => {
                self.refer(id.name, attribute.as_ref(), place(id.name));
            }
            InlineExpression::TermReference { id, attribute, .. } => {
                self.refer(&format!("-{}", id.name), attribute.as_ref(), place(id.name));
            }
            InlineExpression::Placeable { expression } => self.read_expression(expression, place),
        }
    }

    fn refer(&mut self, id: &str, attribute: Option<&Identifier<&str>>, place: Place) {
        let name = attribute.map_or(id.to_owned(), |attribute| format!("{id}.{}", attribute.name));
        self.references.entry(name).or_insert(place);
        self.plain.push_str(STAND_IN);
    }
}
