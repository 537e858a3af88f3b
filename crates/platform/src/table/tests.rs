#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)]

mod encodings;
mod real;
mod resuming;
mod text;
mod workbook;

use kernel::Result;

use super::*;

/// The bytes as a file, opened.
fn open(bytes: &[u8], format: Format, options: &Options) -> Result<Table> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table");
    std::fs::write(&path, bytes).unwrap();
    Table::open(&path, format, options)
}

fn auto(bytes: impl AsRef<[u8]>) -> Table {
    open(bytes.as_ref(), Format::Auto, &Options::default()).unwrap()
}

fn refused(bytes: &[u8]) -> &'static str {
    open(bytes, Format::Auto, &Options::default()).err().expect("is refused").code.name
}

/// Rows as text: cells joined by `|`, a missing value `∅`, a fault `!code`.
fn rows(table: Table) -> Vec<String> {
    table.map(|row| shown(&row.unwrap())).collect()
}

fn shown(row: &Row) -> String {
    match &row.cells {
        Ok(cells) => cells.iter().map(|cell| cell.text().unwrap_or("∅")).collect::<Vec<_>>().join("|"),
        Err(fault) => format!("!{}", fault.code),
    }
}
