//! Syntax tree → typed tree. Everything that is not understood is refused; `exists` and `all` are the only macros.
use super::Customs;
use super::compare::{Side, like};
use super::literal::Literal;
use super::path::Place;
use super::refusal::*;
use super::syntax::{Expr, What as Syntax};
use super::tree::{Atom, Depth, Op, Tree, Value};
use kernel::catalogue::{Catalogue, Catalogues, Kind};
use kernel::{Code, Text, text};

/// The most comparisons in a filter.
pub const MAX_TERMS: usize = 100;
/// The most relations that a filter crosses.
pub const MAX_HOPS: usize = 8;
/// The most values in a list.
pub const MAX_LIST: usize = 500;

pub fn check(
    text: &str,
    root: &Expr,
    base: &'static Catalogue,
    catalogues: &'static Catalogues,
    customs: &dyn Customs,
) -> Result<Tree, Refusal> {
    Checker::new(text, base, catalogues, customs).tree(root, 1)
}

pub struct Checker<'a> {
    text: &'a str,
    pub base: &'static Catalogue,
    pub catalogues: &'static Catalogues,
    pub customs: &'a dyn Customs,
    pub rows: Vec<Row>,
    terms: usize,
    hops: usize,
}

/// A variable of `exists` or `all`.
pub struct Row {
    pub name: String,
    pub depth: Depth,
    pub catalogue: &'static Catalogue,
}

pub type Checked<T> = Result<T, Refusal>;

impl<'a> Checker<'a> {
    pub fn new(
        text: &'a str,
        base: &'static Catalogue,
        catalogues: &'static Catalogues,
        customs: &'a dyn Customs,
    ) -> Self {
        Self { text, base, catalogues, customs, rows: Vec::new(), terms: 0, hops: 0 }
    }

    /// `next` is the first depth that a hop may open.
    fn tree(&mut self, e: &Expr, next: Depth) -> Checked<Tree> {
        let mut each = |all: &[Expr]| all.iter().map(|part| self.tree(part, next)).collect::<Checked<_>>();
        match &e.what {
            Syntax::And(all) => Ok(Tree::And(each(all)?)),
            Syntax::Or(all) => Ok(Tree::Or(each(all)?)),
            Syntax::Not(inner) => Ok(self.tree(inner, next)?.negate()),
            Syntax::Bool(b) => Ok(Tree::Const(*b)),
            Syntax::Compare { op, left, right } => self.compare(e, left, *op, right, next),
            Syntax::Differ { left, right } => Ok(self.compare(e, left, Op::Eq, right, next)?.negate()),
            Syntax::In { item, list } => self.member(e, item, list, next),
            Syntax::Name(_) | Syntax::Member { .. } | Syntax::Index { .. } => self.truth(e, next),
            Syntax::Call { on, name, args } => self.call(e, on.as_deref(), name, args, next),
            _ => Err(self.mismatch(e, text!("a condition is expected here"))),
        }
    }

    fn call(&mut self, e: &Expr, on: Option<&Expr>, name: &str, args: &[Expr], next: Depth) -> Checked<Tree> {
        match (on, name, args) {
            (None, "has", [field @ Expr { what: Syntax::Member { .. }, .. }]) => self.present(field, next),
            (Some(rows), "exists", [variable, body]) => self.exists(e, rows, variable, body, next),
            (Some(rows), "all", [variable, body]) => self.every(e, rows, variable, body, next),
            (Some(text), name, [needle]) => match like(name) {
                Some(shape) => self.like(e, text, needle, shape, next),
                None => Err(self.unknown_function(e, name)),
            },
            _ => Err(self.unknown_function(e, name)),
        }
    }

    fn exists(&mut self, e: &Expr, rows: &Expr, variable: &Expr, body: &Expr, next: Depth) -> Checked<Tree> {
        let name = self.variable(variable)?;
        let mut free = next;
        let (hops, place) = self.place(rows, &mut free)?;
        match (place, tag_test(name, body)) {
            (Place::Rows(catalogue), _) => Ok(Tree::through(hops, self.within(name, catalogue, body, free)?)),
            // as builders write "vip" in tags
            (Place::Field(tags, Kind::Tags), Some(tag)) => {
                self.spend_term(e)?;
                let tag = self.value(tag, &self.constant(tag)?, Kind::Tags)?;
                Ok(Tree::through(hops, Tree::Atom(Atom::Tagged { tags, tag })))
            }
            _ => Err(self.mismatch(e, text!("only a relation to many has rows"))),
        }
    }

