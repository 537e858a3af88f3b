//! Rows that come from no file: what another system sends becomes records by the same plan, rules and rights as the rows
//! of an import. They are written as part of the caller's transaction; whoever calls decides what a failed row means.
use super::{Duplicates, Importer, Mapping, Outcome, Plan, Work};
use crate::Conn;
use crate::deed::Mode;
use crate::table::Cell;
use kernel::{Ctx, Error, Fault, Result, error, text};
use std::sync::Arc;

/// Rows with what is to be done about them.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub mapping: Mapping,
    pub header: Vec<String>,
    /// a text a column, in the order of the header
    pub rows: Vec<Vec<Option<String>>>,
}

/// Writes the rows; what became of each, in their order.
pub fn put(
    conn: &mut Conn,
    ctx: &Ctx,
    importer: &dyn Importer,
    sheet: &Sheet,
    (mode, duplicates): (Mode, Duplicates),
) -> Result<Vec<Outcome>> {
    let plan = Plan::new(importer, sheet.mapping.clone(), &sheet.header, &ctx.grants)?;
    importer.may(ctx, mode, &|noun| plan.makes(noun))?;
    let (mut rows, mut faults) = (Vec::with_capacity(sheet.rows.len()), Vec::new());
    for (number, cells) in (1..).zip(&sheet.rows) {
        let cells: Vec<Cell> = cells.iter().map(|text| Cell(filled(text.as_deref()))).collect();
        match plan.read(number, &cells) {
            Ok(row) => rows.push(row),
            Err(wrong) => faults.extend(wrong),
        }
    }
    if !faults.is_empty() {
        return Err(Error::from(error::INVALID).faults(faults));
    }
    let work = Work { plan: Arc::new(plan), mode, duplicates };
    let mut written = importer.write(conn, ctx, &work, &rows)?;
    // nothing comes after
    for (row, waiting) in std::mem::take(&mut written.waiting) {
        let faults: Vec<Fault> = importer.link(conn, ctx, &work, &[waiting])?.into_iter().flatten().collect();
        match written.get(row) {
            _ if !faults.is_empty() => written.put(row, Outcome::Failed(faults)),
            Some(Outcome::Unchanged) => written.put(row, Outcome::Updated),
            _ => {}
        }
    }
    let nothing = || Fault::new("", "not_written", text!("nothing became of the row"));
    let outcome = |row| written.get(row).cloned().unwrap_or_else(|| Outcome::Failed(vec![nothing()]));
    Ok((0..rows.len()).map(outcome).collect())
}

/// As a file is read: what is blank is no value.
fn filled(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
