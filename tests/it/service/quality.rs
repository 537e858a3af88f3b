//! How well cases were looked after: by whom it is said, what it comes to, and what comes of an appeal.
use super::cases::path;
use crate::support::{Client, Person, Town, Value, encoded, json, make};

fn place(evaluation: &Value) -> String {
    format!("/v1/qa-evaluations/{}", make::id(evaluation, "id"))
}

/// A case of somebody's, and a scorecard.
fn of(town: &Town, person: Person) -> (Value, Value) {
    let owner = town.owner();
    (make::case(&owner, json!({"owner_id": town.user(person)})), make::qa_scorecard(&owner, json!({})))
}

fn scores(tone: Value, privacy: Value) -> Value {
    json!([{"key": "tone", "score": tone}, {"key": "privacy", "score": privacy}])
}

fn draft(client: &Client, case: &Value, card: &Value, scores: &Value) -> Value {
    let new = json!({"case_id": case["id"], "scorecard_id": card["id"], "scores": scores, "comment": "Friendly."});
    client.post("/v1/qa-evaluations", new).created()
}

#[test]
fn a_draft_is_its_reviewers_until_it_holds() {
    let town = Town::idle();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let (case, card) = of(&town, Person::Rep);
    let draft = draft(&owner, &case, &card, &json!([{"key": "tone", "score": 4}]));
    assert_eq!(
        (&draft["status"], &draft["total"], &draft["agent_id"]),
        (&json!("draft"), &json!("80"), &case["owner_id"])
    );
    rep.get(&place(&draft)).refused(404, "not_found");
    owner.act(&format!("{}/finalize", place(&draft))).refused(409, "qa_evaluation_unfinished");
    let again = json!({"case_id": case["id"], "scorecard_id": card["id"]});
    let told = owner.post("/v1/qa-evaluations", again).refused(409, "qa_evaluation_taken");
    assert_eq!(told["existing"][0]["id"], draft["id"]);
    let wrong =
        owner.patch(&place(&draft), json!({"scores": [{"key": "tone", "score": 6}, {"key": "none", "score": 1}]}));
    assert_eq!(wrong.pointers(), ["/scores/0/score", "/scores/1/key"]);
    let whole = owner.patch(&place(&draft), json!({"scores": scores(json!(4), json!(1))})).ok();
    // (1 × 4/5 + 2 × 1/1) / 3
    assert_eq!((&whole["total"], &whole["is_passed"]), (&json!("93.33"), &json!(true)));
    // what the scorecard says later is of later evaluations
    let other = json!({"criteria": [{"key": "speed", "name": "Speed", "weight": 1, "scale": 3}]});
    owner.patch(&format!("/v1/qa-scorecards/{}", make::id(&card, "id")), other).ok();
    let held = owner.if_match(2).act(&format!("{}/finalize", place(&draft))).ok();
    assert_eq!((&held["status"], &held["owner_id"]), (&json!("final"), &case["owner_id"]));
    assert_eq!(rep.get(&place(&draft)).ok()["total"], "93.33");
    owner.patch(&place(&draft), json!({"comment": null})).refused(409, "qa_evaluation_status_refused");
    town.client(Person::Mate).get(&place(&draft)).refused(404, "not_found");
    town.client(Person::Foreigner).get(&place(&draft)).refused(404, "not_found");
    rep.delete(&place(&draft)).refused(403, "forbidden");
}

#[test]
fn nobody_judges_their_own_work() {
    let town = Town::idle();
    let owner = town.owner();
    let card = make::qa_scorecard(&owner, json!({}));
    let mine = make::case(&owner, json!({}));
    let new = json!({"case_id": mine["id"], "scorecard_id": card["id"]});
    owner.post("/v1/qa-evaluations", &new).refused(403, "qa_own_work");
    let other = make::with(new.clone(), json!({"agent_id": town.user(Person::Rep)}));
    owner.post("/v1/qa-evaluations", other).refused(403, "qa_own_work");
    town.client(Person::Rep).post("/v1/qa-evaluations", new).refused(403, "forbidden");
    owner.delete(&format!("/v1/qa-scorecards/{}", make::id(&card, "id"))).is(204);
    let (theirs, _) = of(&town, Person::Rep);
    let gone = json!({"case_id": theirs["id"], "scorecard_id": card["id"]});
    assert_eq!(owner.post("/v1/qa-evaluations", gone).pointers(), ["/scorecard_id"]);
}

