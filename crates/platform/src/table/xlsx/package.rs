//! The zip archive around a workbook. Parts are inflated as they are read, each up to a limit of its own that does not
//! trust the declared sizes: so many bytes, and so many times its compressed size. A bomb stops where it passes them.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom, Take},
};

use flate2::read::DeflateDecoder;
use kernel::{Result, Text, text};
use zip::{CompressionMethod, ZipArchive};

use super::{
    super::{broken, limit::Limited, over_limit, unreadable},
    xml::Xml,
};

const ENTRIES_MAX: usize = 10_000;
const DIRECTORY_MAX: u64 = 8 << 20;
const RATIO_MAX: u64 = 200;
/// below this a high ratio is harmless
const RATIO_FREE: u64 = 4 << 20;

/// The most bytes that a part may unfold to.
#[derive(Clone, Copy)]
pub(super) enum Cap {
    /// a sheet: it is read as a stream
    Sheet,
    /// the shared strings: they are held in memory
    Strings,
    /// styles, relations, the list of sheets
    Small,
}

/// The archive and where its parts lie.
pub(super) struct Package {
    file: File,
    parts: HashMap<String, Part>,
}

struct Part {
    start: u64,
    packed: u64,
    deflated: bool,
}

impl Package {
    /// Reads the directory of the archive.
    pub fn open(mut file: File) -> Result<Self> {
        check_directory(&mut file)?;
        let not_zip = |error| unreadable(text!("The workbook is not a sound zip archive.")).source(error);
        let mut archive = ZipArchive::new(BufReader::new(&file)).map_err(not_zip)?;
        if archive.len() > ENTRIES_MAX {
            return Err(over_limit(text!("The workbook has more than {most} parts.", most = ENTRIES_MAX)));
        }
        let mut parts = HashMap::new();
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).map_err(not_zip)?;
            let method = entry.compression();
            let readable = matches!(method, CompressionMethod::Stored | CompressionMethod::DEFLATE);
            if entry.encrypted() || !readable {
                continue;
            }
            let (Some(start), Ok(name)) = (entry.data_start(), entry.name()) else { continue };
            let deflated = method == CompressionMethod::DEFLATE;
            parts.insert(key(&name), Part { start, packed: entry.compressed_size(), deflated });
        }
        drop(archive);
        Ok(Self { file, parts })
    }

    /// A part from its first byte on, if the archive has it. One part is read at a time.
    pub fn part(&self, path: &str, cap: Cap) -> Result<Option<Xml>> {
        let Some(part) = self.parts.get(&key(path)) else { return Ok(None) };
        let mut file = self.file.try_clone().map_err(broken)?;
        file.seek(SeekFrom::Start(part.start)).map_err(broken)?;
        let packed = BufReader::with_capacity(64 << 10, file).take(part.packed);
        let bytes = if part.deflated { Bytes::Deflated(DeflateDecoder::new(packed)) } else { Bytes::Stored(packed) };
        let total = cap.bytes().min((part.packed * RATIO_MAX).max(RATIO_FREE));
        Ok(Some(Xml::new(Limited::new(bytes, super::xml::PIECE, total, too_large()))))
    }
}

impl Cap {
    fn bytes(self) -> u64 {
        match self {
            Self::Sheet => 512 << 20,
            Self::Strings => 64 << 20,
            Self::Small => 16 << 20,
        }
    }
}

/// The bytes of a part, unfolded.
pub(super) enum Bytes {
    Stored(Take<BufReader<File>>),
    Deflated(DeflateDecoder<Take<BufReader<File>>>),
}

impl Read for Bytes {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Stored(bytes) => bytes.read(into),
            Self::Deflated(bytes) => bytes.read(into),
        }
    }
}

/// Names are compared without case and without the leading slash, as spreadsheet programs do.
fn key(path: &str) -> String {
    path.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

/// The directory is held in memory: its declared size is checked before anything reads it.
fn check_directory(file: &mut File) -> Result<()> {
    let size = file.metadata().map_err(broken)?.len();
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(size.saturating_sub(66_000))).map_err(broken)?;
    file.read_to_end(&mut tail).map_err(broken)?;
    let ends: Vec<&[u8]> = tail.windows(22).filter(|window| window.starts_with(b"PK\x05\x06")).collect();
    if ends.is_empty() {
        return Err(unreadable(text!("The workbook is cut off: its end is missing.")));
    }
    for end in ends {
        let length: [u8; 4] = end.get(12..16).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
        let length = u64::from(u32::from_le_bytes(length));
        if length > DIRECTORY_MAX {
            return Err(over_limit(text!("The workbook has more than {most} parts.", most = ENTRIES_MAX)));
        }
    }
    Ok(())
}

fn too_large() -> Text {
    text!("A part of the workbook is too large, or compressed too strongly, to be read safely.")
}
