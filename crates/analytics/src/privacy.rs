//! What the tables of the wing tell about whom.
mod classes;
mod reports;

use platform::privacy::Table;

/// In parts, by what stands in them.
pub const TABLES: [&[Table]; 2] = [reports::TABLES, classes::TABLES];
