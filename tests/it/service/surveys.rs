//! Surveys: who is asked, by a letter, and who answers, once.
use crate::support::{Client, Person, Smtp, Town, Value, json, make};

fn asked(client: &Client, survey: &Value, extra: Value) -> (Value, String) {
    let address = format!("{}@example.com", crate::support::fresh("asked"));
    let contact = make::contact(client, make::with(json!({"email": address}), extra));
    let place = format!("/v1/surveys/{}/responses", make::id(survey, "id"));
    (client.post(&place, json!({"contact_id": contact["id"]})).created(), address)
}

fn response(client: &Client, one: &Value) -> Value {
    client.get(&format!("/v1/survey-responses/{}", make::id(one, "id"))).ok()
}

#[test]
fn who_is_asked_answers_by_the_link_of_a_letter_once() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let (owner, customer) = (town.owner(), town.anonymous());
    let survey = make::survey(&owner, json!({}));
    let (one, address) = asked(&owner, &survey, json!({"locale": "zh-Hans"}));
    assert_eq!((&one["status"], &one["locale"]), (&json!("pending"), &json!("zh-Hans")));
    let letter = &smtp.letters(&address, 1)[0];
    assert!(letter.text.contains("您满意吗？"), "{}", letter.text);
    let token = letter.token();
    let open = customer.get(&format!("/s/{token}")).ok();
    assert_eq!((&open["question"], &open["least"], &open["most"]), (&json!("您满意吗？"), &json!(1), &json!(5)));
    customer.post(&format!("/s/{token}"), json!({"score": 6})).refused(422, "invalid");
    let said = customer.post(&format!("/s/{token}"), json!({"score": 5, "comment": " Quick "})).ok();
    assert_eq!((&said["thanks"], said["answered_at"].is_string()), (&json!("Thank you!"), true));
    customer.post(&format!("/s/{token}"), json!({"score": 1})).refused(409, "survey_answered");
    let kept = response(&owner, &one);
    assert_eq!((&kept["status"], &kept["score"], &kept["comment"]), (&json!("answered"), &json!(5), &json!("Quick")));
    let rows = town.database.column("SELECT t::text FROM survey_responses t UNION ALL SELECT t::text FROM jobs t");
    assert!(rows.iter().all(|row| !row.contains(&token)), "a token stands in its letter alone");
    let names = town.database.column("SELECT name FROM event_log WHERE name LIKE 'survey_response.%' ORDER BY 1");
    assert_eq!(names, ["survey_response.created", "survey_response.responded"]);
}

#[test]
fn of_many_answers_at_once_one_counts_and_none_after_the_end() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let (owner, customer) = (town.owner(), town.anonymous());
    let survey = make::survey(&owner, json!({"kind": "nps"}));
    let link = |address: &str| {
        let letter = &smtp.letters(address, 1)[0];
        letter.token()
    };
    let (_, address) = asked(&owner, &survey, json!({}));
    let token = link(&address);
    let taken = std::thread::scope(|scope| {
        let answer = |score: i32| {
            let customer = customer.clone();
            let place = format!("/s/{token}");
            scope.spawn(move || customer.post(&place, json!({"score": score})).status)
        };
        let all: Vec<_> = (0..6).map(answer).collect();
        all.into_iter().map(|one| one.join().unwrap()).filter(|status| *status == 200).count()
    });
    assert_eq!(taken, 1);
    let (late, address) = asked(&owner, &survey, json!({}));
    let token = link(&address);
    let id = make::id(&late, "id");
    town.database.run(&format!("UPDATE survey_responses SET expires_at = now() WHERE id = '{id}'"));
    customer.get(&format!("/s/{token}")).refused(410, "survey_expired");
    customer.post(&format!("/s/{token}"), json!({"score": 9})).refused(410, "survey_expired");
    customer.get("/s/nonsense").refused(404, "not_found");
    let figures = owner.get(&format!("/v1/surveys/{}/figures?by=day", make::id(&survey, "id"))).ok();
    assert_eq!((&figures["asked_count"], &figures["answered_count"]), (&json!(2), &json!(1)));
    assert_eq!(figures["answered_share"], "0.5");
}

#[test]
fn nobody_is_asked_too_often_or_against_their_will() {
    let town = Town::idle();
    let owner = town.owner();
    let survey = make::survey(&owner, json!({}));
    let place = format!("/v1/surveys/{}/responses", make::id(&survey, "id"));
    let (one, _) = asked(&owner, &survey, json!({}));
    let again = json!({"contact_id": one["contact_id"]});
    owner.post(&place, &again).refused(409, "survey_too_soon");
    let other = make::survey(&owner, json!({"quiet_days": 0}));
    owner.post(&format!("/v1/surveys/{}/responses", make::id(&other, "id")), &again).created();
    let ask = |contact: Value| owner.post(&place, json!({"contact_id": contact["id"]}));
    ask(make::contact(&owner, json!({}))).refused(409, "survey_not_wanted");
    let shy = json!({"email": "shy@example.com", "do_not_contact": true});
    ask(make::contact(&owner, shy)).refused(409, "survey_not_wanted");
    owner.patch(&format!("/v1/surveys/{}", make::id(&survey, "id")), json!({"is_active": false})).ok();
    ask(make::contact(&owner, json!({"email": "a@example.com"}))).refused(409, "survey_inactive");
    let nobody = json!({"contact_id": crate::support::nobodys_id()});
    let active = format!("/v1/surveys/{}/responses", make::id(&other, "id"));
    owner.post(&active, nobody).refused(422, "unknown_reference");
}

#[test]
fn responses_are_seen_with_their_contact() {
    let town = Town::idle();
    let (owner, rep, stranger) = (town.owner(), town.client(Person::Rep), town.client(Person::Stranger));
    let survey = make::survey(&owner, json!({}));
    let (own, _) = asked(&rep, &survey, json!({}));
    let (other, _) = asked(&stranger, &survey, json!({}));
    let path = |one: &Value| format!("/v1/survey-responses/{}", make::id(one, "id"));
    rep.get(&path(&own)).ok();
    rep.get(&path(&other)).refused(404, "not_found");
    assert_eq!(rep.get("/v1/survey-responses").ok()["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(owner.get("/v1/survey-responses").ok()["data"].as_array().map(Vec::len), Some(2));
    let figures = format!("/v1/surveys/{}/figures", make::id(&survey, "id"));
    assert_eq!(rep.get(&figures).ok()["asked_count"], 1, "nor are they counted");
    assert_eq!(owner.get(&figures).ok()["asked_count"], 2);
    rep.patch(&format!("/v1/surveys/{}", make::id(&survey, "id")), json!({"name": "x"})).refused(403, "forbidden");
}
