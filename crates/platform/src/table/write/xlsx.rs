//! A workbook of one sheet, written as it comes: the cells go straight into the archive, and their texts stand in them
//! (inline), so that nothing is gathered. Every text is a text to a spreadsheet, whatever it looks like; a figure that it
//! could not hold with all its digits is a text too.
use super::Cell;
use std::fs::File;
use std::io::{BufWriter, Result, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The most rows that a sheet has, its header among them.
pub const ROWS_MAX: u32 = 1_048_576;
/// The digits that a spreadsheet keeps.
const DIGITS: usize = 15;

const PARTS: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
         <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>\
         </Types>",
    ),
    (
        "_rels/.rels",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>\
         </Relationships>",
    ),
    (
        "xl/workbook.xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
         <sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         </Relationships>",
    ),
];
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
                    <worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";
const TAIL: &str = "</sheetData></worksheet>";

/// A sheet that is being written.
pub struct Sheet {
    zip: ZipWriter<BufWriter<File>>,
    rows: u32,
    line: String,
}

impl Sheet {
    pub fn begin(file: File) -> Result<Self> {
        let mut zip = ZipWriter::new(BufWriter::new(file));
        // fast: the sheet is text that packs well at any level
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        let options = options.compression_level(Some(3)).large_file(true);
        for (name, text) in PARTS {
            zip.start_file(name, options)?;
            zip.write_all(text.as_bytes())?;
        }
        zip.start_file("xl/worksheets/sheet1.xml", options)?;
        zip.write_all(HEAD.as_bytes())?;
        Ok(Self { zip, rows: 0, line: String::new() })
    }

    pub fn is_full(&self) -> bool {
        self.rows >= ROWS_MAX
    }

    pub fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>) -> Result<()> {
        self.rows += 1;
        self.line.clear();
        self.line.push_str(&format!("<row r=\"{}\">", self.rows));
        for (at, cell) in cells.enumerate() {
            let place = || format!("{}{}", column(at), self.rows);
            let written = match cell {
                Cell::None => continue,
                Cell::Bool(is) => format!("<c r=\"{}\" t=\"b\"><v>{}</v></c>", place(), u8::from(is)),
                Cell::Number(figure) if fits(&figure) => format!("<c r=\"{}\"><v>{figure}</v></c>", place()),
                Cell::Number(text) | Cell::Text(text) => format!(
                    "<c r=\"{}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                    place(),
                    escaped(&text)
                ),
            };
            self.line.push_str(&written);
        }
        self.line.push_str("</row>");
        self.zip.write_all(self.line.as_bytes())
    }

    pub fn finish(mut self) -> Result<File> {
        self.zip.write_all(TAIL.as_bytes())?;
        self.zip.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)
    }
}

/// `A`, `B` … `Z`, `AA`.
fn column(mut at: usize) -> String {
    let mut letters = Vec::new();
    loop {
        let letter = u8::try_from(at % 26).unwrap_or_default();
        letters.push(char::from(b'A' + letter));
        if at < 26 {
            break;
        }
        at = at / 26 - 1;
    }
    letters.iter().rev().collect()
}

fn fits(figure: &str) -> bool {
    let digits = figure.strip_prefix('-').unwrap_or(figure);
    let plain = digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.chars().all(|one| one.is_ascii_digit() || one == '.');
    plain && digits.trim_start_matches(['0', '.']).bytes().filter(u8::is_ascii_digit).count() <= DIGITS
}

/// What XML cannot hold is written `_x000D_`, and so is what would be read as that.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, one) in text.char_indices() {
        match one {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '_' if text.get(at..).is_some_and(is_code) => out.push_str("_x005F_"),
            '\t' | '\n' => out.push(one),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push_str(&format!("_x{:04X}_", u32::from(one))),
            _ => out.push(one),
        }
    }
    out
}

/// `_x000D_`
fn is_code(text: &str) -> bool {
    text.strip_prefix("_x")
        .and_then(|rest| Some((rest.get(..4)?, rest.get(4..5)?)))
        .is_some_and(|(code, end)| code.bytes().all(|byte| byte.is_ascii_hexdigit()) && end == "_")
}

#[cfg(test)]
mod tests {
    use super::super::super::{Format, Options, Table};
    use super::super::{Cell, Writer};
    use calamine::{Data, Reader, Xlsx};

    const TEXTS: [&str; 8] = ["=1+1", " x ", "a\r\nb\tc", "_x000D_", "<&>\"'", "上海 😀", "\u{b}\u{1}", "007"];

    fn written() -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let header: Vec<String> = (0..30).map(|at| format!("c{at}")).collect();
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let mut writer = Writer::begin("xlsx", file.reopen().unwrap(), &header, false).unwrap();
        let texts = TEXTS.iter().map(|text| Cell::Text((*text).into()));
        let figures = ["-12.50", "0.000001", "123456789012345678", "1234567890.12345"];
        let figures = figures.iter().map(|figure| Cell::Number((*figure).into()));
        writer.cells(texts.chain([Cell::None, Cell::Bool(true)]).chain(figures)).unwrap();
        writer.finish().unwrap();
        file
    }

    #[test]
    fn what_is_written_is_read_again_cell_by_cell() {
        let file = written();
        let options = Options { trim: false, ..Options::default() };
        let mut table = Table::open(file.path(), Format::Auto, &options).unwrap();
        assert_eq!(table.header().last().map(String::as_str), Some("c29"));
        let cells = table.next().unwrap().unwrap().cells.unwrap();
        let read: Vec<Option<&str>> = cells.iter().map(|cell| cell.text()).collect();
        let texts: Vec<Option<&str>> = TEXTS.iter().map(|text| Some(*text)).collect();
        assert_eq!(read[..8], texts);
        assert_eq!(read[8..10], [None, Some("true")]);
        assert_eq!(read[10..14], ["-12.50", "0.000001", "123456789012345678", "1234567890.12345"].map(Some));
    }

    /// Another reader sees texts, no formula among them.
    #[test]
    fn other_programs_read_texts_and_figures() {
        let file = written();
        let mut book: Xlsx<_> = calamine::open_workbook(file.path()).unwrap();
        assert!(book.worksheet_formula("Sheet1").unwrap().cells().all(|(.., formula)| formula.is_empty()));
        let range = book.worksheet_range("Sheet1").unwrap();
        assert_eq!(range.get((1, 0)), Some(&Data::String("=1+1".into())));
        assert_eq!(range.get((1, 10)), Some(&Data::Float(-12.5)));
        assert_eq!(range.get((1, 12)), Some(&Data::String("123456789012345678".into())));
    }
}
