//! Forms that make leads: who fills one in becomes a lead, once, and what they agreed to waits until it is a contact.
use super::place;
use super::pools::{lying, pool};
use crate::customer::forms::{holds, last, people};
use crate::support::{Answer, Client, Person, Smtp, Town, Value, encoded, json, make};
use api::limit::Quotas;

fn form(town: &Town, extra: Value) -> String {
    make::id(&make::form(&town.owner(), make::with(json!({"makes": "lead"}), extra)), "id")
}

fn answer(town: &Town, form: &str, answers: Value) -> Answer {
    make::submission(&town.anonymous(), form, answers)
}

fn leads(client: &Client, email: &str) -> Vec<Value> {
    let filter = encoded(&format!("email == \"{email}\""));
    client.get(&format!("/v1/leads?filter={filter}")).ok()["data"].as_array().unwrap().clone()
}

#[test]
fn a_visitor_becomes_a_lead_and_their_word_waits_for_the_contact() {
    let town = Town::start();
    let owner = town.owner();
    make::assignment_rule(
        &owner,
        json!({"filter": "source == \"form\"", "members": [{"user_id": town.user(Person::Rep)}], "response_minutes": 30}),
    );
    make::lead_score_rule(&owner, json!({}));
    let form = form(&town, json!({}));
    let shown = town.anonymous().get(&format!("/f/{form}")).ok();
    let said = json!({"token": shown["token"], "referrer": "https://www.example.com/x",
        "utm": {"source": "wechat", "campaign": "autumn"}, "answers": {"mail": "Ada@x.example", "name": "Ada", "job": "Buyer", "news": true}});
    for _ in 0..2 {
        town.anonymous().with("user-agent", "Probe/1.0").post(&format!("/f/{form}"), &said).is(202);
    }
    let lead = leads(&owner, "ada@x.example").remove(0);
    assert_eq!(
        (&lead["display_name"], &lead["job_title"], &lead["source"]),
        (&json!("Ada"), &json!("Buyer"), &json!("form"))
    );
    let utm = json!({"source": "wechat", "campaign": "autumn", "referrer": "https://www.example.com/x"});
    assert_eq!((&lead["utm"], &lead["score"]), (&utm, &json!(20)));
    assert_eq!((&lead["owner_id"], &lead["response_status"]), (&json!(town.user(Person::Rep)), &json!("pending")));
    let kept = last(&owner);
    assert_eq!(
        (&kept["lead_id"], &kept["contact_id"], &kept["owner_id"]),
        (&lead["id"], &json!(null), &lead["owner_id"])
    );
    assert_eq!(
        owner.get(&format!("/v1/form-submissions/{}?include=lead", make::id(&kept, "id"))).ok()["lead"]["id"],
        lead["id"]
    );
    // another touch of the same
    answer(&town, &form, json!({"mail": "ada@x.example", "name": "Mallory"})).is(202);
    assert_eq!(owner.get("/v1/leads?count=exact").ok()["page"]["count"], 1);
    assert_eq!(leads(&owner, "ada@x.example")[0]["version"], lead["version"], "who has shown nothing changes nothing");
    assert_eq!(last(&owner)["suggestions"], json!({"display_name": "Mallory"}));
    assert!(people(&owner, "ada@x.example").is_empty());
    let done = owner.post(&format!("{}/convert", place(&lead)), json!({})).ok();
    let contact = people(&owner, "ada@x.example").remove(0);
    assert_eq!((&contact["id"], holds(&owner, &contact)), (&done["contact_id"], json!("granted")));
    let word = owner.get(&format!("/v1/contacts/{}/consents", make::id(&contact, "id"))).ok()[0].clone();
    let shows = &word["evidence"];
    assert_eq!((&shows["text"], &shows["version"]), (&json!("Yes, write to me."), &json!("3")));
    assert_eq!((&shows["address"], &shows["user_agent"]), (&json!("127.0.0.1"), &json!("Probe/1.0")));
    assert_eq!((&shows["url"], &shows["form_id"]), (&json!("https://www.example.com/x"), &json!(form)));
    assert_eq!((&shows["form_submission_id"], &word["occurred_at"]), (&kept["id"], &kept["created_at"]));
    // taken back, it waits again
    owner.act(&format!("{}/unconvert", place(&lead))).ok();
    assert!(owner.get(&format!("/v1/form-submissions/{}", make::id(&kept, "id"))).ok()["contact_id"].is_null());
    let again = owner.post(&format!("{}/convert", place(&lead)), json!({"on_duplicate": "create"})).ok();
    assert_eq!(holds(&owner, &json!({"id": again["contact_id"]})), "granted");
}

