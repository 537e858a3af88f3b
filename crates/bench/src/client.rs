//! A plain blocking client on one keep-alive connection, for what happens before the clock runs.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::Result;
use crate::answer;
use crate::request::Request;

/// A connection to the server, with the caller's token.
pub struct Client {
    stream: TcpStream,
    bearer: String,
}

impl Client {
    /// Connects; `bearer` may be empty.
    pub fn connect(addr: SocketAddr, bearer: &str) -> Result<Self> {
        let stream = TcpStream::connect_timeout(&addr, Duration::from_secs(5))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self { stream, bearer: bearer.to_owned() })
    }

    /// Sends a request under a serial number; the answer's status and body.
    pub fn send(&mut self, request: &Request, serial: &str) -> Result<(u16, Vec<u8>)> {
        self.stream.write_all(&request.wire(&self.bearer).with_serial(serial))?;
        let mut bytes = Vec::new();
        let mut piece = [0; 32 * 1024];
        loop {
            let read = self.stream.read(&mut piece)?;
            if read == 0 {
                return Err(format!("{} {}: the server hung up", request.method, request.target).into());
            }
            bytes.extend_from_slice(piece.get(..read).unwrap_or_default());
            if let Some(head) = answer::head(&bytes)?.filter(|head| bytes.len() >= head.length) {
                return Ok((head.status, bytes.split_off(head.body_at)));
            }
        }
    }

    /// Sends a request that must succeed; its JSON.
    pub fn json(&mut self, request: &Request) -> Result<Value> {
        let (status, body) = self.send(request, &crate::request::next_serial())?;
        if !(200..300).contains(&status) {
            let body = String::from_utf8_lossy(&body).into_owned();
            return Err(format!("{} {}: {status} {body}", request.method, request.target).into());
        }
        Ok(serde_json::from_slice(&body)?)
    }
}
