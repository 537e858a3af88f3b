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

fn read(to: &str, mail: &str) -> Mail {
    use base64::Engine;
    let (head, body) = mail.split_once("\n\n").unwrap_or((mail, ""));
    let lower = head.to_lowercase();
    let bytes = if lower.contains("transfer-encoding: base64") {
        let body: String = body.split_whitespace().collect();
        base64::engine::general_purpose::STANDARD.decode(body).unwrap()
    } else if lower.contains("quoted-printable") {
        unquoted(body)
    } else {
        body.as_bytes().to_vec()
    };
    Mail { to: to.to_owned(), head: head.to_owned(), text: String::from_utf8(bytes).unwrap() }
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
