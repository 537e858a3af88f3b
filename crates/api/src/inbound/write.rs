//! What a delivery says is written: as whom the connection says, newest state last, by the importers of the wings. Each
//! record of the sender is claimed first, so that ten deliveries of one order are one order, in whatever order they come.
use super::lines::{ADJUSTMENT, Line};
use super::policy::{self, Standing};
use super::{Buyer, Change, NAMED, Order, Record, Row, Rows, sheet};
use crate::worker::handlers::importer;
use ::customer::account::{self, Account};
use ::customer::contact::{self, Contact};
use ::customer::email_message;
use ::sales::order::{self, line};
use ::sales::product::{self, Product};
use ::service::case::message::mail as case_mail;
use chrono::{DateTime, Utc};
use kernel::{Ctx, Error, Fault, OrderId, Result, error};
use platform::connection::Connection;
use platform::connection::delivery::{self, Raw};
use platform::deed::Mode;
use platform::import::direct::{self, Sheet};
use platform::import::{Duplicates, Outcome};
use platform::{Conn, external};
use rust_decimal::Decimal;

/// The work on one delivery.
pub struct Writing<'a> {
    pub ctx: &'a Ctx,
    pub connection: &'a Connection,
    pub raw: &'a Raw,
    /// the law of privacy requests that do not say
    pub law: &'a str,
}

/// Writes all changes in the caller's transaction; what is to be said of the delivery.
pub fn write(conn: &mut Conn, on: &Writing, changes: &[Change]) -> Result<&'static str> {
    let mut written = 0;
    for change in changes {
        written += usize::from(on.change(conn, change)?);
    }
    Ok(match (changes.len(), written) {
        (0, _) => "ignored",
        (_, 0) => "superseded",
        _ => "processed",
    })
}