#[test]
fn who_is_a_contact_stays_one() {
    let town = Town::start();
    let owner = town.owner();
    let known = make::contact(&owner, json!({"display_name": "Ada", "email": "ada@x.example"}));
    let company = json!({"key": "company", "kind": "text", "label": {"en": "Company"}, "target": "lead.company_name"});
    let mail = json!({"key": "mail", "kind": "email", "label": {"en": "Mail"}, "target": "contact.email"});
    let form = form(&town, json!({"fields": [mail, company]}));
    answer(&town, &form, json!({"mail": "ada@x.example", "company": "Tea"})).is(202);
    assert_eq!((&last(&owner)["contact_id"], &last(&owner)["lead_id"]), (&known["id"], &json!(null)));
    assert_eq!(last(&owner)["suggestions"], json!({"company_name": "Tea"}));
    assert_eq!(owner.get("/v1/leads").ok()["data"], json!([]));
    answer(&town, &form, json!({"mail": "bob@x.example", "company": "Tea"})).is(202);
    assert_eq!(leads(&owner, "bob@x.example")[0]["company_name"], "Tea");
    let mine = json!({"name": "F", "fields": [mail, company]});
    assert_eq!(owner.post("/v1/forms", mine).pointers(), ["/fields/1/target"]);
}

#[test]
fn an_address_is_confirmed_before_the_lead_is_a_contact_or_after() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    let form = form(&town, json!({"has_double_opt_in": true}));
    for mail in ["before@x.example", "after@x.example"] {
        assert_eq!(answer(&town, &form, json!({"mail": mail, "news": true})).is(202)["is_pending"], true);
    }
    let follow = |mail: &str| {
        let letter = smtp.letters(mail, 1).remove(0);
        town.anonymous().post("/f/confirm", json!({"token": letter.token()})).ok();
        town.anonymous().post("/f/confirm", json!({"token": letter.token()})).refused(422, "confirmation_invalid");
    };
    let convert = |mail: &str| {
        let lead = leads(&owner, mail).remove(0);
        owner.post(&format!("{}/convert", place(&lead)), json!({})).ok();
        people(&owner, mail).remove(0)
    };
    let verified = |contact: &Value| {
        let points = owner.get(&format!("/v1/contacts/{}/contact-points", make::id(contact, "id"))).ok();
        points[0]["verified_at"].is_string()
    };
    follow("before@x.example");
    assert_eq!(last_of(&owner, "confirmed"), 1);
    let before = convert("before@x.example");
    assert_eq!((holds(&owner, &before), verified(&before)), (json!("granted"), true));
    let words = owner.get(&format!("/v1/contacts/{}/consents", make::id(&before, "id"))).ok();
    assert_eq!(words.as_array().unwrap().len(), 2, "what was ticked, and what was confirmed");
    let after = convert("after@x.example");
    assert_eq!((holds(&owner, &after), verified(&after)), (json!("pending"), false));
    follow("after@x.example");
    assert_eq!((holds(&owner, &after), verified(&after)), (json!("granted"), true));
}

fn last_of(client: &Client, status: &str) -> usize {
    client.get(&format!("/v1/form-submissions?status={status}")).ids().len()
}

