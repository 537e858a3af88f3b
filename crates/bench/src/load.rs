//! The load generator: one thread, many keep-alive connections, each with one request in flight.
//! It parses no body and builds no request while the clock runs, so that nearly all processor time is the server's.
//! An answer counts when it came before the deadline.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use crate::answer;
use crate::histogram::Histogram;
use crate::request::Wire;

/// What came back during one run.
pub struct Tally {
    /// Time from sending a request to its last byte.
    pub latency: Histogram,
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// Connections that broke or answered what cannot be followed.
    pub broken: u64,
    /// Bytes received.
    pub bytes: u64,
}

impl Tally {
    /// Answers outside 2xx, and broken connections.
    pub fn failed(&self) -> u64 {
        self.broken
            + self.statuses.iter().filter(|(status, _)| !(200..300).contains(*status)).map(|(_, n)| n).sum::<u64>()
    }
}

/// Sends requests from `wires`, each connection from a place of its own, until `time` has passed.
pub fn drive(addr: SocketAddr, wires: &Rc<[Wire]>, connections: usize, time: Duration) -> io::Result<Tally> {
    if wires.is_empty() {
        return Err(io::Error::other("there are no requests to send"));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let tally = Tally { latency: Histogram::new(), statuses: BTreeMap::new(), broken: 0, bytes: 0 };
    let tally = Rc::new(RefCell::new(tally));
    let set = LocalSet::new();
    let deadline = Instant::now() + time;
    for connection in 0..connections {
        let (wires, tally) = (Rc::clone(wires), Rc::clone(&tally));
        let first = connection * wires.len() / connections;
        set.spawn_local(async move { keep_asking(addr, &wires, first, deadline, &tally).await });
    }
    // a request that never returns must not hold the run for ever
    let limit = time + Duration::from_secs(30);
    if runtime.block_on(async { tokio::time::timeout(limit, set).await }).is_err() {
        return Err(io::Error::other("an answer is more than 30 s late"));
    }
    drop(runtime);
    Rc::into_inner(tally).map(RefCell::into_inner).ok_or_else(|| io::Error::other("a connection is still open"))
}

async fn keep_asking(addr: SocketAddr, wires: &[Wire], first: usize, deadline: Instant, tally: &RefCell<Tally>) {
    let mut wires = wires.iter().cycle().skip(first);
    while Instant::now() < deadline {
        if converse(addr, &mut wires, deadline, tally).await.is_err() {
            tally.borrow_mut().broken += 1;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// One connection, until the deadline or until the server closes it.
async fn converse(
    addr: SocketAddr,
    wires: &mut impl Iterator<Item = &Wire>,
    deadline: Instant,
    tally: &RefCell<Tally>,
) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr).await?;
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 64 * 1024];
    let mut sending = Vec::new();
    let mut now = Instant::now();
    while now < deadline {
        let Some(wire) = wires.next() else { return Ok(()) };
        wire.stamped(&mut sending);
        let sent = now;
        stream.write_all(&sending).await?;
        let head = receive(&mut stream, &mut buffer).await?;
        now = Instant::now();
        if now < deadline {
            let mut tally = tally.borrow_mut();
            tally.latency.record(now - sent);
            *tally.statuses.entry(head.status).or_default() += 1;
            tally.bytes += u64::try_from(head.length).unwrap_or(0);
        }
        if head.closes {
            return Ok(());
        }
    }
    Ok(())
}

/// Reads one answer to its last byte; a body beyond the buffer is counted and thrown away.
async fn receive(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<answer::Head> {
    let mut filled = 0;
    let head = loop {
        let room = buffer.get_mut(filled..).filter(|room| !room.is_empty());
        let read = stream.read(room.ok_or_else(|| io::Error::other("the head is over 64 KiB"))?).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        filled += read;
        if let Some(head) = answer::head(buffer.get(..filled).unwrap_or_default()).map_err(io::Error::other)? {
            break head;
        }
    };
    while filled < head.length {
        let read = stream.read(buffer).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        filled += read;
    }
    Ok(head)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;
    use crate::request::Request;

    /// Answers every request on every connection with a body longer than the buffer, in two pieces.
    fn server() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                std::thread::spawn(move || {
                    let mut request = [0; 4096];
                    let body = vec![b'x'; 100_000];
                    while stream.read(&mut request).unwrap_or(0) > 0 {
                        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
                        stream.write_all(&head.as_bytes()[..20]).unwrap();
                        std::thread::sleep(Duration::from_millis(1));
                        stream.write_all(&head.as_bytes()[20..]).unwrap();
                        stream.write_all(&body).unwrap();
                    }
                });
            }
        });
        addr
    }

    #[test]
    fn counts_whole_answers_only() {
        let wires = [Request::get("/x".into()).wire("")].into();
        let tally = drive(server(), &wires, 3, Duration::from_millis(300)).unwrap();
        assert!(tally.latency.total() > 10);
        assert_eq!(tally.statuses.keys().copied().collect::<Vec<_>>(), [200]);
        assert_eq!(tally.failed(), 0);
        assert_eq!(tally.bytes % tally.latency.total(), 0);
    }

    #[test]
    fn nobody_listening_is_a_failure_not_a_hang() {
        let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let wires = [Request::get("/x".into()).wire("")].into();
        let tally = drive(addr, &wires, 2, Duration::from_millis(50)).unwrap();
        assert!(tally.failed() > 0);
    }
}
