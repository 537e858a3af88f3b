//! The fan-out: a tenant's events, gone through once in their order, and what each brings to whom.
//!
//! As with webhooks, what is put down and how far it has come are one transaction, and who goes through a tenant's events
//! holds its cursor. Before anything is put down for somebody, their own feed is asked whether it tells them of it.
use super::approval::{self, WhoMay};
use super::store::{self, News};
use super::{ASSIGNED, DISABLED, ENDED, FOLLOWED, MENTIONED, REMINDER, SHARED, mention, preference, promise};
use crate::event::{self, Row};
use crate::history::fields;
use crate::webhook::fanout::{Eyes, Seers};
use crate::{Conn, follow, visible};
use diesel::Connection;
use kernel::catalogue::{Catalogue, Catalogues, Field, Owned};
use kernel::event::is_written;
use kernel::{Ctx, EventId, Result, TenantId, UserId, clock};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Events that are gone through together.
const CHUNK: i64 = 500;
/// How work in the background ends.
const ENDS: [&str; 3] = ["succeeded", "partially_succeeded", "failed"];

/// The tenants of whom something has happened.
pub fn due(conn: &mut Conn) -> Result<Vec<TenantId>> {
    Ok(store::due(conn)?)
}

/// What came of a look at a tenant.
#[derive(Debug)]
pub enum Spread {
    Done {
        /// whether it is to be looked at again at once
        more: bool,
    },
    /// nothing was done: these would have to be told, and are not among the seers
    Lacking(BTreeSet<Eyes>),
}

/// Goes through the next events of a tenant. Nothing is done where another worker does it.
pub fn spread(
    conn: &mut Conn,
    all: &'static Catalogues,
    tenant: TenantId,
    seers: &Seers,
    who_may: WhoMay,
) -> Result<Spread> {
    conn.transaction(|conn| {
        let Some(position) = store::hold(conn, tenant)? else { return Ok(Spread::Done { more: false }) };
        let window = event::rows(conn, tenant, position, CHUNK, None)?;
        let news = all_news(conn, all, tenant, &window.rows, who_may)?;
        let told = news.iter().map(|one| eyes(tenant, one.user));
        let lacking: BTreeSet<Eyes> = told.filter(|eyes| !seers.contains_key(eyes)).collect();
        if !lacking.is_empty() {
            return Ok(Spread::Lacking(lacking));
        }
        let mut seen = Vec::new();
        for (eyes, seer) in seers {
            let theirs: Vec<&News> = news.iter().filter(|one| one.user == eyes.user).collect();
            let Some(ctx) = seer.as_ref().filter(|_| !theirs.is_empty()) else { continue };
            seen.extend(seen_of(conn, ctx, all, &window.rows, &theirs)?);
        }
        if !seen.is_empty() {
            store::put(conn, tenant, &seen, clock::now())?;
        }
        let gone = window.rows.iter().filter(|row| row.name.ends_with(".purged")).map(|row| row.record);
        follow::forget(conn, tenant, &gone.collect::<Vec<_>>())?;
        store::moved(conn, tenant, window.position)?;
        crate::crash::point("notify_spread");
        Ok(Spread::Done { more: window.has_more })
    })
}

/// What of all that concerns somebody they see.
fn seen_of(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, rows: &[Row], theirs: &[&News]) -> Result<Vec<News>> {
    let is_theirs = |row: &&Row| theirs.iter().any(|one| one.event == row.id);
    let rows: Vec<Row> = rows.iter().filter(is_theirs).cloned().collect();
    let told = event::tell(conn, ctx, all, &rows)?;
    let told: BTreeMap<EventId, Map<String, Value>> =
        told.into_iter().filter_map(|one| Some((one.id, one.data?))).collect();
    let mut seen = Vec::new();
    for one in theirs {
        let Some(data) = told.get(&one.event) else { continue };
        if one.place.is_none_or(|field| data.contains_key(field)) && may(conn, ctx, all, one)? {
            seen.push((*one).clone());
        }
    }
    Ok(seen)
}

/// Whether they can do what they are told for.
fn may(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, one: &News) -> Result<bool> {
    let Some((noun, action)) = all.get(&one.resource).zip(one.action) else { return Ok(true) };
    Ok(!visible::among(conn, ctx, noun, &[one.record], action)?.is_empty())
}

fn eyes(tenant: TenantId, user: UserId) -> Eyes {
    Eyes { tenant, user, nouns: None }
}

