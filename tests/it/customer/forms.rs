//! Forms: what visitors fill in, and what becomes of it.
use crate::platform::once::deaths::Mortal;
use crate::support::{Answer, Client, Person, Town, Value, encoded, json, make};
use api::limit::Quotas;

fn answer(town: &Town, form: &str, answers: Value) -> Answer {
    make::submission(&town.anonymous(), form, answers)
}

pub fn published(town: &Town, extra: Value) -> String {
    make::id(&make::form(&town.owner(), extra), "id")
}

pub fn people(client: &Client, email: &str) -> Vec<Value> {
    let filter = encoded(&format!("email == \"{email}\""));
    client.get(&format!("/v1/contacts?filter={filter}")).ok()["data"].as_array().unwrap().clone()
}

pub fn holds(client: &Client, contact: &Value) -> Value {
    let all = client.get(&format!("/v1/contacts/{}/consents/effective", make::id(contact, "id"))).ok();
    all.as_array()
        .unwrap()
        .iter()
        .find(|one| one["channel"] == "email")
        .map_or(Value::Null, |one| one["status"].clone())
}

pub fn last(client: &Client) -> Value {
    client.get("/v1/form-submissions?limit=1").ok()["data"][0].clone()
}

#[test]
fn a_form_is_shown_in_the_language_of_its_reader_and_becomes_a_contact() {
    let town = Town::start();
    let (owner, form) = (town.owner(), published(&town, json!({})));
    let chinese = town.anonymous().with("accept-language", "zh-CN");
    let shown = chinese.get(&format!("/f/{form}")).ok();
    assert_eq!((&shown["language"], &shown["fields"][1]["label"]), (&json!("zh-Hans"), &json!("E-mail（中文）")));
    assert_eq!(shown["fields"][4]["wording"], "Yes, write to me.（中文）");
    let said = json!({"token": shown["token"], "referrer": "https://www.example.com/x",
        "utm": {"source": "wechat", "campaign": "autumn"},
        "answers": {"mail": " Wang.Wei@Example.CN", "name": "王伟", "size": "m", "news": true}});
    let chinese = chinese.with("user-agent", "Probe/1.0");
    for _ in 0..3 {
        // one token is one submission
        let taken = chinese.post(&format!("/f/{form}"), &said).is(202);
        assert_eq!((&taken["message"], &taken["is_pending"]), (&json!("Thank you!（中文）"), &json!(false)));
    }
    let found = people(&owner, "wang.wei@example.cn");
    assert_eq!((found.len(), &found[0]["display_name"], &found[0]["source"]), (1, &json!("王伟"), &json!("form")));
    let kept = last(&owner);
    assert_eq!(
        (&kept["contact_id"], &kept["status"], &kept["utm"]["source"]),
        (&found[0]["id"], &json!("received"), &json!("wechat"))
    );
    assert_eq!(owner.get("/v1/form-submissions?count=exact").ok()["page"]["count"], 1);
    assert_eq!(holds(&owner, &found[0]), "granted");
    let word = owner.get(&format!("/v1/contacts/{}/consents", make::id(&found[0], "id"))).ok()[0].clone();
    let shows = &word["evidence"];
    assert_eq!((&shows["text"], &shows["language"]), (&json!("Yes, write to me.（中文）"), &json!("zh-Hans")));
    assert_eq!((&shows["version"], &shows["user_agent"]), (&json!("3"), &json!("Probe/1.0")));
    assert_eq!((&shows["address"], &shows["url"]), (&json!("127.0.0.1"), &json!("https://www.example.com/x")));
    assert_eq!((&shows["form_id"], &shows["form_submission_id"]), (&json!(form), &kept["id"]));
}

#[test]
fn who_has_shown_nothing_changes_nothing_that_is_known() {
    let town = Town::start();
    let (owner, form) = (town.owner(), published(&town, json!({})));
    let known = make::contact(&owner, json!({"display_name": "Ada", "email": "ada@x.example", "job_title": null}));
    answer(&town, &form, json!({"mail": "ADA@x.example", "name": "Mallory", "job": "Boss"})).is(202);
    let now = owner.get(&format!("/v1/contacts/{}", make::id(&known, "id"))).ok();
    assert_eq!((&now["display_name"], &now["job_title"]), (&json!("Ada"), &json!("Boss")));
    assert_eq!(last(&owner)["suggestions"], json!({"display_name": "Mallory"}));
    answer(&town, &form, json!({"mail": "ada@x.example", "job": "Intern"})).is(202);
    assert_eq!(owner.get(&format!("/v1/contacts/{}", make::id(&known, "id"))).ok()["job_title"], "Boss");
    assert_eq!(last(&owner)["suggestions"], json!({"job_title": "Intern"}));
    assert_eq!(people(&owner, "ada@x.example").len(), 1);
}

