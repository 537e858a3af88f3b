//! XLSX: the rows of one sheet, streamed out of the zip. Only values are read: a formula counts as the value that was
//! last computed for it, an error value (`#REF!`) is a fault of its row, nothing outside the file is ever opened.
//! The archive, the XML and the sheet are held to limits at every step (see [`package`] and [`xml`]), so that a hostile
//! workbook is refused early and an honest one is read in constant memory, its shared strings apart.

mod cell;
mod number;
mod package;
mod workbook;
mod xml;

use std::fs::File;

use kernel::{Result, Text, text};
use quick_xml::events::Event;

use self::{
    cell::{Bad, Head, Raw},
    package::{Cap, Package},
    workbook::Workbook,
    xml::{Xml, attribute},
};
use super::{
    COLUMNS_MAX, Cell, Found, ROW_MAX,
    cell::{RowFault, Shape, ragged},
    over_limit, unreadable,
};

const ROWS_MAX: u64 = 1_048_576;
const BLANK_MAX: u64 = 100_000;
/// the widest that a spreadsheet program makes them
const WIDTH_MAX: usize = 16_384;

/// The rows of one sheet, from where the reader stands.
pub(super) struct Sheet {
    package: Package,
    workbook: Workbook,
    xml: Xml,
    /// the row that comes next, from 0
    next: u64,
    /// where the rows below the header begin
    first: u64,
    /// a row whose tag has been read, but not its cells
    begun: Option<u64>,
    blank: u64,
    /// rows below the header have been met
    filled: bool,
    done: bool,
    row: Vec<Raw>,
}

impl Sheet {
    /// Opens the workbook and takes the first row that holds anything as the header.
    pub fn open(file: File, sheet: Option<&str>, shape: &mut Shape) -> Result<Self> {
        let package = Package::open(file)?;
        let workbook = Workbook::open(&package, sheet)?;
        let xml = begin(&package, &workbook.sheet)?;
        let row = Vec::new();
        let (begun, blank, filled, done) = (None, 0, false, false);
        let mut sheet = Self { package, workbook, xml, next: 0, first: 0, begun, blank, filled, done, row };
        sheet.advance()?.ok_or_else(|| unreadable(text!("The sheet is empty.")))?;
        let mut names: Vec<String> = Vec::new();
        for cell in std::mem::take(&mut sheet.row) {
            if cell.column >= COLUMNS_MAX {
                return Err(over_limit(text!("The table has more than {most} columns.", most = COLUMNS_MAX)));
            }
            names.resize(cell.column, String::new());
            names.push(cell.value.unwrap_or_default());
        }
        shape.name(names)?;
        (sheet.first, sheet.filled) = (sheet.next, false);
        Ok(sheet)
    }

    /// The row that comes next, from 0; it may be blank.
    pub fn offset(&self) -> u64 {
        self.next
    }

    /// Goes on at a row. A zip cannot be entered in the middle: the rows before it are read and dropped.
    pub fn seek(&mut self, offset: u64) -> Result<()> {
        (self.xml, self.next) = (begin(&self.package, &self.workbook.sheet)?, 0);
        (self.begun, self.blank, self.done) = (None, 0, false);
        let offset = offset.max(self.first);
        while let Some(number) = self.begin_row()? {
            if number >= offset {
                self.begun = Some(number);
                break;
            }
            self.cells(number)?;
        }
        self.next = self.next.max(offset);
        Ok(())
    }

    /// The next row that holds anything, fitted to the columns.
    pub fn next(&mut self, shape: &Shape) -> Result<Option<Found>> {
        let Some(offset) = self.advance()? else { return Ok(None) };
        Ok(Some(Found { offset, cells: self.fit(shape).map_err(|fault| fault.raw(&self.shown())) }))
    }

