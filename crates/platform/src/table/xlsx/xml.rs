//! The XML of a part, event by event, within limits: no document type (so no entities of the file's own), no tag or
//! text beyond two cells' size, no deep nesting. Malformed XML is an error, never a guess.

use std::io::BufReader;

use kernel::{Error, Result, text};
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
};

use super::{
    super::{CELL_MAX, FILE_OVER_LIMIT, limit, over_limit, unreadable},
    package::Bytes,
};
use limit::Limited;

const BUFFER: usize = 64 << 10;
const DEPTH_MAX: usize = 100;
/// the most that one tag or text may take
pub(super) const PIECE: u64 = 2 << 20;

/// A part being read.
pub(super) struct Xml {
    reader: Reader<BufReader<Limited<Bytes>>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl Xml {
    pub fn new(bytes: Limited<Bytes>) -> Self {
        let mut reader = Reader::from_reader(BufReader::with_capacity(BUFFER, bytes));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// The next event; `Eof` for ever once the part ends.
    pub fn next(&mut self) -> Result<Event<'_>> {
        self.buffer.clear();
        self.reader.get_mut().get_mut().refill();
        let event = self.reader.read_event_into(&mut self.buffer).map_err(malformed)?;
        match &event {
            Event::Start(_) if self.depth == DEPTH_MAX => {
                return Err(over_limit(text!("The workbook's XML is too deep.")));
            }
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => {
                return Err(unreadable(text!("The workbook declares a document type, which is not allowed.")));
            }
            Event::Eof if self.depth > 0 => return Err(unreadable(text!("The workbook's XML is cut off."))),
            _ => {}
        }
        Ok(event)
    }

    /// Appends the text up to the end of the element that has just begun; false when it is longer than a cell may be.
    pub fn text(&mut self, into: &mut String) -> Result<bool> {
        self.collect(into, |_| true)
    }

    /// The same for rich text: what stands in its `t` elements, without the reading aids (`rPh`).
    pub fn rich_text(&mut self, into: &mut String) -> Result<bool> {
        self.collect(into, |open| open.last().is_some_and(|&kind| kind == Inside::Text) && !open.contains(&Inside::Aid))
    }

    fn collect(&mut self, into: &mut String, wanted: impl Fn(&[Inside]) -> bool) -> Result<bool> {
        let (start, mut open, mut fits) = (into.len(), Vec::new(), true);
        loop {
            match self.next()? {
                Event::Start(tag) => open.push(Inside::of(&tag)),
                Event::End(_) if open.pop().is_none() => break,
                Event::Text(text) if wanted(&open) => into.push_str(&text.xml10_content()),
                Event::CData(text) if wanted(&open) => into.push_str(&text.xml10_content()),
                Event::GeneralRef(name) if wanted(&open) => into.push(character(&name)?),
                Event::Eof => return Err(unreadable(text!("The workbook's XML is cut off."))),
                _ => {}
            }
            if into.len() - start > CELL_MAX {
                into.truncate(start);
                fits = false;
            }
        }
        if let Some(plain) = into.get(start..).and_then(unescaped) {
            into.truncate(start);
            into.push_str(&plain);
        }
        Ok(fits)
    }
}

/// The value of an attribute, by its local name.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute =
            attribute.map_err(|error| unreadable(text!("The workbook's XML is malformed.")).source(error))?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(malformed)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Text,
    Aid,
    Other,
}

impl Inside {
    fn of(tag: &BytesStart<'_>) -> Self {
        match tag.local_name().as_ref() {
            "t" => Self::Text,
            "rPh" => Self::Aid,
            _ => Self::Other,
        }
    }
}

fn character(name: &BytesRef<'_>) -> Result<char> {
    match name.as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => name
            .resolve_char_ref()
            .map_err(malformed)?
            .ok_or_else(|| unreadable(text!("The workbook names an entity."))),
    }
}

/// Characters that XML cannot hold are written `_x000D_`.
fn unescaped(text: &str) -> Option<String> {
    let first = text.find("_x")?;
    let (head, mut rest) = text.split_at(first);
    let mut plain = head.to_owned();
    while let Some(at) = rest.find("_x") {
        let (before, tail) = rest.split_at(at);
        plain.push_str(before);
        let code =
            tail.get(2..6).filter(|code| tail.get(6..7) == Some("_") && code.bytes().all(|b| b.is_ascii_hexdigit()));
        let (replacement, used) = match code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?)) {
            Some(character) => (character, 7),
            None => ('_', 1),
        };
        plain.push(replacement);
        rest = tail.get(used..).unwrap_or_default();
    }
    plain.push_str(rest);
    Some(plain)
}

fn malformed(error: quick_xml::Error) -> Error {
    if let quick_xml::Error::Io(error) = &error
        && let Some(reason) = limit::reason(error)
    {
        return Error::from(FILE_OVER_LIMIT).detail(reason);
    }
    unreadable(text!("The workbook's XML is malformed.")).source(error)
}
