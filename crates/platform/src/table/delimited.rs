//! CSV and its kin: records of cells between delimiters, quoted where a cell holds a delimiter or a line break.
//! A quote that is never closed would swallow the rest of the file: then only the line where it opens is lost, and the
//! reading goes on at the next line. No record is ever held beyond [`ROW_MAX`].

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
};

use csv::{ByteRecord, StringRecord};
use kernel::{Result, text};

use super::{
    Cell, Found, ROW_MAX, broken,
    cell::{RowFault, Shape},
    encoding::Text,
    limit::{self, Limited},
    sniff, unreadable,
};

const BUFFER: usize = 64 << 10;

/// The records of one file, from where the reader stands.
pub(super) struct Records {
    text: Text,
    delimiter: u8,
    extent: u64,
    /// where the header ends
    first: u64,
    /// where the reader was started: its own positions count from here
    base: u64,
    reader: csv::Reader<Limited<File>>,
    record: ByteRecord,
}

impl Records {
    /// Finds the delimiter and reads the header.
    pub fn open(text: Text, stated: Option<u8>, shape: &mut Shape) -> Result<Self> {
        let sample = sniff::sample(&text.file, text.start)?;
        let (delimiter, skipped) = sniff::stated_delimiter(&sample).unwrap_or_else(|| (sniff::delimiter(&sample), 0));
        let (delimiter, base) = (stated.unwrap_or(delimiter), text.start + skipped);
        let extent = text.file.metadata().map_err(broken)?.len();
        let reader = start(&text.file, base, delimiter)?;
        let mut records = Self { text, delimiter, extent, first: base, base, reader, record: ByteRecord::new() };
        shape.name(records.header()?)?;
        records.first = records.offset();
        Ok(records)
    }

    /// The length of the text in bytes.
    pub fn extent(&self) -> u64 {
        self.extent
    }

    /// Where the next record starts, or the blank lines before it.
    pub fn offset(&self) -> u64 {
        self.base + self.reader.position().byte()
    }

    /// Goes on at `offset`; what lies before the first row is the header, and not read again.
    pub fn seek(&mut self, offset: u64) -> Result<()> {
        self.base = offset.max(self.first);
        self.reader = start(&self.text.file, self.base, self.delimiter)?;
        Ok(())
    }

    /// The next record, fitted to the columns.
    pub fn next(&mut self, shape: &Shape) -> Result<Option<Found>> {
        let offset = self.offset();
        self.reader.get_mut().refill();
        let fault = match self.reader.read_byte_record(&mut self.record) {
            Ok(false) => return Ok(None),
            Ok(true) if self.record.as_slice().len() > ROW_MAX => too_large(),
            Ok(true) if self.ends_open(offset)? => unclosed(),
            Ok(true) => return Ok(Some(Found { offset, cells: self.fit(shape) })),
            Err(error) => match error.into_kind() {
                csv::ErrorKind::Io(error) if limit::reason(&error).is_some() => too_large(),
                csv::ErrorKind::Io(error) => return Err(broken(error)),
                other => {
                    return Err(unreadable(text!("The record at byte {offset} cannot be read.", offset))
                        .source(format!("{other:?}")));
                }
            },
        };
        self.record = ByteRecord::new();
        let (raw, next) = self.line(offset)?;
        self.seek(next)?;
        Ok(Some(Found { offset, cells: Err(fault.raw(&raw)) }))
    }

