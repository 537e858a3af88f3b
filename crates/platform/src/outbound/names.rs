//! Names, resolved once a request. The system's resolver blocks, and may do so for long: it gets threads of its own, so
//! that a slow one takes none from the database or from passwords. Whoever asks for a name that is being asked for waits
//! for the same answer, so that many requests to one slow name take one thread.
use super::Failure;
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, oneshot, watch};

/// Lookups that may go on at once.
const MOST: usize = 64;

pub type Lookup = Arc<dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync>;
type Answer = Result<Vec<IpAddr>, Failure>;

#[derive(Clone)]
pub struct Names {
    lookup: Lookup,
    turns: Arc<Semaphore>,
    underway: Arc<Mutex<HashMap<String, watch::Receiver<Option<Answer>>>>>,
}

impl Names {
    pub fn of_the_system() -> Self {
        Self::by(Arc::new(|name| Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect())))
    }

    pub fn by(lookup: Lookup) -> Self {
        Self { lookup, turns: Arc::new(Semaphore::new(MOST)), underway: Arc::default() }
    }

    pub async fn addresses(&self, name: &str) -> Answer {
        let mut told = self.asked(name);
        let answer = match told.wait_for(Option::is_some).await {
            Ok(answer) => answer.clone(),
            Err(_) => None,
        };
        answer.unwrap_or_else(|| Err(failed(name, "nobody answered")))
    }

    /// Where the answer comes: to the question that is under way, or to a new one.
    fn asked(&self, name: &str) -> watch::Receiver<Option<Answer>> {
        let mut underway = self.underway.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(told) = underway.get(name) {
            return told.clone();
        }
        let (tell, told) = watch::channel(None);
        underway.insert(name.to_owned(), told.clone());
        let (names, name) = (self.clone(), name.to_owned());
        // goes on if nobody waits for it any more
        tokio::spawn(async move {
            let answer = names.ask(&name).await;
            names.underway.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
            let _ = tell.send(Some(answer));
        });
        told
    }

    async fn ask(&self, name: &str) -> Answer {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|e| failed(name, &e.to_string()))?;
        let (tell, told) = oneshot::channel();
        let (lookup, asked) = (Arc::clone(&self.lookup), name.to_owned());
        let thread = std::thread::Builder::new().name("lookup".into()).spawn(move || {
            let _ = tell.send(lookup(&asked));
            drop(turn);
        });
        thread.map_err(|e| failed(name, &e.to_string()))?;
        match told.await {
            Ok(Ok(addresses)) => Ok(addresses),
            Ok(Err(error)) => Err(failed(name, &error.to_string())),
            Err(_) => Err(failed(name, "nobody answered")),
        }
    }
}

fn failed(name: &str, why: &str) -> Failure {
    Failure::Unreachable(format!("{name} cannot be resolved: {why}"))
}
