//! One error for the house. A [`Kind`] decides the HTTP status, once; a [`Code`] is the stable name that a caller may
//! rely on; `detail` is written for the caller, `source` only for the log and never leaves the server.

use crate::{Text, text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub type Result<T> = std::result::Result<T, Error>;

/// What sort of fault it is; each kind is one HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Malformed,
    Unauthenticated,
    Forbidden,
    NotFound,
    Method,
    Conflict,
    Gone,
    Stale,
    TooLarge,
    MediaType,
    Range,
    Invalid,
    Required,
    TooMany,
    Internal,
    Busy,
    Full,
}

/// A published name of a fault. A constant in the room that raises it; listed there in `CODES`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    pub name: &'static str,
    pub kind: Kind,
    /// one sentence for `openapi/errors.md` and for the `title` of the problem
    pub meaning: &'static str,
}

impl Code {
    pub const fn new(name: &'static str, kind: Kind, meaning: &'static str) -> Self {
        Self { name, kind, meaning }
    }
}

macro_rules! codes { ($($constant:ident = $name:literal, $kind:ident, $meaning:literal;)+) => {
    $(#[doc = $meaning] pub const $constant: Code = Code::new($name, Kind::$kind, $meaning);)+
    /// The codes that any operation may answer.
    pub const CODES: &[Code] = &[$($constant),+];
}; }

codes! {
    MALFORMED = "malformed", Malformed, "The request cannot be read: its syntax is wrong.";
    CURSOR_MISMATCH = "cursor_mismatch", Malformed, "The cursor is not one of this list with this sort and filter.";
    UNKNOWN_PARAMETER = "unknown_parameter", Malformed, "The query has a parameter that this operation does not know, or a value it cannot take.";
    UNAUTHENTICATED = "unauthenticated", Unauthenticated, "No valid access token or API key came with the request.";
    FORBIDDEN = "forbidden", Forbidden, "The caller may see this, but may not do that.";
    NOT_FOUND = "not_found", NotFound, "It is not there, or not for the caller to see.";
    METHOD_NOT_ALLOWED = "method_not_allowed", Method, "The path is known, the method is not; `Allow` names those that are.";
    ALREADY_EXISTS = "already_exists", Conflict, "A record with this unique value, or this id, is there already.";
    CUSTOM_TAKEN = "custom_value_taken", Conflict, "Another record has this value of a field that is unique: `errors` says which field.";
    DUPLICATE = "duplicate", Conflict, "Probably there already: `existing` lists the candidates; `?duplicates=allow` writes all the same.";
    AMBIGUOUS = "ambiguous", Conflict, "More than one record matches: `existing` lists them.";
    IN_USE = "in_use", Conflict, "Other records still refer to this one.";
    STALE = "stale", Stale, "The record has changed since the version in If-Match: `conflicts` compares base, current and yours.";
    PRECONDITION_REQUIRED = "precondition_required", Required, "The tenant requires that a change says by If-Match which version it was made on: the record's ETag, or `*` for whatever is there.";
    TOO_LARGE = "too_large", TooLarge, "The body, or a part of it, is over the limit.";
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type", MediaType, "The content type of the body is not one that this operation reads.";
    RANGE_NOT_SATISFIABLE = "range_not_satisfiable", Range, "The range begins behind the end of the file.";
    INVALID = "invalid", Invalid, "The body is readable but breaks rules: `errors` names every one.";
    UNKNOWN_REFERENCE = "unknown_reference", Invalid, "The body refers to a record that is not there, or not for the caller to see.";
    QUERY_TOO_COSTLY = "query_too_costly", Invalid, "The query ran longer than is allowed: narrow the filter, or sort by an indexed field.";
    INTERNAL = "internal", Internal, "A fault of the server; the request id finds it in the log.";
    BUSY = "busy", Busy, "The server or its database cannot take this now; come back after `Retry-After` seconds.";
    STORAGE_FULL = "storage_full", Full, "The server has no room to store this.";
}

/// One fault of a body or a query, at a JSON pointer (`/lines/0/quantity`) or at a parameter (`?filter`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Kept", into = "Kept")]
pub struct Fault {
    pub pointer: String,
    pub code: String,
    pub message: Text,
    pub params: Map<String, Value>,
}

impl Fault {
    pub fn new(pointer: impl Into<String>, code: impl Into<String>, message: Text) -> Self {
        Self { pointer: pointer.into(), code: code.into(), message, params: Map::new() }
    }

    /// A published code, as the fault of one place.
    pub fn of(pointer: impl Into<String>, code: Code) -> Self {
        Self::new(pointer, code.name, code.into())
    }

    /// A field that the caller may see and not change.
    pub fn read_only(pointer: impl Into<String>) -> Self {
        Self::new(pointer, "read_only", text!("is not yours to change"))
    }

    #[must_use]
    pub fn param(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

/// A fault as it is kept until somebody reads it, in whatever language.
#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(default)]
    pointer: String,
    #[serde(default)]
    code: String,
    /// in English
    #[serde(default)]
    message: String,
    /// where the message has places
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<Text>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    params: Map<String, Value>,
}

impl From<Fault> for Kept {
    fn from(fault: Fault) -> Self {
        let Fault { pointer, code, message, params } = fault;
        Self { pointer, code, message: message.to_string(), text: (!message.is_plain()).then_some(message), params }
    }
}

impl From<Kept> for Fault {
    fn from(kept: Kept) -> Self {
        let Kept { pointer, code, message, text, params } = kept;
        Self { pointer, code, message: text.unwrap_or_else(|| Text::new(message)), params }
    }
}

type Source = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug)]
pub struct Error {
    pub code: Code,
    pub detail: Option<Text>,
    pub faults: Vec<Fault>,
    /// further members of the problem, such as `existing` and `conflicts`
    pub members: Box<Map<String, Value>>,
    pub source: Option<Source>,
}

