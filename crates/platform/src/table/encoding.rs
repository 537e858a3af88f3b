//! Every text becomes UTF-8 before it is cut into rows. A UTF-8 file is read as it is. Any other is transcoded once,
//! streaming, into an unnamed temporary file beside the source (or in the system's folder where that is read-only):
//! offsets are then bytes of the transcoded text, and the same file always gives the same offsets. The temporary file
//! has no name, so that not even a killed process leaves it behind. What cannot be decoded becomes U+FFFD.

use std::{
    fs::File,
    io::{BufWriter, Read, Seek, SeekFrom, Write},
    path::Path,
};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use kernel::Result;

use super::broken;

/// A file this small is judged as a whole, a larger one by a window that begins where it stops being ASCII.
const SMALL: u64 = 4 << 20;
const WINDOW: u64 = 256 << 10;
const CHUNK: usize = 64 << 10;

/// UTF-8 text and where it begins behind a byte order mark.
pub(super) struct Text {
    pub file: File,
    pub start: u64,
    /// U+FFFD in it stands for bytes that could not be decoded
    pub transcoded: bool,
}

/// The text of the file as UTF-8; `path` says beside what a transcoded copy may be laid.
pub(super) fn utf8(mut file: File, path: &Path, stated: Option<&'static Encoding>) -> Result<Text> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0)).and_then(|_| (&file).take(1024).read_to_end(&mut head)).map_err(broken)?;
    let (encoding, mark) = match Encoding::for_bom(&head) {
        Some((marked, length)) => (marked, u64::try_from(length).unwrap_or(0)),
        None => (stated.map_or_else(|| detect(&mut file, &head), Ok)?, 0),
    };
    if encoding == UTF_8 {
        return Ok(Text { file, start: mark, transcoded: false });
    }
    let file = transcode(file, mark, encoding, path).map_err(broken)?;
    Ok(Text { file, start: 0, transcoded: true })
}

fn detect(file: &mut File, head: &[u8]) -> Result<&'static Encoding> {
    if let Some(wide) = utf16(head) {
        return Ok(wide);
    }
    let size = file.metadata().map_err(broken)?.len();
    let (from, length) = if size <= SMALL { (0, SMALL) } else { (first_non_ascii(file)?, WINDOW) };
    let mut window = Vec::new();
    file.seek(SeekFrom::Start(from)).and_then(|_| file.take(length).read_to_end(&mut window)).map_err(broken)?;
    if is_utf8(&window) {
        return Ok(UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&window, true);
    Ok(detector.guess(None, Utf8Detection::Deny))
}

/// Text in Latin letters leaves every second byte of UTF-16 zero: the first of each pair, or the second.
fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if pairs < 2 || even.max(odd) * 10 < pairs * 3 {
        return None;
    }
    match (even, odd) {
        (few, many) if few * 10 < many => Some(UTF_16LE),
        (many, few) if few * 10 < many => Some(UTF_16BE),
        _ => None,
    }
}

fn first_non_ascii(file: &mut File) -> Result<u64> {
    let mut buffer = vec![0; CHUNK];
    let mut passed = 0;
    file.seek(SeekFrom::Start(0)).map_err(broken)?;
    loop {
        let read = file.read(&mut buffer).map_err(broken)?;
        let found = buffer.get(..read).and_then(|bytes| bytes.iter().position(|byte| !byte.is_ascii()));
        passed += u64::try_from(found.unwrap_or(read)).unwrap_or(0);
        if read == 0 || found.is_some() {
            return Ok(passed);
        }
    }
}

/// UTF-8, but for a stray byte: a few broken places among many good ones are faults of their rows, no other encoding.
fn is_utf8(mut bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    loop {
        let (valid, rest, broken) = match std::str::from_utf8(bytes) {
            Ok(_) => (bytes, &[][..], false),
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                // a character cut off by the end of the window is no fault
                let length = error.error_len();
                (valid, rest.get(length.unwrap_or(rest.len())..).unwrap_or_default(), length.is_some())
            }
        };
        good += valid.iter().filter(|&&byte| byte >= 0xC0).count();
        bad += usize::from(broken);
        if rest.is_empty() {
            return good >= bad * 20;
        }
        bytes = rest;
    }
}

fn transcode(mut from: File, start: u64, encoding: &'static Encoding, path: &Path) -> std::io::Result<File> {
    let beside = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let into = tempfile::tempfile_in(beside).or_else(|_| tempfile::tempfile())?;
    let mut into = BufWriter::with_capacity(CHUNK, into);
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let (mut raw, mut text) = (vec![0; CHUNK], vec![0; CHUNK]);
    from.seek(SeekFrom::Start(start))?;
    loop {
        let read = from.read(&mut raw)?;
        let mut rest = raw.get(..read).unwrap_or_default();
        loop {
            let (result, used, written, _) = decoder.decode_to_utf8(rest, &mut text, read == 0);
            into.write_all(text.get(..written).unwrap_or_default())?;
            rest = rest.get(used..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        if read == 0 {
            return into.into_inner().map_err(std::io::IntoInnerError::into_error);
        }
    }
}
