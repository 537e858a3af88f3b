//! A receiver that is dead for eight hours, as they are counted here, slows no other, and gets all that it has missed once
//! it is back.
//!
//! `WEBHOOK_EVENTS=10000` makes as many events, and takes minutes.
use super::reference::{Held, Reference};
use super::{deliveries, endpoint, path, until};
use crate::support::{How, Receiver, Town, Value, json, make};
use platform::webhook::Settings;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant, SystemTime};

const OUTAGE: f64 = 8.0 * 3600.0;

/// As many as a test usually has time for, unless the environment says otherwise.
fn asked() -> Option<usize> {
    std::env::var("WEBHOOK_EVENTS").ok().and_then(|text| text.parse().ok())
}

/// The schedule of the house, by a clock that runs so much faster.
fn hurried(faster: f64) -> Settings {
    let pauses = Settings::default().schedule;
    let texts: Vec<String> = pauses.iter().map(|pause| (pause.as_secs_f64() / faster).to_string()).collect();
    Settings::of(&texts.join(","), Settings::GIVE_UP).unwrap()
}

#[test]
fn a_long_outage_of_one_is_nobody_elses_and_nothing_is_lost() {
    let all = asked().unwrap_or(600);
    let outage = Duration::from_secs(if all > 2_000 { 60 } else { 10 });
    // what a development build on a busy machine keeps up with: how much it can do is measured elsewhere
    let pause = Duration::from_millis(if all > 2_000 { 250 } else { 100 });
    let town = Town::configured(|config| config.webhooks = hurried(OUTAGE / outage.as_secs_f64()));
    let owner = town.owner();
    let [dead, stalling, healthy] = [(); 3].map(|()| Receiver::start());
    let its = endpoint(&owner, &dead, json!({}));
    endpoint(&owner, &stalling, json!({}));
    let fine = endpoint(&owner, &healthy, json!({}));
    let mut reference = Reference::start();
    let mut theirs = [(&dead, &its), (&healthy, &fine)].map(|(one, of)| Held::new(one, make::id(of, "secret")));
    let mut look = || theirs.each_mut().map(|one| one.look(&mut reference));
    dead.does(How::HangUp);
    stalling.does(How::Stall(Duration::from_secs(60)));
    let began = Instant::now();
    let mut made: BTreeSet<String> = BTreeSet::new();
    for batch in (0..all).collect::<Vec<_>>().chunks(20) {
        let some = batch.iter().map(|n| json!({"display_name": format!("Contact {n}")}));
        made.extend(make::many(&owner, "contacts", some).iter().map(|record| make::id(record, "id")));
        look();
        std::thread::sleep(pause);
    }
    while look()[1] < all || began.elapsed() < outage {
        assert!(began.elapsed() < Duration::from_secs(600), "{} of {all}", healthy.many());
        std::thread::sleep(Duration::from_millis(50));
    }
    quickly(&town, &fine, &healthy);
    assert!(!owner.get(&path(&its)).ok()["failing_at"].is_null());
    let (before, since) = (dead.many(), Instant::now());
    dead.does(How::fine());
    let left = format!(
        "SELECT count(*) FROM webhook_deliveries WHERE endpoint_id = '{}' AND status <> 'delivered'",
        make::id(&its, "id")
    );
    while town.database.count(&left) > 0 {
        assert!(since.elapsed() < Duration::from_secs(400), "{} are left", town.database.count(&left));
        look();
        std::thread::sleep(Duration::from_millis(100));
    }
    println!("the dead one: {before} attempts in vain in {outage:?}, then all in {:?}", since.elapsed());
    look();
    let [dead_ones, healthy_ones] = theirs;
    for one in [&dead_ones, &healthy_ones] {
        whole(&one.receiver.kept(), &one.secret, &made);
    }
    if let Some(good) = reference.end() {
        println!("{good} signatures were verified by the library of another language");
        assert_eq!(good, dead.many() + healthy.many());
    }
    until("told", || owner.get(&deliveries(&its, "&status=pending&count=exact")).ok()["page"]["count"] == 0);
}

/// 95 of 100 within a second: from when they were put down, for before that an event waits for whoever else writes on this
/// server, other tests too. How long it was from when it happened until it was received is told beside it.
fn quickly(town: &Town, fine: &Value, healthy: &Receiver) {
    let took = |part: f64| {
        let text = format!(
            "SELECT extract(epoch FROM percentile_cont({part}) WITHIN GROUP (ORDER BY finished_at - created_at)) \
             FROM webhook_deliveries WHERE endpoint_id = '{}' AND status = 'delivered'",
            make::id(fine, "id")
        );
        town.database.text(&text).parse::<f64>().unwrap()
    };
    let (now, clock) = (Instant::now(), chrono::DateTime::<chrono::Utc>::from(SystemTime::now()));
    let mut whole: Vec<f64> = healthy
        .kept()
        .iter()
        .map(|one| {
            let occurred: chrono::DateTime<chrono::Utc> = one.json()["occurred_at"].as_str().unwrap().parse().unwrap();
            (clock - occurred).as_seconds_f64() - (now - one.at).as_secs_f64()
        })
        .collect();
    whole.sort_by(f64::total_cmp);
    let share = |part: usize| whole[whole.len() * part / 100];
    println!(
        "healthy: {} events, from put down to written down p50 {:.3} s, p95 {:.3} s; from the request to the receiver \
         p50 {:.3} s, p95 {:.3} s, p99 {:.3} s",
        whole.len(),
        took(0.5),
        took(0.95),
        share(50),
        share(95),
        share(99)
    );
    assert!(took(0.95) < 1.0, "{}", took(0.95));
}

/// All that happened came, each by one name, signed.
fn whole(parcels: &[crate::support::receiver::Parcel], secret: &str, made: &BTreeSet<String>) {
    let mut names: BTreeMap<String, Value> = BTreeMap::new();
    let mut records = BTreeSet::new();
    for parcel in parcels {
        assert!(parcel.is_signed_by(secret));
        let event = parcel.json();
        records.insert(make::id(&event, "record_id"));
        assert_eq!(names.entry(parcel.id()).or_insert_with(|| event["id"].clone()), &event["id"]);
    }
    assert_eq!(&records, made);
    assert_eq!(names.len(), made.len(), "one name an event, however often it is sent");
}

/// However much waits for one, what is sent to another costs no more.
#[test]
fn what_waits_for_one_is_not_gone_through_for_another() {
    let (town, healthy) = (Town::start(), Receiver::start());
    let owner = town.owner();
    let waiting = make::id(&endpoint(&owner, &healthy, json!({"events": ["order.*"]})), "id");
    endpoint(&owner, &healthy, json!({}));
    town.database.run(&format!(
        "INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_name, object_id, seq, status, \
         next_attempt_at, created_at, updated_at) SELECT tenant_id, gen_random_uuid(), id, gen_random_uuid(), \
         'order.updated', gen_random_uuid(), 1, 'pending', now() + interval '1 day', now(), now() \
         FROM webhook_endpoints, generate_series(1, 20000) WHERE id = '{waiting}'"
    ));
    let made = make::many(&owner, "contacts", (0..100).map(|n| json!({"display_name": format!("Contact {n}")}))).len();
    healthy.parcels(made);
    let read = "SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'webhook_deliveries'";
    // what was read is told a second later
    std::thread::sleep(Duration::from_secs(3));
    let read = town.database.count(read);
    // something looks through all of it now and then, and not once a delivery
    assert!(read < 100_000, "{read} entries were read for {made} deliveries");
}
