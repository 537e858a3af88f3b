//! A small world of customers in which anything may happen.
use crate::support::{Client, Town, Value, json, make};

/// Chance that comes again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

pub struct World {
    pub owner: Client,
    dice: Dice,
    contacts: Vec<String>,
    accounts: Vec<String>,
    tags: Vec<String>,
    orders: Vec<String>,
    activities: Vec<String>,
    deals: Vec<String>,
}

impl World {
    pub fn new(town: &Town, seed: u64) -> Self {
        let owner = town.owner();
        let made = |all: Vec<Value>| all.iter().map(|one| make::id(one, "id")).collect::<Vec<_>>();
        let accounts = made((0..4).map(|_| make::account(&owner, json!({}))).collect());
        let contacts = made((0..10).map(|_| make::contact(&owner, json!({}))).collect());
        let tags = made(["VIP", "Old", "New"].map(|name| make::tag(&owner, json!({"name": name}))).into());
        let mut world = Self {
            dice: Dice(seed * 7919 + 13),
            orders: Vec::new(),
            activities: Vec::new(),
            deals: Vec::new(),
            owner,
            contacts,
            accounts,
            tags,
        };
        (0..60).for_each(|_| world.change());
        world
    }

    fn contact(&mut self) -> String {
        self.dice.of(&self.contacts).clone()
    }

    fn account(&mut self) -> String {
        self.dice.of(&self.accounts).clone()
    }

    /// One of all that may happen; that it is refused, for what is archived, is nothing that happens.
    pub fn change(&mut self) {
        let (contact, account) = (self.contact(), self.account());
        let of_contact = format!("/v1/contacts/{contact}");
        match self.dice.below(12) {
            0 => {
                let stage = *self.dice.of(&["customer", "lead"]);
                let silent = self.dice.below(2) == 0;
                self.owner.patch(&of_contact, json!({"lifecycle_stage": stage, "do_not_contact": silent}));
            }
            1 => {
                let to = if self.dice.below(4) == 0 { Value::Null } else { json!(account) };
                self.owner.patch(&of_contact, json!({"account_id": to}));
            }
            2 => {
                let industry = *self.dice.of(&["retail", "banking"]);
                self.owner.patch(&format!("/v1/accounts/{account}"), json!({"industry": industry}));
            }
            3 => self.order(&contact, &account),
            4 => self.tag(&contact, &account),
            5 => {
                let status = *self.dice.of(&["granted", "withdrawn"]);
                let word =
                    json!({"contact_id": contact, "purpose": "newsletter", "channel": "email", "status": status});
                self.owner.post("/v1/consents", word);
            }
            6 => self.membership(&of_contact, &account),
            7 => self.activity(&contact, &account),
            8 => self.deal(&contact, &account),
            9 => {
                let (noun, id) = *self.dice.of(&[("contacts", &contact), ("accounts", &account)]);
                self.owner.delete(&format!("/v1/{noun}/{id}"));
            }
            10 => {
                let (noun, id) = *self.dice.of(&[("contacts", &contact), ("accounts", &account)]);
                self.owner.act(&format!("/v1/{noun}/{id}/restore"));
            }
            _ => self.rarely(&contact, &of_contact),
        }
    }

    fn rarely(&mut self, contact: &str, of_contact: &str) {
        match self.dice.below(5) {
            0 => {
                let value = format!("wx{}", self.dice.below(1000));
                self.owner.post(&format!("{of_contact}/contact-points"), json!({"kind": "wechat", "value": value}));
            }
            1 if self.owner.delete(&format!("{of_contact}?purge=true")).status == 204 => {
                self.contacts.retain(|one| one != contact);
                let fresh = make::contact(&self.owner, json!({}));
                self.contacts.push(make::id(&fresh, "id"));
            }
            2 => {
                let (from, to) = (self.dice.of(&self.tags).clone(), self.dice.of(&self.tags).clone());
                self.owner.post(&format!("/v1/tags/{to}/merge"), json!({"source_ids": [from]}));
                self.owner.act(&format!("/v1/tags/{from}/restore"));
            }
            3 => {
                let points = self.owner.get(&format!("{of_contact}/contact-points"));
                if points.status == 200 {
                    for point in points.json().as_array().unwrap() {
                        self.owner.delete(&format!("/v1/contact-points/{}", make::id(point, "id")));
                    }
                }
            }
            _ => {
                let name = *self.dice.of(&["VIP", "Old", "New", "Other"]);
                let tag = self.dice.of(&self.tags).clone();
                self.owner.patch(&format!("/v1/tags/{tag}"), json!({"name": name}));
            }
        }
    }

