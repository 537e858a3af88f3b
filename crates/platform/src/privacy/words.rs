//! The words that somebody is known by: texts of theirs that nobody else has. By these, and by nothing less, they are
//! looked for in texts that may speak of anybody.
use super::circle::Circle;
use super::plan::{Laid, Plan};
use super::statement::{Statement, Told};
use super::{Data, Erasure, Whose};
use crate::Conn;
use diesel::result::QueryResult;
use std::collections::BTreeSet;

/// Shorter texts are words that anybody may use.
const SHORTEST: usize = 6;
/// Of plain Latin letters a longer one is needed: `customer` is nobody's name.
const SHORTEST_WORD: usize = 10;
const LONGEST: i64 = 2_000;
const MOST: usize = 2_000;

/// The words of a circle, as they stand and as JSON writes them.
pub fn of(conn: &mut Conn, plan: &Plan, circle: &Circle) -> QueryResult<Vec<String>> {
    let mut all = BTreeSet::new();
    for table in &plan.tables {
        for column in table.columns.iter().filter(|column| column.kind == "text" && is_theirs(table, column)) {
            if all.len() < MOST {
                all.extend(alone(conn, plan, circle, table, column.name)?);
            }
        }
    }
    let json = |text: &String| serde_json::to_string(text).map(|json| json.trim_matches('"').to_owned()).ok();
    let written: Vec<String> = all.iter().filter_map(json).collect();
    all.extend(written);
    Ok(all.into_iter().collect())
}

fn is_theirs(table: &Laid, column: &super::plan::Column) -> bool {
    let named = column.tag.data == Data::Identifier && table.goes() && column.tag.whose != Whose::Nobody;
    let tells = [Data::Personal, Data::Sensitive].contains(&column.tag.data) && column.tag.whose != Whose::Anyone;
    (tells || named) && column.tag.erasure != Erasure::Keep
}

/// The texts of a column in their rows that stand in no other row.
fn alone(
    conn: &mut Conn,
    plan: &Plan,
    circle: &Circle,
    table: &Laid,
    column: &'static str,
) -> QueryResult<Vec<String>> {
    let mut theirs = Statement::new("SELECT DISTINCT ");
    theirs.name(column).sql(" AS text FROM ").name(table.name);
    if !circle.place(plan, table, &mut theirs) {
        return Ok(Vec::new());
    }
    theirs.sql(" AND octet_length(").name(column).sql(") <= ").bind(super::statement::Bind::Int(LONGEST));
    let mut found: Vec<String> = theirs.load::<Told>(conn)?.into_iter().filter_map(|row| row.text).collect();
    found.extend(past(conn, circle, table, column)?);
    let found: Vec<String> = found.into_iter().filter(|text| is_telling(text)).take(MOST).collect();
    if found.is_empty() {
        return Ok(found);
    }
    let mut shared = Statement::new("SELECT w.text FROM unnest(");
    shared.texts(&found).sql(") AS w (text) WHERE (SELECT count(*) FROM ").name(table.name).sql(" WHERE tenant_id = ");
    shared.id(circle.subject.tenant).sql(" AND ").name(column).sql(" = w.text) > (SELECT count(*) FROM ");
    shared.name(table.name);
    circle.place(plan, table, &mut shared);
    shared.sql(" AND ").name(column).sql(" = w.text)");
    let shared: BTreeSet<String> = shared.load::<Told>(conn)?.into_iter().filter_map(|row| row.text).collect();
    Ok(found.into_iter().filter(|text| !shared.contains(text)).collect())
}

/// The texts that stood in a column of theirs, as events tell.
fn past(conn: &mut Conn, circle: &Circle, table: &Laid, column: &'static str) -> QueryResult<Vec<String>> {
    let Some(ids) = circle.of(table.name) else { return Ok(Vec::new()) };
    let mut past = Statement::new("SELECT DISTINCT data->>");
    past.word(column).sql(" AS text FROM event_log WHERE tenant_id = ").id(circle.subject.tenant);
    past.sql(" AND object_id = ANY (").ids(ids).sql(") AND data->>").word(column).sql(" IS NOT NULL");
    Ok(past.load::<Told>(conn)?.into_iter().filter_map(|row| row.text).collect())
}

fn is_telling(text: &str) -> bool {
    let text = text.trim();
    let plain = text.chars().all(|c| c.is_ascii_alphabetic() || c == '_' || c == '-');
    text.len() >= if plain { SHORTEST_WORD } else { SHORTEST } && !text.starts_with(super::PSEUDONYM)
}

#[cfg(test)]
mod tests {
    use super::is_telling;

    #[test]
    fn what_anybody_may_say_tells_of_nobody() {
        for text in ["a@b.cn", "+8613800138000", "王伟先生", "12 Lake Road", "Bartholomew"] {
            assert!(is_telling(text), "{text}");
        }
        for text in ["female", "customer", "", "  ", "zh-Hans", "Anna", "erased-0192f0c1-7a3b"] {
            assert!(!is_telling(text), "{text}");
        }
    }
}
