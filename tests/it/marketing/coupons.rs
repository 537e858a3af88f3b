//! Coupons: one code for each, single or many at a time.
use super::promotions::evaluated;
use crate::support::{Client, Town, Value, Worker, json, make};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

fn reason(client: &Client, code: &str, extra: Value) -> String {
    let told = evaluated(client, make::with(json!({"coupon_codes": [code]}), extra));
    make::id(&told["refused"][0], "reason")
}

#[test]
fn a_code_is_one_whatever_its_case() {
    let town = Town::idle();
    let owner = town.owner();
    let made = make::coupon(&owner, json!({"code": "Welcome-10"}));
    assert_eq!(made["code"], "WELCOME-10");
    let again = json!({"code": "wELCOME-10", "promotion_id": made["promotion_id"]});
    let refused = owner.post("/v1/coupons", &again).refused(409, "coupon_code_taken");
    assert_eq!(refused["existing"][0]["id"], made["id"]);
    owner.post("/v1/coupons", make::with(again, json!({"code": "a b"}))).refused(422, "invalid");
    let put = owner.put("/v1/coupons/by/code/welcome-10", json!({"total_limit": 5})).ok();
    assert_eq!((&put["id"], &put["total_limit"]), (&made["id"], &json!(5)));
    let drawn = make::coupon(&owner, json!({"code": null}));
    assert_eq!(make::id(&drawn, "code").len(), 16);
    assert_eq!(evaluated(&owner, json!({"coupon_codes": ["welcome-10"]}))["promoted"]["amount"], "11.01");
    assert_eq!(owner.get("/v1/coupons?q=WELCOME-10").ids(), [make::id(&made, "id")]);
}

#[test]
fn a_coupon_that_is_not_good_says_why() {
    let town = Town::idle();
    let owner = town.owner();
    let code = |extra: Value| make::id(&make::coupon(&owner, extra), "code");
    let [ada, bob] = [1, 2].map(|_| make::contact(&owner, json!({}))["id"].clone());
    assert_eq!(reason(&owner, "NOTHING", json!({})), "coupon_unknown");
    assert_eq!(reason(&owner, &code(json!({"status": "disabled"})), json!({})), "coupon_disabled");
    assert_eq!(reason(&owner, &code(json!({"expires_at": "2020-01-01T00:00:00Z"})), json!({})), "coupon_expired");
    let adas = code(json!({"contact_id": ada}));
    assert_eq!(reason(&owner, &adas, json!({"contact_id": bob})), "coupon_assigned");
    assert_eq!(evaluated(&owner, json!({"coupon_codes": [adas], "contact_id": ada}))["refused"], json!([]));
    assert_eq!(reason(&owner, &code(json!({"customer_limit": 1})), json!({})), "customer_unknown");
    let draft = make::promotion(&owner, json!({}));
    assert_eq!(reason(&owner, &code(json!({"promotion_id": draft["id"]})), json!({})), "inactive");
}

#[test]
fn a_job_makes_as_many_as_were_asked_for() {
    let town = Town::start();
    let owner = town.owner();
    let promotion = make::active_promotion(&owner, json!({"is_coupon_needed": true}));
    let path = format!("/v1/promotions/{}/generate-coupons", make::id(&promotion, "id"));
    let job = owner.post(&path, json!({"count": 2500, "prefix": "vip-"})).is(202);
    let (since, place) = (Instant::now(), format!("/v1/jobs/{}", make::id(&job, "id")));
    while owner.get(&place).ok()["status"] != "succeeded" {
        assert!(since.elapsed() < Duration::from_secs(60), "{}", owner.get(&place).ok());
        std::thread::sleep(Duration::from_millis(50));
    }
    let codes = town.database.column("SELECT code FROM coupons");
    assert_eq!((codes.len(), codes.iter().collect::<BTreeSet<_>>().len()), (2500, 2500));
    assert!(codes.iter().all(|code| code.starts_with("VIP-") && code.len() == 20));
    let found = owner.get(&format!("/v1/coupons?batch_id={}&limit=200", make::id(&job, "id"))).ids();
    assert_eq!(found.len(), 200);
    let told = town.database.count("SELECT count(*) FROM audit_log WHERE action = 'coupon.created'");
    assert_eq!(told, 2500);
    assert_eq!(evaluated(&owner, json!({"coupon_codes": [codes[7].to_lowercase()]}))["refused"], json!([]));
    owner.post(&path, json!({"count": 100_001})).refused(422, "invalid");
}

#[test]
fn a_job_whose_worker_dies_makes_no_coupon_twice() {
    let town = Town::idle();
    let owner = town.owner();
    let promotion = make::active_promotion(&owner, json!({"is_coupon_needed": true}));
    let path = format!("/v1/promotions/{}/generate-coupons", make::id(&promotion, "id"));
    let job = make::id(&owner.post(&path, json!({"count": 1500})).is(202), "id");
    Worker::start(&town, "coupons_generated").dies();
    let _worker = Worker::start(&town, "");
    let (since, place) = (Instant::now(), format!("/v1/jobs/{job}"));
    while town.owner().get(&place).ok()["status"] != "succeeded" {
        assert!(since.elapsed() < Duration::from_secs(60), "the job goes no further");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(town.database.count("SELECT count(*) FROM coupons"), 1500);
}
