//! `?status=open&owner_id=…` → the tree that `status == "open" && owner_id == "…"` would give.
use super::Customs;
use super::check::{Checked, Checker};
use super::compare::Side;
use super::literal::written;
use super::parse::MAX_DEPTH;
use super::refusal::{FILTER_TYPE_MISMATCH, Refusal};
use super::syntax::Expr;
use super::tree::{Atom, Op, Operand, Tree};
use kernel::catalogue::{Catalogue, Catalogues, Kind};
use kernel::text;

/// And whether it stays on the noun's own row.
pub fn tree(
    pairs: &[(&str, &str)],
    base: &'static Catalogue,
    catalogues: &'static Catalogues,
    customs: &dyn Customs,
) -> Result<(Tree, bool), Refusal> {
    let mut checker = Checker::new("", base, catalogues, customs);
    let (mut all, mut near) = (Vec::new(), true);
    for (path, text) in pairs {
        let tree = equal(&mut checker, &Expr::path(path, MAX_DEPTH), text);
        let tree = tree.map_err(|refusal| Refusal { at: None, ..refusal.under(format!("?{path}")) })?;
        near &= matches!(tree, Tree::Atom(_));
        all.push(tree);
    }
    Ok(match (all.len(), all.pop()) {
        (_, None) => (Tree::Const(true), near),
        (1, Some(only)) => (only, near),
        (_, last) => {
            all.extend(last);
            (Tree::And(all), near)
        }
    })
}

fn equal(checker: &mut Checker, path: &Expr, text: &str) -> Checked<Tree> {
    checker.spend_term(path)?;
    let term = checker.term(path, &mut 1)?;
    let Side::Field(field, kind) = term.what else {
        return Err(checker.refuse(path, FILTER_TYPE_MISMATCH, text!("this names a row, not a field")));
    };
    let value = written(kind, text).map_err(|(code, detail)| checker.refuse(path, code, detail))?;
    let atom = match kind {
        Kind::Tags => Atom::Tagged { tags: field, tag: value },
        _ => Atom::Compare { left: field, op: Op::Eq, right: Operand::Value(value) },
    };
    Ok(Tree::through(term.hops, Tree::Atom(atom)))
}
