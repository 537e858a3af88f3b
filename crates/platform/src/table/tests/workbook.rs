use std::{
    io::{Cursor, Write},
    time::{Duration, Instant},
};

use calamine::{Data, Reader, Xlsx};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn parts<'a>(sheet: &'a str, strings: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            "<Relationships><Relationship Id=\"r\" Type=\"x/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Notes\" state=\"hidden\" r:id=\"rId9\"/><sheet name=\"顾客 &amp; co\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            concat!(
                "<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/>",
                "<Relationship Id=\"rId9\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/>",
                "<Relationship Id=\"rId2\" Type=\"x/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>",
                "<Relationship Id=\"rId4\" Type=\"x/hyperlink\" TargetMode=\"External\" Target=\"file:///etc/passwd\"/>",
                "<Relationship Id=\"rId3\" Type=\"x/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/><numFmt numFmtId=\"165\" formatCode=\"[Red]#,##0.00&quot; days&quot;\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>",
        ),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet),
    ]
}

fn sheet(rows: &str) -> String {
    format!("<worksheet><dimension ref=\"A1:B9\"/><sheetData>{rows}</sheetData><mergeCells/></worksheet>")
}

/// A workbook with the columns `a` and `b`, and these rows under or over them.
pub(super) fn workbook(rows: &str) -> Vec<u8> {
    let header = "<row><c t=\"inlineStr\"><is><t>a</t></is></c><c t=\"str\"><v>b</v></c></row>";
    let rows = if rows.contains("r=\"1\"") { rows.to_owned() } else { format!("{header}{rows}") };
    archive(&parts(&sheet(&rows), "<sst/>"))
}

fn values(cells: &str) -> String {
    rows(auto(workbook(&format!("<row>{cells}</row>")))).join("/")
}

#[test]
fn values_become_text() {
    for (cells, expected) in [
        ("<c><v>1234.5</v></c><c><v>-0.1</v></c>", "1234.5|-0.1"),
        ("<c><v>0.30000000000000004</v></c><c><v>1.1000000000000001</v></c>", "0.3|1.1"),
        ("<c><v>1E5</v></c><c><v>1.5E-7</v></c>", "100000|0.00000015"),
        ("<c><v>110101199003074514</v></c><c><v>8613800138000</v></c>", "110101199003074514|8613800138000"),
        ("<c t=\"b\"><v>1</v></c><c t=\"b\"><v>0</v></c>", "true|false"),
        ("<c s=\"1\"><v>40513.351388888892</v></c><c s=\"1\"><v>45322</v></c>", "2010-12-01T08:26:00|2024-01-31"),
        ("<c s=\"2\"><v>45322</v></c><c s=\"3\"><v>45322</v></c>", "2024-01-31|45322"),
        ("<c s=\"4\"><v>1.5</v></c><c s=\"1\"><v>0.75</v></c>", "36:00:00|18:00:00"),
        ("<c s=\"1\"><v>1</v></c><c s=\"1\"><v>59</v></c>", "1900-01-01|1900-02-28"),
        ("<c><f>1+1</f><v>2</v></c><c t=\"str\"><f>A1&amp;\"x\"</f><v>a &lt; &#x4e2d;</v></c>", "2|a < 中"),
        ("<c t=\"inlineStr\"><is><r><t>bold</t></r><r><t> text</t></r><rPh><t>aid</t></rPh></is></c>", "bold text|∅"),
        ("<c t=\"inlineStr\"><is><t>line_x000D_\nend</t></is></c><c/>", "line\r\nend|∅"),
        ("<c t=\"e\"><v>#REF!</v></c><c><v>1</v></c>", "!cell_error"),
        ("<c><v>what</v></c><c><v>1</v></c>", "!cell_error"),
        ("<c t=\"s\"><v>99</v></c><c><v>1</v></c>", "!cell_error"),
        ("<c r=\"B2\"><v>1</v></c><c r=\"D2\"><v>1</v></c>", "!ragged_row"),
        ("<c r=\"B2\"><v>1</v></c><c r=\"D2\" s=\"1\"/>", "∅|1"),
    ] {
        assert_eq!(values(cells), expected, "{cells}");
    }
    let error = "<row><c/><c t=\"e\"><v>#SPILL!</v></c></row>";
    let fault = auto(workbook(error)).next().unwrap().unwrap().cells.unwrap_err();
    assert_eq!((fault.column.as_deref(), fault.raw.as_str()), (Some("b"), "#SPILL!"));
}

