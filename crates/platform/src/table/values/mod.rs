//! Values from the text of a cell: pure parsers, one a kind of field. Each takes what people and programs really write
//! and refuses what could be read in two ways, with a code and a sentence for the list of errors. The text is trimmed
//! and its full-width characters (`１２，３００`) are read as their plain ones; nothing is guessed from other rows.
use kernel::tidy::narrow as plain;
use kernel::{Text, text};

mod contact;
pub mod number;
mod time;

#[cfg(test)]
mod tests;

pub use contact::{Phone, email, phone, url};
pub use number::{Mark, decimal, whole};
pub use time::Calendar;

/// The value of a cell, or why there is none.
pub type Parsed<T> = Result<T, ValueFault>;

/// Why a text is no value of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueFault {
    /// stable name of what is wrong
    pub code: &'static str,
    pub message: Text,
}

impl ValueFault {
    pub fn new(code: &'static str, message: Text) -> Self {
        Self { code, message }
    }
}

/// `true`, `yes`, `y`, `1`, `是`, and their opposites, in any case.
pub fn boolean(text: &str) -> Parsed<bool> {
    match plain(text).to_lowercase().as_str() {
        "true" | "yes" | "y" | "t" | "1" | "是" | "真" => Ok(true),
        "false" | "no" | "n" | "f" | "0" | "否" | "假" => Ok(false),
        other => Err(ValueFault::new("boolean", text!("`{text}` is neither true nor false.", text = short(other)))),
    }
}

/// One of the choices, told in any case, with spaces or hyphens for the underscores.
pub fn choice<'a>(text: &str, choices: &[&'a str]) -> Parsed<&'a str> {
    let named = |text: &str| plain(text).to_lowercase().split([' ', '-', '_']).collect::<Vec<_>>().join("_");
    let wanted = named(text);
    let found = choices.iter().find(|choice| named(choice) == wanted).copied();
    found.ok_or_else(|| {
        let message = text!("`{text}` is not one of: {choices}.", text = short(text), choices = choices.join(", "));
        ValueFault::new("choice", message)
    })
}

/// The text as a message may quote it.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}
