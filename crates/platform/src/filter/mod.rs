//! One filter language: CEL text, compiled against a noun's catalogue into a diesel predicate with bound values.
//!
//! `text → lexer, parse → syntax → check, compare, path (types, limits) → tree → render (pieces) → sql (diesel node)`
//!
//! Always true: SQL text is made of `&'static str` only, so nothing a caller wrote can stand in it; every table that is
//! opened here carries the tenant's predicate and the caller's visibility; a filter is two-valued, so that it and its
//! negation part the rows in two; whatever is accepted is CEL, and an absent value equals `null` and nothing else.
mod check;
mod compare;
mod constant;
mod equals;
mod examine;
mod lexer;
mod literal;
mod operand;
mod order;
mod parse;
mod path;
mod primary;
mod quoted;
mod refusal;
mod render;
pub mod rule;
mod sql;
mod syntax;
mod time;
mod tree;
mod visible;

use kernel::catalogue::{Catalogue, Catalogues, Kind, Relation};
use kernel::custom::Fields;
use kernel::{Ctx, Grants, text};
use std::marker::PhantomData;

pub use check::{MAX_HOPS, MAX_LIST, MAX_TERMS};
pub(crate) use examine::{Examined, Step, name};
pub(crate) use operand::shape;
pub(crate) use order::order_of;
pub use order::{MAX_SORT_HOPS, OrderTerm, order_column};
pub use parse::{MAX_BYTES, MAX_DEPTH};
pub use refusal::*;
pub use sql::{Clause, Where};
pub(crate) use sql::{Part, Question};
pub(crate) use time::midnight;
pub(crate) use tree::Value;
pub(crate) use visible::row_named;

/// Whether a record is there for the caller, archived or not.
pub(crate) fn sees(ctx: &Ctx, catalogues: &'static Catalogues, noun: &'static Catalogue, id: uuid::Uuid) -> Question {
    Question::new(visible::row(ctx, catalogues, noun, id))
}

/// Which of these records are there, and whether each is there for the caller: as [`sees`] of one.
pub(crate) fn seen(
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    noun: &'static Catalogue,
    ids: Vec<uuid::Uuid>,
) -> Question<(diesel::sql_types::Uuid, diesel::sql_types::Bool)> {
    Question::new(visible::rows(ctx, catalogues, noun, ids))
}

/// The same as a condition on rows that a statement has at hand, under a name of its own.
pub(crate) fn beheld(
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    noun: &'static Catalogue,
    alias: &'static str,
) -> Vec<Part> {
    visible::beheld(ctx, catalogues, noun, alias)
}

/// A diesel table that may be listed: it knows the catalogue of its noun, so that a `Filter<contacts::table>` cannot
/// stand on another table.
pub trait Listed: Clone + std::fmt::Debug + 'static {
    const CATALOGUE: &'static Catalogue;
    /// Its rows are never archived, and not searched by words.
    const ENDURES: bool = false;
}

/// What a tenant adds to the catalogues, and what a caller does not see of them.
pub trait Customs {
    /// What `custom.key` of `noun` holds, if the tenant has such a field. Choices of a tenant are text here.
    fn kind(&self, noun: &str, key: &str) -> Option<Kind>;

    /// A field that is hidden is one that is not there.
    fn hides(&self, _noun: &str, _field: &str) -> bool {
        false
    }
}

/// The relation, if the field is seen that it goes by.
fn relation(
    catalogues: &'static Catalogues,
    customs: &dyn Customs,
    noun: &str,
    name: &str,
) -> Option<&'static Relation> {
    let relation = catalogues.relation(noun, name)?;
    let hidden = catalogues.goes_by(noun, relation).is_some_and(|(noun, field)| customs.hides(noun, field));
    (!hidden).then_some(relation)
}

/// No custom fields at all.
pub struct NoCustoms;

impl Customs for NoCustoms {
    fn kind(&self, _: &str, _: &str) -> Option<Kind> {
        None
    }
}

/// The fields that the caller sees, of the tenant's own too.
pub struct Seen<'a>(pub &'a Grants);

impl Customs for Seen<'_> {
    fn kind(&self, noun: &str, key: &str) -> Option<Kind> {
        let all = self.0.own();
        let own = all.get(noun, key).filter(|own| !self.0.hides(noun, &own.path()));
        own.map(|own| own.holds.kind())
    }
    fn hides(&self, noun: &str, field: &str) -> bool {
        self.0.hides(noun, field)
    }
}

/// All fields of a tenant's own, for what the house itself looks at.
pub(crate) struct Whole<'a>(pub &'a Fields);

impl Customs for Whole<'_> {
    fn kind(&self, noun: &str, key: &str) -> Option<Kind> {
        self.0.get(noun, key).map(|own| own.holds.kind())
    }
}

/// Whether a text is a condition over a record alone, that looks at no other.
pub(crate) fn fits_row(
    text: &str,
    of: &'static Catalogue,
    all: &'static Catalogues,
    own: &Fields,
) -> Result<(), Refusal> {
    row_tree(text, of, all, own).map(drop)
}