    fn order(&mut self, contact: &str, account: &str) {
        let (price, quantity) = (self.dice.below(200).to_string(), (self.dice.below(9) + 1).to_string());
        let lines = json!([{"name": "Tea", "quantity": quantity, "unit_price": price}]);
        if self.orders.len() < 8 {
            let new = json!({"currency": "USD", "contact_id": contact, "account_id": account, "lines": lines});
            let made = self.owner.post("/v1/orders", new);
            if made.status == 201 {
                self.orders.push(make::id(&made.json(), "id"));
            }
            return;
        }
        let order = format!("/v1/orders/{}", self.dice.of(&self.orders));
        match self.dice.below(5) {
            0 => drop(self.owner.put(&format!("{order}/lines"), json!({"lines": lines}))),
            1 => {
                let status = *self.dice.of(&["pending", "cancelled"]);
                self.owner.patch(&order, json!({"status": status}));
            }
            2 => drop(self.owner.delete(&order)),
            3 => drop(self.owner.act(&format!("{order}/restore"))),
            _ => drop(self.owner.patch(&order, json!({"contact_id": contact, "account_id": account}))),
        }
    }

    fn tag(&mut self, contact: &str, account: &str) {
        let tag = self.dice.of(&self.tags).clone();
        let verb = *self.dice.of(&["assign", "unassign"]);
        let (resource, id) = *self.dice.of(&[("contact", contact), ("account", account)]);
        self.owner.post(&format!("/v1/tags/{tag}/{verb}"), json!({"resource": resource, "ids": [id]}));
    }

    fn membership(&mut self, of_contact: &str, account: &str) {
        if self.dice.below(2) == 0 {
            self.owner.post(&format!("{of_contact}/accounts"), json!({"account_id": account}));
            return;
        }
        let all = self.owner.get(&format!("{of_contact}/accounts"));
        if all.status == 200
            && let Some(one) = all.json().as_array().unwrap().first()
        {
            self.owner.delete(&format!("/v1/memberships/{}", make::id(one, "id")));
        }
    }

    fn activity(&mut self, contact: &str, account: &str) {
        let links =
            json!([{"resource": "contact", "record_id": contact}, {"resource": "account", "record_id": account}]);
        let people = json!([{"contact_id": self.contact()}]);
        let kind = *self.dice.of(&["visit", "call"]);
        let body = json!({"kind": kind, "links": links, "participants": people});
        if self.activities.len() < 5 {
            let made = self.owner.post("/v1/activities", body);
            if made.status == 201 {
                self.activities.push(make::id(&made.json(), "id"));
            }
            return;
        }
        let one = format!("/v1/activities/{}", self.dice.of(&self.activities));
        match self.dice.below(3) {
            0 => drop(self.owner.delete(&one)),
            1 => drop(self.owner.act(&format!("{one}/restore"))),
            _ => drop(self.owner.patch(&one, body)),
        }
    }

    fn deal(&mut self, contact: &str, account: &str) {
        if self.deals.len() < 4 {
            let made = self.owner.post("/v1/opportunities", json!({"name": "Big", "account_id": account}));
            if made.status == 201 {
                self.deals.push(make::id(&made.json(), "id"));
            }
            return;
        }
        let one = format!("/v1/opportunities/{}", self.dice.of(&self.deals));
        match self.dice.below(4) {
            0 => {
                let name = *self.dice.of(&["Big", "Small"]);
                self.owner.patch(&one, json!({"name": name, "account_id": account}));
            }
            1 => {
                let parts = self.owner.get(&format!("{one}/contacts"));
                if parts.status == 200
                    && let Some(part) = parts.json().as_array().unwrap().first()
                {
                    self.owner.delete(&format!("/v1/opportunity-contacts/{}", make::id(part, "id")));
                }
            }
            _ => drop(self.owner.post(&format!("{one}/contacts"), json!({"contact_id": contact, "role": "champion"}))),
        }
    }
}
