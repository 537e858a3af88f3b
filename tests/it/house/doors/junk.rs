//! Whatever is sent, the answer is one that the document declares, and never a fault of the server.
use super::{body, is_open, of_nobody, walk};
use crate::support::{Client, Operation, Person, Town, encoded, json, nobodys_id};
use api::openapi::TAKES_ANYTHING;

fn deep(times: usize, open: &str, close: &str) -> Vec<u8> {
    format!("{}{}", open.repeat(times), close.repeat(times)).into_bytes()
}

/// Bodies that are JSON of no use, and bodies that are no JSON.
fn junk() -> Vec<Vec<u8>> {
    let texts: [&str; 14] = [
        "",
        "[]",
        "\"x\"",
        "1",
        "null",
        "true",
        "{",
        "{\"a\":}",
        "[{}]",
        "{\"no_such_member\": 1}",
        "{\"\\u0000\": 1}",
        "{\"display_name\": \"a\\u0000b\", \"name\": \"a\\u0000b\"}",
        "{\"a\": 1, \"a\": 2}",
        "NaN",
    ];
    let mut all: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    all.push(vec![0xff, 0xfe, 0x00]);
    all.push(b"{\"name\": \"\xc3\x28\"}".to_vec());
    all.push(deep(10_000, "[", "]"));
    all.push(deep(10_000, "{\"a\":", "}"));
    all.push(format!("{{\"name\": \"{}\"}}", "x".repeat(1 << 20)).into_bytes());
    all
}

fn bodied(client: &Client) -> Vec<Operation> {
    let all: Vec<Operation> = walk(client).into_iter().filter(|one| one.body().is_some()).collect();
    assert!(all.len() > 25, "{}", all.len());
    all
}

#[test]
fn junk_in_a_body_is_refused_with_a_code() {
    let town = Town::start();
    let owner = town.owner();
    for one in bodied(&owner) {
        for bytes in junk() {
            let answer = owner.raw(&one.method, &of_nobody(&one), Some((one.body().unwrap(), bytes.clone())));
            let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
            assert!((400..500).contains(&answer.status), "{} took {shown}: {}", one.name(), answer.text());
        }
        // may be a patch of nothing, or all that is needed
        let empty = owner.raw(&one.method, &of_nobody(&one), Some((one.body().unwrap(), b"{}".to_vec())));
        assert!(empty.status < 500, "{}", one.name());
    }
}

#[test]
fn a_body_of_another_sort_is_refused() {
    let town = Town::start();
    let owner = town.owner();
    for one in bodied(&owner) {
        let bytes = body(&one).unwrap_or_default().to_string().into_bytes();
        for kind in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"] {
            // what a browser makes of a form is read there
            if one.id == "submit_form" && kind == "application/x-www-form-urlencoded" {
                continue;
            }
            let refused = owner.raw(&one.method, &of_nobody(&one), Some((kind, bytes.clone())));
            refused.refused(415, "unsupported_media_type");
        }
    }
}

