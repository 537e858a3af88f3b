//! A bucket that speaks S3: what is put there by a link of its own, read, and removed, by requests that are signed.
use super::{announced, link, path};
use crate::support::{Town, json};
use platform::file::objects::Bucket;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

type Kept = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// As much of S3 as is asked for here: objects by their path, to whoever signs.
struct S3 {
    addr: SocketAddr,
    kept: Kept,
}

impl S3 {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (addr, kept) = (listener.local_addr().unwrap(), Kept::default());
        let keep = Arc::clone(&kept);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let keep = Arc::clone(&keep);
                std::thread::spawn(move || serve(stream, &keep));
            }
        });
        Self { addr, kept }
    }

    fn town(&self) -> Town {
        let bucket = Bucket {
            name: "crm".into(),
            prefix: "files/".into(),
            region: "eu-central-1".into(),
            endpoint: format!("http://{}", self.addr),
            key_id: "AKIDEXAMPLE".into(),
            secret: "secret".into(),
        };
        Town::configured(|config| {
            config.files.bucket = Some(bucket);
            // the operator's own word: no net has to be allowed for it
            config.outbound.allow = "10.0.0.0/8".parse().unwrap();
        })
    }

    fn keys(&self) -> Vec<String> {
        self.kept.lock().unwrap().keys().cloned().collect()
    }
}

fn serve(mut stream: TcpStream, kept: &Kept) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?);
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    let (method, target) = line.split_once(' ').map(|(method, rest)| (method.to_owned(), rest.to_owned()))?;
    let target = target.split(' ').next()?.to_owned();
    let mut head = BTreeMap::new();
    loop {
        line.clear();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        head.insert(name.to_lowercase(), value.to_owned());
    }
    let length = head.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    let (key, query) = target.split_once('?').unwrap_or((&target, ""));
    let by_link = query.contains("X-Amz-Signature=") && query.contains("X-Amz-SignedHeaders=host");
    let by_head =
        head.get("authorization").is_some_and(|text| text.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"));
    let mut kept = kept.lock().unwrap();
    let (status, range, answer) = match (method.as_str(), kept.get(key)) {
        _ if !by_link && !by_head => (403, None, Vec::new()),
        ("PUT", _) => {
            kept.insert(key.to_owned(), body);
            (200, None, Vec::new())
        }
        ("GET", None) => (404, None, b"<Error><Code>NoSuchKey</Code></Error>".to_vec()),
        ("GET", Some(bytes)) => match head.get("range").and_then(|text| text.strip_prefix("bytes=")?.split_once('-')) {
            Some((first, last)) => {
                let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
                let range = format!("content-range: bytes {first}-{last}/{}\r\n", bytes.len());
                (206, Some(range), bytes[first..=last].to_vec())
            }
            None => (200, None, bytes.clone()),
        },
        ("DELETE", _) => {
            kept.remove(key);
            (204, None, Vec::new())
        }
        _ => (400, None, Vec::new()),
    };
    let etag = kept.get(key).map(|bytes| format!("\"{}\"", super::sha256(bytes))).unwrap_or_else(|| "\"x\"".into());
    let is_another = head.get("if-match").is_some_and(|wanted| *wanted != etag);
    let (status, range, answer) = if is_another { (412, None, Vec::new()) } else { (status, range, answer) };
    let dates = format!("last-modified: Thu, 26 Nov 2026 08:00:00 GMT\r\netag: {etag}\r\n");
    let head = format!(
        "HTTP/1.1 {status} x\r\n{dates}{}content-length: {}\r\nconnection: close\r\n\r\n",
        range.unwrap_or_default(),
        answer.len()
    );
    stream.write_all(&[head.into_bytes(), answer].concat()).ok()
}

