//! A mapping says how the columns of a file become the fields of a resource. It is read strictly: what is not known is a
//! fault, and all faults are named at once, each at its place.
use kernel::{Error, Fault, Region, Result, Text, error, phone, rules, text, tidy};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How the columns of a file become fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    pub resource: String,
    /// whose ids the `external_id`s are
    pub source_system: Option<String>,
    /// texts that mean "no value"
    pub null_values: Vec<String>,
    pub encoding: Option<String>,
    pub delimiter: Option<u8>,
    pub sheet: Option<String>,
    /// of clock times that do not say
    pub time_zone: Option<String>,
    /// of phone numbers that do not say
    pub phone_region: Option<Region>,
    /// whether numbers are written `1.234,50`
    pub decimal_comma: bool,
    pub columns: Vec<Column>,
    /// target → text: for all rows, or for those whose cell is empty
    pub constants: BTreeMap<String, String>,
    /// column → what it says → what is meant
    pub choices: BTreeMap<String, BTreeMap<String, String>>,
    /// what a row may make besides its own record
    pub create_missing: Vec<String>,
    /// whether white space around cells counts
    pub keep_spaces: bool,
    /// whether the apostrophes of a CSV file are its own, not there to keep a spreadsheet from computing
    pub keep_apostrophes: bool,
}

/// Where a column goes. One column may go to several targets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    pub column: String,
    pub to: String,
    /// of dates: `%d/%m/%Y`
    pub format: Option<String>,
    /// a text that cannot be read is taken for no value, instead of for a fault of its row
    pub lenient: bool,
}

const MEMBERS: &str = "resource, source_system, null_values, encoding, delimiter, sheet, time_zone, phone_region, \
                       decimal_mark, columns, constants, choices, create_missing, keep_spaces, keep_apostrophes";

impl Mapping {
    /// Faults stand at JSON pointers below `/mapping`.
    pub fn read(json: &Value) -> Result<Self> {
        let mut read = Reading::default();
        let mapping = read.mapping(json);
        if read.faults.is_empty() { Ok(mapping) } else { Err(Error::from(error::INVALID).faults(read.faults)) }
    }
}

#[derive(Default)]
struct Reading {
    faults: Vec<Fault>,
}

impl Reading {
    fn mapping(&mut self, json: &Value) -> Mapping {
        let Some(members) = json.as_object() else {
            self.fault("", "object", text!("is an object"));
            return Mapping::default();
        };
        let mut mapping = Mapping::default();
        for (name, value) in members {
            let place = format!("/{name}");
            match name.as_str() {
                _ if value.is_null() => {}
                "resource" => mapping.resource = self.text(&place, value).unwrap_or_default(),
                "source_system" => mapping.source_system = self.text(&place, value),
                "null_values" => mapping.null_values = self.texts(&place, value),
                "encoding" => mapping.encoding = self.text(&place, value).filter(|label| self.encoding(label)),
                "delimiter" => mapping.delimiter = self.delimiter(value),
                "sheet" => mapping.sheet = self.text(&place, value),
                "time_zone" => mapping.time_zone = self.text(&place, value),
                "phone_region" => mapping.phone_region = self.region(&place, value),
                "decimal_mark" => mapping.decimal_comma = self.decimal_comma(value),
                "columns" => mapping.columns = self.columns(value),
                "constants" => mapping.constants = self.pairs(&place, value),
                "choices" => mapping.choices = self.choices(value),
                "keep_spaces" => mapping.keep_spaces = self.bool(&place, value),
                "keep_apostrophes" => mapping.keep_apostrophes = self.bool(&place, value),
                "create_missing" => mapping.create_missing = self.texts(&place, value),
                _ => self.fault(&place, "unknown_field", text!("is none of {members}", members = MEMBERS)),
            }
        }
        self.required(&mapping);
        mapping
    }

    fn required(&mut self, mapping: &Mapping) {
        if mapping.resource.is_empty() {
            self.fault("/resource", "required", text!("says what the rows are"));
        }
        if mapping.columns.is_empty() {
            self.fault("/columns", "required", text!("says where the columns go"));
        }
        if mapping.source_system.as_ref().is_some_and(|system| system.chars().count() > 100) {
            self.fault("/source_system", "length", text!("has more than 100 characters"));
        }
    }

    fn columns(&mut self, value: &Value) -> Vec<Column> {
        let mut columns = Vec::new();
        for (column, to) in self.object("/columns", value).into_iter().flatten() {
            let place = format!("/columns/{}", escaped(column));
            let one = std::slice::from_ref(to);
            for to in to.as_array().map_or(one, Vec::as_slice) {
                columns.extend(self.column(&place, column, to));
            }
        }
        columns
    }

