//! Somebody who listens to the stream of events: server-sent events as they come, by HTTP/1.0, so that they end with the
//! connection.
use super::Client;
use serde_json::Value;
use socket2::{Domain, Socket, Type};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

pub struct Listener {
    heard: Receiver<Heard>,
    /// the `id` that was heard last
    pub last: Option<i64>,
    pub status: u16,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    Event(Value),
    /// an `id` alone, or a comment
    Alive,
    End,
}

impl Listener {
    pub fn open(addr: SocketAddr, client: &Client, query: &str, last: Option<i64>) -> Self {
        let mut reader = BufReader::new(connect(addr, client, query, last));
        let (mut line, mut status) = (String::new(), 0);
        while reader.read_line(&mut line).unwrap() > 0 && !line.trim().is_empty() {
            if let Some(rest) = line.strip_prefix("HTTP/1.").filter(|_| status == 0) {
                status = rest.split(' ').nth(1).unwrap().parse().unwrap();
            }
            line.clear();
        }
        let (tell, heard) = channel();
        std::thread::spawn(move || {
            let (mut id, mut data) = (None, None);
            for line in reader.lines() {
                let Ok(line) = line else { break };
                if let Some(text) = line.strip_prefix("id: ") {
                    id = text.parse::<i64>().ok();
                } else if let Some(text) = line.strip_prefix("data: ") {
                    data = serde_json::from_str::<Value>(text).ok();
                } else if line.is_empty() {
                    let one = data.take().map_or(Heard::Alive, Heard::Event);
                    if let Heard::Event(event) = &one {
                        assert_eq!(event["seq"].as_i64(), id, "the id of a frame is the seq of its event");
                    }
                    if tell.send(one).is_err() {
                        return;
                    }
                }
            }
            let _ = tell.send(Heard::End);
        });
        Self { heard, last, status }
    }

    /// The next event; none where there is none for so long, or the stream ends.
    pub fn event(&mut self, patience: Duration) -> Option<Value> {
        let until = Instant::now() + patience;
        loop {
            match self.heard.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Heard::Event(event)) => {
                    self.last = event["seq"].as_i64();
                    return Some(event);
                }
                Ok(Heard::Alive) => {}
                Ok(Heard::End) | Err(_) => return None,
            }
        }
    }

    /// Whether it ends within this time; what comes until then is not listened to.
    pub fn ends(&mut self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        while let Ok(heard) = self.heard.recv_timeout(until.saturating_duration_since(Instant::now())) {
            if heard == Heard::End {
                return true;
            }
        }
        false
    }
}

/// A connection on which the stream is asked for, and nothing is read.
pub fn connect(addr: SocketAddr, client: &Client, query: &str, last: Option<i64>) -> TcpStream {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, None).unwrap();
    // else the system takes megabytes for somebody who reads nothing
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    socket.connect(&addr.into()).unwrap();
    let mut stream = TcpStream::from(socket);
    let last = last.map(|last| format!("Last-Event-ID: {last}\r\n")).unwrap_or_default();
    let token = client.token().unwrap_or_default();
    let head = format!(
        "GET /v1/events/stream{query} HTTP/1.0\r\nHost: town\r\nAccept-Encoding: gzip\r\nAuthorization: Bearer {token}\r\n{last}\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
}
