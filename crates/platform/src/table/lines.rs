//! NDJSON: one JSON object a line. The columns are the keys of the first hundred objects, those of nested objects by
//! dotted path (`account.external_id`); a key that only comes later is a fault of its row. An array is handed on as its
//! JSON text: a column nobody maps must not cost the row. Numbers keep the digits that they are written with.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    fs::File,
    io::{BufRead, BufReader, Seek, SeekFrom},
};

use kernel::{Result, text};
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{
    COLUMNS_MAX, Cell, Found, ROW_MAX, broken,
    cell::{RowFault, Shape},
    encoding::Text,
    over_limit, unreadable,
    values::number::plain,
};

const SURVEYED: usize = 100;
const DEPTH_MAX: usize = 16;

/// The objects of one file, from where the reader stands.
pub(super) struct Objects {
    reader: BufReader<File>,
    start: u64,
    extent: u64,
    offset: u64,
    transcoded: bool,
    columns: HashMap<String, usize>,
    line: Vec<u8>,
}

impl Objects {
    /// Reads the first objects for their keys, then goes back to the first.
    pub fn open(text: Text, shape: &mut Shape) -> Result<Self> {
        let extent = text.file.metadata().map_err(broken)?.len();
        let mut objects = Self {
            reader: BufReader::with_capacity(64 << 10, text.file),
            start: text.start,
            extent,
            offset: text.start,
            transcoded: text.transcoded,
            columns: HashMap::new(),
            line: Vec::new(),
        };
        objects.seek(text.start)?;
        shape.name(objects.survey()?)?;
        objects.seek(text.start)?;
        Ok(objects)
    }

    /// The length of the text in bytes.
    pub fn extent(&self) -> u64 {
        self.extent
    }

    /// Where the next line starts.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Goes on at `offset`.
    pub fn seek(&mut self, offset: u64) -> Result<()> {
        self.offset = offset.max(self.start);
        self.reader.seek(SeekFrom::Start(self.offset)).map_err(broken)?;
        Ok(())
    }

    /// The next object, its values laid under the columns.
    pub fn next(&mut self, shape: &Shape) -> Result<Option<Found>> {
        let Some((offset, whole)) = self.advance()? else { return Ok(None) };
        let cells = if whole { self.cells(shape) } else { Err(too_large()) };
        let cells = cells.map_err(|fault| {
            let beginning = self.line.get(..self.line.len().min(4000)).unwrap_or_default();
            fault.raw(&String::from_utf8_lossy(beginning))
        });
        Ok(Some(Found { offset, cells }))
    }

    fn survey(&mut self) -> Result<Vec<String>> {
        let (mut names, mut filled) = (Vec::new(), HashSet::new());
        let (mut seen, mut objects) = (HashSet::new(), 0);
        while objects < SURVEYED {
            let Some((_, whole)) = self.advance()? else { break };
            let line = std::str::from_utf8(&self.line).ok().filter(|_| whole);
            let Some(pairs) = line.and_then(|line| pairs(line).ok()) else { continue };
            objects += 1;
            // a name that trimming would change could not be found again
            for (name, text) in pairs.into_iter().filter(|(name, _)| name.trim() == name && !name.is_empty()) {
                if text.is_some() {
                    filled.extend(name.match_indices('.').filter_map(|(dot, _)| name.get(..dot)).map(str::to_owned));
                }
                if seen.insert(name.clone()) {
                    names.push(name);
                }
            }
            if names.len() > COLUMNS_MAX {
                return Err(over_limit(text!("The table has more than {most} columns.", most = COLUMNS_MAX)));
            }
        }
        // `"account": null` is an object that is missing, where others have one there
        names.retain(|name| !filled.contains(name));
        self.columns = names.iter().cloned().zip(0..).collect();
        if names.is_empty() { Err(unreadable(text!("The file holds no JSON objects."))) } else { Ok(names) }
    }

