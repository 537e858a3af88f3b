//! From raw text to cells, the same for every format: the names of the columns, how a cell is tidied, when a row does
//! not fit. A cell is text or nothing; what the text means is for [`super::values`] to say.

use std::collections::{HashMap, HashSet};

use kernel::{Result, Text, text};

use super::{CELL_MAX, COLUMNS_MAX, Options, escape, over_limit, unreadable};

/// The text of one cell; an empty cell, or one that reads as a null value, has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell(pub Option<String>);

impl Cell {
    /// The text exactly as the file has it, tidied but never evaluated.
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

/// Why a row cannot be used; the rows around it can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// stable name of what is wrong
    pub code: &'static str,
    pub message: Text,
    /// the column that is to blame, where it is one
    pub column: Option<String>,
    /// the beginning of the row as it was found, for the list of errors
    pub raw: String,
}

impl RowFault {
    pub(super) fn new(code: &'static str, message: Text) -> Self {
        Self { code, message, column: None, raw: String::new() }
    }

    pub(super) fn at(mut self, column: &str) -> Self {
        self.column = Some(column.to_owned());
        self
    }

    /// Keeps the first thousand characters of the row; PostgreSQL keeps no NUL.
    pub(super) fn raw(mut self, text: &str) -> Self {
        let kept = |character| if character == '\0' { char::REPLACEMENT_CHARACTER } else { character };
        self.raw = text.chars().take(1000).map(kept).collect();
        self
    }
}

/// How a cell is tidied.
pub(super) struct Cleaning {
    trim: bool,
    /// whether cells may begin with the apostrophe that keeps them from being computed
    inert: bool,
    nulls: HashSet<String>,
}

impl Cleaning {
    pub fn new(options: &Options) -> Self {
        Self { trim: options.trim, inert: false, nulls: options.null_values.iter().cloned().collect() }
    }

    fn cell(&self, text: &str) -> Cell {
        let text = if self.trim { text.trim() } else { text };
        let text = if self.inert { escape::meant(text) } else { text };
        if text.is_empty() || self.nulls.contains(text) { Cell(None) } else { Cell(Some(text.to_owned())) }
    }
}

/// The columns of the table and how its rows are fitted to them.
pub(super) struct Shape {
    header: Vec<String>,
    cleaning: Cleaning,
    pad: bool,
}

impl Shape {
    pub fn new(cleaning: Cleaning, pad: bool) -> Self {
        Self { header: Vec::new(), cleaning, pad }
    }

    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// From now on, apostrophes are taken off that keep a cell from being computed.
    pub fn inert(&mut self, inert: bool) {
        self.cleaning.inert = inert;
    }

    /// Names the columns: trimmed; a column without a name is `column_3`, a name that comes again `city (2)`.
    pub fn name(&mut self, names: impl IntoIterator<Item = String>) -> Result<()> {
        let mut names: Vec<String> = names.into_iter().map(|name| name.trim().to_owned()).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        if names.is_empty() {
            return Err(unreadable(text!("The file has no header.")));
        }
        if names.iter().any(|name| name.contains('\0')) {
            return Err(unreadable(text!("The header holds a NUL character.")));
        }
        if names.len() > COLUMNS_MAX {
            return Err(over_limit(text!("The table has more than {most} columns.", most = COLUMNS_MAX)));
        }
        let mut taken: HashSet<String> = HashSet::new();
        let mut times: HashMap<String, usize> = HashMap::new();
        for (index, name) in names.iter_mut().enumerate() {
            if name.is_empty() {
                *name = format!("column_{}", index + 1);
            }
            let base = name.clone();
            while !taken.insert(name.clone()) {
                let again = times.entry(base.clone()).or_insert(1);
                *again += 1;
                *name = format!("{base} ({again})");
            }
        }
        self.header = names;
        Ok(())
    }

    /// The name of a column, for a message.
    pub fn column(&self, index: usize) -> &str {
        self.header.get(index).map_or("", String::as_str)
    }

    /// Fits the texts of a row, so many as `given`, to the columns.
    pub fn fit<'a>(
        &self,
        texts: impl Iterator<Item = &'a str>,
        given: usize,
    ) -> std::result::Result<Vec<Cell>, RowFault> {
        let wanted = self.header.len();
        if given < wanted && !self.pad {
            return Err(ragged(given, wanted));
        }
        let mut cells = Vec::with_capacity(wanted);
        for (index, text) in texts.enumerate() {
            match self.checked(index, text)? {
                cell if index < wanted => cells.push(cell),
                Cell(None) => {} // a delimiter too many at the end of a line holds nothing
                Cell(Some(_)) => return Err(ragged(given, wanted)),
            }
        }
        cells.resize_with(wanted, Cell::default);
        Ok(cells)
    }

    /// One cell, tidied, if it may stand in a row at all.
    pub fn checked(&self, index: usize, text: &str) -> std::result::Result<Cell, RowFault> {
        let fault = |code, message: Text| Err(RowFault::new(code, message).at(self.column(index)));
        if text.len() > CELL_MAX {
            return fault("cell_too_large", text!("The cell holds more than {most} bytes.", most = CELL_MAX));
        }
        if text.contains('\0') {
            return fault("invalid_character", text!("The cell holds a NUL character."));
        }
        Ok(self.cleaning.cell(text))
    }
}

pub(super) fn ragged(given: usize, wanted: usize) -> RowFault {
    RowFault::new("ragged_row", text!("The row has {given} cells; the header has {wanted}.", given, wanted))
}
