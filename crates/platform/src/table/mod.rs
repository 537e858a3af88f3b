//! Tables of any kind, read for imports: the bytes of a CSV, XLSX or NDJSON file become a header and a stream of rows.
//! Always true: a bad row is a [`RowFault`] in its place and never stops the reading; memory does not grow with the
//! file; nothing in a cell is evaluated; a table resumed at the offset of a row gives the same rows as one read through.
//! A file that cannot be trusted as a whole (not a table, a zip bomb, a sheet of a million blank rows) is refused.

mod cell;
mod delimited;
mod encoding;
pub mod escape;
mod limit;
mod lines;
mod sniff;
pub mod values;
pub mod write;
mod xlsx;

#[cfg(test)]
mod tests;

use std::{fs::File, path::Path};

use encoding_rs::Encoding;
use kernel::{Code, Error, Kind, Result, Text, text};

pub use cell::{Cell, RowFault};
use cell::{Cleaning, Shape};

/// The file is not a table that can be read.
pub const UNREADABLE_FILE: Code =
    Code::new("unreadable_file", Kind::Invalid, "The file cannot be read as a table of the stated format.");
/// The file breaks a limit that protects the server.
pub const FILE_OVER_LIMIT: Code =
    Code::new("file_over_limit", Kind::Invalid, "The file is larger, wider or more compressed than is allowed.");
/// The codes that opening and reading a table may answer.
pub const CODES: &[Code] = &[UNREADABLE_FILE, FILE_OVER_LIMIT, write::TOO_MANY_ROWS];

/// The most that one cell may hold, in bytes of UTF-8.
pub const CELL_MAX: usize = 1 << 20;
/// The most that one row may hold, in bytes.
pub const ROW_MAX: usize = 8 << 20;
/// The most columns that a table may have.
pub const COLUMNS_MAX: usize = 10_000;

/// How the bytes are laid out; `Auto` looks at them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Auto,
    Csv,
    Xlsx,
    Ndjson,
}

/// What the file does not say of itself, and how cells are tidied.
#[derive(Clone, Debug)]
pub struct Options {
    /// of a CSV file; detected when absent
    pub delimiter: Option<u8>,
    /// of a text file; detected when absent
    pub encoding: Option<&'static Encoding>,
    /// of a workbook; the first visible sheet when absent
    pub sheet: Option<String>,
    /// texts that mean "no value", such as `NULL`
    pub null_values: Vec<String>,
    /// of a CSV file: the apostrophe is taken off that keeps a spreadsheet from computing a cell
    pub apostrophes: bool,
    /// white space around cells is dropped, the full-width space too
    pub trim: bool,
    /// a row with fewer cells than the header is filled up with empty ones
    pub pad_rows: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            delimiter: None,
            encoding: None,
            sheet: None,
            null_values: Vec::new(),
            apostrophes: true,
            trim: true,
            pad_rows: true,
        }
    }
}

/// One row of the table, good or bad.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// 1-based number of the record; the header and blank lines are not counted
    pub number: u64,
    /// where the row starts, for [`Table::resume`]: a byte of the text, or the 0-based row of the sheet
    pub offset: u64,
    /// as many cells as the header has columns
    pub cells: std::result::Result<Vec<Cell>, RowFault>,
}

/// A file opened for reading. Iterating gives its rows; an `Err` means that the file itself can no longer be read.
pub struct Table {
    header: Vec<String>,
    source: Source,
    shape: Shape,
    number: u64,
    failed: bool,
}

enum Source {
    Csv(delimited::Records),
    Ndjson(lines::Objects),
    Xlsx(Box<xlsx::Sheet>),
}

/// What a source hands up: where the row starts and what it holds.
struct Found {
    offset: u64,
    cells: std::result::Result<Vec<Cell>, RowFault>,
}

impl Table {
    /// Opens the file, finds out its format, encoding and delimiter, and reads the header.
    pub fn open(path: &Path, format: Format, options: &Options) -> Result<Self> {
        let file = File::open(path).map_err(broken)?;
        let mut shape = Shape::new(Cleaning::new(options), options.pad_rows);
        let source = match sniff::format(&file, format)? {
            Format::Xlsx => Source::Xlsx(Box::new(xlsx::Sheet::open(file, options.sheet.as_deref(), &mut shape)?)),
            kind => {
                let text = encoding::utf8(file, path, options.encoding)?;
                match kind {
                    Format::Ndjson => Source::Ndjson(lines::Objects::open(text, &mut shape)?),
                    _ => {
                        let records = delimited::Records::open(text, options.delimiter, &mut shape)?;
                        shape.inert(options.apostrophes);
                        Source::Csv(records)
                    }
                }
            }
        };
        Ok(Self { header: shape.header().to_vec(), source, shape, number: 1, failed: false })
    }

    /// The names of the columns, in order: never empty, each once.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The format that was stated or found.
    pub fn format(&self) -> Format {
        match self.source {
            Source::Csv(_) => Format::Csv,
            Source::Ndjson(_) => Format::Ndjson,
            Source::Xlsx(_) => Format::Xlsx,
        }
    }

    /// What offsets run up to, for a progress bar: the length of the text. A workbook does not tell its rows.
    pub fn extent(&self) -> Option<u64> {
        match &self.source {
            Source::Csv(records) => Some(records.extent()),
            Source::Ndjson(objects) => Some(objects.extent()),
            Source::Xlsx(_) => None,
        }
    }

    /// The offset and number of the row that comes next: a checkpoint behind the rows read so far.
    pub fn position(&self) -> (u64, u64) {
        let offset = match &self.source {
            Source::Csv(records) => records.offset(),
            Source::Ndjson(objects) => objects.offset(),
            Source::Xlsx(sheet) => sheet.offset(),
        };
        (offset, self.number)
    }

    /// Jumps to a checkpoint: the row that starts at `offset` comes next and is called `number`.
    pub fn resume(&mut self, offset: u64, number: u64) -> Result<()> {
        match &mut self.source {
            Source::Csv(records) => records.seek(offset)?,
            Source::Ndjson(objects) => objects.seek(offset)?,
            Source::Xlsx(sheet) => sheet.seek(offset)?,
        }
        (self.number, self.failed) = (number, false);
        Ok(())
    }
}

impl Iterator for Table {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Result<Row>> {
        if self.failed {
            return None;
        }
        let found = match &mut self.source {
            Source::Csv(records) => records.next(&self.shape),
            Source::Ndjson(objects) => objects.next(&self.shape),
            Source::Xlsx(sheet) => sheet.next(&self.shape),
        };
        self.failed = found.is_err();
        let row = found.transpose()?.map(|found| {
            let number = self.number;
            self.number += 1;
            Row { number, offset: found.offset, cells: found.cells }
        });
        Some(row)
    }
}

/// The file itself fails: a limit of ours, or the disk.
fn broken(error: std::io::Error) -> Error {
    match limit::reason(&error) {
        Some(reason) => Error::from(FILE_OVER_LIMIT).detail(reason),
        None => Error::from(UNREADABLE_FILE).detail(text!("The file cannot be read.")).source(error),
    }
}

fn unreadable(detail: Text) -> Error {
    Error::from(UNREADABLE_FILE).detail(detail)
}

fn over_limit(detail: Text) -> Error {
    Error::from(FILE_OVER_LIMIT).detail(detail)
}
