//! What may be done with a promotion.
use super::{
    CODE_TAKEN, ENDED, Key, NewPromotion, Promotion, PromotionPatch, PromotionTransition, TRANSITION_REFUSED, store,
    terms,
};
use diesel::Connection;
use diesel::result::Error as Sql;
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Kind, Noun, PromotionId, Result, SegmentId, error, text};
use platform::deed::{self, Called, Upsert, Upserted, untouched};
use platform::search::Words;
use platform::{Conn, custom, segment};

/// A draft. Refused where the code is taken, or the terms break rules, all of which are told.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewPromotion) -> Result<Promotion> {
    let words = custom::words(ctx, Promotion::NAME, &new.custom.0, words(&new.code, &new.name));
    let done: Result<Promotion> = conn.transaction(|conn| {
        fits(conn, ctx, new.segment_id)?;
        let made = store::insert(conn, ctx, new, words).map_err(named)?;
        sound(&made)?;
        Ok(made)
    });
    done.map_err(|error| with_existing(conn, ctx, error, Some(&new.code)))
}

/// With a `base`, only if the promotion is still at that version. What has ended stays as it was; what is in use goes on
/// by its new terms.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PromotionId,
    base: Option<i32>,
    patch: &PromotionPatch,
) -> Result<Promotion> {
    let done: Result<Promotion> = conn.transaction(|conn| {
        let before = held(conn, ctx, id, base)?;
        if before.status == "ended" {
            return Err(ENDED.into());
        }
        fits(conn, ctx, patch.segment_id.flatten())?;
        let Some(after) = store::update(conn, ctx, id, base, patch).map_err(named)? else {
            return Err(untouched(conn, ctx, store::find, id, base));
        };
        sound(&after)?;
        if after.currency != before.currency && !store::uses(conn, ctx, &[id])?.is_empty() {
            let message = text!("stays, for the promotion was used already");
            return Err(Error::invalid("/currency", error::IN_USE.name, message));
        }
        if patch.name.is_some() || patch.code.is_some() || patch.custom.is_some() {
            let words = custom::words(ctx, Promotion::NAME, &after.custom.0, words(&after.code, &after.name));
            store::set_words(conn, ctx, id, words)?;
        }
        Ok(after)
    });
    done.map_err(|error| with_existing(conn, ctx, error, patch.code.as_deref()))
}

/// The promotion with this key is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &Key,
    ask: &Upsert<NewPromotion, PromotionPatch>,
) -> Result<Upserted<Promotion>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| {
            let mut new = new.clone();
            if let Key::Code(code) = key {
                new.code.clone_from(code);
            }
            create(conn, ctx, &new)
        },
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

impl Called for Key {
    fn called(&self) -> Option<(&str, &str)> {
        match self {
            Self::External { source_system, external_id } => Some((source_system, external_id)),
            Self::Code(_) => None,
        }
    }
}

/// From one status to another. One that it has already is answered as it is.
pub fn transition(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PromotionId,
    base: Option<i32>,
    ask: &PromotionTransition,
) -> Result<Promotion> {
    ctx.may_write::<Promotion>("status")?;
    conn.transaction(|conn| {
        let before = held(conn, ctx, id, base)?;
        match (before.status.as_str(), ask.status.as_str()) {
            (one, other) if one == other => Ok(before),
            ("draft" | "paused", "active") | ("active", "paused") | ("active" | "paused", "ended") => {
                Ok(store::set_status(conn, ctx, id, &ask.status)?)
            }
            _ if ctx.sees::<Promotion>("status") => {
                Err(Error::from(TRANSITION_REFUSED).detail(text!("it is {status}", status = before.status)))
            }
            _ => Err(TRANSITION_REFUSED.into()),
        }
    })
}

/// It is used no more, and neither are its coupons.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: PromotionId, base: Option<i32>) -> Result<Promotion> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(promotion) => Ok(promotion),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A promotion that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: PromotionId) -> Result<Promotion> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = deed::attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false).map_err(named));
    let done = done.map_err(|error| with_existing(conn, ctx, error, Some(&found.code)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; refused while it has coupons or was used.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: PromotionId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// Locked, and at this version still.
fn held(conn: &mut Conn, ctx: &Ctx, id: PromotionId, base: Option<i32>) -> Result<Promotion> {
    match store::lock(conn, ctx, id)? {
        Some(promotion) if base.is_none_or(|version| version == promotion.version) => Ok(promotion),
        _ => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

fn sound(promotion: &Promotion) -> Result<()> {
    terms(promotion).map(drop).map_err(|faults| Error::from(error::INVALID).faults(faults))
}

/// Whom it is for are accounts or contacts, by a segment that the caller sees.
fn fits(conn: &mut Conn, ctx: &Ctx, id: Option<SegmentId>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    let unknown = || Error::invalid("/segment_id", error::UNKNOWN_REFERENCE.name, text!("there is no such record"));
    match segment::find(conn, ctx, id) {
        Ok(segment) if ["account", "contact"].contains(&segment.resource.as_str()) => Ok(()),
        Ok(_) => Err(Error::invalid("/segment_id", "resource", text!("is no segment of accounts or contacts"))),
        Err(error) if error.kind() == Kind::NotFound => Err(unknown()),
        Err(error) => Err(error),
    }
}

/// What it is found by.
fn words(code: &str, name: &str) -> Vec<String> {
    Words::new().whole(code).name(name).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn named(error: Sql) -> Error {
    let constraint = match &error {
        Sql::DatabaseError(_, info) => info.constraint_name().unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    match constraint.as_str() {
        "promotions_code_key" => Error::from(CODE_TAKEN).source(error),
        _ => error.into(),
    }
}

/// Which promotion has the code: asked after the transaction that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, code: Option<&str>) -> Error {
    match code {
        Some(code) if error.code == CODE_TAKEN => {
            let found = store::coded(conn, ctx, code).unwrap_or_default();
            let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id, "code", 100)).collect();
            Error { members: conflict(CODE_TAKEN, &existing).members, ..error }
        }
        _ => error,
    }
}
