use proptest::prelude::*;

use super::{workbook::workbook, *};

/// Resumed at each row, and at each checkpoint, a table gives what it gave when read through.
fn resumable(bytes: &[u8], format: Format) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table");
    std::fs::write(&path, bytes).unwrap();
    let Ok(mut table) = Table::open(&path, format, &Options::default()) else { return };
    let (start, number) = table.position();
    let mut checkpoints = vec![(start, number)];
    let mut through = Vec::new();
    while let Some(row) = table.next() {
        through.push(row.unwrap());
        checkpoints.push(table.position());
    }
    for (index, row) in through.iter().enumerate() {
        let mut again = Table::open(&path, format, &Options::default()).unwrap();
        again.resume(row.offset, row.number).unwrap();
        let rest: Vec<Row> = again.map(Result::unwrap).collect();
        assert_eq!(rest, through[index..], "from row {}", row.number);
    }
    for (index, &(offset, number)) in checkpoints.iter().enumerate() {
        table.resume(offset, number).unwrap();
        let rest: Vec<String> = table.by_ref().map(|row| shown(&row.unwrap())).collect();
        assert_eq!(rest, through[index..].iter().map(shown).collect::<Vec<_>>(), "from checkpoint {index}");
    }
    table.resume(0, 1).unwrap();
    assert_eq!(table.count(), through.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_resumes(text in "a,b(\r\n|\n|\r)([a,;\"\n\r é]{0,6}(\n|\r\n|\"|,)){0,12}") {
        resumable(text.as_bytes(), Format::Csv);
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        resumable(&[&[0xFF, 0xFE], &units[..]].concat(), Format::Csv);
    }

    #[test]
    fn any_bytes_resume(bytes in proptest::collection::vec(prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), any::<u8>()], 0..80)) {
        resumable(&bytes, Format::Csv);
        resumable(&bytes, Format::Ndjson);
    }

    #[test]
    fn any_objects_resume(lines in proptest::collection::vec("(\\{\"a\":[0-9]\\}|\\{\"b\":\"x\"\\}|\\{|)(\n|\r\n)", 0..12)) {
        resumable(lines.concat().as_bytes(), Format::Ndjson);
    }

    #[test]
    fn any_sheet_resumes(filled in proptest::collection::vec(0..4_u8, 1..12)) {
        let row = |(index, kind): (usize, &u8)| match kind {
            0 => String::new(),
            1 => format!("<row r=\"{}\"/>", index + 1),
            2 => format!("<row r=\"{0}\"><c r=\"A{0}\"><v>{0}</v></c></row>", index + 1),
            _ => format!("<row r=\"{0}\"><c r=\"B{0}\" t=\"e\"><v>#N/A</v></c></row>", index + 1),
        };
        resumable(&workbook(&filled.iter().enumerate().map(row).collect::<String>()), Format::Xlsx);
    }
}
