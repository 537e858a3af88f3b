//! How much may be asked in a while: told in every answer, refused beyond, and one's own affair.
use crate::support::{Answer, Client, Person, Town, json, make, nobodys_id};
use api::limit::Quotas;
use std::time::{Duration, Instant};

fn limited(quotas: Quotas) -> Town {
    Town::configured(|config| config.limits = quotas)
}

/// What is left of a quota, as an answer tells it.
#[track_caller]
fn left(answer: &Answer, whose: &str) -> u64 {
    let told = answer.header("ratelimit");
    let one = told.split(", ").find_map(|part| part.strip_prefix(&format!("\"{whose}\";r=")));
    let one = one.unwrap_or_else(|| panic!("{} does not tell of {whose}: {told:?}", answer.request));
    one.split(";t=").next().unwrap().parse().unwrap()
}

fn names(field: &str) -> Vec<&str> {
    field.split(", ").map(|part| part.split('"').nth(1).unwrap_or_default()).collect()
}

#[test]
fn every_answer_tells_what_is_left() {
    let town = limited(Quotas::default());
    let (owner, anybody) = (town.owner(), town.anonymous());
    let key = owner.post("/v1/api-keys", json!({"name": "x", "scopes": ["*"]})).created();
    let program = anybody.bearing(make::id(&key, "key"));
    let login = json!({"email": "nobody@town.example", "password": "a wrong one, twice"});
    for (answer, wanted) in [
        (owner.get("/v1/contacts"), vec!["address", "user", "tenant"]),
        (owner.get(&format!("/v1/contacts/{}", nobodys_id())), vec!["address", "user", "tenant"]),
        (owner.post("/v1/contacts", json!({})), vec!["address", "user", "tenant"]),
        (program.get("/v1/contacts"), vec!["address", "key", "user", "tenant"]),
        (program.post("/v1/contacts", json!({"display_name": "x"})), vec!["address", "key", "user", "tenant"]),
        (anybody.get("/v1/contacts"), vec!["address", "public"]),
        (anybody.bearing("gx_live_x").get("/v1/contacts"), vec!["address", "public"]),
        (anybody.post("/v1/auth/login", login), vec!["address", "public"]),
        (owner.get("/v1/nope"), vec!["address", "public"]),
        (anybody.get("/openapi.json"), vec!["address"]),
        (anybody.get("/livez"), vec!["address"]),
    ] {
        assert_eq!(names(answer.header("ratelimit")), wanted, "{}", answer.request);
        assert_eq!(names(answer.header("ratelimit-policy")), wanted, "{}", answer.request);
    }
    assert!(owner.get("/v1/me").header("ratelimit-policy").starts_with("\"address\";q=600000;w=60, \"user\";"));
    let off = Town::start().owner().get("/v1/contacts");
    assert_eq!((off.header("ratelimit"), off.header("ratelimit-policy")), ("", ""));
}

#[test]
fn who_asks_too_much_waits_and_may_then_ask_again() {
    let town = limited(Quotas { user: 60, ..Quotas::default() });
    let rep = town.client(Person::Rep);
    let (since, mut asked) = (Instant::now(), 0);
    let refused = loop {
        let answer = rep.get("/v1/me");
        if answer.status == 429 {
            break answer;
        }
        answer.ok();
        asked += 1;
    };
    let filled = since.elapsed().as_secs() + 1;
    assert!((60..=60 + filled).contains(&asked), "{asked} in {filled} s");
    refused.refused(429, "rate_limited");
    assert_eq!((refused.header("retry-after"), left(&refused, "user")), ("1", 0));
    // nobody else is concerned
    town.client(Person::Mate).get("/v1/me").ok();
    std::thread::sleep(Duration::from_millis(1050));
    rep.get("/v1/me").ok();
}

#[test]
fn what_asks_more_costs_more_and_a_batch_less_than_its_items() {
    let town = limited(Quotas { key: 1_000_000, ..Quotas::default() });
    let made = town.owner().post("/v1/api-keys", json!({"name": "x", "scopes": ["*"]})).created();
    let program = town.anonymous().bearing(make::id(&made, "key"));
    // so much fills up again in the meantime
    let cost = |ask: &dyn Fn(&Client) -> Answer| {
        let (since, before) = (Instant::now(), left(&program.get("/v1/me"), "key"));
        let after = left(&ask(&program), "key");
        let filled = u64::try_from(since.elapsed().as_millis()).unwrap() * 17;
        (before.saturating_sub(after), before.saturating_sub(after) + filled)
    };
    let (_, most) = cost(&|client| client.get("/v1/contacts?q=ada&include=account,owner&count=exact"));
    assert!(most >= 13, "{most}");
    let items: Vec<_> = (0..1000).map(|n| json!({"op": "create", "data": {"name": format!("Account {n}")}})).collect();
    let (least, _) = cost(&|client| {
        let answer = client.post("/v1/accounts/batch", json!({"items": items}));
        answer.is_one_of(&[200, 207]);
        answer
    });
    assert!(least < 200, "1,000 in a batch cost {least}, alone 2,000");
}

