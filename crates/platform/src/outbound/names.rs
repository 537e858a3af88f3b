//! Names, resolved once a request. The system's resolver blocks, and may do so for long: it gets threads of its own, so
//! that a slow one takes none from the database or from passwords.
use super::Failure;
use std::io;
use std::net::{IpAddr, ToSocketAddrs};
use std::sync::Arc;
use tokio::sync::{Semaphore, oneshot};

/// Lookups that may go on at once.
const MOST: usize = 16;

pub type Lookup = Arc<dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync>;

#[derive(Clone)]
pub struct Names {
    lookup: Lookup,
    turns: Arc<Semaphore>,
}

impl Names {
    pub fn of_the_system() -> Self {
        Self::by(Arc::new(|name| Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect())))
    }

    pub fn by(lookup: Lookup) -> Self {
        Self { lookup, turns: Arc::new(Semaphore::new(MOST)) }
    }

    pub async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Failure> {
        let failed = |why: String| Failure::Unreachable(format!("{name} cannot be resolved: {why}"));
        // kept until the lookup ends, even if nobody waits for it any more
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|e| failed(e.to_string()))?;
        let (tell, told) = oneshot::channel();
        let (lookup, asked) = (Arc::clone(&self.lookup), name.to_owned());
        let thread = std::thread::Builder::new().name("lookup".into()).spawn(move || {
            let _ = tell.send(lookup(&asked));
            drop(turn);
        });
        thread.map_err(|e| failed(e.to_string()))?;
        match told.await {
            Ok(Ok(addresses)) => Ok(addresses),
            Ok(Err(error)) => Err(failed(error.to_string())),
            Err(_) => Err(failed("nobody answered".into())),
        }
    }
}
