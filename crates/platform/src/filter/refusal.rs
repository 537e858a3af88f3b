//! Why a text is refused, and where. Each reason is a published code.
use kernel::{Code, Error, Fault, Kind, Text, text};
use std::borrow::Cow;

const fn code(name: &'static str, meaning: &'static str) -> Code {
    Code::new(name, Kind::Malformed, meaning)
}

pub const FILTER_SYNTAX: Code = code("filter_syntax", "The filter is not an expression of the filter language.");
pub const FILTER_TOO_LONG: Code = code("filter_too_long", "The filter has too many bytes.");
pub const FILTER_TOO_DEEP: Code = code("filter_too_deep", "The filter is nested too deeply.");
pub const FILTER_TOO_MANY_TERMS: Code = code("filter_too_many_terms", "The filter has too many comparisons.");
pub const FILTER_TOO_MANY_HOPS: Code = code("filter_too_many_hops", "The filter crosses too many relations.");
pub const FILTER_LIST_TOO_LONG: Code = code("filter_list_too_long", "A list in the filter has too many values.");
pub const FILTER_UNSUPPORTED: Code =
    code("filter_unsupported", "The filter uses a part of CEL that is not offered here.");
pub const FILTER_UNKNOWN_FIELD: Code =
    code("filter_unknown_field", "The filter names a field or relation that is not there.");
pub const FILTER_UNKNOWN_FUNCTION: Code =
    code("filter_unknown_function", "The filter calls a function that is not there.");
pub const FILTER_NOT_FILTERABLE: Code = code("filter_not_filterable", "The field cannot be filtered by.");
pub const FILTER_TYPE_MISMATCH: Code =
    code("filter_type_mismatch", "A value or an operator does not suit the field beside it.");
pub const FILTER_NEEDS_MACRO: Code =
    code("filter_needs_macro", "A relation to many is asked with exists(x, …) or all(x, …).");
pub const FILTER_BAD_LITERAL: Code = code("filter_bad_literal", "A value in the filter cannot be read as its type.");
pub const FILTER_UNKNOWN_VALUE: Code =
    code("filter_unknown_value", "A value in the filter is none of the field's choices.");
pub const SORT_UNKNOWN_FIELD: Code =
    code("sort_unknown_field", "The sort names a field or relation that is not there.");
pub const SORT_NOT_SORTABLE: Code = code("sort_not_sortable", "The list cannot be sorted by this.");
pub const SORT_TOO_MANY_HOPS: Code = code("sort_too_many_hops", "The sort crosses too many relations.");

/// All that filters and sorts are refused with.
pub const CODES: &[Code] = &[
    FILTER_SYNTAX,
    FILTER_TOO_LONG,
    FILTER_TOO_DEEP,
    FILTER_TOO_MANY_TERMS,
    FILTER_TOO_MANY_HOPS,
    FILTER_LIST_TOO_LONG,
    FILTER_UNSUPPORTED,
    FILTER_UNKNOWN_FIELD,
    FILTER_UNKNOWN_FUNCTION,
    FILTER_NOT_FILTERABLE,
    FILTER_TYPE_MISMATCH,
    FILTER_NEEDS_MACRO,
    FILTER_BAD_LITERAL,
    FILTER_UNKNOWN_VALUE,
    SORT_UNKNOWN_FIELD,
    SORT_NOT_SORTABLE,
    SORT_TOO_MANY_HOPS,
];

/// A place in the text: `offset` counts bytes from 0, `line` and `column` characters from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub offset: usize,
    pub line: usize,
    pub column: usize,
}

impl Position {
    pub fn of(text: &str, offset: usize) -> Self {
        let offset = text.floor_char_boundary(offset);
        let before = text.get(..offset).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self { offset, line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }
}

/// A refused filter or sort.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub code: Code,
    pub detail: Text,
    /// `?filter`, the parameter, or the member of a body that holds the text
    pub pointer: Cow<'static, str>,
    /// where in the text; a pair of the query is refused as a whole
    pub at: Option<Position>,
}

impl Refusal {
    /// For a text that came another way than `?filter=`, such as the member `/filter` of a body.
    #[must_use]
    pub fn under(self, pointer: impl Into<Cow<'static, str>>) -> Self {
        Self { pointer: pointer.into(), ..self }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let Refusal { code, detail, pointer, at } = refusal;
        let fault = match at {
            None => Fault::new(pointer, code.name, detail),
            Some(Position { offset, line, column }) => {
                Fault::new(pointer, code.name, text!("{line}:{column}: {detail}", line, column; detail))
                    .param("line", line)
                    .param("column", column)
                    .param("offset", offset)
            }
        };
        Self::from(code).detail(fault.message.clone()).fault(fault)
    }
}