impl Error {
    pub fn kind(&self) -> Kind {
        self.code.kind
    }

    #[must_use]
    pub fn detail(mut self, detail: Text) -> Self {
        self.detail = Some(detail);
        self
    }

    #[must_use]
    pub fn faults(mut self, faults: Vec<Fault>) -> Self {
        self.faults = faults;
        self
    }

    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    #[must_use]
    pub fn source(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// A fault of ours, with its cause for the log.
    pub fn internal(source: impl Into<Source>) -> Self {
        Self::from(INTERNAL).source(source)
    }

    /// One rule of the body is broken.
    pub fn invalid(pointer: impl Into<String>, code: impl Into<String>, message: Text) -> Self {
        Self::from(INVALID).fault(Fault::new(pointer, code, message))
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self { code, detail: None, faults: Vec::new(), members: Box::default(), source: None }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code.name)?;
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        self.faults.iter().try_for_each(|fault| write!(f, "; {} {}", fault.pointer, fault.message))?;
        if let Some(source) = &self.source {
            write!(f, " ({source})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// What the database says, in the house's words. A room maps its own constraints before this is reached.
impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Broken, Error as Sql};
        if let Sql::DatabaseError(Broken::ForeignKeyViolation, info) = &error {
            return broken_reference(info.constraint_name().unwrap_or_default(), info.message()).source(error);
        }
        if let Sql::DatabaseError(Broken::UniqueViolation | Broken::CheckViolation, info) = &error
            && let Some(own) = broken_by_own(info.constraint_name(), info.column_name())
        {
            return own.source(error);
        }
        let code = match &error {
            Sql::NotFound => NOT_FOUND,
            Sql::DatabaseError(Broken::UniqueViolation, _) => ALREADY_EXISTS,
            Sql::DatabaseError(Broken::CheckViolation | Broken::NotNullViolation, _) => INVALID,
            Sql::DatabaseError(Broken::SerializationFailure | Broken::ClosedConnection, _) => BUSY,
            Sql::DatabaseError(Broken::UnableToSendCommand, _) => BUSY,
            Sql::DatabaseError(_, info) => by_message(info.message()),
            Sql::BrokenTransactionManager => BUSY,
            _ => INTERNAL,
        };
        Self::from(code).source(error)
    }
}

/// `contacts_tenant_id_account_id_fkey` is the rule that `/account_id` breaks, seen from the record that refers; seen
/// from the other side, the record is still in use.
fn broken_reference(constraint: &str, message: &str) -> Error {
    if message.starts_with("update or delete") {
        return IN_USE.into();
    }
    let column = constraint.split_once("_tenant_id_").and_then(|(_, rest)| rest.strip_suffix("_fkey"));
    let error = Error::from(UNKNOWN_REFERENCE);
    match column {
        Some(column) => {
            error.fault(Fault::new(format!("/{column}"), "unknown_reference", text!("there is no such record")))
        }
        None => error,
    }
}

/// What `custom_settle` and `custom_rule` say of a field of a tenant's own.
fn broken_by_own(constraint: Option<&str>, key: Option<&str>) -> Option<Error> {
    let pointer = format!("/custom/{}", key.unwrap_or_default());
    match constraint? {
        "custom_unique" => {
            let fault = Fault::new(pointer, CUSTOM_TAKEN.name, text!("another record has this value"));
            Some(Error::from(CUSTOM_TAKEN).fault(fault))
        }
        "custom_rule" => Some(Error::invalid(pointer, "rule", text!("breaks the rule that is set for this field"))),
        _ => None,
    }
}

/// diesel tells these apart by nothing but their text.
fn by_message(message: &str) -> Code {
    const LOST: [&str; 8] = [
        "server closed the connection",
        "terminating connection",
        "connection to server",
        "no connection to the server",
        "deadlock detected",
        "the database system is",
        "lock timeout",
        // its lock table is full
        "out of shared memory",
    ];
    const FULL: [&str; 2] = ["No space left on device", "could not extend file"];
    if message.contains("statement timeout") {
        QUERY_TOO_COSTLY
    } else if FULL.iter().any(|text| message.contains(text)) {
        STORAGE_FULL
    } else if LOST.iter().any(|text| message.contains(text)) {
        BUSY
    } else {
        INTERNAL
    }
}