#[test]
fn an_appeal_is_decided_by_somebody_else() {
    let town = Town::idle();
    let (owner, rep, admin) = (town.owner(), town.client(Person::Rep), town.client(Person::Admin));
    let (case, card) = of(&town, Person::Rep);
    let failed = draft(&owner, &case, &card, &scores(json!(5), json!(0)));
    assert_eq!((&failed["has_failed"], &failed["is_passed"]), (&json!(true), &json!(false)));
    let at = |verb: &str| format!("{}/{verb}", place(&failed));
    let why = json!({"reason": "They had asked for exactly that."});
    owner.post(&at("appeal"), &why).refused(403, "forbidden");
    owner.act(&at("finalize")).ok();
    admin.post(&at("uphold"), json!({})).refused(409, "qa_evaluation_status_refused");
    assert_eq!(rep.post(&at("appeal"), json!({"reason": " "})).pointers(), ["/reason"]);
    assert_eq!(rep.post(&at("appeal"), &why).ok()["status"], "appealed");
    rep.post(&at("appeal"), &why).refused(409, "qa_evaluation_status_refused");
    rep.post(&at("uphold"), json!({})).refused(403, "forbidden");
    let anew = json!({"scores": scores(json!(5), json!(1)), "reason": "Seen again."});
    let revised = admin.post(&at("revise"), anew).ok();
    assert_eq!(
        (&revised["status"], &revised["total"], &revised["has_failed"]),
        (&json!("revised"), &json!("100"), &json!(false))
    );
    let figures = owner.get("/v1/qa-evaluations/figures?from=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z").ok();
    let group = &figures["groups"][0];
    assert_eq!((&group["agent_id"], &group["evaluation_count"]), (&case["owner_id"], &json!(1)));
    assert_eq!(
        (&group["average_total"], &group["appealed_count"], &group["revised_count"]),
        (&json!("100"), &json!(1), &json!(1))
    );
    let nobody = town
        .client(Person::Mate)
        .get("/v1/qa-evaluations/figures?from=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z");
    assert_eq!(nobody.ok()["groups"], json!([]), "of what the caller sees");
    assert_eq!(owner.get("/v1/qa-evaluations/figures?from=x&until=2100-01-01T00:00:00Z").status, 400);
}

#[test]
fn a_sample_is_the_same_whenever_it_is_drawn() {
    let town = Town::idle();
    let owner = town.owner();
    let card = make::qa_scorecard(&owner, json!({"filter": "priority == \"high\"", "sample_percent": "100"}));
    let new = |at: usize| {
        json!({"subject": format!("Case {at}"), "priority": if at < 40 { "high" } else { "low" },
        "owner_id": town.user(Person::Rep)})
    };
    make::many(&owner, "cases", (0..60).map(new));
    let sample =
        |query: &str| owner.get(&format!("/v1/qa-scorecards/{}/sample?limit=200{query}", make::id(&card, "id")));
    let ids = |query: &str| -> Vec<String> {
        sample(query).ok().as_array().unwrap().iter().map(|one| make::id(one, "id")).collect()
    };
    assert_eq!((ids("").len(), ids("&percent=0").len()), (40, 0));
    let some = ids("&percent=30");
    assert_eq!(some, ids("&percent=30"));
    assert!(!some.is_empty() && some.len() < 40, "{}", some.len());
    let more = ids("&percent=60");
    assert!(some.iter().all(|one| more.contains(one)), "a larger sample holds a smaller one");
    assert_eq!(ids(&format!("&filter={}", encoded("priority == \"low\""))).len(), 20);
    let judged = json!({"case_id": some[0], "scorecard_id": card["id"]});
    owner.post("/v1/qa-evaluations", judged).created();
    assert!(!ids("&percent=30").contains(&some[0]), "what was judged is not looked at again");
    assert_eq!(sample("&filter=nonsense").status, 422);
    assert_eq!(sample("&percent=101").status, 400);
    let case = owner.get(&format!("/v1/cases/{}", some[0])).ok();
    owner.get(&format!("{}/assignments", path(&case))).ok();
    owner.delete(&path(&case)).is(204);
}