#[test]
fn all_faults_are_told_at_once_and_hostile_answers_do_no_harm() {
    let town = Town::start();
    let (owner, form) = (town.owner(), published(&town, json!({})));
    let wrong = json!({"mail": "no address", "name": "x".repeat(101), "size": "xl", "news": "perhaps", "more": "?"});
    let refused = answer(&town, &form, wrong);
    refused.refused(422, "invalid");
    let mut places = refused.pointers();
    places.sort();
    assert_eq!(places, ["/answers/mail", "/answers/more", "/answers/name", "/answers/news", "/answers/size"]);
    assert_eq!(answer(&town, &form, json!({"mail": " "})).pointers(), ["/answers/mail"]);
    for name in ["Eve\r\nBcc: all@x.example", "a\u{7}b", "a\u{0}b"] {
        let refused = answer(&town, &form, json!({"mail": "eve@x.example", "name": name}));
        assert!([400, 422].contains(&refused.status), "{}", refused.text());
    }
    assert_eq!(answer(&town, &form, json!({"mail": "eve@x.example", "name": "y".repeat(1 << 20)})).status, 413);
    let html = "<script>alert(1)</script>";
    answer(&town, &form, json!({"mail": "html@x.example", "name": html})).is(202);
    assert_eq!(people(&owner, "html@x.example")[0]["display_name"], html, "kept as it came; who shows it, shows text");
    assert!(people(&owner, "eve@x.example").is_empty());
    // as a browser sends it
    let shown = town.anonymous().get(&format!("/f/{form}")).ok();
    let pairs =
        format!("token={}&mail=b%40x.example&name=B+C&news=on&utm_source=ads&size=s", make::id(&shown, "token"));
    let urlencoded = Some(("application/x-www-form-urlencoded", pairs.into_bytes()));
    town.anonymous().raw("POST", &format!("/f/{form}"), urlencoded).is(202);
    assert_eq!(people(&owner, "b@x.example")[0]["display_name"], "B C");
    assert_eq!(last(&owner)["utm"], json!({"source": "ads"}));
    let nul = Some(("application/x-www-form-urlencoded", b"token=x&mail=b%40x.example&name=%00".to_vec()));
    assert!([400, 422].contains(&town.anonymous().raw("POST", &format!("/f/{form}"), nul).status));
}

#[test]
fn bots_that_are_quick_or_fill_in_all_leave_nothing() {
    let town = Town::start();
    let (owner, slow) = (town.owner(), published(&town, json!({"least_seconds": 30})));
    answer(&town, &slow, json!({"mail": "q@x.example"})).refused(422, "form_too_soon");
    let form = published(&town, json!({}));
    let shown = town.anonymous().get(&format!("/f/{form}")).ok();
    let all = json!({"token": shown["token"], "answers": {"mail": "bot@x.example"}, "website": "https://spam.example"});
    let taken = town.anonymous().post(&format!("/f/{form}"), all).is(202);
    assert_eq!(taken["message"], "Thank you!");
    for token in ["", "x", &make::id(&town.anonymous().get(&format!("/f/{slow}")).ok(), "token")] {
        let said = json!({"token": token, "answers": {"mail": "bot@x.example"}});
        town.anonymous().post(&format!("/f/{form}"), said).refused(422, "form_token_invalid");
    }
    assert!(people(&owner, "bot@x.example").is_empty());
    assert_eq!(owner.get("/v1/form-submissions").ok()["data"], json!([]));
}

#[test]
fn a_form_that_is_shut_is_not_there() {
    let (town, other) = (Town::start(), Town::start());
    let owner = town.owner();
    let form = published(&town, json!({}));
    let shown = town.anonymous().get(&format!("/f/{form}")).ok();
    let said = json!({"token": shown["token"], "answers": {"mail": "late@x.example"}});
    other.anonymous().get(&format!("/f/{form}")).refused(404, "not_found");
    for status in ["draft", "archived"] {
        owner.patch(&format!("/v1/forms/{form}"), json!({"status": status})).ok();
        town.anonymous().get(&format!("/f/{form}")).refused(404, "not_found");
        town.anonymous().post(&format!("/f/{form}"), &said).refused(404, "not_found");
    }
    owner.patch(&format!("/v1/forms/{form}"), json!({"status": "published"})).ok();
    owner.delete(&format!("/v1/forms/{form}")).is(204);
    town.anonymous().post(&format!("/f/{form}"), &said).refused(404, "not_found");
    for nonsense in ["x", "../v1/contacts", "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6"] {
        assert_eq!(town.anonymous().get(&format!("/f/{}", encoded(nonsense))).status, 404);
    }
    assert!(people(&owner, "late@x.example").is_empty());
}

