//! Tables of any kind, written: what [`super::Table`] reads again, cell by cell as it was. A row is written as it comes,
//! so memory does not grow with the file. Nothing in a cell is ever a formula.
pub mod csv;
mod xlsx;

use kernel::{Code, Error, Kind, Result, error, text};
use serde_json::Value;
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};

pub use xlsx::ROWS_MAX;

pub const TOO_MANY_ROWS: Code = Code::new(
    "too_many_rows",
    Kind::Invalid,
    "A sheet of a workbook holds fewer rows than that: ask for csv or ndjson.",
);

/// What is written to one place of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    None,
    Text(Cow<'a, str>),
    /// a figure with all its digits
    Number(Cow<'a, str>),
    Bool(bool),
}

impl<'a> Cell<'a> {
    /// A value of the API; of what counts or measures, texts are figures.
    pub fn of(value: Option<&'a Value>, is_number: bool) -> Self {
        match value {
            None | Some(Value::Null) => Self::None,
            Some(Value::Bool(is)) => Self::Bool(*is),
            Some(Value::Number(figure)) => Self::Number(figure.to_string().into()),
            Some(Value::String(text)) if text.is_empty() => Self::None,
            Some(Value::String(text)) if is_number => Self::Number(text.as_str().into()),
            Some(Value::String(text)) => Self::Text(text.as_str().into()),
            Some(other) => Self::Text(other.to_string().into()),
        }
    }
}

/// A file that is being written.
pub enum Writer {
    Csv(BufWriter<File>),
    Xlsx(Box<xlsx::Sheet>),
    Ndjson(BufWriter<File>),
}

impl Writer {
    /// `has_mark`: whether a CSV file begins with the mark without which spreadsheets take it for Latin-1.
    pub fn begin(format: &str, file: File, header: &[&str], has_mark: bool) -> Result<Self> {
        let mut writer = match format {
            "xlsx" => Self::Xlsx(Box::new(xlsx::Sheet::begin(file).map_err(failed)?)),
            "ndjson" => return Ok(Self::Ndjson(BufWriter::new(file))),
            _ => {
                let mut text = BufWriter::new(file);
                text.write_all(if has_mark { csv::MARK.as_bytes() } else { b"" }).map_err(failed)?;
                Self::Csv(text)
            }
        };
        writer.cells(header.iter().map(|name| Cell::Text((*name).into())))?;
        Ok(writer)
    }

    /// A row of a table.
    pub fn cells<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>) -> Result<()> {
        match self {
            Self::Csv(out) => out.write_all(csv::line(cells).as_bytes()).map_err(failed),
            Self::Xlsx(sheet) if sheet.is_full() => Err(TOO_MANY_ROWS.into()),
            Self::Xlsx(sheet) => sheet.row(cells).map_err(failed),
            Self::Ndjson(_) => Err(Error::internal("there are no cells in NDJSON")),
        }
    }

    /// A record on a line of its own, as the API writes it.
    pub fn record(&mut self, record: &Value) -> Result<()> {
        let Self::Ndjson(out) = self else { return Err(Error::internal("a record is no row")) };
        serde_json::to_writer(&mut *out, record).map_err(|e| failed(e.into()))?;
        out.write_all(b"\n").map_err(failed)
    }

    /// Ends the file; it is on the disk then.
    pub fn finish(self) -> Result<()> {
        let file = match self {
            Self::Csv(out) | Self::Ndjson(out) => out.into_inner().map_err(|e| failed(e.into_error()))?,
            Self::Xlsx(sheet) => sheet.finish().map_err(failed)?,
        };
        file.sync_all().map_err(failed)
    }
}

/// A full disk is told as one.
pub fn failed(error: std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Error::from(error::STORAGE_FULL).detail(text!("there is no room to write the file")).source(error)
        }
        _ => Error::internal(error),
    }
}
