//! Somebody to whom webhooks are sent: keeps what comes, holds it against the specification, and does what a test wants.
use super::Value;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What is done with whoever comes.
#[derive(Clone, Debug)]
pub enum How {
    /// status, further lines of the head, body
    Answer(u16, String, Vec<u8>),
    /// says nothing for so long
    Stall(Duration),
    /// a body that does not end
    Endless,
    /// hangs up
    HangUp,
}

/// What has come.
#[derive(Clone, Debug)]
pub struct Parcel {
    pub at: Instant,
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

pub struct Receiver {
    pub addr: SocketAddr,
    kept: Arc<Mutex<Vec<Parcel>>>,
    how: Arc<Mutex<How>>,
}

impl How {
    pub fn fine() -> Self {
        Self::status(200)
    }

    pub fn status(status: u16) -> Self {
        Self::Answer(status, String::new(), b"{}".to_vec())
    }
}

impl Parcel {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn id(&self) -> String {
        self.headers["webhook-id"].clone()
    }

    /// Whether one of its signatures was made by this secret.
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{}.{}.", self.id(), self.headers["webhook-timestamp"]).as_bytes());
        mac.update(&self.body);
        let wanted = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.headers["webhook-signature"].split(' ').any(|one| one == wanted)
    }
}

impl Receiver {
    pub fn start() -> Self {
        Self::at("127.0.0.1:0")
    }

    pub fn at(place: &str) -> Self {
        let listener = TcpListener::bind(place).unwrap();
        let addr = listener.local_addr().unwrap();
        let (kept, how) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(How::fine())));
        let (keep, does) = (Arc::clone(&kept), Arc::clone(&how));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (keep, does) = (Arc::clone(&keep), Arc::clone(&does));
                std::thread::spawn(move || serve(stream, &keep, &does));
            }
        });
        Self { addr, kept, how }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook?of=test", self.addr)
    }

    pub fn does(&self, how: How) {
        *self.how.lock().unwrap() = how;
    }

    pub fn kept(&self) -> Vec<Parcel> {
        self.kept.lock().unwrap().clone()
    }

    /// What has come after the first so many.
    pub fn since(&self, seen: usize) -> Vec<Parcel> {
        self.kept.lock().unwrap().get(seen..).unwrap_or_default().to_vec()
    }

    /// How many have come.
    pub fn many(&self) -> usize {
        self.kept.lock().unwrap().len()
    }

    /// What has come, as soon as it is so many.
    #[track_caller]
    pub fn parcels(&self, count: usize) -> Vec<Parcel> {
        self.parcels_within(count, Duration::from_secs(20))
    }

    #[track_caller]
    pub fn parcels_within(&self, count: usize, patience: Duration) -> Vec<Parcel> {
        let since = Instant::now();
        loop {
            let many = self.many();
            if many >= count {
                return self.kept();
            }
            assert!(since.elapsed() < patience, "{many} parcels, not {count}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn serve(mut stream: TcpStream, keep: &Mutex<Vec<Parcel>>, how: &Mutex<How>) {
    let Some(parcel) = read(&stream) else { return };
    let how = how.lock().unwrap().clone();
    keep.lock().unwrap().push(parcel);
    match how {
        How::Answer(status, head, body) => {
            let head =
                format!("HTTP/1.1 {status} x\r\n{head}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(&[head.into_bytes(), body].concat());
        }
        How::Stall(time) => std::thread::sleep(time),
        How::Endless => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            while stream.write_all(&[b'x'; 4096]).is_ok() {}
        }
        How::HangUp => {}
    }
}

fn read(stream: &TcpStream) -> Option<Parcel> {
    let at = Instant::now();
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        line.clear();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    lines.read_exact(&mut body).ok()?;
    Some(Parcel { at, path, headers, body })
}