/// What is no form, or a form that lacks something, is refused as well.
#[test]
fn junk_in_a_form_is_refused_with_a_code() {
    let town = Town::start();
    let owner = town.owner();
    let is_form = |one: &Operation| !one.spec["requestBody"]["content"]["multipart/form-data"].is_null();
    let forms: Vec<Operation> = walk(&owner).into_iter().filter(is_form).collect();
    assert_eq!(forms.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["create_file", "start_import"]);
    let part = |head: &str, body: &str| format!("--e\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let (file, mapping) = ("name=\"file\"; filename=\"x.csv\"", "name=\"mapping\"");
    let bodies = [
        String::new(),
        "nonsense".into(),
        "--e--\r\n".into(),
        part(file, "a,b\n1,2\n") + "--e--\r\n",
        part(mapping, "{}") + "--e--\r\n",
        part(mapping, "{") + &part(file, "a\n1\n") + "--e--\r\n",
        part(mapping, "{\"resource\": \"contacts\", \"columns\": {\"a\": \"display_name\"}}")
            + &part(file, "")
            + "--e--\r\n",
        part(mapping, "{\"resource\": \"contacts\", \"columns\": {\"a\": \"display_name\"}}") + &part(file, "a\n1\n"),
        part(file, "a\n1\n") + &part(file, "a\n1\n") + "--e--\r\n",
        part("name=\"mapping\\u0000\"", "x") + "--e--\r\n",
        part(mapping, &"[".repeat(20_000)) + &part(file, "a\n1\n") + "--e--\r\n",
        part(mapping, "{}") + &part("name=\"file\"; filename=\"../../etc/passwd\"", "a\n1\n") + "--e--\r\n",
    ];
    let whole = bodies[3].clone();
    for one in &forms {
        // a file alone is all that a file needs
        for bytes in bodies.iter().filter(|bytes| one.id != "create_file" || **bytes != whole) {
            let answer = owner.raw(
                &one.method,
                &one.path,
                Some(("multipart/form-data; boundary=e", bytes.clone().into_bytes())),
            );
            assert!((400..500).contains(&answer.status), "{} took {bytes:?}: {}", one.name(), answer.text());
        }
        for kind in ["application/json", "multipart/form-data", "text/csv"] {
            let answer = owner.raw(&one.method, &one.path, Some((kind, b"x".to_vec())));
            assert!([400, 415, 422].contains(&answer.status), "{kind}: {} {}", answer.status, answer.text());
        }
    }
    let kept = std::fs::read_dir(town.data_dir.path().join("files"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect::<Vec<_>>();
    let files: usize = kept.iter().map(|folder| walk_files(folder)).sum();
    assert_eq!(files, 0, "a file was kept that nobody wants: {kept:?}");
}

fn walk_files(path: &std::path::Path) -> usize {
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| walk_files(&entry.path())).sum(),
        Err(_) => 1,
    }
}

/// Each member of a good body, replaced by each sort of nonsense.
#[test]
fn nonsense_in_each_member_is_no_fault_of_the_server() {
    let town = Town::start();
    let owner = town.owner();
    let nonsense = [
        json!(null),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("\u{202e}😀"),
        json!([]),
        json!({}),
        json!([[1]]),
        json!(true),
        json!("x".repeat(20_000)),
        json!("9999999999999999999999.99"),
        json!("-0"),
        json!(i64::MAX),
        json!("0000-00-00"),
        json!(nobodys_id()),
        json!({"amount": "1", "currency": "USD"}),
        json!("' OR 1=1 --"),
        json!("+294276-01-01T00:00:00Z"),
        json!("9999-12-31"),
    ];
    for one in bodied(&owner) {
        let good = body(&one).unwrap_or_default();
        for name in good.as_object().into_iter().flat_map(|members| members.keys()) {
            for value in &nonsense {
                let mut bad = good.clone();
                bad[name] = value.clone();
                let answer = owner.send(&one.method, &of_nobody(&one), Some(&bad));
                assert!(answer.status < 500, "{} with {name} = {value}: {}", one.name(), answer.text());
            }
        }
    }
}

#[test]
fn parameters_that_nobody_knows_are_refused() {
    let town = Town::start();
    let owner = town.owner();
    let mut taken = Vec::new();
    for one in walk(&owner) {
        let path = of_nobody(&one);
        let join = if path.contains('?') { '&' } else { '?' };
        let ask = |client: &Client| {
            client.send(&one.method, &format!("{path}{join}no_such_parameter=1"), body(&one).as_ref())
        };
        let answer = ask(&owner);
        let code = answer.json()["code"].clone();
        // of a list, what is no parameter is a field that it is asked by
        let is_told = answer.status == 400
            && ["unknown_parameter", "filter_unknown_field"].iter().any(|known| code == *known)
            && answer.pointers() == ["?no_such_parameter"];
        if is_told == TAKES_ANYTHING.contains(&one.id.as_str()) {
            taken.push(format!("{}: {}", one.name(), answer.text()));
        }
        // who may not come in is told that
        if !is_open(&one) && ask(&town.anonymous()).status != 401 {
            taken.push(format!("{} without a token", one.name()));
        }
    }
    assert!(taken.is_empty(), "{taken:#?}");
}

