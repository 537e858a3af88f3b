//! What is in force, and what stands in records: over the tables of whichever nouns have such fields.
use super::field::FieldDef;
use crate::privacy::statement::{Statement, Told};
use crate::schema::{custom_uniques, field_defs, field_versions, option_sets};
use crate::{Conn, custom};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::catalogue::Catalogue;
use kernel::custom::{Choice, OfNoun, Own};
use kernel::{Ctx, OptionSetId, Result, TenantId, error};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The version of each noun's fields.
pub(super) fn versions(conn: &mut Conn, tenant: TenantId) -> QueryResult<Vec<(String, i64)>> {
    let all = field_versions::table.filter(field_versions::tenant_id.eq(tenant));
    all.select((field_versions::object, field_versions::version)).load(conn)
}

/// All fields that are in force, by noun, in their order.
pub(super) fn fields(
    conn: &mut Conn,
    tenant: TenantId,
    versions: Vec<(String, i64)>,
) -> Result<BTreeMap<String, OfNoun>> {
    let mut nouns: BTreeMap<String, OfNoun> =
        versions.into_iter().map(|(noun, version)| (noun, OfNoun { version, ..OfNoun::default() })).collect();
    let sets: Vec<(OptionSetId, custom::option_set::Choices)> = option_sets::table
        .filter(option_sets::tenant_id.eq(tenant))
        .select((option_sets::id, option_sets::options))
        .load(conn)?;
    let sets: HashMap<OptionSetId, Vec<Choice>> = sets.into_iter().map(|(id, choices)| (id, choices.0)).collect();
    let defined: Vec<FieldDef> = field_defs::table
        .filter(field_defs::tenant_id.eq(tenant))
        .order((field_defs::position, field_defs::id))
        .select(FieldDef::as_select())
        .load(conn)?;
    for field in defined {
        let options = field.option_set_id.and_then(|set| sets.get(&set)).cloned().unwrap_or_default();
        let (object, lives) = (field.object.clone(), field.deleted_at.is_none());
        let Some((noun, own)) = nouns.get_mut(&object).zip(field.into_own(options)) else { continue };
        match lives {
            true => noun.fields.push(own),
            false => noun.archived.push(own.key),
        }
    }
    for noun in nouns.values_mut() {
        noun.archived.retain(|key| !noun.fields.iter().any(|own| own.key == *key));
    }
    Ok(nouns)
}

/// Nobody writes fields of this noun until the transaction ends, and whoever was writing them is done.
pub(super) fn alone(conn: &mut Conn, ctx: &Ctx, noun: &str) -> QueryResult<()> {
    let mut lock = Statement::new("SELECT pg_advisory_xact_lock(custom_lock(");
    lock.id(ctx.tenant).sql(", ").text(noun).sql("))");
    lock.execute(conn).map(drop)
}

/// The definitions stay as they are until the transaction ends: for whoever writes many records.
pub(crate) fn with_others(conn: &mut Conn, ctx: &Ctx, noun: &str) -> QueryResult<()> {
    shared(conn, ctx.tenant, noun)
}

/// The same where nobody in particular is at work.
pub(super) fn shared(conn: &mut Conn, tenant: TenantId, noun: &str) -> QueryResult<()> {
    let mut lock = Statement::new("SELECT pg_advisory_xact_lock_shared(custom_lock(");
    lock.id(tenant).sql(", ").text(noun).sql("))");
    lock.execute(conn).map(drop)
}

/// The definitions of a noun have changed: from now on what was checked by older ones is not kept.
pub(super) fn moved(conn: &mut Conn, ctx: &Ctx, noun: &str) -> QueryResult<()> {
    let unique: Vec<String> = field_defs::table
        .filter(field_defs::tenant_id.eq(ctx.tenant))
        .filter(field_defs::object.eq(noun))
        .filter(field_defs::deleted_at.is_null())
        .filter(field_defs::is_unique)
        .select(field_defs::key)
        .load(conn)?;
    let row = (
        field_versions::tenant_id.eq(ctx.tenant),
        field_versions::object.eq(noun),
        field_versions::version.eq(1_i64),
        field_versions::unique_keys.eq(&unique),
    );
    diesel::insert_into(field_versions::table)
        .values(row)
        .on_conflict((field_versions::tenant_id, field_versions::object))
        .do_update()
        .set((field_versions::version.eq(field_versions::version + 1), field_versions::unique_keys.eq(&unique)))
        .execute(conn)
        .map(drop)
}

/// Whether any record, archived ones too, has a value of this key.
pub(super) fn has_values(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, key: &str) -> QueryResult<bool> {
    let mut some = Statement::new("SELECT ");
    some.text("x").sql(" AS text FROM ").name(noun.table).sql(" WHERE tenant_id = ").id(ctx.tenant);
    some.sql(" AND jsonb_exists(custom, ").text(key).sql(") LIMIT 1");
    Ok(!some.load::<Told>(conn)?.is_empty())
}

/// Numbers become exact decimals as text.
pub(super) fn widen(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, key: &str) -> QueryResult<()> {
    let mut all = Statement::new("UPDATE ");
    all.name(noun.table).sql(" SET custom = jsonb_set(custom, ARRAY[").text(key).sql("], to_jsonb(custom ->> ");
    all.text(key).sql(")) WHERE tenant_id = ").id(ctx.tenant).sql(" AND jsonb_exists(custom, ").text(key).sql(")");
    all.execute(conn).map(drop)
}

/// The list of values that are unique, made anew for one key: of a field that has become so, or is so no more.
pub(super) fn list_uniques(
    conn: &mut Conn,
    ctx: &Ctx,
    noun: &'static Catalogue,
    key: &str,
    is_unique: bool,
) -> QueryResult<()> {
    let listed = custom_uniques::table
        .filter(custom_uniques::tenant_id.eq(ctx.tenant))
        .filter(custom_uniques::object.eq(noun.noun))
        .filter(custom_uniques::key.eq(key));
    diesel::delete(listed).execute(conn)?;
    if !is_unique {
        return Ok(());
    }
    let mut all = Statement::new("INSERT INTO custom_uniques (tenant_id, object, key, value, record_id) SELECT ");
    all.sql("tenant_id, ").text(noun.noun).sql(", ").text(key).sql(", custom ->> ").text(key).sql(", id FROM ");
    all.name(noun.table).sql(" WHERE tenant_id = ").id(ctx.tenant).sql(" AND deleted_at IS NULL AND ");
    all.sql("custom ->> ").text(key).sql(" IS NOT NULL");
    all.execute(conn).map(drop)
}

/// Which record has this value of a unique field, as the path of an upsert writes it.
pub fn holder(conn: &mut Conn, ctx: &Ctx, noun: &str, key: &str, value: &str) -> Result<Option<Uuid>> {
    let all = ctx.grants.own();
    let own: Option<&Own> = all.get(noun, key).filter(|own| own.is_unique);
    let own = own.ok_or(error::NOT_FOUND)?;
    let Some(value) = super::normal(own, value, ctx.grants.phone_region()) else { return Ok(None) };
    let found = custom_uniques::table.find((ctx.tenant, noun, key, value)).select(custom_uniques::record_id);
    Ok(found.first(conn).optional()?)
}