    fn column(&mut self, place: &str, column: &str, to: &Value) -> Option<Column> {
        let mut read = Column { column: column.to_owned(), ..Column::default() };
        let Some(members) = to.as_object() else {
            read.to = self.text(place, to)?;
            return Some(read);
        };
        for (name, value) in members {
            let place = format!("{place}/{name}");
            match (name.as_str(), value.as_str()) {
                ("to", Some(to)) => read.to = to.to_owned(),
                ("format", Some(format)) => read.format = Some(format.to_owned()),
                ("invalid", Some("fail")) => {}
                ("invalid", Some("empty")) => read.lenient = true,
                ("invalid", _) => self.fault(&place, "choice", text!("is none of fail, empty")),
                ("to" | "format", None) => self.fault(&place, "text", text!("is text")),
                _ => self.fault(&place, "unknown_field", text!("is none of to, format, invalid")),
            }
        }
        if read.to.is_empty() {
            self.fault(&format!("{place}/to"), "required", text!("says where the column goes"));
            return None;
        }
        Some(read)
    }

    fn choices(&mut self, value: &Value) -> BTreeMap<String, BTreeMap<String, String>> {
        let columns = self.object("/choices", value).cloned().unwrap_or_default();
        columns
            .iter()
            .map(|(column, pairs)| (column.clone(), self.pairs(&format!("/choices/{}", escaped(column)), pairs)))
            .collect()
    }

    fn pairs(&mut self, place: &str, value: &Value) -> BTreeMap<String, String> {
        let members = self.object(place, value).cloned().unwrap_or_default();
        let mut pairs = BTreeMap::new();
        for (name, value) in members {
            if let Some(text) = self.text(&format!("{place}/{}", escaped(&name)), &value) {
                pairs.insert(name, text);
            }
        }
        pairs
    }

    fn object<'a>(&mut self, place: &str, value: &'a Value) -> Option<&'a Map<String, Value>> {
        if !value.is_object() {
            self.fault(place, "object", text!("is an object"));
        }
        value.as_object()
    }

    fn text(&mut self, place: &str, value: &Value) -> Option<String> {
        let text = value.as_str().map(str::trim).filter(|text| !text.is_empty() && !text.contains('\0'));
        if text.is_none() {
            self.fault(place, "text", text!("is text, and not empty"));
        }
        text.map(str::to_owned)
    }

    fn texts(&mut self, place: &str, value: &Value) -> Vec<String> {
        let texts: Option<Vec<String>> =
            value.as_array().and_then(|all| all.iter().map(|one| one.as_str().map(str::to_owned)).collect());
        if texts.is_none() {
            self.fault(place, "texts", text!("is a list of texts"));
        }
        texts.unwrap_or_default()
    }

    fn bool(&mut self, place: &str, value: &Value) -> bool {
        if !value.is_boolean() {
            self.fault(place, "bool", text!("is true or false"));
        }
        value.as_bool().unwrap_or_default()
    }

    fn region(&mut self, place: &str, value: &Value) -> Option<Region> {
        let mut code = self.text(place, value)?;
        tidy::capital(&mut code);
        let broken = phone::is_region(&code).err();
        self.faults.extend(broken.map(|rule| rules::fault(format!("/mapping{place}"), &rule)));
        Region::of(&code)
    }

    fn encoding(&mut self, label: &str) -> bool {
        let known = encoding_rs::Encoding::for_label(label.as_bytes()).is_some();
        if !known {
            self.fault(
                "/encoding",
                "choice",
                text!("is not the name of an encoding, such as utf-8, gbk or windows-1252"),
            );
        }
        known
    }

    fn delimiter(&mut self, value: &Value) -> Option<u8> {
        let delimiter = match value.as_str() {
            Some("tab") => Some(b'\t'),
            Some(text) => {
                text.bytes().next().filter(|byte| text.len() == 1 && byte.is_ascii() && !b"\"\r\n".contains(byte))
            }
            None => None,
        };
        if delimiter.is_none() {
            self.fault("/delimiter", "delimiter", text!("is one character, or tab"));
        }
        delimiter
    }

    fn decimal_comma(&mut self, value: &Value) -> bool {
        if !matches!(value.as_str(), Some("." | ",")) {
            self.fault("/decimal_mark", "choice", text!("is none of . and ,"));
        }
        value.as_str() == Some(",")
    }

    fn fault(&mut self, place: &str, code: &str, message: Text) {
        self.faults.push(Fault::new(format!("/mapping{place}"), code, message));
    }
}

/// A name as a part of a JSON pointer.
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