#[test]
fn nonsense_in_each_parameter_is_refused() {
    let town = Town::start();
    let owner = town.owner();
    let bad = |name: &str| -> Vec<&'static str> {
        match name {
            "limit" => vec!["0", "-1", "201", "x", "", "1.5", "99999999999999999999"],
            "cursor" => vec!["x", "", "AAAA", "%00", "😀"],
            "filter" => vec!["(", "nope == 1", "1 == 1 == 1", "\u{0}", "id", "'", "true ||"],
            "sort" => vec!["nope", "-", "id desc", "nope.nope", "-nope"],
            "fields" | "include" => vec!["nope", "id;", "a.b.c.d.e", "\u{0}"],
            "q" => vec!["\u{0}"],
            _ => vec!["nonsense", "\u{0}", "-"],
        }
    };
    for one in walk(&owner) {
        for parameter in one.parameters("query") {
            let name = parameter["name"].as_str().unwrap_or_default();
            if parameter["schema"]["type"] == "string"
                && parameter["schema"]["enum"].is_null()
                && !KNOWN.contains(&name)
            {
                continue; // any text is a good one
            }
            for value in bad(name) {
                let path = of_nobody(&one);
                let bare = path.split('?').next().unwrap_or_default();
                let answer = owner.send(&one.method, &format!("{bare}?{name}={}", encoded(value)), body(&one).as_ref());
                assert_eq!(answer.status, 400, "{} with {name}={value:?}: {}", one.name(), answer.text());
            }
        }
    }
}

const KNOWN: &[&str] = &["cursor", "filter", "sort", "fields", "include", "q"];

#[test]
fn headers_of_nonsense_do_no_harm() {
    let town = Town::start();
    let owner = town.owner();
    let path = "/v1/contacts";
    for (name, value) in [
        ("x-request-id", "nonsense"),
        ("if-none-match", "\u{e4}"),
        ("accept", "text/html"),
        ("accept-language", ";;;"),
        ("accept-encoding", "x;q=9"),
        ("content-type", "x"),
        ("range", "bytes=1-"),
        ("expect", "x"),
    ] {
        let answer = owner.with(name, value).get(path);
        assert!(answer.status < 500, "{name}: {value}");
        assert!(answer.header("x-request-id").parse::<uuid::Uuid>().is_ok());
    }
    let id = nobodys_id();
    assert_eq!(owner.with("x-request-id", &id).get(path).header("x-request-id"), id);
}

/// What is answered to anybody obeys the document too.
#[test]
fn open_operations_answer_as_they_say() {
    let town = Town::start();
    let anybody = town.anonymous();
    for one in walk(&anybody).iter().filter(|one| is_open(one)) {
        let answer = super::call(&anybody, one, &of_nobody(one));
        // the links and logins of the examples were never given
        let codes = [
            "link_invalid",
            "file_link_invalid",
            "mail_link_invalid",
            "sso_state_invalid",
            "confirmation_invalid",
            "not_found",
        ];
        let by_link = codes.iter().any(|code| answer.json()["code"] == *code);
        assert!(by_link || [200, 202, 401].contains(&answer.status), "{}: {}", one.name(), answer.text());
    }
    assert_eq!(anybody.get("/readyz").ok()["status"], "ready");
    assert_eq!(anybody.get("/livez").ok()["status"], "alive");
    assert_eq!(town.client(Person::Nobody).get("/readyz").status, 200);
}
