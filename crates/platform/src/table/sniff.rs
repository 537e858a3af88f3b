//! What a file is, from its first bytes: its format, and the delimiter of a CSV file. A wrong guess is mended by
//! stating the format or the delimiter, so the rules are few and foreseeable.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
};

use kernel::{Result, text};

use super::{Format, broken, unreadable};

const SAMPLE: u64 = 64 << 10;
/// Lines that are looked at for objects.
const LINES: usize = 20;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The stated format, or the one that the first bytes show.
pub(super) fn format(file: &File, stated: Format) -> Result<Format> {
    let head = sample(file, 0)?;
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(unreadable(text!(
            "The file is an old or encrypted Excel workbook: save it as .xlsx without a password."
        )));
    }
    let zipped = head.starts_with(b"PK\x03\x04");
    match stated {
        Format::Auto if zipped => Ok(Format::Xlsx),
        Format::Auto => Ok(if holds_objects(&head) { Format::Ndjson } else { Format::Csv }),
        Format::Xlsx if !zipped => Err(unreadable(text!("The file is not an .xlsx workbook."))),
        Format::Csv | Format::Ndjson if zipped => {
            Err(unreadable(text!("The file is a zip archive or a workbook, not text.")))
        }
        stated => Ok(stated),
    }
}

/// The first bytes of the file from `offset` on.
pub(super) fn sample(mut file: &File, offset: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(offset)).map_err(broken)?;
    file.take(SAMPLE).read_to_end(&mut bytes).map_err(broken)?;
    Ok(bytes)
}

/// The delimiter that gives the first records the same number of cells, and more than one; else the comma.
pub(super) fn delimiter(sample: &[u8]) -> u8 {
    let score = |&delimiter: &u8| {
        let widths = widths(sample, delimiter);
        let first = widths.first().copied().unwrap_or(0);
        let alike = widths.iter().filter(|&&width| width == first).count();
        let part = if first < 2 || widths.is_empty() { 0 } else { alike * 1000 / widths.len() };
        (part, first)
    };
    // the first of equals wins: the list stands in the order of preference
    let best = DELIMITERS.iter().rev().max_by_key(|delimiter| score(delimiter));
    best.copied().filter(|delimiter| score(delimiter).0 > 0).unwrap_or(b',')
}

/// The delimiter of a first line such as `sep=;`, and where the next line begins.
pub(super) fn stated_delimiter(sample: &[u8]) -> Option<(u8, u64)> {
    let rest = sample.strip_prefix(b"sep=")?;
    let (&delimiter, rest) = rest.split_first()?;
    let line_end = if rest.starts_with(b"\r\n") { 2 } else { u64::from(matches!(rest.first(), Some(b'\r' | b'\n'))) };
    (line_end > 0 && delimiter.is_ascii() && delimiter != b'"').then_some((delimiter, 5 + line_end))
}

fn widths(sample: &[u8], delimiter: u8) -> Vec<usize> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(sample);
    let mut widths: Vec<usize> = reader.byte_records().take(51).flatten().map(|record| record.len()).collect();
    // the last record of the sample may be cut off
    if widths.len() > 1 {
        widths.pop();
    }
    widths
}

/// The first line is a JSON object, or begins one that is longer than the sample; or most of the first lines are
/// objects: one that cannot be read is a fault of its row, and not of the file.
fn holds_objects(head: &[u8]) -> bool {
    let head = head.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(head).trim_ascii_start();
    begins_with_object(head) || mostly_objects(head)
}

fn mostly_objects(head: &[u8]) -> bool {
    let lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let (mut all, mut objects) = (0, 0);
    for line in lines.take(LINES) {
        all += 1;
        objects += i32::from(serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line).is_ok());
    }
    objects * 2 > all
}

fn begins_with_object(head: &[u8]) -> bool {
    let mut objects = serde_json::Deserializer::from_slice(head).into_iter::<serde_json::Map<String, _>>();
    match objects.next() {
        Some(Ok::<serde_json::Map<String, serde_json::Value>, _>(_)) => true,
        Some(Err(error)) => head.starts_with(b"{\"") && error.is_eof(),
        None => false,
    }
}
