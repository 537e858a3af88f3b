//! What is made anew of what is left: the words that a row is found by.
use super::circle::Circle;
use super::plan::{Column, Laid, Plan};
use super::statement::{Row, Statement};
use super::{Data, Erasure};
use crate::Conn;
use crate::search::Words;
use kernel::Result;
use serde_json::Value;

/// The words of a row, of what is left: its numbers and pseudonyms.
pub(super) fn reindex(conn: &mut Conn, plan: &Plan, circle: &Circle, table: &Laid) -> Result<()> {
    let anew = |column: &&Column| column.tag.erasure == Erasure::Anew && column.tells_of(circle.subject.table);
    let Some(column) = table.columns.iter().find(anew).filter(|_| table.has_id()) else { return Ok(()) };
    let mut rows = Statement::new("SELECT id, jsonb_build_object('' , ''");
    for one in table.columns.iter().filter(|one| one.kind == "text" && is_left(one)) {
        rows.sql(", ").word(one.name).sql(", ").name(one.name);
    }
    rows.sql(") AS data FROM ").name(table.name);
    if !circle.place(plan, table, &mut rows) {
        return Ok(());
    }
    for Row { id, data } in rows.load::<Row>(conn)? {
        let texts = data.as_object().into_iter().flat_map(|row| row.values()).filter_map(Value::as_str);
        let words = texts.fold(Words::new(), |all, text| all.text(text).whole(text)).lexemes();
        let mut statement = Statement::new("UPDATE ");
        statement.name(table.name).sql(" SET ").name(column.name).sql(" = array_to_tsvector(").texts(&words);
        statement.sql(") WHERE tenant_id = ").id(circle.subject.tenant).sql(" AND id = ").id(id.unwrap_or_default());
        statement.execute(conn)?;
    }
    Ok(())
}

fn is_left(column: &Column) -> bool {
    let named = column.tag.data == Data::Identifier && column.tag.erasure == Erasure::Keep;
    named || column.tag.erasure == Erasure::Pseudonym
}
