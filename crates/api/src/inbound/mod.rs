//! What other systems send becomes records: a payload is read for what has changed ([`Change`]), and that is written by
//! the importers of the wings, as rows of an import are. So there is one way in, with the same rules and rights. A mail is
//! no row: its room reads it.
//!
//! Reading is pure, one module a kind of sender; [`write`] is the same for all.
pub mod generic;
mod json;
mod leave;
mod lines;
pub mod policy;
mod shopify;
mod woocommerce;
pub mod write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use kernel::{Error, Result, text};
use lines::Line;
use platform::connection::delivery::Raw;
use platform::connection::{Connection, EMAIL, UNREADABLE};
use platform::import::direct::Sheet;
use platform::import::{Column, Mapping};
use rust_decimal::Decimal;
use serde_json::Value;

/// When something was changed that is only named: any state of its own is newer.
const NAMED: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// What a payload says has changed.
#[derive(Clone, Debug)]
pub enum Change {
    Record(Record),
    Order(Box<Order>),
    /// what came back of an order that is there
    Refund {
        order: String,
        id: String,
        lines: Vec<Line>,
    },
    /// of products, the variants go by the same name and a slash
    Gone {
        resource: &'static str,
        external_id: String,
    },
    /// what the law lets people ask
    Privacy {
        kind: &'static str,
        customer: Option<String>,
        email: Option<String>,
        words: String,
    },
    Rows(Box<Rows>),
    /// a mail, as it was sent
    Mail(Vec<u8>),
}

/// A record as its sender has it.
#[derive(Clone, Debug)]
pub struct Record {
    pub resource: &'static str,
    pub external_id: String,
    /// [`NAMED`], where the payload is about something else: then it is made where it is missing, and else left alone
    pub changed_at: Option<DateTime<Utc>>,
    pub row: Row,
}

/// An order with its lines.
#[derive(Clone, Debug)]
pub struct Order {
    pub head: Record,
    pub buyer: Option<Buyer>,
    pub lines: Vec<Line>,
    /// what it comes to, with all that is no line of it
    pub total: Decimal,
}

#[derive(Clone, Debug)]
pub enum Buyer {
    Known(Record),
    /// somebody without an account there
    Guest(Row),
}

/// Rows by a mapping of the tenant's own.
#[derive(Clone, Debug)]
pub struct Rows {
    pub key: String,
    pub changed_at: Option<DateTime<Utc>>,
    pub sheet: Sheet,
    /// the targets that say which record it is
    pub keys: &'static [&'static str],
}

/// Targets of an importer, and what goes there.
#[derive(Clone, Debug, Default)]
pub struct Row(Vec<(&'static str, String)>);

impl Row {
    #[must_use]
    pub fn with(mut self, target: &'static str, text: impl Into<String>) -> Self {
        self.0.push((target, text.into()));
        self
    }

    #[must_use]
    pub fn maybe(self, target: &'static str, text: Option<String>) -> Self {
        match text {
            Some(text) => self.with(target, text),
            None => self,
        }
    }

    fn get(&self, target: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == target).map(|(_, text)| text.as_str())
    }

    /// Whether anybody is named by it.
    fn names_somebody(&self) -> bool {
        ["display_name", "given_name", "family_name", "email"].iter().any(|target| self.get(target).is_some())
    }
}

/// Rows as the engine of imports takes them. What is badly written in an address or a number is left out, for a shop
/// keeps what people type.
pub fn sheet(connection: &Connection, resource: &str, rows: &[Row]) -> Sheet {
    let mut header: Vec<&'static str> = Vec::new();
    for (target, _) in rows.iter().flat_map(|row| &row.0) {
        if !header.contains(target) {
            header.push(*target);
        }
    }
    let column = |target: &&'static str| Column {
        column: (*target).to_owned(),
        to: (*target).to_owned(),
        lenient: ["email", "phone"].contains(target),
        ..Column::default()
    };
    let mapping = Mapping {
        resource: resource.to_owned(),
        source_system: Some(connection.source_system.clone()),
        time_zone: connection.time_zone.clone(),
        columns: header.iter().map(column).collect(),
        ..Mapping::default()
    };
    let cells = |row: &Row| header.iter().map(|target| row.get(target).map(str::to_owned)).collect();
    let rows = rows.iter().map(cells).collect();
    Sheet { mapping, header: header.into_iter().map(str::to_owned).collect(), rows }
}

/// What a delivery says; nothing, where nothing comes of its topic.
pub fn read(connection: &Connection, raw: &Raw) -> Result<Vec<Change>> {
    if connection.kind == EMAIL {
        let mail = BASE64_STANDARD.decode(&raw.body).map_err(Error::internal)?;
        return Ok(vec![Change::Mail(mail)]);
    }
    let payload: Value =
        serde_json::from_str(&raw.body).map_err(|e| unreadable("the body is no JSON").source(e.to_string()))?;
    match connection.kind.as_str() {
        "shopify" => shopify::read(connection, &raw.topic, &payload),
        "woocommerce" => woocommerce::read(connection, &raw.topic, &payload),
        _ => generic::read(connection, &payload),
    }
}

/// A payload that lacks what its kind always has.
fn unreadable(what: &'static str) -> Error {
    Error::from(UNREADABLE).detail(text!("the payload cannot be read: {what}", what))
}
