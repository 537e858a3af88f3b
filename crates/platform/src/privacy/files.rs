//! The files of the house that may hold somebody: what was brought in, and what was gathered for them. A file goes as a
//! whole, for a row cannot be taken out of a workbook without writing it anew.
use super::circle::Circle;
use super::statement::{Bind, Row, Statement};
use crate::Conn;
use crate::import::Mapping;
use crate::table::{Format, Options, Table};
use kernel::{Error, Result, error, text};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Below the folder of the house.
const FOLDER: &str = "files";
/// Numbers are written in many ways: as many digits at their end say that they are the same.
const DIGITS: usize = 8;
const UNDER_WAY: [&str; 3] = ["queued", "running", "reverting"];

/// Where a file stands that the ledger or a request names.
pub fn path(data_dir: &Path, name: &str) -> PathBuf {
    data_dir.join(FOLDER).join(name)
}

/// The name of what was gathered for a request.
pub fn gathered(request: Uuid) -> String {
    format!("privacy/{request}")
}

/// The files that go with a circle.
pub(super) fn of(circle: &Circle) -> Vec<String> {
    let imports = circle.of("imports").into_iter().flatten().map(|id| format!("imports/{id}"));
    let exports = circle.of("exports").into_iter().flatten().map(|id| format!("exports/{id}"));
    let gathered = circle.of("privacy_requests").into_iter().flatten().map(|id| gathered(*id));
    imports.chain(exports).chain(gathered).collect()
}

/// The exports whose files hold them, by the words that stand in the file. Where they are to be `erased`, one that is
/// still being written has to end first: what it looks at may be from before.
pub(super) fn taken_out(conn: &mut Conn, data_dir: &Path, circle: &Circle, erased: bool) -> Result<Vec<Uuid>> {
    let mut all = Statement::new("SELECT id, to_jsonb(status) AS data FROM exports WHERE tenant_id = ");
    all.id(circle.subject.tenant).sql(" AND status IN ('running', 'succeeded')");
    let mut held: Vec<Uuid> = Vec::new();
    for Row { id, data } in all.load::<Row>(conn)? {
        let id = id.unwrap_or_default();
        let file = path(data_dir, &format!("exports/{id}"));
        match data.as_str() {
            Some("running") if erased => {
                return Err(Error::from(error::BUSY).detail(text!("the export {id} is being written", id)));
            }
            Some("succeeded") if file.is_file() && speaks(&file, None, &circle.words) => held.push(id),
            _ => {}
        }
    }
    Ok(held)
}

/// The imports whose files hold them: by what the import made, and by the words that stand in the file. Where they are to
/// be `erased`, one that is still being brought in has to end first.
pub(super) fn holding(conn: &mut Conn, data_dir: &Path, circle: &Circle, erased: bool) -> Result<Vec<Uuid>> {
    let tenant = circle.subject.tenant;
    let mut made = Statement::new("SELECT DISTINCT import_id AS id FROM import_records WHERE tenant_id = ");
    made.bind(Bind::Id(tenant.0)).sql(" AND record_ids && ").ids(&circle.all());
    let mut held: BTreeSet<Uuid> = made.load_ids(conn)?.into_iter().collect();
    held.extend(circle.of("imports").into_iter().flatten());
    let mut all = Statement::new(
        "SELECT id, jsonb_build_object('mapping', mapping, 'status', status) AS data FROM imports WHERE tenant_id = ",
    );
    all.id(tenant);
    for Row { id, data } in all.load::<Row>(conn)? {
        let id = id.unwrap_or_default();
        let path = path(data_dir, &format!("imports/{id}"));
        if held.contains(&id) || (path.is_file() && speaks(&path, data.get("mapping"), &circle.words)) {
            held.insert(id);
            if erased && UNDER_WAY.iter().any(|status| data.get("status") == Some(&Value::from(*status))) {
                return Err(Error::from(error::BUSY).detail(text!("the import {id} holds them and has not ended", id)));
            }
        }
    }
    Ok(held.into_iter().collect())
}

/// Whether a file holds one of the words: in its cells, or in its bytes where it is no table.
fn speaks(path: &Path, mapping: Option<&Value>, words: &[String]) -> bool {
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let options =
        mapping.and_then(|mapping| Mapping::read(mapping).ok()).map_or_else(Options::default, |it| it.options());
    let in_bytes = || {
        let bytes = std::fs::read(path).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        words.iter().any(|word| text.contains(word))
    };
    let Ok(table) = Table::open(path, Format::Auto, &options) else { return in_bytes() };
    if table.header().iter().any(|cell| is_said(cell, &words)) {
        return true;
    }
    for row in table {
        match row.map(|row| row.cells) {
            Ok(Ok(cells)) if cells.iter().any(|cell| is_said(cell.text().unwrap_or_default(), &words)) => return true,
            Ok(Ok(_)) => {}
            // what cannot be read as a row may hold them all the same
            Ok(Err(_)) | Err(_) => return in_bytes(),
        }
    }
    false
}

fn is_said(cell: &str, words: &[String]) -> bool {
    let (cell, digits) = (cell.to_lowercase(), digits(cell));
    words.iter().any(|word| {
        let phone =
            word.strip_prefix('+').filter(|rest| rest.len() >= DIGITS && rest.bytes().all(|b| b.is_ascii_digit()));
        let end = phone.and_then(|number| number.get(number.len() - DIGITS..));
        cell.contains(word.as_str()) || end.is_some_and(|end| digits.ends_with(end))
    })
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::is_said;

    #[test]
    fn a_number_is_known_however_it_is_written() {
        let words = ["+8613800138000".to_owned(), "wang.wei@example.cn".to_owned()];
        for cell in ["138-0013-8000", "0086 138 0013 8000", "WANG.WEI@example.cn", "<wang.wei@example.cn>"] {
            assert!(is_said(cell, &words), "{cell}");
        }
        for cell in ["138-0013-8001", "8000", "wang", ""] {
            assert!(!is_said(cell, &words), "{cell}");
        }
    }
}
