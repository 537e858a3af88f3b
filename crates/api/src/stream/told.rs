//! What is told of a piece of the order, as it goes over the wire: written down once, and shared by all who are told it.
use super::Wanted;
use actix_web::web::Bytes;
use kernel::{Result, TenantId};
use platform::event::Event;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// Events, and each as a frame has it.
#[derive(Debug)]
pub struct Told {
    lines: Vec<(Event, String)>,
    frames: Mutex<Vec<(Wanted, Bytes)>>,
}

/// Of clients who want different things, so many are remembered.
const FRAMES: usize = 16;

impl Told {
    pub fn of(events: Vec<Event>) -> Self {
        let line = |event: Event| {
            let json = serde_json::to_string(&event).unwrap_or_default();
            let mut line = String::with_capacity(json.len() + 40);
            let _ = write!(line, "id: {}\ndata: {json}\n\n", event.seq);
            (event, line)
        };
        Self { lines: events.into_iter().map(line).collect(), frames: Mutex::default() }
    }

    /// What a client wants of it; empty where that is nothing.
    pub fn frame(&self, wanted: &Wanted) -> Bytes {
        let mut frames = self.frames.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, frame)) = frames.iter().find(|(known, _)| known == wanted) {
            return frame.clone();
        }
        let lines = self.lines.iter().filter(|(event, _)| wanted.hold(event)).map(|(_, line)| line.as_str());
        let frame = Bytes::from(lines.collect::<String>());
        if frames.len() < FRAMES {
            frames.push((wanted.clone(), frame.clone()));
        }
        frame
    }
}

/// Who is told: those of a tenant who stand at a place in the order, and to whom all looks alike.
type Place = (TenantId, i64, String);

/// Whoever comes first tells, the others wait for it.
type Once = Arc<OnceCell<Arc<Told>>>;

/// What was told in one pass.
#[derive(Clone, Default)]
pub struct Shared(Arc<Mutex<HashMap<Place, Once>>>);

impl Shared {
    /// What was told at this place, or is now, once.
    pub async fn told<F>(&self, place: Place, tell: impl FnOnce() -> F) -> Result<Arc<Told>>
    where
        F: Future<Output = Result<Vec<Event>>>,
    {
        let cell = Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(place).or_default());
        let told = cell.get_or_try_init(|| async { Ok(Arc::new(Told::of(tell().await?))) });
        told.await.cloned()
    }
}
