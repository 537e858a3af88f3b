//! One side of a comparison, as SQL.
use super::render::Render;
use super::tree::{Depth, Math, Operand, Value};
use kernel::catalogue::Kind;

impl Render<'_> {
    /// `as_text`: a value stands beside one that is stored as text.
    pub fn operand(&mut self, operand: &Operand, as_text: bool) {
        match operand {
            Operand::Column { depth, column, .. } => self.column(self.alias(*depth), column),
            Operand::Value(value) => self.value(value, as_text),
            Operand::Custom { depth, column, key, kind } => self.custom(*depth, column, key, *kind),
            Operand::Math { op, left, right } => {
                self.sql("(CAST(");
                self.operand(left, false);
                self.sql(" AS numeric)");
                self.sql(match op {
                    Math::Add => " + ",
                    Math::Sub => " - ",
                    Math::Mul => " * ",
                });
                self.sql("CAST(");
                self.operand(right, false);
                self.sql(" AS numeric))");
            }
        }
    }

    /// Never fails on what a row happens to hold: a value of another type is absent.
    fn custom(&mut self, depth: Depth, column: &'static str, key: &Value, kind: Kind) {
        let alias = self.alias(depth);
        let (open, close) = match kind {
            Kind::Int | Kind::Decimal | Kind::Money { .. } => {
                self.sql("CASE WHEN jsonb_typeof(");
                self.column(alias, column);
                self.sql(" -> ");
                self.value(key, false);
                (") = 'number' THEN CAST(", " AS numeric) END")
            }
            Kind::Bool => ("(CASE ", " WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END)"),
            Kind::Date => ("(", " COLLATE \"C\")"),
            _ => ("(", ")"),
        };
        self.sql(open);
        self.sql("(");
        self.column(alias, column);
        self.sql(" ->> ");
        self.value(key, false);
        self.sql(")");
        self.sql(close);
    }
}
