//! A policy carried out: a chunk of records at a time, each by itself, the count kept with the job. What others refer to,
//! or the law holds, stays.
use super::deeds::whole;
use super::{RetentionPolicy, ageing, store};
use crate::job::{self, Held, JobProgress};
use crate::privacy::archive::told;
use crate::privacy::circle::Subject;
use crate::privacy::erase::{self, Deed};
use crate::privacy::plan::Plan;
use crate::privacy::statement::{Bind, Statement};
use crate::privacy::twin;
use crate::{Conn, filter};
use chrono::Duration;
use diesel::Connection;
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::{Ctx, Error, Kind, Result, RetentionPolicyId, error};
use serde::Serialize;
use std::path::Path;
use utoipa::ToSchema;
use uuid::Uuid;

const CHUNK: i64 = 100;

/// What a policy would reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"reached": 120, "held": 3}))]
pub struct Reached {
    /// records that would go
    pub reached: i64,
    /// records of their age that the law holds
    pub held: i64,
}

/// Which rows.
#[derive(Clone, Copy, PartialEq)]
enum Rows {
    Free,
    Held,
}

pub fn reached(
    conn: &mut Conn,
    ctx: &Ctx,
    plan: &Plan,
    catalogues: &'static Catalogues,
    policy: &RetentionPolicy,
) -> Result<Reached> {
    let mut count = |rows| -> Result<i64> {
        let mut statement = Statement::new("SELECT count(*) AS n");
        place(&mut statement, ctx, plan, catalogues, policy, rows)?;
        Ok(statement.number(conn)?)
    };
    Ok(Reached { reached: count(Rows::Free)?, held: count(Rows::Held)? })
}

/// Does all of it; whoever takes the job over goes on with what is left.
pub fn run(
    conn: &mut Conn,
    ctx: &Ctx,
    held: &Held,
    plan: &Plan,
    catalogues: &'static Catalogues,
    data_dir: &Path,
    id: RetentionPolicyId,
) -> Result<()> {
    let ctx = whole(ctx, catalogues);
    let policy = store::find(conn, &ctx, id)?;
    let table = ageing(catalogues, &policy.resource).map(|catalogue| catalogue.table);
    let table = table.ok_or_else(|| Error::internal(format!("{} does not age", policy.resource)))?;
    let (mut done, mut kept, mut after) = (0_i64, 0_i64, Uuid::nil());
    loop {
        let mut statement = Statement::new("SELECT ");
        statement.name(table).sql(".id");
        place(&mut statement, &ctx, plan, catalogues, &policy, Rows::Free)?;
        statement.sql(" AND ").name(table).sql(".id > ").id(after);
        statement.sql(" ORDER BY ").name(table).sql(".id LIMIT ").bind(Bind::Int(CHUNK));
        let chunk = statement.load_ids(conn)?;
        let Some(last) = chunk.last() else { break };
        after = *last;
        for record in &chunk {
            let subject = Subject { tenant: ctx.tenant, table, id: *record };
            match one(conn, &ctx, plan, data_dir, &policy, subject) {
                Ok(()) => done += 1,
                Err(error) if error.kind() == Kind::Conflict => kept += 1,
                Err(error) => return Err(error),
            }
        }
        crate::crash::point("retention_after_chunk");
        if job::keep(conn, held, Some(&JobProgress { done, total: None, unit: "records" }.json()))? {
            job::end(conn, held, "cancelled", None)?;
            return Ok(());
        }
    }
    conn.transaction(|conn| {
        store::ended(conn, &ctx, id, done, kept)?;
        job::end(conn, held, "succeeded", None)
    })
}

fn one(
    conn: &mut Conn,
    ctx: &Ctx,
    plan: &Plan,
    data_dir: &Path,
    policy: &RetentionPolicy,
    subject: Subject,
) -> Result<()> {
    let deed = Deed { actor: ctx.actor.user, request: ctx.request, now: ctx.now, cause: policy.id.0, again: false };
    let person = twin::whole(conn, subject)?;
    if twin::is_left(conn, subject, person)? {
        return match policy.action.as_str() {
            "purge" => done(conn, policy, subject, deed),
            _ => Err(error::IN_USE.into()),
        };
    }
    if policy.action != "archive" {
        erase::erase(conn, plan, data_dir, subject, deed)?;
    }
    conn.transaction(|conn| {
        let (_, mut all) = twin::locked(conn, person)?;
        // what names the other goes first
        all.reverse();
        all.into_iter().try_for_each(|one| done(conn, policy, one, deed))
    })
}

