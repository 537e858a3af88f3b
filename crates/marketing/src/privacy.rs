//! What the tables of the wing tell about whom.
use platform::privacy::Table;

pub const TABLES: &[Table] = &[];