impl Writing<'_> {
    fn change(&self, conn: &mut Conn, change: &Change) -> Result<bool> {
        match change {
            Change::Record(record) => self.record(conn, record),
            Change::Order(order) => self.order(conn, order),
            Change::Refund { order, id, lines } => self.refund(conn, order, id, lines),
            Change::Gone { resource, external_id } => self.gone(conn, resource, external_id),
            Change::Privacy { kind, customer, email, words } => {
                self.asked(conn, kind, customer.as_deref(), email.as_deref(), words)
            }
            Change::Rows(rows) => self.rows(conn, rows),
            Change::Mail(mail) => {
                let kept = email_message::receive(conn, self.ctx, mail, self.raw.created_at)?;
                if let Some(kept) = &kept {
                    case_mail::take(conn, self.ctx, mail, kept)?;
                }
                Ok(kept.is_some())
            }
        }
    }

    /// Where a payload does not say when it was made, it is as new as its delivery.
    fn at(&self, changed_at: Option<DateTime<Utc>>) -> DateTime<Utc> {
        changed_at.or(self.raw.sent_at).unwrap_or(self.raw.created_at)
    }

    pub(super) fn claimed(
        &self,
        conn: &mut Conn,
        key: (&str, &str),
        changed_at: Option<DateTime<Utc>>,
    ) -> Result<bool> {
        delivery::claim(conn, self.ctx, self.connection, key, self.at(changed_at))
    }

    /// What the sender may say of a record; nothing, where the house's word counts for all of it.
    fn theirs(
        &self,
        all: &Sheet,
        keys: &[&str],
        standing: Option<&Standing>,
        at: Option<DateTime<Utc>>,
    ) -> Option<Sheet> {
        policy::theirs(self.connection, all, keys, standing, self.at(at))
    }

    /// The same of all that belongs to it.
    pub(super) fn keeps_ours(&self, standing: Option<&Standing>, at: Option<DateTime<Utc>>) -> bool {
        policy::keeps_ours(self.connection, standing, self.at(at))
    }

    pub(super) fn standing(&self, conn: &mut Conn, resource: &str, external_id: &str) -> Result<Option<Standing>> {
        let (ctx, system) = (self.ctx, self.connection.source_system.as_str());
        let id = match resource {
            "accounts" => external::find::<Account>(conn, ctx, system, external_id)?,
            "contacts" => external::find::<Contact>(conn, ctx, system, external_id)?,
            "products" => external::find::<Product>(conn, ctx, system, external_id)?,
            _ => external::find::<order::Order>(conn, ctx, system, external_id)?,
        };
        let Some(id) = id else { return Ok(None) };
        let changed = match resource {
            "accounts" => account::find(conn, ctx, id.into()).map(|one| (one.updated_at, one.updated_by)),
            "contacts" => contact::find(conn, ctx, id.into()).map(|one| (one.updated_at, one.updated_by)),
            "products" => product::find(conn, ctx, id.into()).map(|one| (one.updated_at, one.updated_by)),
            _ => order::find(conn, ctx, id.into()).map(|one| (one.updated_at, one.updated_by)),
        };
        match changed {
            Ok(changed) => Ok(Some(Standing { id, changed: Some(changed) })),
            // archived, or not for the user to see: writing it says so
            Err(error) if error.code == error::NOT_FOUND => Ok(Some(Standing { id, changed: None })),
            Err(error) => Err(error),
        }
    }

    fn named(&self, conn: &mut Conn, resource: &str, external_id: &str) -> Result<()> {
        if let Some(standing) = self.standing(conn, resource, external_id)? {
            delivery::name(conn, self.ctx, self.connection, (resource, external_id), standing.id)?;
        }
        Ok(())
    }

    fn record(&self, conn: &mut Conn, record: &Record) -> Result<bool> {
        let Record { resource, external_id, changed_at, row } = record;
        // only named by the payload: it is there, or is made
        if *changed_at == Some(NAMED) && self.standing(conn, resource, external_id)?.is_some() {
            return Ok(false);
        }
        if !self.claimed(conn, (resource, external_id), *changed_at)? {
            return Ok(false);
        }
        let standing = self.standing(conn, resource, external_id)?;
        let (all, keys) =
            (sheet(self.connection, resource, std::slice::from_ref(row)), ["external_id", "email", "sku"]);
        let Some(theirs) = self.theirs(&all, &keys, standing.as_ref(), *changed_at) else { return Ok(false) };
        self.put(conn, &theirs, &keys)?;
        self.named(conn, resource, external_id)?;
        Ok(true)
    }

    fn order(&self, conn: &mut Conn, order: &Order) -> Result<bool> {
        let head = &order.head;
        let key = (head.resource, head.external_id.as_str());
        if !self.claimed(conn, key, head.changed_at)? {
            return Ok(false);
        }
        let standing = self.standing(conn, key.0, key.1)?;
        let all = sheet(self.connection, "orders", std::slice::from_ref(&head.row));
        let theirs = self.theirs(&all, &["external_id"], standing.as_ref(), head.changed_at);
        let lines = !self.keeps_ours(standing.as_ref(), head.changed_at);
        if theirs.is_none() && !lines {
            return Ok(false);
        }
        match &order.buyer {
            Some(Buyer::Known(record)) => drop(self.record(conn, record)?),
            Some(Buyer::Guest(row)) => self.guest(conn, row)?,
            None => {}
        }
        if let Some(theirs) = theirs {
            self.put(conn, &theirs, &[])?;
        }
        self.named(conn, key.0, key.1)?;
        if lines {
            self.lines(conn, key.1, &order.lines)?;
            self.settle(conn, order)?;
        }
        Ok(true)
    }

    /// Who has bought without an account is known by the address alone: somebody who is there stays as they are.
    fn guest(&self, conn: &mut Conn, row: &Row) -> Result<()> {
        let email = row.get("email").unwrap_or_default();
        if !contact::find_by(conn, self.ctx, &contact::Key::Email(email.to_owned()))?.is_empty() {
            return Ok(());
        }
        self.put(conn, &sheet(self.connection, "contacts", std::slice::from_ref(row)), &[])
    }

    pub(super) fn lines(&self, conn: &mut Conn, order: &str, lines: &[Line]) -> Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let rows: Vec<Row> = lines.iter().map(|line| line.row(order)).collect();
        self.put(conn, &sheet(self.connection, "order_lines", &rows), &[])
    }

    /// Lines that the sender no longer has go, and what the order comes to beyond its lines is one more of them.
    fn settle(&self, conn: &mut Conn, order: &Order) -> Result<()> {
        let Some(standing) = self.standing(conn, "orders", &order.head.external_id)? else { return Ok(()) };
        let id: OrderId = standing.id.into();
        let (mut others, mut adjusted) = (Decimal::ZERO, None);
        for one in line::of(conn, self.ctx, id)? {
            if one.line_key == ADJUSTMENT {
                adjusted = Some((one.id, one.total.amount));
            } else if order.lines.iter().any(|line| line.key == one.line_key) {
                others += one.total.amount;
            } else {
                line::remove(conn, self.ctx, one.id, None)?;
            }
        }
        let shipping = order::find(conn, self.ctx, id)?.shipping.amount;
        let missing = order.total - others - shipping;
        match adjusted {
            Some((_, amount)) if amount == missing => Ok(()),
            Some((id, _)) if missing.is_zero() => line::remove(conn, self.ctx, id, None),
            None if missing.is_zero() => Ok(()),
            _ => self.lines(conn, &order.head.external_id, &[Line::plain(ADJUSTMENT, "Adjustment", missing)]),
        }
    }

    fn rows(&self, conn: &mut Conn, rows: &Rows) -> Result<bool> {
        let mapping = &rows.sheet.mapping;
        // the lines of an order are the order's
        let resource = if mapping.resource == "order_lines" { "orders" } else { mapping.resource.as_str() };
        if !self.claimed(conn, (resource, &rows.key), rows.changed_at)? {
            return Ok(false);
        }
        let standing = self.standing(conn, resource, &rows.key)?;
        let theirs = self.theirs(&rows.sheet, rows.keys, standing.as_ref(), rows.changed_at);
        let Some(theirs) = theirs else { return Ok(false) };
        self.put(conn, &theirs, rows.keys)?;
        self.named(conn, resource, &rows.key)?;
        Ok(true)
    }

    /// Rows through their importer: all of them, or none. Where the house's word counts, what is there already is only
    /// found by its keys, and gets its name.
    fn put(&self, conn: &mut Conn, sheet: &Sheet, keys: &[&str]) -> Result<()> {
        let importer = importer(&sheet.mapping.resource)?;
        let is_head = !keys.is_empty() && sheet.mapping.resource != "order_lines";
        if let Some(less) = policy::found(self.connection, sheet, keys).filter(|_| is_head) {
            let found = direct::put(conn, self.ctx, importer, &less, (Mode::UpdateOnly, Duplicates::Update))?;
            if found.iter().all(|outcome| !matches!(outcome, Outcome::Failed(_))) {
                return Ok(());
            }
        }
        let outcomes = direct::put(conn, self.ctx, importer, sheet, (Mode::Upsert, Duplicates::Update))?;
        let failed = outcomes.into_iter().filter_map(|outcome| match outcome {
            Outcome::Failed(faults) => Some(faults),
            _ => None,
        });
        let faults: Vec<Fault> = failed.flatten().collect();
        if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
    }
}
