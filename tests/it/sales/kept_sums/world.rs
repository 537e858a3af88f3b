//! A world of deals that changes by every way there is, by the fall of dice that fall the same again.
use super::fold;
use crate::support::{Client, Person, Town, Value, json, make};
use std::collections::BTreeMap;

pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Days on which something is expected, and moments at which something was closed: some of them are in another month in
/// Shanghai or in New York than in UTC.
const DAYS: [&str; 6] = ["2026-09-30", "2026-10-01", "2026-11-20", "2026-12-31", "2027-01-01", "2027-02-10"];
const MOMENTS: [&str; 8] = [
    "2025-12-31T20:00:00Z",
    "2026-01-01T02:00:00Z",
    "2026-09-30T15:59:59Z",
    "2026-09-30T16:00:00Z",
    "2026-10-01T03:59:59Z",
    "2026-10-01T04:00:00Z",
    "2026-11-26T12:00:00Z",
    "2026-11-26T23:00:00Z",
];
const CATEGORIES: [&str; 5] = ["pipeline", "best_case", "commit", "closed", "omitted"];

pub struct World<'a> {
    town: &'a Town,
    pub owner: Client,
    dice: Dice,
    /// of two pipelines, with their stages
    pub pipelines: Vec<String>,
    stages: Vec<BTreeMap<String, String>>,
    sellers: Vec<String>,
    teams: Vec<String>,
    pub deals: Vec<String>,
    archived: Vec<String>,
    names: usize,
}

fn path(deal: &str) -> String {
    format!("/v1/opportunities/{deal}")
}

impl<'a> World<'a> {
    pub fn new(town: &'a Town, seed: u64) -> Self {
        let owner = town.owner();
        // what a yen is worth is known to nobody
        let rate = json!({"from_currency": "EUR", "valid_on": "2020-01-01", "rate": "1.0837"});
        owner.post("/v1/exchange-rates", rate).created();
        let pipelines = [(); 2].map(|()| make::pipeline(&owner, json!({})));
        let stages = pipelines.iter().map(|one| make::stages(&owner, Some(one))).collect();
        Self {
            town,
            dice: Dice(seed),
            stages,
            pipelines: pipelines.iter().map(|one| make::id(one, "id")).collect(),
            sellers: [Person::Owner, Person::Rep, Person::Mate, Person::Stranger].map(|one| town.user(one)).to_vec(),
            teams: ["sales", "north", "south"].map(|one| town.team(one)).to_vec(),
            deals: Vec::new(),
            archived: Vec::new(),
            names: 0,
            owner,
        }
    }

    fn stage(&mut self) -> (String, String) {
        let stages = self.dice.of(&self.stages);
        let key = *self.dice.of(&["begun", "begun", "talked", "won", "lost"]);
        (key.to_owned(), stages[key].clone())
    }

    fn money(&mut self) -> Value {
        if self.dice.below(6) == 0 {
            return Value::Null;
        }
        let currency = *self.dice.of(&["USD", "EUR", "JPY"]);
        json!({"amount": self.dice.below(5_000).to_string(), "currency": currency})
    }

    fn team(&mut self) -> Option<String> {
        (self.dice.below(3) > 0).then(|| self.dice.of(&self.teams).clone())
    }

    /// What is sent to make a deal.
    pub fn body(&mut self) -> Value {
        let (key, stage) = self.stage();
        self.names += 1;
        let mut body = json!({"name": format!("Deal {}", self.names), "stage_id": stage, "amount": self.money(),
            "owner_id": self.dice.of(&self.sellers), "team_id": self.team()});
        if key == "won" || key == "lost" {
            body["closed_at"] = json!(self.dice.of(&MOMENTS));
        } else if self.dice.below(4) > 0 {
            body["expected_close_on"] = json!(self.dice.of(&DAYS));
            body["probability"] = json!(self.dice.below(101));
        }
        if self.dice.below(2) == 0 {
            body["forecast_category"] = json!(self.dice.of(&CATEGORIES));
        }
        body
    }

    /// So many steps; how many of them changed something.
    pub fn steps(&mut self, count: usize) -> usize {
        (0..count).filter(|_| self.step()).count()
    }

    /// Whether something was changed.
    pub fn step(&mut self) -> bool {
        if self.deals.len() < 8 || self.dice.below(6) == 0 {
            return self.make();
        }
        let deal = self.dice.of(&self.deals).clone();
        match self.dice.below(12) {
            0 | 1 => self.patch(&deal),
            2 | 3 => self.go_on(&deal),
            4 => self.drag(&deal),
            5 => self.hand_over(&deal),
            6 => self.archive(&deal),
            7 => self.restore(),
            8 => self.purge(&deal),
            9 => self.sell(&deal),
            10 => self.put(),
            _ => self.rot(&deal),
        }
    }

