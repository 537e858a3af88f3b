//! Work in the background: seen by whose it is, ended on demand.
use super::imports::{ended, upload};
use crate::support::{Person, Town, json, make};
use kernel::{Actor, Ctx};
use platform::job::schedule::{self, NewSchedule};

#[test]
fn the_work_of_an_import_can_be_seen() {
    let town = Town::start();
    let owner = town.owner();
    let mapping = json!({"resource": "contacts", "columns": {"Name": "display_name"}});
    let import = upload(&owner, "people.csv", b"Name\nAda\n", &mapping, &[]).is(202);
    let done = ended(&owner, &make::id(&import, "id"));
    let job = owner.get(&format!("/v1/jobs/{}", make::id(&done, "job_id"))).ok();
    assert_eq!(job["status"], "succeeded");
    assert_eq!(owner.get("/v1/jobs").ids(), [make::id(&job, "id")]);
    assert_eq!(owner.get("/v1/imports?sort=-created_at&filter=rows_created%3D%3D1").ids(), [make::id(&import, "id")]);
    let path = format!("/v1/jobs/{}", make::id(&job, "id"));
    town.client(Person::Foreigner).get(&path).refused(404, "not_found");
    owner.act(&format!("{path}/cancel")).is_one_of(&[200, 409]);
}

#[test]
fn an_import_can_be_cancelled_on_the_way() {
    let town = Town::start();
    let owner = town.owner();
    let rows: String = (0..60_000).map(|n| format!("P{n}\n")).collect();
    let mapping = json!({"resource": "contacts", "columns": {"Name": "display_name"}});
    let id = make::id(&upload(&owner, "people.csv", format!("Name\n{rows}").as_bytes(), &mapping, &[]).is(202), "id");
    while owner.get(&format!("/v1/imports/{id}")).ok()["rows_read"].as_i64() == Some(0) {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    owner.act(&format!("/v1/imports/{id}/cancel")).ok();
    let done = ended(&owner, &id);
    assert_eq!(done["status"], "cancelled", "{done}");
    let written = town.database.count("SELECT count(*) FROM contacts");
    assert!(written > 0 && written < 60_000 && done["rows_created"] == written, "{written}: {done}");
}

/// What is urgent first; then everybody's first before anybody's second.
#[test]
fn jobs_are_taken_in_the_order_of_their_urgency_and_no_tenant_waits_for_another() {
    let town = Town::idle();
    let (owner, foreigner) = (town.owner(), town.client(Person::Foreigner));
    let mapping = json!({"resource": "contacts", "columns": {"Name": "display_name"}});
    for _ in 0..3 {
        upload(&owner, "a.csv", b"Name\nAda\n", &mapping, &[]).is(202);
    }
    upload(&foreigner, "b.csv", b"Name\nAda\n", &mapping, &[]).is(202);
    town.anonymous()
        .post("/v1/auth/request-password-reset", json!({"email": Person::Owner.email()}))
        .is_one_of(&[200, 202, 204]);
    let conn = &mut town.database.conn();
    let kinds = ["import", "password_reset"];
    let mut taken = Vec::new();
    while let Some(held) = platform::job::claim(conn, &kinds, platform::job::LEASE).unwrap() {
        taken.push((held.kind.clone(), held.tenant_id));
        platform::job::end(conn, &held, "succeeded", None).unwrap();
    }
    let kinds: Vec<&str> = taken.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["password_reset", "import", "import", "import", "import"]);
    let (first, second, third) = (taken[1].1, taken[2].1, taken[3].1);
    assert!(first != second && second != third, "{taken:?}");
}

/// A job that has failed keeps saying why until it is begun anew.
#[test]
fn a_job_that_failed_can_be_begun_anew() {
    let town = Town::start();
    let owner = town.owner();
    let mapping = json!({"resource": "contacts", "columns": {"Name": "display_name"}});
    let import = upload(&owner, "people.csv", b"Name\nAda\n", &mapping, &[]).is(202);
    let done = ended(&owner, &make::id(&import, "id"));
    let job = format!("/v1/jobs/{}", make::id(&done, "job_id"));
    owner.act(&format!("{job}/retry")).refused(409, "job_not_retryable");
    town.database
        .run("UPDATE jobs SET status = 'failed', error = 'gone'; UPDATE imports SET status = 'failed', error = 'gone'");
    town.client(Person::Rep).act(&format!("{job}/retry")).is_one_of(&[403, 404]);
    town.client(Person::Admin).act(&format!("{job}/retry")).ok();
    let again = ended(&owner, &make::id(&import, "id"));
    assert_eq!((again["status"].as_str(), again["rows_read"].as_i64()), (Some("succeeded"), Some(1)), "{again}");
    let told = owner.get(&job).ok();
    assert_eq!((told["status"].as_str(), told["error"].is_null()), (Some("succeeded"), true), "{told}");
    let progress = &told["progress"];
    assert_eq!((progress["unit"].as_str(), &progress["done"]), (Some("bytes"), &progress["total"]), "{told}");
}

/// However many look, each occurrence puts its job down once; what was missed comes once together.
#[test]
fn what_is_scheduled_comes_once_however_many_look() {
    let town = Town::idle();
    let ctx = acting(&town);
    let new = |name: &'static str, rule: &'static str| {
        let starts_at = "2026-01-01T08:00:00Z".parse().unwrap();
        let payload = &json!({});
        schedule::put(
            &mut town.database.conn(),
            &ctx,
            &NewSchedule {
                name,
                kind: "test",
                payload,
                priority: Default::default(),
                rule,
                time_zone: "Europe/Berlin",
                starts_at,
            },
        )
        .unwrap();
    };
    new("daily", "FREQ=DAILY");
    new("daily", "FREQ=DAILY;BYHOUR=9"); // put again, it takes the place of the one that was there
    new("never again", "FREQ=DAILY;COUNT=1");
    assert_eq!(town.database.count("SELECT count(*) FROM job_schedules WHERE next_at > now()"), 1);
    assert_eq!(town.database.count("SELECT count(*) FROM job_schedules WHERE next_at IS NULL"), 1);
    // nobody was there for ten days
    town.database.run("UPDATE job_schedules SET next_at = now() - interval '10 days' WHERE name = 'daily'");
    let look = || schedule::put_down_due(&mut town.database.conn()).unwrap();
    let found: usize = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|_| scope.spawn(look)).collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!((found, town.database.count("SELECT count(*) FROM jobs WHERE kind = 'test'")), (1, 1));
    assert_eq!(town.database.count("SELECT count(*) FROM job_schedules WHERE next_at > now() AND last_at <= now()"), 1);
    assert!(schedule::remove(&mut town.database.conn(), &ctx, "daily").unwrap());
    assert!(!schedule::remove(&mut town.database.conn(), &ctx, "daily").unwrap());
}

fn acting(town: &Town) -> Ctx {
    let user: uuid::Uuid = town.user(Person::Owner).parse().unwrap();
    let tenant = town.database.text(&format!("SELECT tenant_id FROM users WHERE id = '{user}'"));
    Ctx {
        tenant: tenant.parse().unwrap(),
        actor: Actor { user: user.into(), key: None },
        grants: Default::default(),
        request: kernel::RequestId::new(),
        origin: Default::default(),
        now: kernel::clock::now(),
    }
}
