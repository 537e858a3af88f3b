//! What stands beside imported contacts: their points, the membership of their account, and the account that is theirs.
use super::{WECHAT, names, text};
use crate::account::person::{self, Said};
use crate::contact::point::{NewContactPoint, norm};
use crate::contact::{CATALOGUE, Contact};
use crate::contact::{deeds, store};
use crate::membership;
use crate::schema::{contact_points, memberships};
use diesel::prelude::*;
use kernel::custom::CUSTOM;
use kernel::{AccountId, ContactId, ContactPointId, Ctx, MembershipId, Noun, Result};
use platform::import::many::Columns;
use platform::import::records::{Change, lexemes};
use platform::{Conn, custom};
use serde_json::{Map, Value};
use std::collections::HashMap;

pub fn add_points(conn: &mut Conn, ctx: &Ctx, new: &[&mut Change]) -> Result<()> {
    let mut rows = Vec::new();
    for change in new {
        let own = ["email", "phone"].map(|kind| (kind, both(&change.after, kind)));
        for (kind, (value, given)) in own.into_iter().chain([(WECHAT, (text(&change.fields, WECHAT), None))]) {
            let Some(value) = value else { continue };
            rows.push((
                contact_points::tenant_id.eq(ctx.tenant),
                contact_points::id.eq(ContactPointId::new()),
                contact_points::contact_id.eq(change.id),
                contact_points::kind.eq(kind),
                contact_points::value.eq(given.unwrap_or(value)),
                contact_points::value_norm.eq(norm(kind, value)),
                contact_points::is_primary.eq(kind != WECHAT),
                contact_points::created_at.eq(ctx.now),
                contact_points::updated_at.eq(ctx.now),
            ));
        }
    }
    if !rows.is_empty() {
        diesel::insert_into(contact_points::table).values(rows).execute(conn)?;
    }
    Ok(())
}

/// An address or a number, and what it was given as.
fn both<'a>(columns: &'a Columns, kind: &str) -> (Option<&'a str>, Option<&'a str>) {
    (text(columns, kind), CATALOGUE.text_of(kind).and_then(|name| text(columns, name)))
}

fn account_of(columns: &Columns) -> Option<AccountId> {
    text(columns, "account_id")?.parse().ok()
}

pub fn add_memberships(conn: &mut Conn, ctx: &Ctx, new: &[&mut Change]) -> Result<()> {
    let row = |change: &&mut Change| {
        let account = account_of(&change.after)?;
        Some((
            memberships::tenant_id.eq(ctx.tenant),
            memberships::id.eq(MembershipId::new()),
            memberships::contact_id.eq(change.id),
            memberships::account_id.eq(account),
            memberships::is_primary.eq(true),
            memberships::created_at.eq(ctx.now),
            memberships::updated_at.eq(ctx.now),
        ))
    };
    let rows: Vec<_> = new.iter().filter_map(row).collect();
    if !rows.is_empty() {
        diesel::insert_into(memberships::table).values(rows).execute(conn)?;
    }
    Ok(())
}

/// Points, membership and own account of changed contacts follow their columns; what they are found by follows their
/// points.
pub fn settle(conn: &mut Conn, ctx: &Ctx, changed: Vec<&mut Change>) -> Result<()> {
    for change in &changed {
        let (id, before) = (ContactId(change.id), change.before.clone().unwrap_or_default());
        for kind in ["email", "phone"].into_iter().filter(|kind| both(&before, kind) != both(&change.after, kind)) {
            let (value, given) = both(&change.after, kind);
            deeds::set_primary(conn, ctx, id, kind, value, given)?;
        }
        if account_of(&before) != account_of(&change.after) {
            membership::set_primary(conn, ctx, id, account_of(&change.after))?;
        }
        if let Some(value) = text(&change.fields, WECHAT) {
            let (kind, value) = (WECHAT.to_owned(), value.to_owned());
            let point = NewContactPoint { kind, value, label: None, is_primary: false, value_norm: None };
            store::add_point(conn, ctx, id, &point)?;
        }
    }
    follow(conn, ctx, &changed)?;
    let ids: Vec<ContactId> = changed.iter().map(|change| ContactId(change.id)).collect();
    let mut points: HashMap<ContactId, Vec<_>> = HashMap::new();
    for point in store::points(conn, ctx, &ids)? {
        points.entry(point.contact_id).or_default().push(point);
    }
    for change in changed {
        let mut words = names(&change.after);
        for point in points.remove(&ContactId(change.id)).unwrap_or_default() {
            words = if point.kind == "phone" { words.phone(&point.value_norm) } else { words.whole(&point.value_norm) };
        }
        let none = Map::new();
        let own = change.after.get(CUSTOM).and_then(Value::as_object).unwrap_or(&none);
        let words = custom::words(ctx, Contact::NAME, own, words.lexemes());
        change.after.insert("search".to_owned(), lexemes(&words).into());
    }
    Ok(())
}

/// The accounts of changed contacts say what they say.
fn follow(conn: &mut Conn, ctx: &Ctx, changed: &[&mut Change]) -> Result<()> {
    let mut all: Vec<(ContactId, Said)> = Vec::with_capacity(changed.len());
    for change in changed {
        all.push((ContactId(change.id), Said::of_columns(&change.after)?));
    }
    all.sort_by_key(|(id, _)| *id);
    person::follow_all(conn, ctx, &all)
}
