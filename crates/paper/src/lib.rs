//! Paper: what is printed becomes a PDF here. A leaf: it knows no noun and no wing, only a [`Sheet`] of texts and a table.
//!
//! The layout is a program of Typst that comes with this one ([`sheet.typ`](../sheet.typ)); what is printed comes to it as
//! data, and is text there: no word of it is ever read as markup. There is no file, no network, no clock and no package to
//! be had inside. The one font is embedded; it has the letters of English and the characters of Chinese.
//!
//! To lay out is work for the processor: a [`Press`] does it on threads of its own, so many at once, with so many
//! waiting; who comes beyond that is told to come back.
mod press;
mod world;

pub use press::{Press, Refusal};

use serde::Serialize;
use world::House;

/// What is printed: all of it text as it is to be read.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sheet {
    /// of the texts: `en`, `zh-Hans` or `zh-Hant`
    pub language: String,
    pub title: String,
    /// from whom it comes, in the letterhead
    pub company: String,
    /// what a page is called: `{page}` and `{pages}` are put in
    pub page: String,
    /// number, dates and the like: what they are called, and what they are
    pub facts: Vec<[String; 2]>,
    /// what stands above the customer, and the lines of the customer
    pub addressee: String,
    pub customer: Vec<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
    /// what is below the table: what it is called, what it comes to
    pub sums: Vec<[String; 2]>,
    /// the last of them
    pub total: [String; 2],
    /// below all, paragraph by paragraph
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Column {
    pub title: String,
    /// a figure stands at the right
    pub is_figure: bool,
    /// how wide it is beside the others; none: as wide as it has to be
    pub share: Option<u8>,
}

/// What may be printed at most: a layout costs more than its text does.
const MOST_ROWS: usize = 1_000;
const MOST_LETTERS: usize = 400_000;

/// Why there is no PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// more than is printed
    TooLong,
    /// a fault of this program
    Fault(String),
}

/// The PDF of a sheet. It takes its time: see [`Press`].
pub fn pdf(sheet: &Sheet) -> Result<Vec<u8>, Trouble> {
    let data = serde_json::to_string(sheet).map_err(|e| Trouble::Fault(e.to_string()))?;
    if sheet.rows.len() > MOST_ROWS || data.chars().count() > MOST_LETTERS {
        return Err(Trouble::TooLong);
    }
    House::of(&data).print(&sheet.title)
}

#[cfg(test)]
mod tests;