    fn fit(&self, shape: &Shape) -> std::result::Result<Vec<Cell>, RowFault> {
        let width = shape.header().len();
        let mut cells = vec![Cell::default(); width];
        let mut bytes = 0;
        for raw in &self.row {
            let fault = |code, message: Text| Err(RowFault::new(code, message).at(shape.column(raw.column)));
            let text = match &raw.value {
                Ok(text) => text,
                _ if raw.column >= width => return Err(ragged(raw.column + 1, width)),
                Err(Bad::Error(text)) => return fault("cell_error", text!("The cell holds the error {text}.", text)),
                Err(Bad::Unreadable) => return fault("cell_error", text!("The cell's value cannot be read.")),
                Err(Bad::TooLarge) => return fault("cell_too_large", text!("The cell holds too much text.")),
            };
            bytes += text.len();
            let cell = shape.checked(raw.column, text)?;
            match cells.get_mut(raw.column) {
                Some(place) => *place = cell,
                None if cell.text().is_none() => {}
                None => return Err(ragged(raw.column + 1, width)),
            }
        }
        if bytes > ROW_MAX {
            return Err(RowFault::new("row_too_large", text!("The row holds more than {most} bytes.", most = ROW_MAX)));
        }
        Ok(cells)
    }

    fn shown(&self) -> String {
        let texts = self.row.iter().take(1000).map(|raw| match &raw.value {
            Ok(text) | Err(Bad::Error(text)) => text.as_str(),
            Err(_) => "",
        });
        texts.collect::<Vec<_>>().join("\t")
    }

    /// Reads on to the next row that holds anything, into `row`; gives its number from 0.
    fn advance(&mut self) -> Result<Option<u64>> {
        while let Some(number) = self.begin_row()? {
            self.cells(number)?;
            if !self.row.is_empty() {
                return Ok(Some(number));
            }
        }
        if self.blank > BLANK_MAX && !self.filled {
            return Err(too_blank());
        }
        Ok(None)
    }

    /// Up to the next row's tag; its number from 0.
    fn begin_row(&mut self) -> Result<Option<u64>> {
        if let Some(number) = self.begun.take() {
            return Ok(Some(number));
        }
        while !self.done {
            match self.xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "row" => {
                    let stated = attribute(&tag, "r")?.and_then(|number| number.parse::<u64>().ok());
                    let number = stated.map_or(Some(self.next), |number| number.checked_sub(1));
                    let number = number.filter(|&number| number >= self.next);
                    let number = number.ok_or_else(|| unreadable(text!("The rows of the sheet are not in order.")))?;
                    if number >= ROWS_MAX {
                        return Err(over_limit(text!("The sheet has more than {most} rows.", most = ROWS_MAX)));
                    }
                    return Ok(Some(number));
                }
                Event::End(tag) if tag.local_name().as_ref() == "sheetData" => self.done = true,
                Event::Eof => self.done = true,
                _ => {}
            }
        }
        Ok(None)
    }

    /// The cells of the row that has begun, those that hold something. Blank rows behind the table are nothing, but a
    /// table with a hole of them is not to be trusted.
    fn cells(&mut self, number: u64) -> Result<()> {
        self.next = number + 1;
        self.read_cells()?;
        if self.row.is_empty() {
            self.blank += 1;
        } else if self.blank > BLANK_MAX {
            return Err(too_blank());
        } else {
            (self.blank, self.filled) = (0, true);
        }
        Ok(())
    }

    fn read_cells(&mut self) -> Result<()> {
        self.row.clear();
        let (mut column, mut bytes) = (0, 0);
        loop {
            let head = match self.xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "c" => Head::of(&tag, column)?,
                Event::End(tag) if tag.local_name().as_ref() == "row" => return Ok(()),
                Event::Eof => return Err(unreadable(text!("The sheet is cut off."))),
                _ => continue,
            };
            if head.column < column || head.column >= WIDTH_MAX {
                return Err(unreadable(text!("The cells of a row are not in order, or too many.")));
            }
            column = head.column + 1;
            if let Some(mut value) = head.value(&mut self.xml, &self.workbook)? {
                bytes += value.as_ref().map_or(0, String::len);
                if bytes > ROW_MAX {
                    value = Err(Bad::TooLarge);
                }
                self.row.push(Raw { column: head.column, value });
            }
        }
    }
}

fn begin(package: &Package, path: &str) -> Result<Xml> {
    package.part(path, Cap::Sheet)?.ok_or_else(|| unreadable(text!("The sheet is missing from the workbook.")))
}

fn too_blank() -> kernel::Error {
    over_limit(text!("The sheet has too many blank rows: delete them."))
}
