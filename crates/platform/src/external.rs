//! What other systems call our records: (resource, source system, external id) → record. One record may have many
//! names, one name stands for one record. Whoever may see a record may see what it is called elsewhere; the doors ask
//! for the record first.
use crate::filter::Listed;
use crate::schema::external_refs;
use crate::{Conn, custom, file, share};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::catalogue::{Catalogue, Field, Kind, Owned};
use kernel::{Code, Ctx, ExternalRefId, Noun, Result};
use serde::Serialize;
use uuid::Uuid;

pub const EXTERNAL_ID_TAKEN: Code = Code::new(
    "external_id_taken",
    kernel::Kind::Conflict,
    "Another record is known by this external id in that source system.",
);
pub const CODES: &[Code] = &[EXTERNAL_ID_TAKEN];

/// The name of a record in another system.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, utoipa::ToSchema)]
#[diesel(table_name = external_refs, check_for_backend(diesel::pg::Pg))]
pub struct ExternalRef {
    pub id: ExternalRefId,
    #[schema(example = "shopify")]
    pub source_system: String,
    #[schema(example = "cus_9s6XKzkNRiz8i3")]
    pub external_id: String,
    /// the record so called
    pub record_id: Uuid,
    pub created_at: DateTime<Utc>,
}

impl Noun for ExternalRef {
    const NAME: &'static str = "external_ref";
}

impl Listed for external_refs::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "external_ref",
    table: "external_refs",
    fields: &[
        Field::new("id", Kind::Id),
        Field::new("source_system", Kind::Text),
        Field::new("external_id", Kind::Text),
        Field::new("record_id", Kind::Id),
        Field::new("created_at", Kind::Instant),
    ],
    relations: &[],
    custom: None,
    owned: Owned::Shared,
};

/// What comes before the key of a unique field of the tenant's own, by which a record is asked for as by its name in
/// another system; no such system is called so.
pub const OWN: &str = "\u{1}";

/// The record that a source system calls so, whether or not the caller may see it.
pub fn find<N: Noun>(conn: &mut Conn, ctx: &Ctx, source_system: &str, external_id: &str) -> Result<Option<Uuid>> {
    if let Some(key) = source_system.strip_prefix(OWN) {
        return custom::holder(conn, ctx, N::NAME, key, external_id);
    }
    Ok(external_refs::table
        .find((ctx.tenant, N::NAME, source_system, external_id))
        .select(external_refs::record_id)
        .first(conn)
        .optional()?)
}

/// Which records a source system calls so, of many names at once.
pub fn find_all<N: Noun>(
    conn: &mut Conn,
    ctx: &Ctx,
    source_system: &str,
    external_ids: &[String],
) -> Result<Vec<(String, Uuid)>> {
    Ok(external_refs::table
        .filter(external_refs::tenant_id.eq(ctx.tenant))
        .filter(external_refs::resource.eq(N::NAME))
        .filter(external_refs::source_system.eq(source_system))
        .filter(external_refs::external_id.eq_any(external_ids))
        .select((external_refs::external_id, external_refs::record_id))
        .load(conn)?)
}

/// The names of a record.
pub fn of(conn: &mut Conn, ctx: &Ctx, record: Uuid) -> Result<Vec<ExternalRef>> {
    of_all(conn, ctx, &[record])
}

/// The names of many records.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, records: &[Uuid]) -> Result<Vec<ExternalRef>> {
    Ok(external_refs::table
        .filter(external_refs::tenant_id.eq(ctx.tenant))
        .filter(external_refs::record_id.eq_any(records))
        .order((external_refs::source_system, external_refs::external_id))
        .select(ExternalRef::as_select())
        .load(conn)?)
}

/// Gives a record a name. `false` where the name stands for another record already.
pub fn put<N: Noun>(conn: &mut Conn, ctx: &Ctx, record: Uuid, source_system: &str, external_id: &str) -> Result<bool> {
    if source_system.starts_with(OWN) {
        return Ok(true); // it stands in the record itself
    }
    Ok(put_all::<N>(conn, ctx, source_system, &[(external_id.to_owned(), record)])? == 1)
}

/// Gives many records their names; how many of the names now stand for the record given.
pub fn put_all<N: Noun>(conn: &mut Conn, ctx: &Ctx, source_system: &str, names: &[(String, Uuid)]) -> Result<usize> {
    let rows: Vec<_> = names
        .iter()
        .map(|(external_id, record)| {
            (
                external_refs::tenant_id.eq(ctx.tenant),
                external_refs::resource.eq(N::NAME),
                external_refs::source_system.eq(source_system),
                external_refs::external_id.eq(external_id),
                external_refs::record_id.eq(record),
                external_refs::id.eq(ExternalRefId::new()),
                external_refs::created_at.eq(ctx.now),
            )
        })
        .collect();
    let new = diesel::insert_into(external_refs::table).values(rows).on_conflict_do_nothing().execute(conn)?;
    if new == names.len() {
        return Ok(new);
    }
    let wanted: Vec<String> = names.iter().map(|(external_id, _)| external_id.clone()).collect();
    let found = find_all::<N>(conn, ctx, source_system, &wanted)?;
    Ok(names.iter().filter(|name| found.contains(name)).count())
}

/// Takes a record's name in a source system away.
pub fn remove(conn: &mut Conn, ctx: &Ctx, record: Uuid, source_system: &str) -> Result<usize> {
    let names = external_refs::table
        .filter(external_refs::tenant_id.eq(ctx.tenant))
        .filter(external_refs::record_id.eq(record))
        .filter(external_refs::source_system.eq(source_system));
    Ok(diesel::delete(names).execute(conn)?)
}

diesel::define_sql_function! {
    fn forget_records(tenant: diesel::sql_types::Uuid, records: diesel::sql_types::Array<diesel::sql_types::Uuid>);
}

/// Takes all names of records that are gone for good, whatever was shared of them, their files and tags, and what links
/// others to them: their ids may come again.
pub fn forget(conn: &mut Conn, ctx: &Ctx, records: &[Uuid]) -> Result<usize> {
    diesel::select(forget_records(ctx.tenant, records.to_vec())).execute(conn)?;
    share::forget(conn, ctx, records)?;
    file::forget(conn, ctx, records)?;
    let names = external_refs::table
        .filter(external_refs::tenant_id.eq(ctx.tenant))
        .filter(external_refs::record_id.eq_any(records));
    Ok(diesel::delete(names).execute(conn)?)
}
