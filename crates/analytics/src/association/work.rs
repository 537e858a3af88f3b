//! What a look does: orders are read some at a time, as baskets; what is found is kept in one transaction. Whatever stops
//! it, it begins anew.
use super::rule::store::{self as rules, Fresh};
use super::{AssociationRun, NO_ORDERS, TOO_MANY, store};
use crate::baskets::{Baskets, Rules, Settings, Share};
use crate::number::wide;
use chrono::Duration;
use diesel::Connection;
use kernel::{AssociationRunId, Code, Ctx, Error, ProductId, Result, clock};
use platform::job::{self, Held};
use platform::{Conn, crash};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Orders that are read at once, and how many are looked at.
const READ: i64 = 20_000;
const MOST: usize = 5_000_000;
/// Rules that are written at once, and how many are kept, the best of them.
const WRITTEN: usize = 1_000;
const KEPT: usize = 50_000;

#[derive(Deserialize)]
struct Payload {
    run: AssociationRunId,
}

/// Does a look; `is_stopping`: the worker is about to end, and the job goes back to the queue.
pub fn run(conn: &mut Conn, held: &Held, is_stopping: &dyn Fn() -> bool) -> Result<()> {
    let Payload { run: id } = serde_json::from_value(held.payload.clone()).map_err(Error::internal)?;
    let ctx = Ctx::powerless(held.tenant_id, held.created_by, clock::now());
    let found = store::find(conn, &ctx, id)?;
    if found.finished_at.is_some() {
        return job::end(conn, held, "succeeded", None);
    }
    store::start(conn, &ctx, id, ctx.now)?;
    let Some(baskets) = read(conn, &ctx, held, &found, is_stopping)? else { return job::release(conn, held) };
    let count = i32::try_from(baskets.len()).unwrap_or(i32::MAX);
    let rules = if baskets.is_empty() { Err(NO_ORDERS) } else { find(&found, baskets) };
    conn.transaction(|conn| {
        match rules {
            Ok(found) => keep(conn, &ctx, id, (count, &found))?,
            Err(code) => {
                store::end(conn, &ctx, id, ("failed", Some(code.name)), (count, 0), clock::now())?;
                return job::end(conn, held, "failed", Some(code.meaning));
            }
        }
        crash::point("associations_kept");
        job::end(conn, held, "succeeded", None)
    })
}

/// All baskets; nothing where the worker is about to end.
fn read(
    conn: &mut Conn,
    ctx: &Ctx,
    held: &Held,
    run: &AssociationRun,
    is_stopping: &dyn Fn() -> bool,
) -> Result<Option<Vec<Vec<Uuid>>>> {
    let since = run.window_days.and_then(|days| run.created_at.checked_sub_signed(Duration::days(days.into())));
    let (mut baskets, mut after) = (Vec::new(), Uuid::nil());
    loop {
        let some = store::bought(conn, ctx.tenant, since, (after, READ))?;
        let Some(last) = some.last() else { return Ok(Some(baskets)) };
        after = last.order_id;
        let mut orders: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
        some.iter().for_each(|one| orders.entry(one.order_id).or_default().push(one.product_id));
        baskets.extend(orders.into_values());
        if is_stopping() {
            return Ok(None);
        }
        job::keep(conn, held, Some(&json!({"done": baskets.len(), "unit": "orders"})))?;
        if baskets.len() >= MOST {
            return Ok(Some(baskets));
        }
    }
}

fn find(run: &AssociationRun, baskets: Vec<Vec<Uuid>>) -> std::result::Result<Rules<Uuid>, Code> {
    let share = |share: Decimal| share.to_string().parse::<Share>().map_err(|_| TOO_MANY);
    let mut settings = Settings::new(share(run.min_support)?, share(run.min_confidence)?);
    settings.min_length = 2;
    settings.max_length = usize::try_from(run.max_items).unwrap_or(2);
    let baskets = Baskets::collect(baskets).map_err(|_| TOO_MANY)?;
    baskets.rules(&settings).map_err(|_| TOO_MANY)
}

fn keep(conn: &mut Conn, ctx: &Ctx, id: AssociationRunId, (orders, found): (i32, &Rules<Uuid>)) -> Result<()> {
    rules::clear(conn, ctx.tenant, id)?;
    let fresh: Vec<Fresh> =
        (1..).zip(found.rules()).take(KEPT).filter_map(|(rank, one)| fresh(found, rank, one)).collect();
    for some in fresh.chunks(WRITTEN) {
        rules::insert(conn, ctx.tenant, id, some)?;
    }
    let count = i32::try_from(fresh.len()).unwrap_or(i32::MAX);
    store::end(conn, ctx, id, ("succeeded", None), (orders, count), clock::now())?;
    Ok(())
}

fn fresh(found: &Rules<Uuid>, rank: i32, rule: &crate::baskets::Rule) -> Option<Fresh> {
    let product = |number: u32| found.items().get(wide(number)).copied().map(ProductId);
    let share = |value: f64| Decimal::from_f64(value).map(|value| value.round_dp(18));
    Some(Fresh {
        rank,
        conditions: rule.conditions.iter().filter_map(|number| product(*number)).collect(),
        consequence: product(rule.consequence)?,
        count: i32::try_from(rule.count).unwrap_or(i32::MAX),
        support: share(rule.support())?,
        confidence: share(rule.confidence())?,
        lift: Decimal::from_f64(rule.lift())?.round_dp(9),
    })
}