/// What was filled in tells no more of a lead in a pool than the lead does; whoever takes it has the answers too.
#[test]
fn a_lead_in_a_pool_is_found_again_and_its_answers_are_covered() {
    let town = Town::start();
    let owner = town.owner();
    let pool = pool(&town, &[Person::Rep, Person::Mate], json!({}));
    let rule = json!({"filter": "source == \"form\"", "members": [{"user_id": pool["queue_id"]}]});
    make::assignment_rule(&owner, rule);
    let form = form(&town, json!({}));
    let known = lying(&owner, &pool, json!({"email": "ada@x.example"}));
    for mail in ["ada@x.example", "bob@x.example", "bob@x.example"] {
        answer(&town, &form, json!({"mail": mail, "name": "Someone"})).is(202);
    }
    assert_eq!(town.database.count("SELECT count(*) FROM leads"), 2);
    assert_eq!(
        town.database
            .count(&format!("SELECT count(*) FROM form_submissions WHERE lead_id = '{}'", make::id(&known, "id"))),
        1
    );
    let rep = town.client(Person::Rep);
    assert_eq!(rep.get("/v1/form-submissions").ids().len(), 0);
    let taken = rep.act(&format!("{}/claim", place(&known))).ok();
    let theirs = rep.get("/v1/form-submissions").ok();
    assert_eq!(
        (&theirs["data"][0]["lead_id"], &theirs["data"][0]["answers"]["mail"]),
        (&taken["id"], &json!("ada@x.example"))
    );
    rep.post(&format!("{}/return", place(&known)), json!({"reason": "no answer"})).ok();
    assert_eq!(rep.get("/v1/form-submissions").ids().len(), 0);
}

/// Limits hold, one address is one lead, and each word waits with what it came by.
#[test]
fn a_thousand_bots_at_once_leave_one_lead_an_address() {
    let quotas = Quotas { form: 400, ..Quotas::OFF };
    let town = Town::configured(|config| {
        config.limits = quotas;
        config.jobs = false;
    });
    make::assignment_rule(&town.owner(), json!({"response_minutes": 30}));
    let form = form(&town, json!({}));
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
    assert!(of(202) >= 400 && of(202) < 900, "{}", of(202));
    let taken = i64::try_from(of(202)).unwrap();
    assert_eq!(town.database.count("SELECT count(*) FROM form_submissions WHERE lead_id IS NOT NULL"), taken);
    assert_eq!(town.database.count("SELECT count(*) FROM leads WHERE response_status = 'pending'"), 25);
    assert_eq!(town.database.count("SELECT count(DISTINCT email) FROM leads"), 25);
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 0);
    let complete = "SELECT count(*) FROM form_submissions s, jsonb_array_elements(waiting->'words') w
        WHERE w->'evidence'->>'text' = 'Yes, write to me.' AND w->'evidence'->>'address' = '127.0.0.1'
        AND w->'evidence'->>'form_id' = s.form_id::text AND w->'evidence'->>'form_submission_id' = s.id::text
        AND w->'evidence'->>'version' = '3' AND w->'evidence'->>'language' = 'en'";
    assert_eq!(town.database.count(complete), taken);
}

#[test]
fn whose_rights_do_not_reach_to_leads_makes_none() {
    let town = Town::start();
    let rights = [
        ("contact", "read", "all"),
        ("contact", "create", "all"),
        ("contact", "update", "all"),
        ("form", "read", "all"),
        ("form", "create", "all"),
        ("user", "read", "all"),
    ];
    let editor = make::holder(&town, &rights);
    let form = make::id(&make::form(&editor, json!({"makes": "lead"})), "id");
    answer(&town, &form, json!({"mail": "ada@x.example"})).refused(404, "not_found");
    assert_eq!(town.database.count("SELECT count(*) FROM form_submissions"), 0);
}
