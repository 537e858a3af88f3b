use super::*;

#[test]
fn quoted_newlines_quotes_and_line_ends() {
    let table = auto("a,b\r\n1,\"x\ny\"\r\n\r\n2,\"say \"\"hi\"\"\"\r3,z\n");
    assert_eq!(table.header(), ["a", "b"]);
    assert_eq!(rows(table), ["1|x\ny", "2|say \"hi\"", "3|z"]);
}

#[test]
fn delimiters_are_found() {
    for (text, expected) in [
        ("a;b\n1,5;2\n", "1,5|2"),
        ("a\tb\nx, y\tz\n", "x, y|z"),
        ("a|b\n1|2\n", "1|2"),
        ("\"a;x\",b\n\"1;2;3\",4\n", "1;2;3|4"),
        ("sep=;\r\na;b\r\n1;2\r\n", "1|2"),
        ("name\nAda, Countess\n", "!ragged_row"),
    ] {
        assert_eq!(rows(auto(text)), [expected], "{text:?}");
    }
    let options = Options { delimiter: Some(b':'), ..Options::default() };
    assert_eq!(rows(open(b"a:b\n1,2:3\n", Format::Csv, &options).unwrap()), ["1,2|3"]);
}

#[test]
fn ragged_rows_are_faults_or_filled_up() {
    let text = "a,b,c\n1,2\n1,2,3,4\n1,2,3,\nx\n";
    assert_eq!(rows(auto(text)), ["1|2|∅", "!ragged_row", "1|2|3", "x|∅|∅"]);
    let strict = Options { pad_rows: false, ..Options::default() };
    assert_eq!(rows(open(text.as_bytes(), Format::Csv, &strict).unwrap())[0], "!ragged_row");
    let fault = auto(text).nth(1).unwrap().unwrap().cells.unwrap_err();
    assert_eq!((fault.raw.as_str(), fault.message.to_string().contains("4 cells")), ("1\t2\t3\t4", true));
}

#[test]
fn formulas_are_plain_text() {
    let text = "a\n=1+1\n+8613800138000\n-5\n@SUM(A1)\n\"=HYPERLINK(\"\"x\"\")\"\n";
    assert_eq!(rows(auto(text)), ["=1+1", "+8613800138000", "-5", "@SUM(A1)", "=HYPERLINK(\"x\")"]);
}

#[test]
fn nulls_and_white_space() {
    let options = Options { null_values: vec!["NULL".into(), "N/A".into()], ..Options::default() };
    let text = "a,b,c\n NULL , x ,\u{3000}张三\u{3000}\nN/A,Null,\u{A0}\n";
    assert_eq!(rows(open(text.as_bytes(), Format::Csv, &options).unwrap()), ["∅|x|张三", "∅|Null|∅"]);
    let exact = Options { trim: false, ..Options::default() };
    assert_eq!(rows(open(b"a,b\n x ,y\n", Format::Csv, &exact).unwrap()), [" x |y"]);
}

#[test]
fn an_open_quote_costs_one_line() {
    let text = "a,b\n1,x\n2,\"oops\n3,y\n4,z";
    assert_eq!(rows(auto(text)), ["1|x", "!unclosed_quote", "3|y", "4|z"]);
    let numbers: Vec<u64> = auto(text).map(|row| row.unwrap().number).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    let long = format!("a,b\n1,\"{}", "never,closed\n".repeat(800_000));
    let found = auto(long).take(2).map(|row| shown(&row.unwrap())).collect::<Vec<_>>();
    assert_eq!(found, ["!row_too_large", "never|closed"]);
}

#[test]
fn large_cells_rows_and_widths() {
    let text = format!("a,b\n{},1\n{},2\nx,3\n", "y".repeat(CELL_MAX), "y".repeat(CELL_MAX + 1));
    let found = rows(auto(text));
    assert_eq!((found[0].len(), found[1].as_str(), found[2].as_str()), (CELL_MAX + 2, "!cell_too_large", "x|3"));
    let wide: Vec<String> = (0..10_001).map(|n| format!("c{n}")).collect();
    assert_eq!(auto(wide[..10_000].join(",")).header().len(), 10_000);
    assert_eq!(refused(wide.join(",").as_bytes()), "file_over_limit");
    assert_eq!(rows(auto(format!("a,b\n{}\n1,2\n", ",x".repeat(3_000_000)))), ["!ragged_row", "1|2"]);
    assert_eq!(rows(auto(format!("a,b\n{}\n1,2\n", "x".repeat(20_000_000)))), ["!row_too_large", "1|2"]);
}

#[test]
fn headers_are_named_once_each() {
    assert_eq!(auto(" id ,,id,id (2),id,\n1,2,3,4,5\n").header(), ["id", "column_2", "id (2)", "id (2) (2)", "id (3)"]);
    for empty in ["", "\n\n", ",,,\n1,2,3,4\n", "\"a,b\n1,2\n"] {
        assert_eq!(refused(empty.as_bytes()), "unreadable_file", "{empty:?}");
    }
    assert_eq!(rows(auto("a,b\n")), [""; 0]);
    assert_eq!(refused(&[0xD0, 0xCF, 0x11, 0xE0, 0, 0]), "unreadable_file");
    assert_eq!(rows(auto(b"a,b\nx\0y,1\nz,2\n")), ["!invalid_character", "z|2"]);
}

#[test]
fn objects_become_rows() {
    let text = concat!(
        "{\"id\":1,\"account\":{\"external_id\":\"A-1\",\"tags\":[\"x\",\"y\"]},\"ok\":true}\n\n",
        "{\"id\":12345678901234567890.12,\"account\":null,\"note\":\"é\\n\\u5f20\"}\r\n",
        "{\"id\":1.5e3}\n[1,2]\n{\"id\":\n{\"id\":1,\"id\":2}\n",
    );
    let table = auto(text);
    assert_eq!(table.format(), Format::Ndjson);
    assert_eq!(table.header(), ["id", "account.external_id", "account.tags", "ok", "note"]);
    assert_eq!(
        rows(table),
        [
            "1|A-1|[\"x\",\"y\"]|true|∅",
            "12345678901234567890.12|∅|∅|∅|é\n张",
            "1500|∅|∅|∅|∅",
            "!invalid_json",
            "!invalid_json",
            "!duplicate_column"
        ]
    );
}

#[test]
fn later_keys_and_huge_lines_are_faults() {
    let mut text = "{\"a\":1}\n".repeat(100);
    text.push_str("{\"b\":1}\n{\"b\":null,\"a\":2}\n");
    text.push_str(&format!("{{\"a\":\"{}\"}}\n{{\"a\":[{}1]}}\n", "x".repeat(9 << 20), "0,".repeat(600_000)));
    text.push_str(&format!("{{\"a\":{}1{}}}\n{{\"a\":3}}\n", "{\"a\":".repeat(200), "}".repeat(200)));
    let found = rows(auto(text));
    assert_eq!(found[100..], ["!unknown_column", "2", "!row_too_large", "!cell_too_large", "!invalid_json", "3"]);
    assert_eq!(open(b"1\n2\n", Format::Ndjson, &Options::default()).err().unwrap().code, UNREADABLE_FILE);
}
