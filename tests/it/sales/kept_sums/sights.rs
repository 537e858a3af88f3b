//! Everybody is told what the deals come to that they see: their own, their teams', and what is shared with them.
use super::world::World;
use super::{agree, always, board, fold, forecast, of};
use crate::support::people::PASSWORD;
use crate::support::{Client, Person, Town, Value, fresh, json, make};

/// Somebody who sees deals as far as a reach.
struct Seller {
    id: String,
    email: String,
    client: Client,
    teams: Vec<String>,
    /// of the teams that the reach means
    within: Vec<String>,
}

fn login(town: &Town, email: &str) -> Client {
    let tokens = town.anonymous().post("/v1/auth/login", json!({"email": email, "password": PASSWORD})).ok();
    town.anonymous().bearing(make::id(&tokens, "access_token"))
}

impl Seller {
    fn hired(town: &Town, reach: &str, teams: &[&str], within: &[&str]) -> Self {
        let owner = town.owner();
        let role = make::role(&owner, &[("opportunity", "read", reach), ("pipeline", "read", "all")]);
        let ids = |names: &[&str]| names.iter().map(|name| town.team(name)).collect::<Vec<String>>();
        let email = format!("{}@town.example", fresh("seller"));
        let new = json!({"email": email, "display_name": "Seller", "password": PASSWORD, "role_ids": [role["id"]],
            "team_ids": ids(teams)});
        let id = make::id(&owner.post("/v1/users", new).created(), "id");
        Self { client: login(town, &email), id, email, teams: ids(teams), within: ids(within) }
    }

    /// What they see, as a condition on `o`.
    fn seen(&self) -> String {
        let list = |ids: Vec<&String>| ids.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ");
        let within = match self.within.as_slice() {
            [] => "FALSE".to_owned(),
            teams => format!("o.team_id IN ({})", list(teams.iter().collect())),
        };
        format!(
            "o.owner_id = '{0}' OR ({within}) IS TRUE OR o.id IN (SELECT record_id FROM shares WHERE resource = 'opportunity'
             AND deleted_at IS NULL AND (expires_at IS NULL OR expires_at > now()) AND grantee_id IN ({1}))",
            self.id,
            list(self.teams.iter().chain([&self.id]).collect())
        )
    }
}

/// One of each reach.
fn sellers(town: &Town) -> [Seller; 4] {
    [
        Seller::hired(town, "own", &["north"], &[]),
        Seller::hired(town, "team", &["north"], &["north"]),
        Seller::hired(town, "subtree", &["sales"], &["sales", "north", "south"]),
        Seller::hired(town, "team", &[], &[]),
    ]
}

/// Deals of the world and, of each sort, some of each seller's.
fn deal(world: &mut World, sellers: &[Seller]) -> Vec<String> {
    let mut all = Vec::new();
    for _ in 0..6 {
        all.extend(sellers.iter().map(|one| make::with(world.body(), json!({"owner_id": one.id}))));
        all.push(world.body());
    }
    make::many(&world.owner, "opportunities", all).iter().map(|one| make::id(one, "id")).collect()
}

#[test]
fn everybody_is_told_what_they_see() {
    let town = Town::idle();
    let mut world = World::new(&town, 21);
    let (owner, pipelines, sellers) = (world.owner.clone(), world.pipelines.clone(), sellers(&town));
    let deals = deal(&mut world, &sellers);
    let share = |deal: &String, with: Value| {
        let new = make::with(json!({"resource": "opportunity", "record_id": deal}), with);
        make::id(&owner.post("/v1/shares", new).created(), "id")
    };
    let mut shares = Vec::new();
    for (at, deal) in deals.iter().enumerate() {
        match at % 5 {
            0 => shares.push(share(deal, json!({"user_id": sellers[at % 4].id}))),
            1 => shares.push(share(deal, json!({"team_id": town.team(["north", "sales"][at % 2])}))),
            _ => {}
        }
    }
    for (zone, what) in [("UTC", "waiting"), ("Asia/Shanghai", "elsewhere"), ("America/New_York", "behind")] {
        owner.patch("/v1/tenant", json!({"time_zone": zone})).ok();
        for seller in &sellers {
            agree(&town, &seller.client, &pipelines, zone, &seller.seen(), what);
        }
        agree(&town, &owner, &pipelines, zone, &of(&town, Person::Owner), what);
        fold(&town);
    }
    owner.patch("/v1/tenant", json!({"time_zone": "UTC"})).ok();
    // what is shared with somebody may be theirs too, is so no more, and comes to be theirs
    for (at, share) in shares.iter().enumerate() {
        match at % 3 {
            0 => drop(owner.delete(&format!("/v1/shares/{share}")).is(204)),
            1 => town.database.run(&format!("UPDATE shares SET expires_at = now() WHERE id = '{share}'")),
            _ => {}
        }
    }
    for (at, deal) in deals.iter().enumerate().filter(|(at, _)| at % 4 == 0) {
        let to = json!({"owner_id": sellers[(at / 4) % 4].id, "team_id": town.team("south")});
        owner.patch(&format!("/v1/opportunities/{deal}"), to).ok();
    }
    for seller in &sellers {
        agree(&town, &seller.client, &pipelines, "UTC", &seller.seen(), "shared no more");
    }
}

