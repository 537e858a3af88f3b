//! A mail server that keeps what it is given.
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

pub struct Smtp {
    pub addr: SocketAddr,
    kept: Arc<Mutex<Vec<Mail>>>,
}

/// A letter as it came.
#[derive(Clone, Debug)]
pub struct Mail {
    pub to: String,
    pub head: String,
    pub text: String,
    /// what is attached: its name, and what it holds
    pub files: Vec<(String, Vec<u8>)>,
}

impl Mail {
    /// The link in it.
    pub fn link(&self) -> String {
        self.text.split_whitespace().find(|word| word.contains("#token=")).expect("a link").to_owned()
    }

    pub fn token(&self) -> String {
        self.link().split_once("#token=").unwrap().1.to_owned()
    }
}

impl Smtp {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (addr, kept) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let keep = Arc::clone(&kept);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let keep = Arc::clone(&keep);
                std::thread::spawn(move || converse(stream, &keep));
            }
        });
        Self { addr, kept }
    }

    pub fn kept(&self) -> Vec<Mail> {
        self.kept.lock().unwrap().clone()
    }

    /// The letters to somebody, as soon as there are so many.
    #[track_caller]
    pub fn letters(&self, to: &str, count: usize) -> Vec<Mail> {
        let since = Instant::now();
        loop {
            let all: Vec<Mail> = self.kept().into_iter().filter(|mail| mail.to == to).collect();
            if all.len() >= count {
                return all;
            }
            assert!(since.elapsed() < Duration::from_secs(20), "{} letters to {to}, not {count}", all.len());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn converse(stream: TcpStream, keep: &Mutex<Vec<Mail>>) {
    let mut say = stream.try_clone().unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut to = String::new();
    let _ = say.write_all(b"220 test\r\n");
    while let Some(line) = lines.next() {
        let answer = match line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => "250-test\r\n250 8BITMIME\r\n",
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                "250 ok\r\n"
            }
            "DATA" => {
                let _ = say.write_all(b"354 go on\r\n");
                let body: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
                keep.lock().unwrap().push(read(&to, &body.join("\n")));
                "250 kept\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 ok\r\n",
        };
        if say.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// A letter, the first part of which is its text; the others are attached.
fn read(to: &str, mail: &str) -> Mail {
    let (head, body) = mail.split_once("\n\n").unwrap_or((mail, ""));
    let (mut parts, boundary) = (Vec::new(), head.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()));
    match boundary.filter(|_| head.to_lowercase().contains("multipart/")) {
        None => parts.push((head, decoded(head, body))),
        Some(boundary) => {
            for part in body.split(&format!("--{boundary}")).skip(1).filter(|part| !part.starts_with("--")) {
                let (head, body) = part.trim_start().split_once("\n\n").unwrap_or((part, ""));
                parts.push((head, decoded(head, body)));
            }
        }
    }
    let text = String::from_utf8(parts.remove(0).1).unwrap();
    let named = |(head, bytes): (&str, Vec<u8>)| {
        let name = head.split("filename=\"").nth(1).and_then(|rest| rest.split('"').next());
        (name.unwrap_or_default().to_owned(), bytes)
    };
    let files = parts.into_iter().map(named).collect();
    Mail { to: to.to_owned(), head: head.to_owned(), text, files }
}

fn decoded(head: &str, body: &str) -> Vec<u8> {
    use base64::Engine;
    let lower = head.to_lowercase();
    if lower.contains("transfer-encoding: base64") {
        let body: String = body.split_whitespace().collect();
        base64::engine::general_purpose::STANDARD.decode(body).unwrap()
    } else if lower.contains("quoted-printable") {
        unquoted(body)
    } else {
        body.as_bytes().to_vec()
    }
}

fn unquoted(body: &str) -> Vec<u8> {
    let body = body.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), body.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        match (first, after) {
            (b'=', [high, low, tail @ ..]) => {
                let hex = String::from_utf8_lossy(&[*high, *low]).into_owned();
                bytes.push(u8::from_str_radix(&hex, 16).unwrap());
                rest = tail;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}
