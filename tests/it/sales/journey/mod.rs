//! From a stranger to money, through the public doors alone, as a company lives it: a chapter a file, each going on
//! where the one before has ended. A visitor becomes a lead, a seller answers and wins them, their leader looks on, and
//! whoever has no part in it sees nothing of it.
mod customer;
mod deal;
mod money;
mod offer;
mod outlook;
mod outside;
mod promise;
mod story;
mod visitor;

use crate::support::{Client, Person, Smtp, Town, Value, json, make};
use chrono::{DateTime, Datelike, Utc};

/// Whom it is about, and from where in the network they come.
const MAIL: &str = "wang.wei@chenguang.example";
const ADDRESS: &str = "203.0.113.9";
/// What they come to in the end, and what that is in the company's own money.
const TOTAL: &str = "12624.36";
const BASE: &str = "1767.41";

/// A company that sends mail, behind a proxy that says where its visitors come from.
struct Scene {
    smtp: Smtp,
    town: Town,
}

impl Scene {
    fn set() -> Self {
        let smtp = Smtp::start();
        let town = Town::configured(|config| {
            config.mail.smtp_url = Some(format!("smtp://{}", smtp.addr));
            config.mail.from = Some("Guanxi <guanxi@town.example>".into());
            config.trusted_proxies = "127.0.0.0/8".parse().unwrap();
        });
        Self { smtp, town }
    }

    fn owner(&self) -> Client {
        self.town.owner()
    }

    /// Of the team `north`.
    fn seller(&self) -> Client {
        self.town.client(Person::Rep)
    }

    /// Of the team above that.
    fn leader(&self) -> Client {
        self.town.client(Person::Manager)
    }

    fn visitor(&self) -> Client {
        let chinese = self.town.anonymous().with("accept-language", "zh-CN");
        chinese.with("user-agent", "Probe/1.0").with("x-forwarded-for", ADDRESS)
    }
}

fn place(noun: &str, record: &Value, member: &str) -> String {
    format!("/v1/{noun}/{}", make::id(record, member))
}

fn moment(record: &Value, member: &str) -> DateTime<Utc> {
    make::id(record, member).parse().unwrap()
}

fn money(amount: &str, currency: &str) -> Value {
    json!({"amount": amount, "currency": currency})
}

/// The year in which all of it happens, which is the period that a forecast is of.
fn year() -> i32 {
    kernel::clock::now().year()
}

/// What somebody is told of, of one kind.
fn news(client: &Client, kind: &str) -> Vec<Value> {
    client.get(&format!("/v1/me/notifications?kind={kind}")).ok()["data"].as_array().unwrap().clone()
}

#[test]
fn a_stranger_becomes_money() {
    let scene = Scene::set();
    deal::laid_down(&scene);
    let lead = visitor::comes(&scene);
    promise::kept(&scene, &lead);
    promise::reminded(&scene, &lead);
    let done = customer::made(&scene, &lead);
    deal::demanded(&scene, &done);
    outlook::night(&scene);
    let (quote, order) = offer::sold(&scene, &done);
    deal::goes_on(&scene, &done, "negotiation");
    outlook::open(&scene, &done);
    let contract = money::paid(&scene, &quote);
    deal::goes_on(&scene, &done, "closed_won");
    outlook::won(&scene);
    story::seen_whole(&scene, &done, &contract);
    story::told(&scene, &done);
    let records = [
        place("leads", &lead, "id"),
        place("accounts", &done, "account_id"),
        place("contacts", &done, "contact_id"),
        place("opportunities", &done, "opportunity_id"),
        place("quotes", &quote, "id"),
        place("orders", &order, "id"),
        place("contracts", &contract, "id"),
    ];
    outside::nothing_is_seen(&scene, &records);
}