/// What a queue owns, those who serve it see as their own.
#[test]
fn what_a_queue_owns_counts_for_those_who_serve_it() {
    let town = Town::idle();
    let mut world = World::new(&town, 22);
    let seller = Seller::hired(&town, "own", &[], &[]);
    let queue = world.owner.post("/v1/queues", json!({"display_name": "Queue"})).created();
    let (queue, owner) = (make::id(&queue, "id"), world.owner.clone());
    owner.put(&format!("/v1/queues/{queue}/users/{}", seller.id), json!({})).ok();
    let bodies: Vec<_> = (0..8).map(|_| make::with(world.body(), json!({"owner_id": queue}))).collect();
    make::many(&owner, "opportunities", bodies);
    let seen = format!("o.owner_id IN ('{queue}', '{}')", seller.id);
    let again = login(&town, &seller.email);
    agree(&town, &again, &world.pipelines, "UTC", &seen, "waiting");
    fold(&town);
    agree(&town, &again, &world.pipelines, "UTC", &seen, "folded");
}

/// The other tenant's deals are in nobody's sums here, nor ours in theirs.
#[test]
fn tenants_have_sums_of_their_own() {
    let town = Town::idle();
    let mut world = World::new(&town, 23);
    world.steps(12);
    let foreigner = town.client(Person::Foreigner);
    let theirs = make::pipeline(&foreigner, json!({}));
    let stages = make::stages(&foreigner, Some(&theirs));
    for stage in ["begun", "won"] {
        make::opportunity(&foreigner, json!({"stage_id": stages[stage]}));
    }
    for when in ["waiting", "folded"] {
        agree(&town, &world.owner, &world.pipelines, "UTC", &of(&town, Person::Owner), when);
        let pipelines = [make::id(&theirs, "id")];
        agree(&town, &foreigner, &pipelines, "UTC", &of(&town, Person::Foreigner), when);
        fold(&town);
    }
    foreigner.get(&format!("/v1/pipelines/{}/board", world.pipelines[0])).refused(404, "not_found");
}

/// Which way is gone: out of what is kept, unless something in particular is asked for, or very much is shared.
#[test]
fn sums_are_read_where_they_tell_what_is_asked() {
    let town = Town::watched();
    let mut world = World::new(&town, 24);
    let (owner, pipeline) = (world.owner.clone(), world.pipelines[0].clone());
    let seller = Seller::hired(&town, "team", &["north"], &["north"]);
    deal(&mut world, std::slice::from_ref(&seller));
    let reads = |client: &Client, query: &str| {
        let asked = town.statements(|| drop(client.get(query).ok()));
        asked.iter().filter(|one| one.contains("_figures")).count()
    };
    let (bare, filtered) =
        (format!("/v1/pipelines/{pipeline}/board"), format!("/v1/pipelines/{pipeline}/board?{}", always()));
    let told = "/v1/forecasts?period=2026-Q4";
    for client in [&owner, &seller.client] {
        assert_eq!(
            (reads(client, &bare), reads(client, &format!("{bare}?filter=true")), reads(client, told)),
            (1, 1, 1)
        );
        assert_eq!((reads(client, &filtered), reads(client, &format!("{bare}?q=deal"))), (0, 0));
    }
    let before = (board(&seller.client, &pipeline, ""), forecast(&seller.client, "2026-Q4", "owner"));
    town.database.run(&format!(
        "INSERT INTO shares (tenant_id, id, resource, record_id, user_id, access, created_at, updated_at, created_by, \
         updated_by) SELECT tenant_id, gen_random_uuid(), 'opportunity', gen_random_uuid(), id, 'read', now(), now(), id, id \
         FROM users CROSS JOIN generate_series(1, 1001) WHERE id = '{}'",
        seller.id
    ));
    let burdened = login(&town, &seller.email);
    assert_eq!((reads(&burdened, &bare), reads(&burdened, told)), (0, 0));
    let after = (board(&burdened, &pipeline, ""), forecast(&burdened, "2026-Q4", "owner"));
    assert_eq!(before, after, "both ways tell the same");
}
