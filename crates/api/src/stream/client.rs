//! One client: where it stands, what it wants, and how it gets that.
use super::told::Told;
use ::identity::Staying;
use actix_web::web::Bytes;
use platform::event::{Event, Types};
use std::time::Duration;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::Instant;
use uuid::Uuid;

/// Frames that wait to be taken.
const FRAMES: usize = 2;
/// A stream on which nothing happens says so.
const QUIET: Duration = Duration::from_secs(15);
/// Who takes nothing for so long is cut off.
const PATIENCE: Duration = Duration::from_secs(15);
/// A client that is cut off waits so long before it comes again.
const RETRY_MILLIS: u32 = 2_000;

/// What a client wants to hear of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub types: Types,
    pub noun: Option<String>,
    pub record: Option<Uuid>,
}

pub struct Client {
    pub who: Staying,
    /// up to where in the order it was told
    pub position: i64,
    wanted: Wanted,
    frames: Sender<Bytes>,
    spoke: Instant,
    stuck: Option<Instant>,
}

impl Wanted {
    /// The nouns whose rows may come to such events; all, where none is said. Shares tell of what is lost of others.
    pub fn nouns(&self) -> Option<Vec<&str>> {
        let mut nouns = self.types.nouns();
        if let Some(noun) = self.noun.as_deref() {
            nouns = vec![noun];
        }
        (!nouns.is_empty()).then(|| nouns.into_iter().chain(["share"]).collect())
    }

    pub fn hold(&self, event: &Event) -> bool {
        self.types.hold(&event.r#type)
            && self.noun.as_ref().is_none_or(|noun| *noun == event.resource)
            && self.record.is_none_or(|record| record == event.record_id)
    }
}

impl Client {
    pub fn new(who: Staying, wanted: Wanted, position: i64) -> (Self, Receiver<Bytes>) {
        let (frames, taken) = channel(FRAMES);
        let client = Self { who, position, wanted, frames, spoke: Instant::now(), stuck: None };
        // there is room for the first
        let _ = client.frames.try_send(Bytes::from(format!("retry: {RETRY_MILLIS}\nid: {position}\n\n")));
        (client, taken)
    }

    pub fn has_room(&self) -> bool {
        self.frames.capacity() > 0
    }

    /// Tells what it wants of what comes after its place; whether it is still there. What it has no room for is told later.
    pub fn tell(&mut self, told: &Told, position: i64) -> bool {
        let frame = told.frame(&self.wanted);
        if frame.is_empty() || self.send(frame) {
            self.position = position;
        }
        self.is_there()
    }

    /// Says now and then that it lives, and where it stands; `false` where nobody is there, or nobody reads.
    pub fn keep_alive(&mut self) -> bool {
        if self.spoke.elapsed() >= QUIET {
            self.send(Bytes::from(format!(": keep-alive\nid: {}\n\n", self.position)));
        }
        self.is_there()
    }

    fn is_there(&self) -> bool {
        !self.frames.is_closed() && self.stuck.is_none_or(|since| self.has_room() || since.elapsed() < PATIENCE)
    }

    fn send(&mut self, frame: Bytes) -> bool {
        if self.has_room() {
            self.stuck = None;
        }
        match self.frames.try_send(frame) {
            Ok(()) => {
                self.spoke = Instant::now();
                self.stuck = (!self.has_room()).then_some(self.spoke);
                true
            }
            Err(TrySendError::Full(_)) => {
                self.stuck.get_or_insert_with(Instant::now);
                false
            }
            Err(TrySendError::Closed(_)) => false,
        }
    }
}
