//! What shops, tills and ERPs send: verified, kept, made into records once, done again where it failed.
mod crowds;
mod generic;
mod keeping;
mod mail;
mod policies;
mod shopify;
mod trust;
mod woocommerce;

use crate::support::{Answer, Client, Town, Value, files, fresh, json, make};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rust_decimal::Decimal;
use sha2::Sha256;
use std::time::{Duration, Instant};

pub const SECRET: &str = "hush, it is a secret of 2026";

/// A system that sends, as the house knows it.
pub struct Sender {
    pub id: String,
    pub kind: String,
    secret: Vec<u8>,
    door: Client,
}

impl Sender {
    /// A connection that its owner has made, with a secret of its own.
    #[track_caller]
    pub fn of(town: &Town, kind: &str, extra: Value) -> Self {
        Self::at(&town.owner(), kind, extra)
    }

    #[track_caller]
    pub fn at(client: &Client, kind: &str, extra: Value) -> Self {
        let basis =
            json!({"name": fresh("Shop "), "kind": kind, "source_system": "shop", "secret": SECRET, "currency": "EUR"});
        let made = client.post("/v1/connections", make::with(basis, extra)).created();
        let id = make::id(&made, "id");
        Self { id, kind: kind.into(), secret: SECRET.into(), door: client.nobody() }
    }

    /// The same with another secret.
    pub fn signing(&self, secret: &str) -> Self {
        let Self { id, kind, door, .. } = self;
        Self { id: id.clone(), kind: kind.clone(), secret: secret.into(), door: door.clone() }
    }

    fn sign(&self, text: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).unwrap();
        mac.update(text);
        BASE64_STANDARD.encode(mac.finalize().into_bytes())
    }

    /// Sends bytes by a name of the sender's.
    pub fn send(&self, name: &str, topic: &str, body: &str) -> Answer {
        self.send_bytes(name, topic, body.as_bytes())
    }

    pub fn send_bytes(&self, name: &str, topic: &str, body: &[u8]) -> Answer {
        let mime = if self.kind == "email" { "message/rfc822" } else { "application/json" };
        self.signed(name, topic, body).raw("POST", &self.path(), Some((mime, body.to_vec())))
    }

    /// A client with the headers that such a sender sets.
    pub fn signed(&self, name: &str, topic: &str, body: &[u8]) -> Client {
        match self.kind.as_str() {
            "shopify" => self
                .door
                .with("x-shopify-hmac-sha256", self.sign(body))
                .with("x-shopify-topic", topic)
                .with("x-shopify-webhook-id", name)
                .with("x-shopify-shop-domain", "jsmith.myshopify.example")
                .with("x-shopify-api-version", "2026-10")
                .with("x-shopify-triggered-at", "2026-11-25T10:00:00.123456789Z"),
            "woocommerce" => self
                .door
                .with("x-wc-webhook-signature", self.sign(body))
                .with("x-wc-webhook-topic", topic)
                .with("x-wc-webhook-delivery-id", name)
                .with("x-wc-webhook-source", "https://shop.example/"),
            _ => {
                let now = chrono::Utc::now().timestamp().to_string();
                let signature = self.sign(&[format!("{name}.{now}.").as_bytes(), body].concat());
                self.door
                    .with("webhook-id", name)
                    .with("webhook-timestamp", now)
                    .with("webhook-signature", format!("v1,bm9uZQ== v1,{signature}"))
            }
        }
    }

    pub fn path(&self) -> String {
        format!("/v1/inbound/{}", self.id)
    }

    /// Sends a file of `tests/data/inbound` by a fresh name, and waits for what becomes of it.
    #[track_caller]
    pub fn tell(&self, client: &Client, topic: &str, file: &str) -> Value {
        self.tell_text(client, topic, &text(file))
    }

    #[track_caller]
    pub fn tell_text(&self, client: &Client, topic: &str, body: &str) -> Value {
        let answer = self.send(&fresh("delivery-"), topic, body).is(202);
        settled(client, &make::id(&answer, "id"))
    }

    /// Sends a mail by a fresh name, and waits for what becomes of it.
    #[track_caller]
    pub fn mail(&self, client: &Client, raw: &[u8]) -> Value {
        let answer = self.send_bytes(&fresh("mail-"), "", raw).is(202);
        settled(client, &make::id(&answer, "id"))
    }

    #[track_caller]
    pub fn processed(&self, client: &Client, topic: &str, file: &str) -> Value {
        let done = self.tell(client, topic, file);
        assert_eq!(done["status"], "processed", "{done}");
        done
    }
}

/// A file as a shop sends it.
pub fn text(file: &str) -> String {
    files::read(&format!("tests/data/inbound/{file}.json")).unwrap_or_else(|| panic!("there is no {file}"))
}

/// A mail as it is sent.
pub fn eml(file: &str) -> Vec<u8> {
    std::fs::read(files::root().join(format!("tests/data/inbound/email/{file}.eml"))).unwrap()
}

/// Waits until a delivery is worked on.
#[track_caller]
pub fn settled(client: &Client, id: &str) -> Value {
    let since = Instant::now();
    loop {
        let now = client.get(&format!("/v1/inbound-deliveries/{id}")).ok();
        if now["status"] != "queued" {
            return now;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "nobody works on it: {now}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The one order there is, with its lines; its sums are those of its lines.
#[track_caller]
pub fn the_order(town: &Town, client: &Client) -> (Value, Vec<Value>) {
    let all = client.get("/v1/orders?include=lines").ok()["data"].as_array().unwrap().clone();
    assert_eq!(all.len(), 1, "{all:?}");
    let lines = all[0]["lines"].as_array().unwrap().clone();
    let total: Decimal = lines.iter().map(|line| amount(&line["total"])).sum();
    assert_eq!(total + amount(&all[0]["shipping"]), amount(&all[0]["total"]));
    assert_eq!(town.database.count("SELECT count(*) FROM external_refs WHERE resource = 'order'"), 1);
    (all[0].clone(), lines)
}

#[track_caller]
pub fn amount(money: &Value) -> Decimal {
    money["amount"].as_str().unwrap_or_else(|| panic!("{money} is no money")).parse().unwrap()
}

pub fn is(money: &Value, text: &str) -> bool {
    amount(money) == text.parse::<Decimal>().unwrap()
}
