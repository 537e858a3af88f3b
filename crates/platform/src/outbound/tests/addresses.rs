//! Addresses that must not be spoken to, in all the ways of writing them; a canary on the loopback tells.
use super::*;

/// Hosts that are this machine, its neighbours, or nobody; `{}` is the canary's port.
#[rustfmt::skip]
const HOSTS: &[&str] = &[
    // this machine
    "127.0.0.1:{}", "127.1:{}", "127.0.1:{}", "2130706433:{}", "0x7f000001:{}", "0x7f.1:{}", "0x7f.0.0.1:{}",
    "0x7F.0x0.0x0.0x1:{}", "017700000001:{}", "0177.0.0.1:{}", "0177.0.0.01:{}", "00000177.1:{}", "127.0.0.1.:{}",
    "127.000.000.001:{}", "127.0.0.2:{}", "127.255.255.254:{}", "0:{}", "0.0.0.0:{}", "0x0:{}", "00:{}", "0.0:{}",
    "[::1]:{}", "[0:0:0:0:0:0:0:1]:{}", "[0000::0001]:{}", "[::]:{}", "[::ffff:127.0.0.1]:{}", "[::ffff:7f00:1]:{}",
    "[::ffff:0:127.0.0.1]:{}", "[::127.0.0.1]:{}", "[::7f00:1]:{}", "[64:ff9b::127.0.0.1]:{}",
    "[64:ff9b:1::7f00:1]:{}", "[2002:7f00:1::]:{}", "[2001:0:7f00:1::]:{}", "localhost:{}", "localhost.:{}",
    "LOCALHOST:{}", "app.localhost:{}", "localhost.localdomain:{}", "ip6-localhost:{}", "loopback:{}",
    // written to look like something else
    "１２７.０.０.１:{}", "127。0。0。1:{}", "127．0．0．1:{}", "①②⑦.⓪.⓪.①:{}", "ⓛocalhost:{}", "%31%32%37.0.0.1:{}",
    "127.0.0.1%2e:{}", "127.0.0.1.nip.io:{}", "7f000001.rebind.example.net:{}", "spoofed.burpcollaborator.net:{}",
    "user@127.0.0.1:{}", "user:word@127.0.0.1:{}", "@127.0.0.1:{}", "login.example.com@127.0.0.1:{}",
    "login.example.com:443@127.0.0.1:{}", "127.0.0.1:{}@login.example.com", "login.example.com%2F@127.0.0.1:{}",
    "127.0.0.1:{}\\@login.example.com", "login.example.com\\@127.0.0.1:{}", "127.0.0.1\t:{}", " 127.0.0.1:{}",
    "127.0.0.1:{}#@login.example.com", "127.0.0.1:{}?@login.example.com", "login.example.com #@127.0.0.1:{}",
    // metadata of machines that are rented
    "169.254.169.254", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "0xa9.0xfe.0xa9.0xfe", "169.254.43518",
    "[::ffff:a9fe:a9fe]", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]", "[fd00:ec2::254]",
    "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16", "metadata.google.internal", "metadata",
    "metadata.google.internal.", "instance-data", "instance-data.ec2.internal", "metadata.azure.internal",
    "kubernetes.default.svc", "host.docker.internal", "rancher-metadata",
    // neighbours
    "10.0.0.1", "10.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.257", "100.64.0.1", "100.127.255.255",
    "[fc00::1]", "[fd12:3456::1]", "[fe80::1]", "[fec0::1]",
    // nobody in particular
    "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "192.88.99.1", "224.0.0.1",
    "239.1.1.1", "240.0.0.1", "255.255.255.255", "[ff02::1]", "[2001:db8::1]", "[3fff::1]", "[100::1]", "[2001:2::1]",
    "login.invalid", "login.example", "login.example.",
];

#[tokio::test]
async fn what_is_not_public_is_not_spoken_to_however_it_is_written() {
    let canary = Canary::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    assert!(HOSTS.len() >= 80, "{}", HOSTS.len());
    // whatever has a name is this machine
    let outbound = told("", |_| vec![Ipv4Addr::LOCALHOST.into()]);
    let open_to_neighbours = told("10.9.0.0/16", |_| vec![Ipv4Addr::LOCALHOST.into()]);
    for host in HOSTS {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{}/latest/meta-data/", host.replace("{}", &canary.addr.port().to_string()));
            for outbound in [&outbound, &open_to_neighbours] {
                let came = get(outbound, &url).await;
                assert!(matches!(came, Err(Failure::Refused(_))), "{url}: {came:?}");
            }
        }
    }
    assert_eq!(canary.seen(), 0);
    get(&told("127.0.0.1", |_| vec![Ipv4Addr::LOCALHOST.into()]), &canary.url()).await.unwrap();
    assert_eq!(canary.seen(), 1, "the canary sings");
}

