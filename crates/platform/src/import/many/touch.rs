//! A change of what stands beside records, told as theirs.
use super::Many;
use crate::Conn;
use crate::custom::Rules;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Text, Timestamptz, Uuid as SqlUuid};
use kernel::Ctx;
use kernel::catalogue::Catalogue;
use kernel::event::Verb;
use uuid::Uuid;

/// Records of which something has changed that stands beside them: a version more, and the event that says what; those
/// that are there.
pub fn touch(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, verb: Verb, ids: &[Uuid]) -> QueryResult<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    changed(ctx, noun, verb, ids).run(conn)
}

/// The same of records whose rules are not asked anew: they are as they were, and name another record by another id.
pub fn retold(
    conn: &mut Conn,
    ctx: &Ctx,
    noun: &'static Catalogue,
    verb: Verb,
    ids: &[Uuid],
) -> QueryResult<Vec<Uuid>> {
    Many { rules: Rules(None), ..changed(ctx, noun, verb, ids) }.run(conn)
}

fn changed(ctx: &Ctx, noun: &'static Catalogue, verb: Verb, ids: &[Uuid]) -> Many<Touch> {
    Many::new(ctx, noun, verb, ids.to_vec(), Touch::of(ctx, noun, ids))
}

/// Records that have come on by what has happened elsewhere, whoever sees them: one column of them, a text, is another
/// by now. Their rules are not asked anew, for nobody has said anything of them.
pub fn advance(
    conn: &mut Conn,
    ctx: &Ctx,
    noun: &'static Catalogue,
    verb: Verb,
    to: (&'static str, &str),
    ids: &[Uuid],
) -> QueryResult<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let change = Touch { to: Some((to.0, to.1.to_owned())), ..Touch::of(ctx, noun, ids) };
    Many { rules: Rules(None), ..Many::new(ctx, noun, verb, ids.to_vec(), change) }.run(conn)
}

struct Touch {
    noun: &'static Catalogue,
    tenant: Uuid,
    user: Uuid,
    now: DateTime<Utc>,
    ids: Vec<Uuid>,
    /// a column, and what it holds from now on
    to: Option<(&'static str, String)>,
}

impl Touch {
    fn of(ctx: &Ctx, noun: &'static Catalogue, ids: &[Uuid]) -> Self {
        Self { noun, tenant: ctx.tenant.0, user: ctx.actor.user.0, now: ctx.now, ids: ids.to_vec(), to: None }
    }
}

impl QueryFragment<Pg> for Touch {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        out.push_sql(self.noun.table);
        out.push_sql(" AS t SET version = t.version + 1, updated_at = ");
        out.push_bind_param::<Timestamptz, _>(&self.now)?;
        out.push_sql(", updated_by = ");
        out.push_bind_param::<SqlUuid, _>(&self.user)?;
        if let Some((column, value)) = &self.to {
            out.push_sql(", ");
            out.push_identifier(column)?;
            out.push_sql(" = ");
            out.push_bind_param::<Text, _>(value)?;
        }
        out.push_sql(" WHERE t.tenant_id = ");
        out.push_bind_param::<SqlUuid, _>(&self.tenant)?;
        out.push_sql(" AND t.id = ANY (");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(")");
        Ok(())
    }
}
