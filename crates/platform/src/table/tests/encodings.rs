use encoding_rs::{GB18030, GBK, WINDOWS_1252};

use super::*;

const TEXT: &str = "name,city\nMüller,Zürich\n\"Señor\nÑandú\",São Paulo\n";

#[test]
fn utf_8_with_and_without_mark() {
    for mark in ["", "\u{FEFF}"] {
        let table = auto(format!("{mark}name,city\n张三,北京市\n"));
        assert_eq!(table.header(), ["name", "city"]);
        assert_eq!(rows(table), ["张三|北京市"]);
    }
}

#[test]
fn utf_16_both_ways_with_and_without_mark() {
    for mark in ["", "\u{FEFF}"] {
        let units: Vec<u16> = format!("{mark}{TEXT}王,武汉\n").encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in [little, big] {
            assert_eq!(rows(auto(bytes)), ["Müller|Zürich", "Señor\nÑandú|São Paulo", "王|武汉"], "{mark:?}");
        }
    }
}

#[test]
fn legacy_encodings_are_guessed() {
    let (latin, ..) = WINDOWS_1252.encode(TEXT);
    assert_eq!(rows(auto(&latin))[0], "Müller|Zürich");
    let chinese = "姓名,城市,电话\n张伟,北京市朝阳区,010-12345678\n李娜,上海市浦东新区,021-87654321\n";
    let (gbk, ..) = GBK.encode(chinese);
    let table = auto(&gbk);
    assert_eq!(table.header(), ["姓名", "城市", "电话"]);
    assert_eq!(rows(table), ["张伟|北京市朝阳区|010-12345678", "李娜|上海市浦东新区|021-87654321"]);
    let (rare, ..) = GB18030.encode("姓名,城市\n㐀𠮷,北京\n");
    let stated = Options { encoding: Some(GB18030), ..Options::default() };
    assert_eq!(rows(open(&rare, Format::Csv, &stated).unwrap()), ["㐀𠮷|北京"]);
}

#[test]
fn a_large_file_is_judged_where_it_stops_being_ascii() {
    let mut bytes = format!("id,name\n{}", "1,plain\n".repeat(700_000)).into_bytes();
    bytes.extend_from_slice(&WINDOWS_1252.encode("2,Müller\n3,Garçon\n").0);
    assert_eq!(rows(auto(bytes))[700_000..], ["2|Müller", "3|Garçon"]);
}

#[test]
fn a_late_bad_byte_is_a_fault_of_its_row() {
    let mut bytes = format!("id,name\n{}", "1,张伟\n".repeat(600_000)).into_bytes();
    bytes.extend_from_slice(b"2,bad\xFFbyte\n3,fine\n");
    assert_eq!(rows(auto(bytes))[599_999..], ["1|张伟", "!invalid_encoding", "3|fine"]);
    let mut small = format!("id,name\n{}", "1,张伟\n".repeat(20)).into_bytes();
    small.extend_from_slice(b"2,\xE4\n3,fine\n");
    assert_eq!(rows(auto(small))[20..], ["!invalid_encoding", "3|fine"]);
    let mut gbk = GBK.encode("姓名,城市\n张伟,北京市\n").0.into_owned();
    gbk.extend_from_slice(b"bad,\xFF\nfine,x\n");
    let stated = Options { encoding: Some(GBK), ..Options::default() };
    assert_eq!(rows(open(&gbk, Format::Csv, &stated).unwrap())[1..], ["!invalid_encoding", "fine|x"]);
}

#[test]
fn the_copy_leaves_no_file_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latin.csv");
    std::fs::write(&path, WINDOWS_1252.encode(TEXT).0).unwrap();
    let table = Table::open(&path, Format::Auto, &Options::default()).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(rows(table).len(), 2);
}
