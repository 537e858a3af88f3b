//! Records that are one person: an account that is somebody's and their contact. What is done about the one is done
//! about both, and it is the contact that tells who they are.
use super::circle::{self, Subject};
use super::plan::ROOTS;
use super::statement::Statement;
use crate::Conn;
use diesel::result::QueryResult;
use kernel::TenantId;

/// Whose rows name in a column the record of another table that is the same person.
const TWINS: &[(&str, &str, &str)] = &[("accounts", "person_id", "contacts")];

/// The record that tells who is meant: of an account that is somebody's their contact, of any other itself.
pub fn whole(conn: &mut Conn, subject: Subject) -> QueryResult<Subject> {
    let Some((table, column, of)) = TWINS.iter().copied().find(|(table, ..)| *table == subject.table) else {
        return Ok(subject);
    };
    let mut named = Statement::new("SELECT ");
    named.name(column).sql(" AS id FROM ").name(table).sql(" WHERE tenant_id = ").id(subject.tenant);
    named.sql(" AND id = ").id(subject.id).sql(" AND ").name(column).sql(" IS NOT NULL");
    let found = named.load_ids(conn)?;
    Ok(found.first().map_or(subject, |id| Subject { table: of, id: *id, ..subject }))
}

/// Whether the record was archived alone, and the one that tells who is meant lives on: what becomes of the one becomes of
/// the other no more.
pub fn is_left(conn: &mut Conn, subject: Subject, whole: Subject) -> QueryResult<bool> {
    if subject.id == whole.id {
        return Ok(false);
    }
    let mut left = Statement::new("SELECT t.id FROM ");
    left.name(subject.table).sql(" AS t JOIN ").name(whole.table).sql(" AS w ON w.tenant_id = t.tenant_id AND w.id = ");
    left.id(whole.id).sql(" WHERE t.tenant_id = ").id(subject.tenant).sql(" AND t.id = ").id(subject.id);
    left.sql(" AND t.deleted_at IS NOT NULL AND w.deleted_at IS NULL");
    Ok(!left.load_ids(conn)?.is_empty())
}

/// All that are the same person, whoever of them is meant: first the one that tells who they are.
pub fn all(conn: &mut Conn, subject: Subject) -> QueryResult<Vec<Subject>> {
    let first = whole(conn, subject)?;
    let mut all = vec![first];
    for (table, column, _) in TWINS.iter().copied().filter(|(.., of)| *of == first.table) {
        let mut theirs = Statement::new("SELECT id FROM ");
        theirs.name(table).sql(" WHERE tenant_id = ").id(first.tenant);
        theirs.sql(" AND ").name(column).sql(" = ").id(first.id);
        all.extend(theirs.load_ids(conn)?.into_iter().map(|id| Subject { table, id, ..first }));
    }
    Ok(all)
}

/// Whether the record is there, and all that are the same person; each of them locked.
pub fn locked(conn: &mut Conn, subject: Subject) -> QueryResult<(bool, Vec<Subject>)> {
    let is_there = circle::is_there(conn, subject, true)?;
    let both = all(conn, subject)?;
    for other in both.iter().skip(1) {
        circle::is_there(conn, *other, true)?;
    }
    Ok((is_there, both))
}

/// `, …`: the ids of those that are the same person as the row of a table, where it tells who they are.
pub fn ids(statement: &mut Statement, of: &'static str, tenant: TenantId) {
    for (table, column, _) in TWINS.iter().copied().filter(|(.., whole)| *whole == of) {
        statement.sql(", (SELECT t.id FROM ").name(table).sql(" AS t WHERE t.tenant_id = ").id(tenant);
        statement.sql(" AND t.").name(column).sql(" = ").name(of).sql(".id)");
    }
}

/// As callers name what such a record is.
pub fn noun(subject: &Subject) -> &'static str {
    ROOTS.iter().find(|(.., table)| *table == subject.table).map_or("", |(noun, ..)| *noun)
}
