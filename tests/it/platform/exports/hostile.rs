//! Workbooks that mean harm, through the door: refused quickly, and without the memory that they ask for.
use crate::platform::imports::{ended, upload};
use crate::support::{Town, json, make};
use std::io::{Cursor, Write};
use std::time::{Duration, Instant};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn workbook(sheet: &str, strings: &str) -> Vec<u8> {
    let parts = [
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            "<Relationships><Relationship Id=\"r\" Type=\"x/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"x/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>",
        ),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData><row><c t=\"str\"><v>Name</v></c></row>{rows}</sheetData></worksheet>")
}

/// What this process holds (`VmRSS`), or has held at most (`VmHWM`), in KiB.
fn memory(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(what)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// From now on, the most is counted anew.
fn forget_the_most() -> u64 {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    memory("VmRSS")
}

#[test]
fn workbooks_that_mean_harm_are_refused_at_the_door() {
    let town = Town::start();
    let owner = town.owner();
    let one = sheet("<row><c t=\"s\"><v>0</v></c></row>");
    let bomb = format!("<sst><si><t>{}</t></si></sst>", " ".repeat(100 << 20));
    let entity = "<!DOCTYPE sst [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><sst><si><t>&x;</t></si></sst>";
    let laughs: String =
        (1..10).map(|n| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10))).collect();
    let laughs = format!("<!DOCTYPE l [<!ENTITY a0 \"ha\">{laughs}]><sst><si><t>&a9;</t></si></sst>");
    let padded = sheet(&format!("<row><c t=\"str\"><v>Ada</v></c></row>{}", " ".repeat(200 << 20)));
    let blank = sheet(&"<row/>".repeat(1_000_000));
    let files = [
        ("a bomb in the strings", workbook(&one, &bomb)),
        ("an external entity", workbook(&one, entity)),
        ("a billion laughs", workbook(&one, &laughs)),
        ("a bomb in the sheet", workbook(&padded, "<sst/>")),
        ("a million blank rows", workbook(&blank, "<sst/>")),
    ];
    drop((bomb, padded, blank));
    let mapping = json!({"resource": "contacts", "columns": {"Name": "display_name"}});
    for (what, bytes) in files {
        let (since, before) = (Instant::now(), forget_the_most());
        let answer = upload(&owner, "file.xlsx", &bytes, &mapping, &[]);
        let refused = match answer.status {
            202 => {
                let done = ended(&owner, &make::id(&answer.json(), "id"));
                assert!(!done.to_string().contains("root:"), "{done}");
                done["status"] == "failed"
            }
            status => (400..500).contains(&status),
        };
        let (took, grown) = (since.elapsed(), memory("VmHWM").saturating_sub(before) / 1024);
        assert!(refused, "{what}: {}", answer.text());
        println!("{what}: {took:?}, {grown} MiB");
        // 2 s is what a build that is shipped takes; this one is several times as slow
        assert!(took < Duration::from_secs(10) && grown < 128, "{what}: {took:?}, {grown} MiB");
    }
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 0);
}