fn row_tree(text: &str, of: &'static Catalogue, all: &'static Catalogues, own: &Fields) -> Result<tree::Tree, Refusal> {
    let tree = check::check(text, &parse::parse(text)?, of, all, &Whole(own))?;
    match tree.crosses() {
        false => Ok(tree),
        true => Err(Refusal {
            code: FILTER_UNSUPPORTED,
            detail: text!("a rule looks at its own record alone"),
            pointer: "?filter".into(),
            at: None,
        }),
    }
}

/// Such a condition over the row that a statement calls `row`.
pub(crate) fn of_row(
    text: &str,
    of: &'static Catalogue,
    all: &'static Catalogues,
    ctx: &Ctx,
    row: &'static str,
) -> Result<Vec<Part>, Refusal> {
    let tree = row_tree(text, of, all, &ctx.grants.own())?;
    let mut render = render::Render::new(of, all, ctx).of_row(row);
    render.tree(&tree, true);
    Ok(render.parts)
}

/// Whether a text is a filter over the records of a noun, as far as somebody sees them.
pub(crate) fn checked_by(
    text: &str,
    of: &'static Catalogue,
    all: &'static Catalogues,
    grants: &Grants,
) -> Result<(), Refusal> {
    check::check(text, &parse::parse(text)?, of, all, &Seen(grants)).map(drop)
}

/// Whether a text is a filter over the records of a noun that is known only now.
pub(crate) fn checked(text: &str, of: &'static Catalogue, all: &'static Catalogues) -> Result<(), Refusal> {
    check::check(text, &parse::parse(text)?, of, all, &NoCustoms).map(drop)
}

/// Such a filter as pieces of SQL, for one caller at one moment.
pub(crate) fn parts(
    text: &str,
    of: &'static Catalogue,
    all: &'static Catalogues,
    ctx: &Ctx,
) -> Result<Vec<Part>, Refusal> {
    let tree = check::check(text, &parse::parse(text)?, of, all, &Seen(&ctx.grants))?;
    Ok(render::tree(&tree, of, all, ctx))
}

/// A checked filter over the rows of `T`. It holds no tenant, no caller and no clock: it may be kept and applied often.
#[derive(Clone, Debug)]
pub struct Filter<T> {
    tree: tree::Tree,
    catalogues: &'static Catalogues,
    cached: bool,
    table: PhantomData<fn() -> T>,
}

impl<T: Listed> Filter<T> {
    /// All rows.
    pub fn everything(catalogues: &'static Catalogues) -> Self {
        Self::new(tree::Tree::Const(true), catalogues, true)
    }

    /// Whether it leaves no row out, whatever they hold.
    pub fn is_everything(&self) -> bool {
        matches!(self.tree, tree::Tree::Const(true))
    }

    /// From CEL text. Its statement stays out of diesel's cache, which has no bound: see [`Self::cached`].
    pub fn compile(text: &str, catalogues: &'static Catalogues, customs: &dyn Customs) -> Result<Self, Refusal> {
        let root = parse::parse(text)?;
        let tree = check::check(text, &root, T::CATALOGUE, catalogues, customs)?;
        Ok(Self::new(tree, catalogues, false))
    }

    /// From `?status=open&owner_id=…`: each named field, or path to one, equals its value. At most two fields of the
    /// noun itself make one of few shapes, which may be cached.
    pub fn equals(
        pairs: &[(&str, &str)],
        catalogues: &'static Catalogues,
        customs: &dyn Customs,
    ) -> Result<Self, Refusal> {
        let (tree, near) = equals::tree(pairs, T::CATALOGUE, catalogues, customs)?;
        Ok(Self::new(tree, catalogues, near && pairs.len() <= 2))
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        use tree::Tree::{And, Const};
        let tree = match (self.tree, other.tree) {
            (Const(true), tree) | (tree, Const(true)) => tree,
            (one, two) => And(vec![one, two]),
        };
        Self { tree, cached: self.cached && other.cached, ..self }
    }

    /// For texts that the house keeps and applies often, such as scopes: the statement may be cached.
    #[must_use]
    pub fn cached(self) -> Self {
        Self { cached: true, ..self }
    }

    /// The predicate for one caller at one moment. The tenant and visibility of the listed rows themselves are its
    /// store's `scope`; those of every relation crossed are in here.
    pub fn on(&self, ctx: &Ctx) -> Where<T> {
        let parts = render::tree(&self.tree, T::CATALOGUE, self.catalogues, ctx);
        let filter = Where::new(parts);
        if self.cached { filter } else { filter.uncached() }
    }

    /// What it was compiled against.
    pub fn catalogues(&self) -> &'static Catalogues {
        self.catalogues
    }

    fn new(tree: tree::Tree, catalogues: &'static Catalogues, cached: bool) -> Self {
        Self { tree, catalogues, cached, table: PhantomData }
    }
}
