//! Records of any noun that has fields of the tenant's own: what is searched of them, and what they are found by.
use crate::Conn;
use crate::privacy::statement::{Row, Statement};
use diesel::result::QueryResult;
use kernel::TenantId;
use kernel::catalogue::{Catalogue, Owned};
use uuid::Uuid;

/// The member with the texts of a record's parts; no field is called so.
pub const PARTS: &str = "";

/// The next records behind an id, archived ones too, which nobody changes until the transaction ends.
pub fn some(
    conn: &mut Conn,
    tenant: TenantId,
    noun: &'static Catalogue,
    parts: &[&'static Catalogue],
    after: Option<Uuid>,
    most: i64,
) -> QueryResult<Vec<Row>> {
    let mut rows = Statement::new("SELECT t.id, jsonb_build_object('custom', t.custom, ");
    rows.word(PARTS).sql(", '[]'::jsonb");
    for part in parts {
        texts(&mut rows, tenant, part);
    }
    for field in noun.fields.iter().filter(|field| field.searched.is_some()) {
        rows.sql(", ").word(field.name).sql(", t.").name(field.column);
    }
    rows.sql(") AS data FROM ").name(noun.table).sql(" AS t WHERE t.tenant_id = ").id(tenant);
    if let Some(after) = after {
        rows.sql(" AND t.id > ").id(after);
    }
    rows.sql(" ORDER BY t.id LIMIT ").int(most).sql(" FOR NO KEY UPDATE OF t");
    rows.load(conn)
}

fn texts(rows: &mut Statement, tenant: TenantId, part: &'static Catalogue) {
    let Owned::Part { column, .. } = part.owned else { return };
    for field in part.fields.iter().filter(|field| field.searched.is_some()) {
        rows.sql(" || coalesce((SELECT jsonb_agg(p.").name(field.column).sql(") FROM ").name(part.table);
        rows.sql(" AS p WHERE p.tenant_id = ").id(tenant).sql(" AND p.").name(column).sql(" = t.id), '[]')");
    }
}

/// What is found by the same words as before stays as it is.
pub fn write(
    conn: &mut Conn,
    tenant: TenantId,
    noun: &'static Catalogue,
    found: &[(Uuid, String)],
) -> QueryResult<usize> {
    let words: Vec<String> = found.iter().map(|(_, words)| words.clone()).collect();
    let mut all = Statement::new("UPDATE ");
    all.name(noun.table).sql(" AS t SET search = w.words::tsvector FROM unnest(");
    all.ids(found.iter().map(|(id, _)| id)).sql(", ").texts(&words);
    all.sql(") AS w (id, words) WHERE t.tenant_id = ").id(tenant);
    all.sql(" AND t.id = w.id AND t.search IS DISTINCT FROM w.words::tsvector");
    all.execute(conn)
}