#[test]
fn a_file_goes_to_the_bucket_and_comes_by_the_server() {
    let s3 = S3::start();
    let town = s3.town();
    let owner = town.owner();
    let bytes = b"%PDF-1.7 an offer".repeat(5000);
    let made = announced(&owner, "offer.pdf", bytes.len(), json!({"sha256": super::sha256(&bytes)}));
    let url = made["upload"]["url"].as_str().unwrap();
    assert!(url.starts_with(&format!("http://{}/crm/files/", s3.addr)) && url.contains("X-Amz-Expires=900"), "{url}");
    owner.act(&format!("{}/complete", path(&made))).refused(409, "file_not_uploaded");
    assert_eq!(ureq::put(url).send(&bytes[..]).unwrap().status(), 200);
    let ready = owner.act(&format!("{}/complete", path(&made))).ok();
    assert_eq!((&ready["status"], &ready["content_type"]), (&json!("ready"), &json!("application/pdf")));
    let url = link(&owner, &ready);
    let fetched = town.anonymous().get(&url);
    assert_eq!((fetched.body, fetched.status), (bytes.clone(), 200));
    let part = town.anonymous().with("range", "bytes=10-19").get(&url);
    assert_eq!((part.status, part.body.as_slice()), (206, &bytes[10..20]));
    assert_eq!(s3.keys().len(), 1);
    let key = s3.keys()[0].clone();
    let parts: Vec<&str> = key.trim_start_matches("/crm/files/").split('/').collect();
    assert!(parts.len() == 2 && parts.iter().all(|part| part.parse::<uuid::Uuid>().is_ok()), "{key}");
    owner.delete(&format!("{}?purge=true", path(&ready))).is(204);
    crate::platform::until("the object is gone", || s3.keys().is_empty());
}

#[test]
fn what_was_put_and_is_another_fails() {
    let s3 = S3::start();
    let town = s3.town();
    let owner = town.owner();
    let made = announced(&owner, "x", 5, json!({}));
    ureq::put(made["upload"]["url"].as_str().unwrap()).send(&b"more than five"[..]).unwrap();
    let failed = owner.act(&format!("{}/complete", path(&made))).ok();
    assert_eq!((&failed["status"], &failed["failure"]), (&json!("failed"), &json!("size")));
    // what comes in by this server is for a folder
    let signed = announced(&owner, "y", 5, json!({}));
    assert!(signed["upload"]["url"].as_str().unwrap().starts_with("http://"));
    crate::platform::until("the object is gone", || s3.keys().is_empty());
}

/// The link to put it is good for a quarter of an hour, and the bucket asks nobody whether something was completed.
#[test]
fn what_was_put_after_it_was_examined_is_not_handed_out() {
    let s3 = S3::start();
    let town = s3.town();
    let owner = town.owner();
    let bytes = b"%PDF-1.7 an offer".repeat(50);
    let made = announced(&owner, "offer.pdf", bytes.len(), json!({}));
    let put = made["upload"]["url"].as_str().unwrap();
    ureq::put(put).send(&bytes[..]).unwrap();
    let ready = owner.act(&format!("{}/complete", path(&made))).ok();
    let url = link(&owner, &ready);
    let other = b"<html><script>".repeat(bytes.len() / 14 + 1);
    ureq::put(put).send(&other[..bytes.len()]).unwrap();
    town.anonymous().get(&url).refused(409, "file_replaced");
    town.anonymous().with("range", "bytes=0-9").get(&url).refused(409, "file_replaced");
    ureq::put(put).send(&bytes[..]).unwrap();
    assert_eq!(town.anonymous().get(&url).body, bytes, "the same content is what was examined");
}

#[test]
fn a_file_that_comes_in_one_request_goes_to_the_bucket() {
    let s3 = S3::start();
    let town = s3.town();
    let owner = town.owner();
    let made = super::whole::send(&owner, &[], "notes.txt", b"words").created();
    assert_eq!((&made["status"], s3.keys().len()), (&json!("ready"), 1));
    assert_eq!(town.anonymous().get(&link(&owner, &made)).body, b"words");
    owner.delete(&format!("{}?purge=true", path(&made))).is(204);
    crate::platform::until("the object is gone", || s3.keys().is_empty());
}