    fn make(&mut self) -> bool {
        let bodies: Vec<Value> = (0..=self.dice.below(5)).map(|_| self.body()).collect();
        let made = match bodies.as_slice() {
            [one] => vec![self.owner.post("/v1/opportunities", one).created()],
            many => make::many(&self.owner, "opportunities", many.to_vec()),
        };
        self.deals.extend(made.iter().map(|one| make::id(one, "id")));
        true
    }

    fn patch(&mut self, deal: &str) -> bool {
        let patch = match self.dice.below(5) {
            0 => json!({"amount": self.money()}),
            1 => json!({"probability": self.dice.below(101)}),
            2 => json!({"forecast_category": self.dice.of(&CATEGORIES)}),
            3 => json!({"expected_close_on": self.dice.of(&DAYS)}),
            _ => json!({"closed_at": self.dice.of(&MOMENTS)}),
        };
        // what is closed is certain, what is open was closed at no time, and lines say what it comes to
        self.owner.patch(&path(deal), patch).is_one_of(&[200, 409, 422])["id"] == deal
    }

    fn go_on(&mut self, deal: &str) -> bool {
        let (_, stage) = self.stage();
        self.owner.post(&format!("{}/transition", path(deal)), json!({"stage_id": stage})).ok()["id"] == deal
    }

    fn drag(&mut self, deal: &str) -> bool {
        let (_, stage) = self.stage();
        let after = self.dice.of(&self.deals).clone();
        // whoever it is to stand behind may be elsewhere
        let body = json!({"stage_id": stage, "after": after});
        self.owner.post(&format!("{}/move", path(deal)), body).is_one_of(&[200, 422])["id"] == deal
    }

    fn hand_over(&mut self, deal: &str) -> bool {
        let patch = json!({"owner_id": self.dice.of(&self.sellers), "team_id": self.team()});
        self.owner.patch(&path(deal), patch).ok()["id"] == deal
    }

    fn archive(&mut self, deal: &str) -> bool {
        self.owner.delete(&path(deal)).is(204);
        self.deals.retain(|one| one != deal);
        self.archived.push(deal.to_owned());
        true
    }

    fn restore(&mut self) -> bool {
        let Some(deal) = self.archived.pop() else { return false };
        self.owner.act(&format!("{}/restore", path(&deal))).ok();
        self.deals.push(deal);
        true
    }

    fn purge(&mut self, deal: &str) -> bool {
        self.owner.delete(&format!("{}?purge=true", path(deal))).is(204);
        self.deals.retain(|one| one != deal);
        true
    }

    fn sell(&mut self, deal: &str) -> bool {
        let line = json!({"name": "Tea", "quantity": "3", "unit_price": self.dice.below(900).to_string()});
        self.owner.patch(&path(deal), json!({"lines": [line]})).ok()["id"] == deal
    }

    fn put(&mut self) -> bool {
        let (name, body) = (self.dice.below(6), self.body());
        let answer = self.owner.put(&format!("/v1/opportunities/by/ext:crm/{name}"), body);
        // what has come to be closed since takes no probability
        let put = answer.is_one_of(&[200, 201, 409, 422]);
        if answer.status == 201 {
            self.deals.push(make::id(&put, "id"));
        }
        answer.status < 300
    }

    fn rot(&mut self, deal: &str) -> bool {
        let late = format!("UPDATE opportunities SET rots_at = now() - interval '1 minute' WHERE id = '{deal}'");
        self.town.database.run(&format!("{late} AND closed_at IS NULL"));
        sales::opportunity::rotting::watch(&mut self.town.database.conn()).unwrap() > 0
    }

    /// A stage that goes, with what is in it.
    pub fn lose_a_stage(&mut self) {
        self.names += 1;
        let stage = json!({"key": format!("x{}", self.names), "name": "Extra", "kind": "open", "probability": 33,
            "forecast_category": "commit"});
        let made = self.owner.post(&format!("/v1/pipelines/{}/stages", self.pipelines[0]), stage).created();
        let [one, other] = [0, 1].map(|at| self.deals[at].clone());
        for deal in [&one, &other] {
            self.owner.post(&format!("{}/transition", path(deal)), json!({"stage_id": made["id"]})).ok();
        }
        self.archive(&one);
        self.fold_at_times();
        let to = &self.stages[0]["begun"];
        self.owner.delete(&format!("/v1/stages/{}?move_to={to}", make::id(&made, "id"))).is(204);
        self.restore();
    }

    /// As a worker does, whenever it comes.
    pub fn fold_at_times(&mut self) {
        if self.dice.below(3) == 0 {
            fold(self.town);
        }
    }
}
