//! Coupons made many at a time, by a job: in chunks, each a transaction that also writes how far it has come, so that
//! whatever stops it, it goes on from there, and as many come to be as were asked for.
use super::draw::draw;
use super::{CATALOGUE, Coupon, deeds};
use crate::promotion::is_code;
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{Action, CouponId, Ctx, Error, Noun, PromotionId, Result, Tidy, tidy};
use platform::import::many::{self, Columns};
use platform::import::records::lexemes;
use platform::job::{self, Held, Job};
use platform::{Conn, audit, crash};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use validator::Validate;

/// The kind of the job.
pub const KIND: &str = "coupon_generation";
/// Coupons in one transaction.
const CHUNK: i64 = 1000;

/// How many coupons are made, and what they are like.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"count": 5000, "prefix": "VIP-", "expires_at": "2026-12-31T16:00:00Z"}))]
pub struct CouponGeneration {
    #[validate(range(min = 1, max = 100000))]
    #[schema(minimum = 1, maximum = 100_000)]
    pub count: i32,
    /// what each code begins with, before sixteen signs that nobody can guess
    #[validate(length(max = 20), custom(function = "is_code"))]
    #[schema(min_length = 1, max_length = 20, pattern = "^[A-Za-z0-9_-]+$")]
    pub prefix: Option<String>,
    /// how often each is used, at most
    #[serde(default = "once")]
    #[validate(range(min = 1, max = 1000000000))]
    #[schema(required = false, default = 1, minimum = 1, maximum = 1_000_000_000)]
    pub total_limit: i32,
    #[validate(range(min = 1, max = 1000000000))]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub customer_limit: Option<i32>,
    pub expires_at: Option<DateTime<Utc>>,
}

impl Tidy for CouponGeneration {
    fn tidy(&mut self) {
        self.prefix.iter_mut().for_each(tidy::capital);
    }
}

fn once() -> i32 {
    1
}

#[derive(Deserialize)]
struct Payload {
    promotion: PromotionId,
    asked: CouponGeneration,
}

/// Puts the job down; `coupons?batch_id=` is what it has made.
pub fn begin(conn: &mut Conn, ctx: &Ctx, promotion: PromotionId, asked: &CouponGeneration) -> Result<Job> {
    crate::promotion::find(conn, ctx, promotion)?;
    conn.transaction(|conn| {
        deeds::is_there(conn, ctx, promotion)?;
        let may: Vec<(&str, &str)> = ctx.grants.all().map(|(object, action, _)| (object, action.name())).collect();
        let payload = json!({"promotion": promotion, "asked": asked, "may": may, "key": ctx.actor.key});
        let id = job::enqueue_as(conn, ctx, job::Priority::Long, KIND, &payload)?;
        audit::note(conn, ctx, "coupon.generated", "promotion", promotion, None)?;
        job::find(conn, ctx, id)
    })
}

/// Goes on from where it has come to; `is_stopping`: the worker is about to end, and the job goes back to the queue.
pub fn run(conn: &mut Conn, ctx: &Ctx, held: &Held, is_stopping: &dyn Fn() -> bool) -> Result<()> {
    ctx.must_all(Coupon::NAME, &[Action::Create])?;
    let Payload { promotion, asked } = serde_json::from_value(held.payload.clone()).map_err(Error::internal)?;
    let total = i64::from(asked.count);
    let mut done = job::progress(conn, held)?.get("done").and_then(Value::as_i64).unwrap_or_default();
    while done < total {
        if is_stopping() {
            return job::release(conn, held);
        }
        let next = CHUNK.min(total - done);
        let cancelled = conn.transaction(|conn| {
            let rows = (0..next).map(|_| row(ctx, held, promotion, &asked)).collect();
            many::insert(conn, ctx, &CATALOGUE, rows)?;
            crash::point("coupons_generated");
            job::keep(conn, held, Some(&json!({"done": done + next, "total": total, "unit": "coupons"})))
        })?;
        if cancelled {
            return job::end(conn, held, "cancelled", None);
        }
        done += next;
    }
    job::end(conn, held, "succeeded", None)
}

/// A coupon as its columns stand.
fn row(ctx: &Ctx, held: &Held, promotion: PromotionId, asked: &CouponGeneration) -> Columns {
    let code = draw(asked.prefix.as_deref().unwrap_or_default());
    let row = json!({
        "id": CouponId::new(), "promotion_id": promotion, "code": code, "batch_id": held.id, "contact_id": null,
        "total_limit": asked.total_limit, "customer_limit": asked.customer_limit, "used_count": 0,
        "expires_at": asked.expires_at, "status": "active", "version": 1, "created_at": ctx.now, "updated_at": ctx.now,
        "created_by": ctx.actor.user, "updated_by": ctx.actor.user, "deleted_at": null,
        "search": lexemes(&deeds::words(&code)),
    });
    match row {
        Value::Object(columns) => columns,
        _ => Columns::new(),
    }
}
