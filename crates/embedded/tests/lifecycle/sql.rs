//! One query over PostgreSQL's wire protocol: enough to know that the server answers, without a client library.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

/// The first column of the first row as text, or the error the server gave.
pub fn query(socket: &Path, sql: &str) -> Result<Option<String>, String> {
    let mut stream = UnixStream::connect(socket).map_err(|error| error.to_string())?;
    let mut startup = 196_608_u32.to_be_bytes().to_vec();
    startup.extend(b"user\0postgres\0database\0postgres\0\0");
    send(&mut stream, None, &startup)?;
    answer(&mut stream)?;
    send(&mut stream, Some(b'Q'), format!("{sql}\0").as_bytes())?;
    answer(&mut stream)
}

fn send(stream: &mut UnixStream, kind: Option<u8>, body: &[u8]) -> Result<(), String> {
    let mut message = Vec::from_iter(kind);
    message.extend(u32::try_from(body.len() + 4).unwrap().to_be_bytes());
    message.extend(body);
    stream.write_all(&message).map_err(|error| error.to_string())
}

/// Reads up to "ready for query".
fn answer(stream: &mut UnixStream) -> Result<Option<String>, String> {
    let mut value = Ok(None);
    loop {
        let mut head = [0; 5];
        stream.read_exact(&mut head).map_err(|error| error.to_string())?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let mut body = vec![0; usize::try_from(length).unwrap() - 4];
        stream.read_exact(&mut body).map_err(|error| error.to_string())?;
        match head[0] {
            b'Z' => return value,
            b'E' => value = Err(String::from_utf8_lossy(&body).replace('\0', " ")),
            b'D' if value == Ok(None) => value = Ok(first_column(&body)),
            _ => {}
        }
    }
}

fn first_column(row: &[u8]) -> Option<String> {
    let length = i32::from_be_bytes(row[2..6].try_into().unwrap());
    let end = 6 + usize::try_from(length).ok()?;
    Some(String::from_utf8_lossy(&row[6..end]).into_owned())
}
