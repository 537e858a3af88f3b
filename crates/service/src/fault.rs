//! What is wrong with terms that somebody has set: where, and which rule. Words for people are added by whoever answers.
use std::fmt;

/// One broken rule, at a JSON pointer into the terms (`/weekly/monday/1`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Fault {
    pub pointer: String,
    /// a name that keeps its meaning; those of each kind of terms are listed with it
    pub code: &'static str,
}

/// All that is wrong, in the order of the terms; never empty where it is an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, pointer: impl Into<String>, code: &'static str) {
        self.0.push(Fault { pointer: pointer.into(), code });
    }

    pub(crate) fn or<T>(self, sound: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(sound) } else { Err(self) }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Fault { pointer, code }) in self.0.iter().enumerate() {
            write!(f, "{}{pointer} {code}", if at > 0 { "; " } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