/// What the events bring, to whomever; of one event, to one person by the first reason alone.
fn all_news(
    conn: &mut Conn,
    all: &'static Catalogues,
    tenant: TenantId,
    rows: &[Row],
    who_may: WhoMay,
) -> Result<Vec<News>> {
    let mut news: BTreeMap<(i64, UserId), News> = BTreeMap::new();
    let mut add = |one: News| {
        news.entry((one.seq, one.user)).or_insert(one);
    };
    let told = |row: &&Row| all.get(&row.noun).is_some_and(event::is_told);
    for row in rows.iter().filter(told) {
        let Some(noun) = all.get(&row.noun) else { continue };
        own(noun, row).into_iter().chain(named(noun, row)).for_each(&mut add);
        approval::news(conn, tenant, noun, row, who_may)?.into_iter().for_each(&mut add);
        promise::news(conn, tenant, row)?.into_iter().for_each(&mut add);
    }
    let records: Vec<Uuid> = rows.iter().filter(told).map(|row| row.record).collect();
    let followers = follow::of_all(conn, tenant, &records)?;
    for row in rows.iter().filter(told).filter(|row| !row.name.ends_with(".created")) {
        let theirs = followers.iter().filter(|one| one.record == row.record && one.resource == row.noun);
        theirs.filter(|one| one.user != row.actor).for_each(|one| add(of(row, one.user, FOLLOWED)));
    }
    // a text may name anything
    let named: Vec<Uuid> = news.values().filter(|one| one.kind == MENTIONED).map(|one| one.user.0).collect();
    if !named.is_empty() {
        let people = preference::readers(conn, tenant, &named)?;
        let works_here = |one: &News| people.iter().any(|(user, _)| *user == one.user);
        news.retain(|_, one| one.kind != MENTIONED || works_here(one));
    }
    Ok(news.into_values().collect())
}

/// Whoever is named in a text of the record, and was not before.
fn named(noun: &'static Catalogue, row: &Row) -> Vec<News> {
    let texts = noun.fields.iter().filter(|field| field.mentions);
    // most rows name nobody, and are not read for it
    if !is_written(&row.name) || !row.data.contains(mention::SCHEME) {
        return Vec::new();
    }
    let now = fields::columns(None, &row.data);
    let before = row.before.as_ref().map(|before| fields::columns(None, before)).unwrap_or_default();
    let text = |columns: &Value, name: &str| columns.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let of_text = |field: &'static Field| {
        let users = mention::fresh(&text(&before, field.column), &text(&now, field.column));
        let others = users.into_iter().map(UserId).filter(|user| *user != row.actor);
        others.map(|user| News { place: Some(field.name), ..of(row, user, MENTIONED) }).collect::<Vec<_>>()
    };
    texts.flat_map(of_text).collect()
}

/// To whom an event matters by itself, and why.
fn own(noun: &'static Catalogue, row: &Row) -> Option<News> {
    let verb = row.name.rsplit('.').next().unwrap_or_default();
    let now = || fields::columns(None, &row.data);
    let before = || row.before.as_ref().map(|before| fields::columns(None, before)).unwrap_or_default();
    match (row.noun.as_str(), verb) {
        ("share", "created") => {
            let share = now();
            let user = id(&share, "user_id").map(UserId).filter(|user| *user != row.actor)?;
            let (resource, record) = (share.get("resource")?.as_str()?.to_owned(), id(&share, "record_id")?);
            Some(News { resource, record, ..of(row, user, SHARED) })
        }
        ("webhook_endpoint", "disabled") => {
            let endpoint = now();
            let is_asked = endpoint.get("disabled_reason").and_then(Value::as_str) == Some("asked");
            id(&endpoint, "user_id").filter(|_| !is_asked).map(|user| of(row, UserId(user), DISABLED))
        }
        ("import" | "export", "updated" | "completed") => {
            let (now, before) = (now(), before());
            let status = now.get("status").and_then(Value::as_str).filter(|status| ENDS.contains(status));
            let has_ended = status.is_some() && now.get("status") != before.get("status");
            id(&now, "created_by").filter(|_| has_ended).map(|user| of(row, UserId(user), ENDED))
        }
        // by the clock, and so by nobody
        ("task", "reminded") => id(&now(), "assignee_id").map(|user| of(row, UserId(user), REMINDER)),
        _ if is_written(&row.name) => {
            let Owned::Rows { owner: owner @ ("owner_id" | "assignee_id"), .. } = noun.owned else { return None };
            let user = id(&now(), owner).filter(|user| *user != row.actor.0)?;
            (id(&before(), owner) != Some(user)).then(|| of(row, UserId(user), ASSIGNED))
        }
        _ => None,
    }
}

pub(super) fn of(row: &Row, user: UserId, kind: &'static str) -> News {
    let (resource, record) = (row.noun.clone(), row.record);
    News { user, kind, resource, record, event: row.id, seq: row.seq, actor: row.actor, place: None, action: None }
}

pub(super) fn id(columns: &Value, name: &str) -> Option<Uuid> {
    columns.get(name)?.as_str()?.parse().ok()
}
