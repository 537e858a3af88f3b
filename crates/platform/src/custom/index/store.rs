//! Statements that make and drop indexes take no bound values: their text is made of names of the program, of a key that
//! is looked at once more, and of ids.
use crate::Conn;
use crate::custom::field::{self, FieldDef};
use crate::filter::shape;
use crate::privacy::statement::Statement;
use diesel::Connection;
use diesel::QueryableByName;
use diesel::connection::SimpleConnection;
use diesel::sql_types::{Bool, Text};
use kernel::catalogue::Catalogue;
use kernel::custom::Type;
use kernel::{Error, Result, TenantId, error};

#[derive(QueryableByName)]
struct There {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    is_valid: bool,
}

/// How the names end of what the planner is to know.
const KNOWN: &str = "_stats";

pub fn owner(url: &str) -> Result<Conn> {
    Conn::establish(url).map_err(|e| Error::from(error::BUSY).source(e))
}

/// Whether anything was to be done.
pub fn settle(conn: &mut Conn, tenant: TenantId, noun: &'static Catalogue) -> Result<bool> {
    let (there, mut changed) = (there(conn, noun)?, false);
    for (field, is_wanted) in field::indexed(conn, tenant, noun.noun)? {
        let wanted = if is_wanted { wanted(tenant, noun, &field) } else { Vec::new() };
        let own = format!("custom_{}_", field.id.0.simple());
        let stays = |one: &There| one.is_valid && wanted.iter().any(|(name, _)| *name == one.name);
        for gone in there.iter().filter(|one| one.name.starts_with(&own) && !stays(one)) {
            let what = if gone.name.ends_with(KNOWN) { "STATISTICS" } else { "INDEX CONCURRENTLY" };
            conn.batch_execute(&format!("DROP {what} IF EXISTS \"{}\"", gone.name))?;
            changed = true;
        }
        for (_, text) in wanted.iter().filter(|(name, _)| !there.iter().any(|one| one.name == *name && stays(one))) {
            conn.batch_execute(text)?;
            changed = true;
        }
    }
    Ok(changed)
}

/// What the planner knows of the expressions.
pub fn analyze(conn: &mut Conn, noun: &'static Catalogue) -> Result<()> {
    Ok(conn.batch_execute(&format!("ANALYZE \"{}\"", noun.table))?)
}

fn there(conn: &mut Conn, noun: &'static Catalogue) -> Result<Vec<There>> {
    let mut all = Statement::new("SELECT c.relname::text AS name, i.indisvalid AS is_valid FROM pg_index AS i ");
    all.sql("JOIN pg_class AS c ON c.oid = i.indexrelid WHERE i.indrelid = to_regclass(").text(noun.table);
    all.sql(") AND starts_with(c.relname, 'custom_') UNION ALL SELECT stxname::text, TRUE FROM pg_statistic_ext ");
    all.sql("WHERE stxrelid = to_regclass(").text(noun.table).sql(") AND starts_with(stxname, 'custom_')");
    Ok(all.load(conn)?)
}

/// Names and texts. The name says what is compared: with another type comes another index. Of an index over some rows the
/// planner takes no statistics; without any it takes every range for a third of the table, and goes past the index.
fn wanted(tenant: TenantId, noun: &'static Catalogue, field: &FieldDef) -> Vec<(String, String)> {
    let plain = field.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let (Some(holds), Some(column), true) = (Type::named(&field.r#type), noun.custom, plain) else { return Vec::new() };
    let (open, between, close) = shape(holds.kind(), None);
    let value = format!("{open}\"{column}\"{between}'{}'{close}", field.key);
    let one = |way: &str, order: &str, id: &str| {
        let name = format!("custom_{}_{}_{way}", field.id.0.simple(), holds.name());
        let text = format!(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS \"{name}\" ON \"{}\" (({value}){order}, id{id}) \
             WHERE tenant_id = '{}' AND deleted_at IS NULL",
            noun.table, tenant.0
        );
        (name, text)
    };
    let name = format!("custom_{}_{}{KNOWN}", field.id.0.simple(), holds.name());
    let known = format!("CREATE STATISTICS IF NOT EXISTS \"{name}\" ON ({value}) FROM \"{}\"", noun.table);
    vec![one("up", "", ""), one("down", " DESC NULLS LAST", " DESC"), (name, known)]
}
