//! A request's body that must be there in time.
//!
//! Invariant: whoever sends a body byte by byte holds a connection for no longer than `BODY_TIMEOUT`.

use std::io;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use hyper::body::Body;
use hyper::body::Bytes;
use hyper::body::Frame;
use hyper::body::Incoming;
use hyper::body::SizeHint;
use tokio::time::Sleep;

/// Enough for 64 KiB over a bad line; Twilio itself waits 15 seconds for everything.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// A body with a deadline, counted from when its headers were read.
pub(super) struct SlowBody {
    body: Incoming,
    deadline: Pin<Box<Sleep>>,
}

impl SlowBody {
    pub(super) fn new(body: Incoming) -> Self {
        Self { body, deadline: Box::pin(tokio::time::sleep(BODY_TIMEOUT)) }
    }
}

impl Body for SlowBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(io::Error::other)));
        }
        match self.deadline.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Some(Err(io::ErrorKind::TimedOut.into()))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
