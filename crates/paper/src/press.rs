//! Threads that do nothing but lay out.
use crate::{Sheet, Trouble, pdf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Layouts go deep.
const STACK: usize = 16 << 20;

type Done = Box<dyn FnOnce(Result<Vec<u8>, Trouble>) + Send>;
type Job = (Sheet, Done);

/// It has no room for one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal;

/// Lays sheets out, so many at once. Its threads end when nobody holds it any more.
#[derive(Clone)]
pub struct Press {
    jobs: SyncSender<Job>,
}

impl Press {
    /// `at_once` threads, and so many sheets that wait for one.
    pub fn open(at_once: usize, waiting: usize) -> std::io::Result<Self> {
        let (jobs, there) = sync_channel(waiting);
        let there = Arc::new(Mutex::new(there));
        for _ in 0..at_once.max(1) {
            let there = Arc::clone(&there);
            thread::Builder::new().name("press".to_owned()).stack_size(STACK).spawn(move || work(&there))?;
        }
        Ok(Self { jobs })
    }

    /// `done` is called with the PDF by the thread that has made it. A sheet whose layout breaks down is a fault.
    pub fn print(
        &self,
        sheet: Sheet,
        done: impl FnOnce(Result<Vec<u8>, Trouble>) + Send + 'static,
    ) -> Result<(), Refusal> {
        match self.jobs.try_send((sheet, Box::new(done))) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => Err(Refusal),
        }
    }
}

fn work(there: &Mutex<Receiver<Job>>) {
    loop {
        let next = there.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((sheet, done)) = next else { return };
        let printed = std::panic::catch_unwind(|| pdf(&sheet));
        done(printed.unwrap_or_else(|_| Err(Trouble::Fault("the layout broke down".to_owned()))));
    }
}
