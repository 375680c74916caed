//! Rules as data: which words a text must hold, and which other words say that it was not meant.
//!
//! A text is folded to plain words ([`fold`]), the words become numbers ([`vocabulary`]), and phrases ([`phrase`]) are
//! found among them ([`index`]). A [`book`] reads rules from YAML, with examples that prove them.
//!
//! Invariant: nothing here weighs or counts: a phrase is found or it is not, and a human can read why.

pub mod book;
pub mod fold;
pub mod index;
mod letters;
mod lists;
pub mod phrase;
pub mod quick;
pub mod source;
pub mod vocabulary;
