//! Customers whose orders have changed are sorted anew by what the last run of each segmentation has found, some at a time.
//! A customer is taken off the list in the transaction that writes what they are.
use super::run::fit::{Sorter, Verdict};
use super::run::model::{Model, row};
use super::{Segmentation, run, store};
use crate::facts::{self, Base};
use crate::{accounts, classification, rules};
use diesel::Connection;
use kernel::{Actor, Ctx, Result, SegmentationRunId, TenantId};
use platform::segment::engine;
use platform::{Conn, crash};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Customers that are taken at once.
const SLICE: i64 = 1_000;

/// Sorts those who wait, of all tenants; how many there were.
pub fn sweep(conn: &mut Conn) -> Result<usize> {
    let mut all = 0;
    loop {
        let count = conn.transaction(slice)?;
        all += count;
        if count == 0 {
            return Ok(all);
        }
    }
}

fn slice(conn: &mut Conn) -> Result<usize> {
    let Some((tenant, ids)) = classification::store::take_waiting(conn, SLICE)? else { return Ok(0) };
    let eyes = engine::eyes(conn, accounts::catalogues()?, tenant)?;
    for of in store::sorting(conn, &eyes)? {
        let Some(last) = of.last_run_id else { continue };
        let Some(model) = run::store::model(conn, tenant, last)? else { continue };
        let ctx = Ctx { actor: Actor { user: of.updated_by, key: None }, ..eyes.clone() };
        sort(conn, &ctx, &of, (last, &model), &ids)?;
    }
    crash::point("customers_sorted");
    Ok(ids.len())
}

fn sort(
    conn: &mut Conn,
    ctx: &Ctx,
    of: &Segmentation,
    (last, model): (SegmentationRunId, &Model),
    ids: &[Uuid],
) -> Result<()> {
    let rows = facts::these(conn, &model.look(ctx.tenant), ids)?;
    let found: Vec<(Uuid, Verdict)> = match &model.sorter {
        Sorter::Rules { .. } => {
            let there: Vec<Uuid> = rows.iter().map(|base| base.id).collect();
            let Some(verdicts) = rules::sort(conn, ctx, &model.sorter, &there)? else { return Ok(()) };
            there.into_iter().zip(verdicts).collect()
        }
        sorter => {
            let verdict = |base: &Base| sorter.sort(&row(base, model.is_net), model.as_of_on);
            rows.iter().map(|base| (base.id, verdict(base))).collect()
        }
    };
    // who is no customer any more is of no class
    let mut all: BTreeMap<Uuid, Verdict> = ids.iter().map(|id| (*id, Verdict::default())).collect();
    all.extend(found);
    let all: Vec<(Uuid, Verdict)> = all.into_iter().collect();
    let labels = classification::labelling(conn, ctx, of, &model.classes)?;
    classification::write(conn, ctx, of, (last, model), &labels, &all)?;
    Ok(())
}

/// Whose customers wait, and who they are.
pub(crate) type Waiting = Option<(TenantId, Vec<Uuid>)>;