#[test]
fn a_definition_that_cannot_be_meant_is_refused() {
    let town = Town::start();
    let owner = town.owner();
    let field = |extra: Value| make::with(json!({"key": "a", "kind": "text", "label": {"en": "A"}}), extra);
    for fields in [
        json!([]),
        json!([field(json!({})), field(json!({}))]),
        json!([field(json!({"kind": "magic"}))]),
        json!([field(json!({"key": "A b"}))]),
        json!([field(json!({"kind": "choice"}))]),
        json!([field(json!({"target": "contact.owner_id"}))]),
        json!([field(json!({"target": "custom.nothing"}))]),
        json!([field(json!({"kind": "consent"}))]),
        json!([field(json!({"kind": "consent", "consent": {"purpose": "x", "channel": "email", "wording": {}}}))]),
    ] {
        let refused = owner.post("/v1/forms", json!({"name": "F", "fields": fields}));
        assert_eq!(refused.status, 422, "{fields}: {}", refused.text());
    }
    let letter = json!({"name": "F", "fields": [field(json!({}))], "has_double_opt_in": true});
    assert_eq!(owner.post("/v1/forms", letter).pointers(), ["/has_double_opt_in"]);
    // whoever sets one up holds what its user holds
    let editor = make::holder(&town, &[("form", "read", "all"), ("form", "create", "all"), ("user", "read", "all")]);
    let mine = json!({"name": "F", "fields": [field(json!({}))], "user_id": town.user(Person::Owner)});
    editor.post("/v1/forms", mine).is(403);
}

/// A server that dies when all is written has kept nothing of it, and the same token is good for another.
#[test]
fn what_a_server_died_over_is_sent_again() {
    let town = Town::idle();
    let form = published(&town, json!({}));
    let shown = town.anonymous().get(&format!("/f/{form}")).ok();
    let said = json!({"token": shown["token"], "answers": {"mail": "twice@x.example", "news": true}});
    let mut mortal = Mortal::start(&town, "form_submission_kept");
    mortal.send(&format!("/f/{form}"), "", &said.to_string());
    assert!(!mortal.0.wait().unwrap().success(), "it lives");
    let count = |table: &str| town.database.count(&format!("SELECT count(*) FROM {table}"));
    assert_eq!(["form_submissions", "contacts", "consents"].map(count), [0, 0, 0]);
    town.anonymous().post(&format!("/f/{form}"), &said).is(202);
    assert_eq!(["form_submissions", "contacts", "consents", "consent_states"].map(count), [1, 1, 1, 1]);
}

/// Limits hold, one address is one contact, and each consent shows what it came by.
#[test]
fn a_thousand_bots_at_once_leave_one_contact_an_address() {
    let quotas = Quotas { form: 400, ..Quotas::OFF };
    let town = Town::configured(|config| {
        config.limits = quotas;
        config.jobs = false;
    });
    let (owner, form) = (town.owner(), published(&town, json!({})));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let one = |n: usize| {
            let (bot, form) = (town.anonymous(), form.clone());
            scope.spawn(move || {
                let mut all = Vec::new();
                for k in 0..50 {
                    let mail = format!("bot{}@x.example", (n + k) % 25);
                    all.push(make::submission(&bot, &form, json!({"mail": mail, "name": "Bot", "news": true})).status);
                }
                all
            })
        };
        let bots: Vec<_> = (0..20).map(one).collect();
        bots.into_iter().flat_map(|bot| bot.join().unwrap()).collect()
    });
    let of = |status: u16| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((statuses.len(), of(202) + of(429)), (1000, 1000), "{statuses:?}");
    // the bucket fills up while they come
    assert!(of(202) >= 400 && of(202) < 900, "{}", of(202));
    let taken = i64::try_from(of(202)).unwrap();
    assert_eq!(town.database.count("SELECT count(*) FROM form_submissions"), taken);
    assert_eq!(town.database.count("SELECT count(*) FROM contacts WHERE email LIKE 'bot%'"), 25);
    assert_eq!(town.database.count("SELECT count(*) FROM contacts WHERE source = 'form'"), 25);
    let complete = "SELECT count(*) FROM consents c JOIN form_submissions s ON s.id = (evidence->>'form_submission_id')::uuid
        AND s.contact_id = c.contact_id WHERE evidence->>'text' = 'Yes, write to me.' AND evidence->>'address' = '127.0.0.1'
        AND evidence->>'form_id' = s.form_id::text AND evidence->>'version' = '3' AND evidence->>'language' = 'en'";
    assert_eq!(town.database.count(complete), taken);
    let filter =
        encoded("consents.exists(c, c.purpose == \"newsletter\" && c.channel == \"email\" && c.status == \"granted\")");
    assert_eq!(owner.get(&format!("/v1/contacts?filter={filter}&count=exact")).ok()["page"]["count"], 25);
}

#[test]
fn a_stranger_does_not_take_back_a_no() {
    let town = Town::start();
    let (owner, form) = (town.owner(), published(&town, json!({})));
    let known = make::contact(&owner, json!({"display_name": "Ada", "email": "ada@x.example"}));
    let no = json!({"contact_id": known["id"], "purpose": "newsletter", "channel": "email", "status": "withdrawn"});
    owner.post("/v1/consents", no).created();
    answer(&town, &form, json!({"mail": "ada@x.example", "news": true})).is(202);
    assert_eq!(holds(&owner, &known), "withdrawn");
    // what was ticked is written down all the same
    let words = owner.get(&format!("/v1/contacts/{}/consents", make::id(&known, "id"))).ok();
    assert_eq!(words.as_array().unwrap().len(), 2);
}
