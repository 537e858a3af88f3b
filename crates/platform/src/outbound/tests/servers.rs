//! Real servers on the loopback, which is allowed here.
use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::time::Instant;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

const HERE: &str = "127.0.0.0/8";

fn broken(came: &Result<Reply, Failure>) -> bool {
    matches!(came, Err(Failure::Broken(_)))
}

#[tokio::test]
async fn an_answer_comes_as_it_is() {
    let chunked = "HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    let reply = get(&open(HERE), &Canary::answering(chunked).url()).await.unwrap();
    assert_eq!((reply.status, reply.body), (201, b"abcde".to_vec()));
    let (tell, told) = std::sync::mpsc::channel();
    let canary = Canary::at(Ipv4Addr::LOCALHOST, move |mut stream| {
        tell.send(head(&mut stream)).unwrap();
        let mut body = [0; 5];
        stream.read_exact(&mut body).unwrap();
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
        let _ = stream.write_all(&body);
    });
    let url = format!("{}a/b?c=d#e", canary.url());
    let ask = Ask {
        method: "POST",
        url: &url,
        headers: vec![("content-type", "text/plain".into())],
        body: Some(b"hello"),
        largest: 5,
        patience: Duration::from_secs(5),
        reading: Reading::Whole,
    };
    assert_eq!(open(HERE).send(&ask).await.unwrap().body, b"hello");
    let asked = told.recv().unwrap().to_lowercase();
    let host = format!("host: {}\r\n", canary.addr);
    for part in ["post /a/b?c=d http/1.1\r\n", host.as_str(), "accept-encoding: identity", "content-length: 5"] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_nobody_follows_it() {
    let other = Canary::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    for status in [301, 302, 303, 307, 308] {
        let to = format!("HTTP/1.1 {status} x\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", other.url());
        assert_eq!(get(&open(HERE), &Canary::answering(to).url()).await.map(|reply| reply.status), Ok(status));
    }
    assert_eq!(other.seen(), 0);
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    for start in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n"] {
        let endless = Canary::at(Ipv4Addr::LOCALHOST, move |mut stream| {
            head(&mut stream);
            let _ = stream.write_all(start.as_bytes());
            while stream.write_all(&[b'x'; 4096]).is_ok() {}
        });
        assert_eq!(get(&open(HERE), &endless.url()).await.err(), Some(Failure::TooLarge));
    }
    let heads = Canary::at(Ipv4Addr::LOCALHOST, |mut stream| {
        head(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(b"x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n").is_ok() {}
    });
    let came = get(&open(HERE), &heads.url()).await;
    assert!(broken(&came), "{came:?}");
}

#[tokio::test]
async fn who_stalls_is_left() {
    type Serve = fn(TcpStream);
    let servers: [Serve; 4] = [
        |stream| {
            std::thread::sleep(Duration::from_secs(20));
            drop(stream);
        },
        |mut stream| {
            head(&mut stream);
            std::thread::sleep(Duration::from_secs(20));
        },
        |mut stream| {
            head(&mut stream);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx");
            std::thread::sleep(Duration::from_secs(20));
        },
        |mut stream| {
            head(&mut stream);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
            while stream.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
        },
    ];
    let outbound = open(HERE);
    for serve in servers {
        let (since, canary) = (Instant::now(), Canary::at(Ipv4Addr::LOCALHOST, serve));
        assert_eq!(get(&outbound, &canary.url()).await.err(), Some(Failure::Slow));
        assert!(since.elapsed() < Duration::from_secs(4), "{:?}", since.elapsed());
    }
    // a name server as well
    let slow = told(HERE, |_| {
        std::thread::sleep(Duration::from_secs(20));
        vec![]
    });
    let since = Instant::now();
    assert_eq!(get(&slow, "https://slow.example.net/").await.err(), Some(Failure::Slow));
    assert!(since.elapsed() < Duration::from_secs(4), "{:?}", since.elapsed());
}

/// Ten megabytes that come as ten kilobytes.
#[tokio::test]
async fn what_is_packed_is_not_unpacked() {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&vec![0; 10 << 20]).unwrap();
    let bomb = packer.finish().unwrap();
    assert!(bomb.len() < 1 << 16, "{}", bomb.len());
    for coding in ["gzip", "br", "gzip, gzip"] {
        let start = format!("HTTP/1.1 200 OK\r\ncontent-encoding: {coding}\r\ncontent-length: {}\r\n\r\n", bomb.len());
        let came = get(&open(HERE), &Canary::answering([start.as_bytes(), &bomb].concat()).url()).await;
        assert!(broken(&came), "{came:?}");
    }
}

#[tokio::test]
async fn what_is_no_http_is_no_answer() {
    for junk in [
        "",
        "x",
        "220 smtp\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx",
    ] {
        let came = get(&open(HERE), &Canary::answering(junk).url()).await;
        assert!(broken(&came), "{junk:?}: {came:?}");
    }
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let came = get(&open(HERE), &format!("http://{closed}/")).await;
    assert!(matches!(came, Err(Failure::Unreachable(_))), "{came:?}");
}

/// A server whose certificate the authority of the tests has signed, for `localhost` and 127.0.0.1.
async fn secure() -> SocketAddr {
    let chain = vec![CertificateDer::from_pem_slice(include_bytes!("tls/leaf.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/leaf.key")).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let (acceptor, listener) =
        (TlsAcceptor::from(Arc::new(config)), tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap());
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecure").await;
            let _ = stream.shutdown().await;
        }
    });
    addr
}

#[tokio::test]
async fn a_certificate_is_asked_for_and_looked_at() {
    let addr = secure().await;
    let authorities = Some(concat!(env!("CARGO_MANIFEST_DIR"), "/src/outbound/tests/tls/ca.pem").into());
    let settings = Settings { allow: HERE.parse().unwrap(), authorities, ..Settings::default() };
    let here = Names::by(Arc::new(|_| Ok(vec![Ipv4Addr::LOCALHOST.into()])));
    let trusting = Outbound { names: here.clone(), ..Outbound::open(&settings).unwrap() };
    for host in ["127.0.0.1", "localhost", "localhost.", "idp.town.example.net"] {
        let came = get(&trusting, &format!("https://{host}:{}/", addr.port())).await;
        assert_eq!(
            came.as_ref().is_ok_and(|reply| reply.body == b"secure"),
            host != "idp.town.example.net",
            "{came:?}"
        );
    }
    let public = Outbound { names: here, ..open(HERE) };
    let came = get(&public, &format!("https://localhost:{}/", addr.port())).await;
    assert!(broken(&came), "signed by nobody who is trusted: {came:?}");
    let plain = Canary::at(Ipv4Addr::LOCALHOST, |mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    });
    let came = get(&trusting, &plain.url().replace("http:", "https:")).await;
    assert!(broken(&came), "no TLS at all: {came:?}");
    let missing = Settings { authorities: Some("/nowhere/ca.pem".into()), ..Settings::default() };
    assert!(Outbound::open(&missing).is_err());
}
