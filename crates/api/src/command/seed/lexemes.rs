//! The `search` column in the binary form of COPY, which knows no function calls: the count, then each lexeme, ended by
//! a zero byte, with no positions.
use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::serialize::{self, IsNull, Output, ToSql};
use platform::search::{Tsvector, Words};
use std::io::Write;

/// The words of a record; they come sorted, each once.
#[derive(Debug, AsExpression)]
#[diesel(sql_type = Tsvector)]
pub struct Lexemes(Vec<String>);

impl From<Words> for Lexemes {
    fn from(words: Words) -> Self {
        Self(words.lexemes())
    }
}

impl ToSql<Tsvector, Pg> for Lexemes {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        const END_AND_NO_POSITIONS: [u8; 3] = [0; 3];
        out.write_all(&u32::try_from(self.0.len())?.to_be_bytes())?;
        for lexeme in &self.0 {
            out.write_all(lexeme.as_bytes())?;
            out.write_all(&END_AND_NO_POSITIONS)?;
        }
        Ok(IsNull::No)
    }
}
