//! One cell of a sheet: where it stands, what its type and style make of the stored value.

use kernel::{Result, text};
use quick_xml::events::{BytesStart, Event};

use super::{
    super::unreadable,
    number::{self, Style},
    workbook::Workbook,
    xml::{Xml, attribute},
};

/// A cell that holds something.
pub(super) struct Raw {
    pub column: usize,
    pub value: std::result::Result<String, Bad>,
}

/// Why a cell has no value.
pub(super) enum Bad {
    Error(String),
    Unreadable,
    TooLarge,
}

/// What the tag of a cell says.
pub(super) struct Head {
    pub column: usize,
    style: usize,
    kind: String,
}

impl Head {
    /// `expected` is the column of a cell that does not say its own.
    pub fn of(tag: &BytesStart<'_>, expected: usize) -> Result<Self> {
        let place = attribute(tag, "r")?;
        let column = place.map_or(Some(expected), |place| column(&place));
        let column = column.ok_or_else(|| unreadable(text!("A cell of the sheet has no sound address.")))?;
        let style = attribute(tag, "s")?.and_then(|style| style.parse().ok()).unwrap_or(0);
        Ok(Self { column, style, kind: attribute(tag, "t")?.unwrap_or_default() })
    }

    /// The value of the cell that has begun, up to its end.
    pub fn value(&self, xml: &mut Xml, workbook: &Workbook) -> Result<Option<std::result::Result<String, Bad>>> {
        let (mut text, mut fits, mut depth) = (String::new(), true, 0_usize);
        loop {
            match xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "is" if depth == 0 => fits &= xml.rich_text(&mut text)?,
                    "v" if depth == 0 && self.kind != "inlineStr" => fits &= xml.text(&mut text)?,
                    _ => depth += 1,
                },
                Event::End(_) if depth == 0 => break,
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(unreadable(text!("The sheet is cut off."))),
                _ => {}
            }
        }
        Ok(if fits { self.meaning(workbook, text) } else { Some(Err(Bad::TooLarge)) })
    }

    fn meaning(&self, workbook: &Workbook, text: String) -> Option<std::result::Result<String, Bad>> {
        if text.is_empty() {
            return None;
        }
        let value = match self.kind.as_str() {
            "s" => text.trim().parse().ok().and_then(|index| workbook.strings.get(index)).map(str::to_owned),
            "b" => match text.trim() {
                "1" | "true" => Some("true".to_owned()),
                "0" | "false" => Some("false".to_owned()),
                _ => None,
            },
            "e" => return Some(Err(Bad::Error(text))),
            "" | "n" => {
                let style = workbook.styles.get(self.style).copied().unwrap_or(Style::Number);
                number::text(&text, style, workbook.since_1904)
            }
            "str" | "inlineStr" | "d" => Some(text),
            _ => None,
        };
        // a shared string may be empty: then the cell is
        match value {
            Some(text) if text.is_empty() => None,
            Some(text) => Some(Ok(text)),
            None => Some(Err(Bad::Unreadable)),
        }
    }
}

/// The column of an address such as `AB12`, from 0.
fn column(address: &str) -> Option<usize> {
    let letters = address.bytes().take_while(u8::is_ascii_alphabetic).take(4);
    let number = letters.fold(0, |sum, letter| sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}