/// Whoever tries out keys or passwords is stopped soon, and takes nobody with them who is known.
#[test]
fn who_is_nobody_may_ask_little() {
    let town = limited(Quotas { public: 20, ..Quotas::default() });
    let owner = town.owner();
    owner.get("/v1/me").ok();
    let guess = town.anonymous().bearing("gx_live_x");
    let answers: Vec<u16> = (0..40).map(|_| guess.get("/v1/contacts").status).collect();
    assert!(answers[..20].iter().all(|status| *status == 401), "{answers:?}");
    assert!(answers[25..].contains(&429), "{answers:?}");
    let login = json!({"email": Person::Owner.email(), "password": "guessed wrong"});
    assert_eq!(town.anonymous().post("/v1/auth/login", login).status, 429);
    assert_eq!(town.anonymous().get("/v1/contacts").status, 429);
    owner.get("/v1/me").ok();
    town.anonymous().get("/livez").ok();
}

/// A tenant that asks ten times what it may slows nobody but itself.
#[test]
fn a_noisy_tenant_is_its_own_affair() {
    let town = limited(Quotas { tenant: 600, ..Quotas::default() });
    let quiet = town.client(Person::Foreigner);
    let calm = worst_of_most(&quiet);
    let (noise, since) = (std::sync::atomic::AtomicBool::new(true), Instant::now());
    let going = || noise.load(std::sync::atomic::Ordering::Relaxed);
    let (loud, taken) = std::thread::scope(|scope| {
        let shout = || {
            let (owner, mut taken, mut asked) = (town.owner(), 0_u64, 0_u64);
            while going() || asked < 1500 {
                asked += 1;
                taken += u64::from(owner.get("/v1/me").status == 200);
            }
            (asked, taken)
        };
        let shouting: Vec<_> = (0..4).map(|_| scope.spawn(shout)).collect();
        std::thread::sleep(Duration::from_millis(300));
        let loud = worst_of_most(&quiet);
        noise.store(false, std::sync::atomic::Ordering::Relaxed);
        let all: Vec<(u64, u64)> = shouting.into_iter().map(|one| one.join().unwrap()).collect();
        assert!(all.iter().map(|(asked, _)| asked).sum::<u64>() >= 6000);
        (loud, all.iter().map(|(_, taken)| taken).sum::<u64>())
    });
    let may = 600 + 10 * (since.elapsed().as_secs() + 1);
    assert!(taken <= may, "{taken} were answered, {may} may be");
    assert!(loud < 2 * calm + Duration::from_millis(60), "from {calm:?} to {loud:?}");
}

/// How long nineteen of twenty wait at most.
fn worst_of_most(client: &Client) -> Duration {
    let one = |_| {
        let since = Instant::now();
        client.get("/v1/contacts").ok();
        since.elapsed()
    };
    let mut all: Vec<Duration> = (0..100).map(one).collect();
    all.sort_unstable();
    all[94]
}

/// Whom a proxy of the house names counts for themselves; whoever only says that they are somebody else does not.
#[test]
fn an_address_is_counted_by_what_can_be_believed_of_it() {
    let statuses = |trusted: &str, name: &dyn Fn(u32) -> String| -> Vec<u16> {
        let town = Town::configured(|config| {
            config.limits = Quotas { public: 5, ..Quotas::default() };
            config.trusted_proxies = trusted.parse().unwrap();
        });
        let ask = |n| town.anonymous().with("x-forwarded-for", name(n)).get("/v1/contacts").status;
        (0..12).map(ask).collect()
    };
    let each = |n: u32| format!("203.0.113.{n}");
    assert!(statuses("127.0.0.0/8", &each).iter().all(|status| *status == 401));
    assert!(statuses("", &each).contains(&429), "a header that anybody may write is believed");
    assert!(statuses("10.0.0.0/8", &each).contains(&429), "a header that anybody may write is believed");
    let spoofed = |n: u32| format!("198.51.100.{n}, 203.0.113.7");
    assert!(statuses("127.0.0.0/8", &spoofed).contains(&429), "what stands before is the caller's own word");
    // a subscriber has all of such a network
    let network = |n: u32| format!("2001:db8:1:2::{n:x}");
    assert!(statuses("127.0.0.0/8", &network).contains(&429));
    let networks = |n: u32| format!("2001:db8:1:{n:x}::1");
    assert!(statuses("127.0.0.0/8", &networks).iter().all(|status| *status == 401));
}

/// What goes by a signed link is counted for whom the link stands for; by one that is none, for nobody.
#[test]
fn a_link_is_paid_for_by_whom_it_stands_for() {
    let town = limited(Quotas { public: 20, ..Quotas::default() });
    let made = super::files::file(&town, &town.owner(), "a.txt", b"words", json!({}));
    let url = super::files::link(&town.owner(), &made);
    for _ in 0..30 {
        let answer = town.anonymous().get(&url);
        assert_eq!(answer.body, b"words");
        assert!(answer.header("ratelimit").contains("\"user\""), "{}", answer.header("ratelimit"));
    }
    let forged = format!("/v1/files/{}/content?signature=x", make::id(&made, "id"));
    let answers: Vec<u16> = (0..30).map(|_| town.anonymous().get(&forged).status).collect();
    assert!(answers.contains(&403) && answers.contains(&429), "{answers:?}");
}