    /// No row for which the body fails.
    fn every(&mut self, e: &Expr, rows: &Expr, variable: &Expr, body: &Expr, next: Depth) -> Checked<Tree> {
        let name = self.variable(variable)?;
        let mut free = next;
        let (mut hops, place) = self.place(rows, &mut free)?;
        let Place::Rows(catalogue) = place else {
            return Err(self.mismatch(e, text!("only a relation to many has rows")));
        };
        let failing = self.within(name, catalogue, body, free)?.negate();
        let last = hops.pop().into_iter().collect();
        Ok(Tree::through(hops, Tree::through(last, failing).negate()))
    }

    fn variable<'e>(&self, e: &'e Expr) -> Checked<&'e str> {
        match &e.what {
            Syntax::Name(name) => Ok(name),
            _ => Err(self.refuse(e, FILTER_SYNTAX, text!("a name is expected here"))),
        }
    }

    /// The body of a macro, whose variable stands for the row opened last.
    fn within(&mut self, name: &str, catalogue: &'static Catalogue, body: &Expr, free: Depth) -> Checked<Tree> {
        self.rows.push(Row { name: name.to_owned(), depth: free - 1, catalogue });
        let body = self.tree(body, free);
        self.rows.pop();
        body
    }

    pub fn present(&mut self, e: &Expr, next: Depth) -> Checked<Tree> {
        self.spend_term(e)?;
        let mut free = next;
        let term = self.term(e, &mut free)?;
        let here = match term.what {
            Side::Row => Tree::Const(true),
            Side::Field(operand, _) => Tree::Atom(Atom::Present(operand)),
            Side::Literal(_) => return Err(self.mismatch(e, text!("a field is expected here"))),
        };
        Ok(Tree::through(term.hops, here))
    }

    fn truth(&mut self, e: &Expr, next: Depth) -> Checked<Tree> {
        self.spend_term(e)?;
        let mut free = next;
        let term = self.term(e, &mut free)?;
        let Side::Field(operand, Kind::Bool) = term.what else {
            return Err(self.mismatch(e, text!("a condition is expected here")));
        };
        Ok(Tree::through(term.hops, Tree::Atom(Atom::True(operand))))
    }
}

/// `t == "vip"`, in `tags.exists(t, …)`.
fn tag_test<'e>(variable: &str, body: &'e Expr) -> Option<&'e Expr> {
    match &body.what {
        Syntax::Compare { op: Op::Eq, left, right } if matches!(&left.what, Syntax::Name(name) if name == variable) => {
            Some(right)
        }
        _ => None,
    }
}

/// Limits and refusals.
impl Checker<'_> {
    pub fn spend_hop(&mut self, at: &Expr) -> Checked<()> {
        self.hops += 1;
        if self.hops <= MAX_HOPS {
            return Ok(());
        }
        Err(self.refuse(at, FILTER_TOO_MANY_HOPS, text!("at most {most} relations", most = MAX_HOPS)))
    }

    pub fn spend_term(&mut self, at: &Expr) -> Checked<()> {
        self.terms += 1;
        if self.terms <= MAX_TERMS {
            return Ok(());
        }
        Err(self.refuse(at, FILTER_TOO_MANY_TERMS, text!("at most {most} comparisons", most = MAX_TERMS)))
    }

    pub fn refuse(&self, at: &Expr, code: Code, detail: Text) -> Refusal {
        let at = Some(Position::of(self.text, at.at));
        Refusal { code, detail, pointer: "?filter".into(), at }
    }

    pub fn mismatch(&self, at: &Expr, detail: Text) -> Refusal {
        self.refuse(at, FILTER_TYPE_MISMATCH, detail)
    }

    pub fn unknown_function(&self, at: &Expr, name: &str) -> Refusal {
        self.refuse(at, FILTER_UNKNOWN_FUNCTION, text!("there is no {name} like this", name))
    }

    pub fn value(&self, at: &Expr, literal: &Literal, kind: Kind) -> Checked<Value> {
        literal.beside(kind).map_err(|(code, detail)| self.refuse(at, code, detail))
    }
}
