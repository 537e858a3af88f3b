//! What an erasure would do, before it is done: which columns of how many rows go and how, which stay and why, and what
//! stands in its way.
use super::circle::{Circle, Subject};
use super::plan::{Column, HISTORY, Plan};
use super::{Data, Erasure, files, hold, twin};
use crate::Conn;
use kernel::{LegalHoldId, Result};
use serde::Serialize;
use std::path::Path;
use utoipa::ToSchema;

/// What erasing somebody would do.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(example = json!({
    "is_allowed": true, "holds": [], "files": 1, "tables": [{"table": "orders", "rows": 3,
        "goes": [{"column": "description", "how": "null"}],
        "stays": [{"column": "total_amount", "why": "a statistic, which the books need by law; it tells of nobody alone"}]}]
}))]
pub struct ErasurePreview {
    /// whether nothing stands in its way
    pub is_allowed: bool,
    /// the legal holds that stand in its way
    pub holds: Vec<LegalHoldId>,
    /// files that would go as a whole
    pub files: usize,
    pub tables: Vec<ErasurePart>,
}

/// What would become of the rows of a table.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ErasurePart {
    pub table: &'static str,
    pub rows: i64,
    pub goes: Vec<Goes>,
    pub stays: Vec<Stays>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Goes {
    pub column: &'static str,
    /// `row`, `null`, `empty`, `pseudonym`, `anew` or `redacted`
    pub how: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Stays {
    pub column: &'static str,
    pub why: &'static str,
}

pub fn preview(conn: &mut Conn, plan: &Plan, data_dir: &Path, subject: Subject) -> Result<ErasurePreview> {
    let subject = twin::whole(conn, subject)?;
    let mut circle = Circle::find(conn, plan, subject, &[])?;
    let held = files::holding(conn, data_dir, &circle, false)?;
    circle.add("imports", held);
    let out = files::taken_out(conn, data_dir, &circle, false)?;
    circle.add("exports", out);
    let mut tables = Vec::new();
    for table in &plan.tables {
        let rows = circle.count(conn, plan, table)?;
        if rows > 0 {
            let theirs = || table.columns.iter().filter(|column| column.tells_of(subject.table) || table.goes());
            let goes =
                theirs().filter(|column| column.tag.erasure != Erasure::Keep).map(|column| goes(table.name, column));
            let stays = theirs().filter(|column| column.tag.erasure == Erasure::Keep).map(stays);
            tables.push(ErasurePart { table: table.name, rows, goes: goes.collect(), stays: stays.collect() });
        }
    }
    let holds = hold::on(conn, subject)?;
    let files = files::of(&circle).iter().filter(|name| files::path(data_dir, name).is_file()).count();
    Ok(ErasurePreview { is_allowed: holds.is_empty(), holds, files, tables })
}

fn goes(table: &str, column: &Column) -> Goes {
    let how = match column.tag.erasure {
        _ if table == HISTORY => "redacted".to_owned(),
        how => format!("{how:?}").to_lowercase(),
    };
    Goes { column: column.name, how }
}

fn stays(column: &Column) -> Stays {
    let why = match column.tag.data {
        Data::Statistic => "a statistic, which the books need by law; it tells of nobody alone",
        Data::Identifier => "an id, which leads to a pseudonym",
        _ => "it tells nothing of anybody",
    };
    Stays { column: column.name, why }
}
