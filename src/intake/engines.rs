//! The engine of a session: that of the revision it began with, or today's.
//!
//! Invariant: a session whose revision cannot be read goes on with today's questions.

use crate::content::Content;
use crate::conversation::session::Session;
use crate::conversation::step::Engine;
use crate::directory::service::Service;
use crate::store::error::StoreError;
use crate::store::person::Person;
use crate::store::tx::Tx;
use crate::wording::Wording;

/// The revision that a session began with, as it was kept; none where a newer program cannot read it.
pub async fn kept(
    tx: &mut Tx,
    content: &Content,
    session: &Session,
) -> Result<Option<(Engine, Option<Wording>)>, StoreError> {
    let kept = match tx.revision(&session.conversation, &session.revision).await {
        Ok(kept) => kept,
        Err(StoreError::NotFound | StoreError::Corrupt { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let copy = serde_json::from_str(&kept.wording).ok();
    let copy = copy.and_then(|copy| Wording::of_copy(&copy, &session.conversation));
    let engine = content.engine(&session.conversation, &session.revision, Some((&kept.flow, copy.as_ref())));
    Ok(engine.map(|engine| (engine, copy)))
}

/// Where a person stands is derived from their answers, so that today's questions can go on from them.
pub fn todays_engine(content: &Content, session: &Session, person: &Person) -> Option<Engine> {
    let same = content.conversations.get(&session.conversation);
    let any = same.or_else(|| content.default_conversation(service_of(content, person)))?;
    Some(any.engine.clone())
}

/// The service that a person belongs to; the first where it is gone.
pub fn service_of<'a>(content: &'a Content, person: &Person) -> &'a Service {
    content.directory.service(&person.service).unwrap_or(&content.directory.services()[0])
}
