//! What may be done with a coupon.
use super::draw::draw;
use super::{CODE_TAKEN, Coupon, CouponPatch, NewCoupon, store};
use crate::promotion;
use customer::contact;
use diesel::result::Error as Sql;
use kernel::existing::conflict;
use kernel::{CouponId, Ctx, Error, Existing, Kind, PromotionId, Result, error, text};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, attempt, untouched};
use platform::search::Words;

/// Refused where the code is taken. Without one, it gets one that nobody can guess.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewCoupon) -> Result<Coupon> {
    is_there(conn, ctx, new.promotion_id)?;
    contact::is_there(conn, ctx, new.contact_id)?;
    let code = new.code.clone().unwrap_or_else(|| draw(""));
    let made = attempt(conn, |conn| store::insert(conn, ctx, new, &code, words(&code)).map_err(named));
    made.map_err(|error| with_existing(conn, ctx, error, &code))
}

/// With a `base`, only if the coupon is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: CouponId, base: Option<i32>, patch: &CouponPatch) -> Result<Coupon> {
    contact::is_there(conn, ctx, patch.contact_id.flatten())?;
    match store::update(conn, ctx, id, base, patch)? {
        Some(coupon) => Ok(coupon),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// The coupon with this code is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    code: &ByName,
    ask: &Upsert<NewCoupon, CouponPatch>,
) -> Result<Upserted<Coupon>> {
    deed::upsert(
        conn,
        ctx,
        code,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewCoupon { code: Some(code.0.clone()), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: CouponId, base: Option<i32>) -> Result<Coupon> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(coupon) => Ok(coupon),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A coupon that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: CouponId) -> Result<Coupon> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false).map_err(named));
    let done = done.map_err(|error| with_existing(conn, ctx, error, &found.code))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; refused where it was used.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: CouponId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// A coupon is of a promotion that has not ended.
pub(super) fn is_there(conn: &mut Conn, ctx: &Ctx, id: PromotionId) -> Result<()> {
    match promotion::find(conn, ctx, id) {
        Ok(promotion) if promotion.status == "ended" => {
            Err(Error::from(promotion::ENDED).fault(kernel::Fault::of("/promotion_id", promotion::ENDED)))
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == Kind::NotFound => {
            let message = text!("there is no such record");
            Err(Error::invalid("/promotion_id", error::UNKNOWN_REFERENCE.name, message))
        }
        Err(error) => Err(error),
    }
}

/// What it is found by.
pub(super) fn words(code: &str) -> Vec<String> {
    Words::new().whole(code).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn named(error: Sql) -> Error {
    let constraint = match &error {
        Sql::DatabaseError(_, info) => info.constraint_name().unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    match constraint.as_str() {
        "coupons_code_key" => Error::from(CODE_TAKEN).source(error),
        _ => error.into(),
    }
}

/// Which coupon has the code: asked after the statement that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, code: &str) -> Error {
    if error.code != CODE_TAKEN {
        return error;
    }
    let found = store::coded(conn, ctx, &[code.to_owned()]).unwrap_or_default();
    let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id, "code", 100)).collect();
    Error { members: conflict(CODE_TAKEN, &existing).members, ..error }
}