#[tokio::test]
async fn what_is_no_address_of_http_is_refused() {
    let outbound = open("0.0.0.0/0, ::/0");
    for url in [
        "",
        "x",
        "/x",
        "//127.0.0.1/",
        "http:",
        "http://",
        "https:///",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/_x",
        "ftp://127.0.0.1/",
        "dict://127.0.0.1/",
        "ldap://127.0.0.1/",
        "javascript:alert(1)",
        "data:text/plain,x",
        "http://127.0.0.1:99999/",
        "http://[::1/",
        "http://1.2.3.4.5/",
        "http://256.1.1.1/",
        "http://a\r\nb/",
        "http://a b/",
        "http:\\\\127.0.0.1\\",
        "http://127.0.0.1/\r\nx: y",
        "http://xn--a/",
    ] {
        let came = get(&outbound, url).await;
        assert!(matches!(came, Err(Failure::Refused(_))), "{url:?}: {came:?}");
        assert!(outbound.check(url).is_err(), "{url:?}");
    }
}

#[test]
fn what_is_public_is_public() {
    for text in [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "198.17.255.255",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2400:3200::1",
        "2a00:1450::8a",
    ] {
        assert!(is_public(text.parse().unwrap()), "{text}");
    }
    for text in [
        "::",
        "::1",
        "::ffff:8.8.8.8",
        "::8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::",
        "2001::1",
        "4000::1",
        "2001:1ff::1",
        "3fff:fff::1",
        "fe80::1",
        "ff0e::1",
    ] {
        assert!(!is_public(text.parse().unwrap()), "{text}");
    }
}

/// Public servers are spoken to by TLS and at the ports that are set; what is allowed by its net, at any.
#[test]
fn schemes_and_ports_are_those_that_are_allowed() {
    let outbound = open("10.1.0.0/16");
    for (url, good) in [
        ("https://1.1.1.1/", true),
        ("https://1.1.1.1:443/", true),
        ("http://1.1.1.1/", false),
        ("https://1.1.1.1:8443/", false),
        ("https://1.1.1.1:22/", false),
        ("http://10.1.2.3:8080/", true),
        ("https://10.1.2.3:9443/", true),
        ("https://10.2.2.3/", false),
        ("https://login.example.com/realms/x", true),
    ] {
        assert_eq!(outbound.check(url).is_ok(), good, "{url}");
    }
    let strict = open("");
    assert!(strict.check("https://login.example.com:22/").is_err());
    assert!(strict.check("http://login.example.com/").is_err() && strict.check("https://login.example.com/").is_ok());
    let wide = Outbound::open(&Settings { ports: vec![8443], ..Settings::default() }).unwrap();
    assert!(wide.check("https://1.1.1.1:8443/").is_ok() && wide.check("https://1.1.1.1/").is_err());
}

/// A name server that says something else the second time is not asked a second time.
#[tokio::test]
async fn what_was_checked_is_what_is_connected_to() {
    let canary = Canary::answering("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nbad");
    let Ok(listener) = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 2), canary.addr.port())) else { return };
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            head(&mut stream);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood");
        }
    });
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let outbound = told("127.0.0.2", move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => vec![Ipv4Addr::new(127, 0, 0, 2).into()],
        _ => vec![Ipv4Addr::LOCALHOST.into()],
    });
    let url = format!("http://rebinding.example.net:{}/", canary.addr.port());
    assert_eq!(get(&outbound, &url).await.map(|reply| reply.body), Ok(b"good".to_vec()));
    assert_eq!((asked.load(Ordering::SeqCst), canary.seen()), (1, 0));
    let refused = get(&outbound, &url).await;
    assert!(matches!(refused, Err(Failure::Refused(_))), "{refused:?}");
    assert_eq!(canary.seen(), 0);
}

/// One bad address among good ones spoils the name, wherever it stands.
#[tokio::test]
async fn every_address_of_a_name_counts() {
    let canary = Canary::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let (good, bad): (IpAddr, IpAddr) = (Ipv4Addr::new(127, 0, 0, 2).into(), Ipv4Addr::LOCALHOST.into());
    let mapped = "::ffff:127.0.0.1".parse().unwrap();
    for answer in [vec![good, bad], vec![bad, good], vec![good, mapped], vec![bad]] {
        let outbound = told("127.0.0.2", move |_| answer.clone());
        let came = get(&outbound, &format!("http://name.example.net:{}/", canary.addr.port())).await;
        assert!(matches!(came, Err(Failure::Refused(_))), "{came:?}");
    }
    let nothing = get(&told("127.0.0.2", |_| vec![]), "https://name.example.net/").await;
    assert!(matches!(nothing, Err(Failure::Unreachable(_))), "{nothing:?}");
    assert_eq!(canary.seen(), 0);
}
