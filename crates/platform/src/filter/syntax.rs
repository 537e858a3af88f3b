//! The part of CEL that filters use, as a tree. `at` is a byte of the text: of the name for a field or a call, of the
//! sign for an operator.
use super::tree::{Math, Op};
use rust_decimal::Decimal;

#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub at: usize,
    /// of the tree from here down, 1 for a leaf: bounded, as every walk goes down by recursion
    pub height: usize,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Null,
    Bool(bool),
    Text(String),
    /// of the digits written, never by way of a double
    Number(Decimal),
    List(Vec<Expr>),
    Name(String),
    Member {
        of: Box<Expr>,
        name: String,
    },
    Index {
        of: Box<Expr>,
        key: Box<Expr>,
    },
    Call {
        on: Option<Box<Expr>>,
        name: String,
        args: Vec<Expr>,
    },
    Or(Vec<Expr>),
    And(Vec<Expr>),
    Not(Box<Expr>),
    Compare {
        op: Op,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Differ {
        left: Box<Expr>,
        right: Box<Expr>,
    },
    In {
        item: Box<Expr>,
        list: Box<Expr>,
    },
    Math {
        op: Math,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Negative(Box<Expr>),
}

impl Expr {
    /// Whether it names a place: `account.name`.
    pub fn is_path(&self) -> bool {
        matches!(self.what, What::Name(_) | What::Member { .. } | What::Index { .. })
    }

    /// `a.b.c`, as `?a.b.c=…` writes it. Past `most` names the rest is one, which no noun has.
    pub fn path(text: &str, most: usize) -> Self {
        let mut names = text.splitn(most, '.');
        let first = What::Name(names.next().unwrap_or_default().to_owned());
        names.fold(Self { at: 0, height: 1, what: first }, |of, name| Self {
            at: 0,
            height: of.height + 1,
            what: What::Member { of: Box::new(of), name: name.to_owned() },
        })
    }
}
