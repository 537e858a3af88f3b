//! What may be spoken to, and what becomes of servers that mean no good.
use super::address::is_public;
use super::names::Names;
use super::{Ask, Failure, Outbound, Reading, Reply, Settings};
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

mod addresses;
mod servers;

fn open(allow: &str) -> Outbound {
    Outbound::open(&Settings { allow: allow.parse().unwrap(), ..Settings::default() }).unwrap()
}

/// One to whom each name is what `lookup` says.
fn told(allow: &str, lookup: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static) -> Outbound {
    Outbound { names: Names::by(Arc::new(move |name| Ok(lookup(name)))), ..open(allow) }
}

async fn get(outbound: &Outbound, url: &str) -> Result<Reply, Failure> {
    let ask = Ask {
        method: "GET",
        url,
        headers: vec![("authorization", "Basic secret".into())],
        body: None,
        largest: 1 << 16,
        patience: Duration::from_secs(2),
        reading: Reading::Whole,
    };
    outbound.send(&ask).await
}

/// A server that does the same with everybody, and counts them.
struct Canary {
    addr: SocketAddr,
    seen: Arc<AtomicUsize>,
}

impl Canary {
    fn at(address: Ipv4Addr, serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((address, 0)).unwrap();
        let (addr, seen, serve) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)), Arc::new(serve));
        let count = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let serve = Arc::clone(&serve);
                std::thread::spawn(move || serve(stream));
            }
        });
        Self { addr, seen }
    }

    /// Answers this to each request.
    fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::at(Ipv4Addr::LOCALHOST, move |mut stream| {
            head(&mut stream);
            let _ = stream.write_all(&answer);
        })
    }

    fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }

    fn url(&self) -> String {
        format!("http://{}/", self.addr)
    }
}

/// What is asked, up to the body.
fn head(stream: &mut TcpStream) -> String {
    let (mut text, mut byte) = (Vec::new(), [0]);
    while !text.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
        text.push(byte[0]);
    }
    String::from_utf8_lossy(&text).into_owned()
}