#[test]
fn shared_strings_and_sheets_by_name() {
    let strings = "<sst count=\"9\" uniqueCount=\"99999999999999\"><si><t>a</t></si><si/><si><t xml:space=\"preserve\"> 张 </t></si></sst>";
    let cells =
        sheet("<row><c t=\"s\"><v>0</v></c></row><row><c t=\"s\"><v>2</v></c></row><row><c t=\"s\"><v>1</v></c></row>");
    let bytes = archive(&parts(&cells, strings));
    assert_eq!(rows(auto(&bytes)), ["张"]);
    for (name, found) in [("顾客 & co", true), ("Notes", true), ("Other", false)] {
        let options = Options { sheet: Some(name.into()), ..Options::default() };
        assert_eq!(open(&bytes, Format::Xlsx, &options).is_ok(), found, "{name}");
    }
}

/// Another reader of workbooks reads the same.
#[test]
fn agrees_with_calamine() {
    let rows: String = (2..200)
        .map(|r| format!("<row r=\"{r}\"><c r=\"A{r}\"><v>{}</v></c><c r=\"B{r}\" t=\"inlineStr\"><is><t>é{r}</t></is></c></row>", f64::from(r) / 7.0))
        .collect();
    let bytes = workbook(&rows);
    let mut other: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
    let range = other.worksheet_range("顾客 & co").unwrap();
    for (ours, theirs) in auto(bytes).zip(range.rows().skip(1)) {
        let cells = ours.unwrap().cells.unwrap();
        let Data::Float(number) = theirs[0] else { panic!("{theirs:?}") };
        assert!((cells[0].text().unwrap().parse::<f64>().unwrap() - number).abs() < 1e-12);
        assert_eq!(cells[1].text(), Some(theirs[1].to_string().as_str()));
    }
}

#[test]
fn hostile_workbooks_are_refused_quickly() {
    let zeros = " ".repeat(300 << 20);
    let text = |open: &str, close: &str| format!("<sst><si>{open}{}{close}</si></sst>", &zeros[..100 << 20]);
    let (bomb, many) = (text("<t>", "</t>"), format!("<sst>{}</sst>", "<si/>".repeat(5_000_000)));
    let wide: String = "<c><v>1</v></c>".repeat(16_000);
    let entity = "<!DOCTYPE sst [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><sst><si><t>&x;</t></si></sst>";
    let laughs = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><sst><si><t>&b;</t></si></sst>";
    let deep = format!("<sst>{}", "<a>".repeat(1_000_000));
    let padded = sheet(&format!("<row><c><v>1</v></c></row>{zeros}"));
    let blank = sheet(&format!("<row><c t=\"str\"><v>a</v></c></row>{}", "<row/>".repeat(1_000_000)));
    let (one, wide) = (sheet("<row><c t=\"str\"><v>a</v></c></row>"), sheet(&format!("<row>{wide}</row>")));
    for (name, sheet, strings) in [
        ("bomb in the strings", &one, bomb.as_str()),
        ("millions of strings", &one, &many),
        ("external entity", &one, entity),
        ("billion laughs", &one, laughs),
        ("deep nesting", &one, &deep),
        ("bomb in the sheet", &padded, "<sst/>"),
        ("16,000 columns", &wide, "<sst/>"),
        ("a million blank rows", &blank, "<sst/>"),
    ] {
        let bytes = archive(&parts(sheet, strings));
        let start = Instant::now();
        let refusal = match open(&bytes, Format::Auto, &Options::default()) {
            Err(refusal) => Some(refusal),
            Ok(table) => table.filter_map(Result::err).next(),
        };
        assert!(refusal.is_some(), "{name}");
        assert!(start.elapsed() < Duration::from_secs(8), "{name}: {:?}", start.elapsed());
    }
}

#[test]
fn broken_archives_are_refused() {
    let whole = workbook("<row><c><v>1</v></c></row>");
    for cut in (0..whole.len()).step_by(37) {
        let table = open(&whole[..cut], Format::Xlsx, &Options::default());
        assert!(table.is_err(), "cut at {cut}");
    }
    for at in (0..whole.len()).step_by(11) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        if let Ok(table) = open(&bytes, Format::Auto, &Options::default()) {
            assert!(table.count() < 1000);
        }
    }
    assert_eq!(refused(&archive(&[("../../evil", "x"), ("a/b", "y")])), "unreadable_file");
    assert_eq!(refused(&archive(&[("_rels/.rels", RELATIONS)])), "unreadable_file");
}

#[test]
fn trailing_blank_rows_are_nothing_and_holes_are_refused() {
    let (row, blank) = ("<row><c><v>1</v></c></row>", "<row/>".repeat(120_000));
    assert_eq!(rows(auto(workbook(&format!("{row}{blank}")))), ["1|∅"]);
    let mut table = auto(workbook(&format!("{row}{blank}{row}")));
    assert!(table.next().unwrap().is_ok());
    assert_eq!(table.next().unwrap().err().unwrap().code, FILE_OVER_LIMIT);
    assert!(table.next().is_none());
}
