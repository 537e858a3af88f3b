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
            Operand::Custom { depth, column, key, kind, part } => self.custom(*depth, column, key, *kind, *part),
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

    /// Never fails on what a row happens to hold: a value of another type is absent. The same pieces make the index of a
    /// field, with the key in place of what is bound.
    fn custom(&mut self, depth: Depth, column: &'static str, key: &Value, kind: Kind, part: Option<&'static str>) {
        let alias = self.alias(depth);
        let (open, between, close) = shape(kind, part);
        self.sql(open);
        self.column(alias, column);
        self.sql(between);
        self.value(key, false);
        self.sql(close);
    }
}

/// What stands before the column of a field of the tenant's own, between it and the key, and behind.
pub fn shape(kind: Kind, part: Option<&'static str>) -> (&'static str, &'static str, &'static str) {
    match (kind, part) {
        (_, Some(_)) => ("(", " -> ", " ->> 'currency')"),
        (Kind::Int | Kind::Decimal, _) => ("custom_number(", ", ", ")"),
        (Kind::Money { .. }, _) => ("custom_number(", " -> ", ", 'amount')"),
        (Kind::Bool, _) => ("(CASE (", " ->> ", ") WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END)"),
        (Kind::Date | Kind::Instant, _) => ("((", " ->> ", ") COLLATE \"C\")"),
        (Kind::Tags, _) => ("(", " -> ", ")"),
        (Kind::Text | Kind::Choice(_) | Kind::Id, _) => ("(", " ->> ", ")"),
    }
}
