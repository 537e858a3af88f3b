//! Conditions over a noun that the house keeps and asks of one record: who gets it, how it is rated. Each looks at its own
//! record alone, so that it says the same after whoever's change it is asked.
use super::{Part, Question, Value, checked_by, fits_row, of_row, parts};
use crate::{Conn, custom};
use diesel::RunQueryDsl;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::{Ctx, Error, Fault, Result};
use uuid::Uuid;

/// The row that a condition is asked of.
const ROW: &str = "r";

/// Whether a text is such a condition; else what is wrong with it, as a fault of `/filter`.
pub fn check(ctx: &Ctx, noun: &'static Catalogue, text: &str) -> Result<()> {
    fits_row(text, noun, catalogues()?, &ctx.grants.own()).map_err(|refusal| {
        let error = Error::from(refusal);
        let faults = error.faults.iter().map(|fault| Fault { pointer: "/filter".into(), ..fault.clone() }).collect();
        Error::from(kernel::error::INVALID).faults(faults)
    })
}

/// Whether a text is a condition that may look at other records too, by what the caller sees; else what is wrong with it,
/// as a fault of this place.
pub fn check_wide(ctx: &Ctx, noun: &'static Catalogue, text: &str, place: &str) -> Result<()> {
    checked_by(text, noun, catalogues()?, &ctx.grants).map_err(|refusal| {
        let error = Error::from(refusal);
        let faults = error.faults.iter().map(|fault| Fault { pointer: place.to_owned(), ..fault.clone() });
        Error::from(kernel::error::INVALID).faults(faults.collect())
    })
}

/// Those of these records of which such a condition holds, as `ctx` sees them; nothing where it can be read no more.
pub fn among(
    conn: &mut Conn,
    ctx: &Ctx,
    noun: &'static Catalogue,
    text: &str,
    ids: &[Uuid],
) -> Result<Option<Vec<Uuid>>> {
    let Ok(holds) = parts(text, noun, catalogues()?, ctx) else { return Ok(None) };
    let mut asked = vec![Part::Name(noun.table), Part::Sql(".id FROM "), Part::Name(noun.table)];
    asked.extend([Part::Sql(" WHERE "), Part::Name(noun.table), Part::Sql(".tenant_id = ")]);
    asked.extend([Part::Bind(Value::Id(ctx.tenant.into())), Part::Sql(" AND "), Part::Name(noun.table)]);
    asked.extend([Part::Sql(".id = ANY ("), Part::Bind(Value::Ids(ids.to_vec())), Part::Sql(") AND (")]);
    asked.extend(holds);
    asked.push(Part::Sql(")"));
    Ok(Some(Question::<SqlUuid>::new(asked).load(conn)?))
}

/// Whether the caller sees all that a condition looks at: that it holds of a record tells of that.
pub fn is_shown(ctx: &Ctx, noun: &'static Catalogue, text: &str) -> Result<bool> {
    Ok(checked_by(text, noun, catalogues()?, &ctx.grants).is_ok())
}

/// Those of these conditions that hold of a record; one that can be read no more, for what it names has gone, does not.
pub fn holding(
    conn: &mut Conn,
    ctx: &Ctx,
    noun: &'static Catalogue,
    record: Uuid,
    rules: &[(Uuid, &str)],
) -> Result<Vec<Uuid>> {
    let all = catalogues()?;
    let mut parts = Vec::new();
    for (id, text) in rules {
        let Ok(holds) = of_row(text, noun, all, ctx, ROW) else { continue };
        parts.push(Part::Sql(if parts.is_empty() { "" } else { " UNION ALL SELECT " }));
        parts.extend([Part::Bind(Value::Id(*id)), Part::Sql(", (")]);
        parts.extend(holds);
        parts.extend([Part::Sql(") IS TRUE FROM "), Part::Name(noun.table), Part::Sql(" AS "), Part::Name(ROW)]);
        parts.extend([Part::Sql(" WHERE r.tenant_id = "), Part::Bind(Value::Id(ctx.tenant.into()))]);
        parts.extend([Part::Sql(" AND r.id = "), Part::Bind(Value::Id(record))]);
    }
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let question: Question<(SqlUuid, Bool)> = Question::new(parts);
    let told: Vec<(Uuid, bool)> = question.load(conn)?;
    Ok(told.into_iter().filter(|(_, holds)| *holds).map(|(id, _)| id).collect())
}

fn catalogues() -> Result<&'static Catalogues> {
    custom::catalogues().ok_or_else(|| Error::internal("the catalogues are not open"))
}