fn done(conn: &mut Conn, policy: &RetentionPolicy, subject: Subject, deed: Deed) -> Result<()> {
    let noun = Some(twin::noun(&subject)).filter(|noun| !noun.is_empty()).unwrap_or(&policy.resource);
    match policy.action.as_str() {
        "archive" => {
            let mut statement = Statement::new("WITH changed AS (UPDATE ");
            statement.name(subject.table).sql(" SET deleted_at = ").bind(Bind::At(deed.now));
            statement.sql(", version = version + 1, updated_at = ").bind(Bind::At(deed.now));
            statement.sql(", updated_by = ").id(deed.actor).sql(" WHERE tenant_id = ").id(subject.tenant);
            statement.sql(" AND id = ").id(subject.id).sql(" AND deleted_at IS NULL RETURNING *)");
            told(&mut statement, format!("{noun}.deleted"), deed);
            statement.execute(conn)?;
        }
        "purge" => {
            let mut statement = Statement::new("WITH changed AS (DELETE FROM ");
            statement.name(subject.table).sql(" WHERE tenant_id = ").id(subject.tenant);
            statement.sql(" AND id = ").id(subject.id).sql(" RETURNING *)");
            told(&mut statement, format!("{noun}.purged"), deed);
            statement.execute(conn)?;
        }
        _ => {}
    }
    Ok(())
}

/// ` FROM … WHERE` the records of a policy's age and condition. Whose customer is held is held too.
fn place(
    statement: &mut Statement,
    ctx: &Ctx,
    plan: &Plan,
    catalogues: &'static Catalogues,
    policy: &RetentionPolicy,
    rows: Rows,
) -> Result<()> {
    let unfit = || Error::internal(format!("the policy {} fits no records", policy.id));
    let catalogue: &'static Catalogue = ageing(catalogues, &policy.resource).ok_or_else(unfit)?;
    let (table, field) = (catalogue.table, catalogue.field(&policy.date_field).ok_or_else(unfit)?);
    statement.sql(" FROM ").name(table).sql(" WHERE ").name(table).sql(".tenant_id = ").id(ctx.tenant);
    statement.sql(" AND ").name(table).sql(".").name(field.column).sql(" < ");
    statement.bind(Bind::At(ctx.now - Duration::days(policy.age_days.into())));
    match policy.action.as_str() {
        "archive" => drop(statement.sql(" AND ").name(table).sql(".deleted_at IS NULL")),
        "anonymise" => {
            statement.sql(" AND NOT EXISTS (SELECT 1 FROM erasures AS e WHERE e.tenant_id = ").id(ctx.tenant);
            statement.sql(" AND e.resource = ").word(table).sql(" AND e.record_id = ").name(table).sql(".id)");
        }
        _ => {}
    }
    if let Some(text) = &policy.filter {
        statement.sql(" AND (").filter(filter::parts(text, catalogue, catalogues, ctx)?).sql(")");
    }
    statement.sql(if rows == Rows::Held { " AND EXISTS" } else { " AND NOT EXISTS" });
    statement.sql(" (SELECT 1 FROM legal_holds AS h WHERE h.released_at IS NULL AND h.tenant_id = ").id(ctx.tenant);
    statement.sql(" AND h.subject_id IN (").name(table).sql(".id");
    for edge in plan.edges_of(table) {
        statement.sql(", ").name(table).sql(".").name(edge.column);
    }
    twin::ids(statement, table, ctx.tenant);
    statement.sql("))");
    // whose processing is restricted is kept, and nothing else
    statement.sql(" AND NOT EXISTS (SELECT 1 FROM restrictions AS r WHERE r.tenant_id = ").id(ctx.tenant);
    statement.sql(" AND r.record_id = ").name(table).sql(".id)");
    Ok(())
}