    fn cells(&self, shape: &Shape) -> std::result::Result<Vec<Cell>, RowFault> {
        let line = std::str::from_utf8(&self.line).ok().filter(|line| !(self.transcoded && line.contains('\u{FFFD}')));
        let message = text!("The line holds bytes that are not text in the encoding of the file.");
        let line = line.ok_or_else(|| RowFault::new("invalid_encoding", message))?;
        let mut cells = vec![Cell::default(); shape.header().len()];
        let mut filled = vec![false; cells.len()];
        for (name, text) in pairs(line).map_err(|fault| RowFault::new("invalid_json", fault))? {
            if text.is_none() && !self.columns.contains_key(&name) {
                continue; // `"account": null` where the columns are those inside of it
            }
            let unknown =
                || RowFault::new("unknown_column", text!("The key `{name}` is not one of the columns.", name));
            let index = *self.columns.get(&name).ok_or_else(unknown)?;
            if let Some(text) = text
                && let Some(cell) = cells.get_mut(index)
            {
                *cell = shape.checked(index, &text)?;
            }
            if filled.get_mut(index).is_some_and(|filled| std::mem::replace(filled, true)) {
                let message = text!("The key `{name}` comes twice.", name);
                return Err(RowFault::new("duplicate_column", message).at(&name));
            }
        }
        Ok(cells)
    }

    /// Reads the next line that is not blank: where it starts, and whether the whole of it is in `line`.
    fn advance(&mut self) -> Result<Option<(u64, bool)>> {
        loop {
            let offset = self.offset;
            let whole = self.read_line()?;
            if self.offset == offset {
                return Ok(None);
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(Some((offset, whole)));
            }
        }
    }

    fn read_line(&mut self) -> Result<bool> {
        self.line.clear();
        self.line.shrink_to(1 << 20);
        let mut whole = true;
        loop {
            let bytes = self.reader.fill_buf().map_err(broken)?;
            let end = bytes.iter().position(|&byte| byte == b'\n');
            let used = end.map_or(bytes.len(), |end| end + 1);
            whole = whole && self.line.len() + used <= ROW_MAX;
            if whole {
                self.line.extend_from_slice(bytes.get(..used).unwrap_or_default());
            }
            self.reader.consume(used);
            self.offset += u64::try_from(used).unwrap_or(0);
            if end.is_some() || used == 0 {
                return Ok(whole);
            }
        }
    }
}

type Pairs = Vec<(String, Option<String>)>;

/// The values of a line by their dotted paths, as text.
fn pairs(line: &str) -> std::result::Result<Pairs, kernel::Text> {
    let object: Object<'_> = serde_json::from_str(line).map_err(|_| text!("The line is not a JSON object."))?;
    let mut pairs = Vec::new();
    flatten("", object, 0, &mut pairs)?;
    Ok(pairs)
}

fn flatten(path: &str, object: Object<'_>, depth: usize, into: &mut Pairs) -> std::result::Result<(), kernel::Text> {
    for (key, value) in object.0 {
        if key.contains('\0') {
            return Err(text!("A key of the line holds a NUL character."));
        }
        let name = if path.is_empty() { key } else { format!("{path}.{key}") };
        let raw = value.get();
        match raw.as_bytes().first() {
            Some(b'{') if depth == DEPTH_MAX => {
                return Err(text!("The object at `{name}` is nested too deeply.", name));
            }
            Some(b'{') => {
                let inner =
                    serde_json::from_str(raw).map_err(|_| text!("The object at `{name}` cannot be read.", name))?;
                flatten(&name, inner, depth + 1, into)?;
            }
            Some(b'"') => {
                let text =
                    serde_json::from_str(raw).map_err(|_| text!("The text at `{name}` cannot be read.", name))?;
                into.push((name, Some(text)));
            }
            Some(b'n') => into.push((name, None)),
            Some(b'-' | b'0'..=b'9') => into.push((name, Some(plain(raw).into_owned()))),
            _ => into.push((name, Some(raw.to_owned()).filter(|raw| raw != "[]"))),
        }
        if into.len() > COLUMNS_MAX {
            return Err(text!("The object has more than {most} values.", most = COLUMNS_MAX));
        }
    }
    Ok(())
}

/// One object, its values unread: so an array of a million zeros costs no more than its text.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'de> serde::Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(Keys)
    }
}

struct Keys;

impl<'de> Visitor<'de> for Keys {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Object<'de>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            if pairs.len() == COLUMNS_MAX {
                return Err(A::Error::custom("too many keys"));
            }
            pairs.push(pair);
        }
        Ok(Object(pairs))
    }
}

fn too_large() -> RowFault {
    RowFault::new("row_too_large", text!("The line holds more than {most} bytes.", most = ROW_MAX))
}