    fn header(&mut self) -> Result<Vec<String>> {
        let offset = self.offset();
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) if self.ends_open(offset)? => Err(unreadable(text!("A quote in the header is never closed."))),
            Ok(true) => {
                let names = StringRecord::from_byte_record(std::mem::take(&mut self.record));
                let names =
                    names.map_err(|_| unreadable(text!("The header is not valid in the encoding of the file.")))?;
                Ok(names.iter().map(str::to_owned).collect())
            }
            Ok(false) => Err(unreadable(text!("The file is empty."))),
            Err(error) => Err(unreadable(text!("The header cannot be read.")).source(error)),
        }
    }

    fn fit(&mut self, shape: &Shape) -> std::result::Result<Vec<Cell>, RowFault> {
        let undecoded = |raw: &str| {
            let message = text!("The row holds bytes that are not text in the encoding of the file.");
            Err(RowFault::new("invalid_encoding", message).raw(raw))
        };
        match StringRecord::from_byte_record(std::mem::take(&mut self.record)) {
            Err(error) => undecoded(&shown(&StringRecord::from_byte_record_lossy(error.into_byte_record()))),
            Ok(record) if self.text.transcoded && record.as_slice().contains('\u{FFFD}') => undecoded(&shown(&record)),
            Ok(record) => {
                let cells = shape.fit(record.iter(), record.len()).map_err(|fault| fault.raw(&shown(&record)));
                self.record = record.into_byte_record();
                cells
            }
        }
    }

    /// Whether the record that begins at `offset` reaches the end of the file inside quotes.
    fn ends_open(&self, offset: u64) -> Result<bool> {
        if self.offset() < self.extent {
            return Ok(false);
        }
        let mut bytes = Vec::new();
        let mut file = &self.text.file;
        let here = file.stream_position().map_err(broken)?;
        file.seek(SeekFrom::Start(offset)).map_err(broken)?;
        file.take(self.extent - offset).read_to_end(&mut bytes).map_err(broken)?;
        file.seek(SeekFrom::Start(here)).map_err(broken)?;
        Ok(quoted_at_end(&bytes, self.delimiter))
    }

    /// The beginning of the line at `offset`, blank lines before it passed over, and where the line after it starts.
    fn line(&self, offset: u64) -> Result<(String, u64)> {
        let mut file = &self.text.file;
        file.seek(SeekFrom::Start(offset)).map_err(broken)?;
        let (mut raw, mut next) = (Vec::new(), offset);
        for byte in std::io::BufReader::with_capacity(BUFFER, file).bytes() {
            let byte = byte.map_err(broken)?;
            next += 1;
            match byte {
                b'\r' | b'\n' if raw.is_empty() => {}
                b'\r' | b'\n' => break,
                byte if raw.len() < 4000 => raw.push(byte),
                _ => {}
            }
        }
        Ok((String::from_utf8_lossy(&raw).into_owned(), next))
    }
}

fn start(file: &File, offset: u64, delimiter: u8) -> Result<csv::Reader<Limited<File>>> {
    let mut file = file.try_clone().map_err(broken)?;
    file.seek(SeekFrom::Start(offset)).map_err(broken)?;
    let piece = u64::try_from(ROW_MAX + BUFFER).unwrap_or(u64::MAX);
    let limited = Limited::new(file, piece, u64::MAX, text!("The file is too large."));
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).buffer_capacity(BUFFER);
    Ok(builder.from_reader(limited))
}

fn quoted_at_end(bytes: &[u8], delimiter: u8) -> bool {
    let (mut quoted, mut fresh) = (false, true);
    let mut bytes = bytes.iter().peekable();
    while let Some(&byte) = bytes.next() {
        match (quoted, byte) {
            (true, b'"') => quoted = bytes.next_if_eq(&&b'"').is_some(),
            (true, _) => {}
            (false, b'"') if fresh => quoted = true,
            _ => {}
        }
        fresh = !quoted && (byte == delimiter || byte == b'\n' || byte == b'\r');
    }
    quoted
}

fn too_large() -> RowFault {
    RowFault::new(
        "row_too_large",
        text!("The row holds more than {most} bytes, or a quote in it is not closed.", most = ROW_MAX),
    )
}

fn unclosed() -> RowFault {
    RowFault::new("unclosed_quote", text!("A quote in this line is never closed."))
}

fn shown(record: &StringRecord) -> String {
    let cells: Vec<&str> = record.iter().take(1000).collect();
    cells.join("\t")
}
