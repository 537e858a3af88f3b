//! What tells of fields and records beyond its own. Who is in a segment says what its filter asks, so a segment is seen by
//! those alone who see all that it is made of: it names that in `needs`, by which a row is out of sight of whoever lacks
//! one of them, wherever the one predicate stands.
use crate::custom;
use crate::filter::{Part, Value};
use kernel::catalogue::{Catalogue, Owned};
use kernel::{Access, Action, Ctx, Reach};

/// The nouns that are seen so.
const VEILED: [&str; 1] = ["segment"];
/// The column that says what has to be seen.
pub(crate) const NEEDS: &str = "needs";

pub(crate) fn is_veiled(noun: &Catalogue) -> bool {
    VEILED.contains(&noun.noun)
}

/// The same as [`is_down`], of a noun by its name.
pub(crate) fn is_down_over(ctx: &Ctx, noun: &str) -> bool {
    VEILED.contains(&noun) && !lacks(ctx).is_empty()
}

/// Whether there may be rows of the noun that the actor does not see for what they are made of.
pub(crate) fn is_down(ctx: &Ctx, noun: &Catalogue) -> bool {
    is_down_over(ctx, noun.noun)
}

/// ` AND …`, where the actor does not see everything.
pub(crate) fn beside(ctx: &Ctx, noun: &Catalogue, row: &'static str) -> Vec<Part> {
    if !is_veiled(noun) {
        return Vec::new();
    }
    match lacks(ctx) {
        none if none.is_empty() => Vec::new(),
        lacks => vec![
            Part::Sql(" AND NOT ("),
            Part::Name(row),
            Part::Sql("."),
            Part::Name(NEEDS),
            Part::Sql(" && "),
            Part::Bind(Value::Texts(lacks)),
            Part::Sql(")"),
        ],
    }
}

/// What the actor does not see: fields (`account.industry`), and nouns of which they do not see all (`order`).
pub(crate) fn lacks(ctx: &Ctx) -> Vec<String> {
    let hidden = ctx.grants.held_back().filter(|(_, _, access)| *access == Access::Hidden);
    let hidden = hidden.map(|(noun, field, _)| format!("{noun}.{field}"));
    let nouns = custom::catalogues().into_iter().flat_map(|all| all.all());
    let partly = nouns.filter(|noun| !sees_all(ctx, noun)).map(|noun| noun.noun.to_owned());
    hidden.chain(partly).collect()
}

/// Parts are seen with their whole.
fn sees_all(ctx: &Ctx, noun: &Catalogue) -> bool {
    match (noun.owned, ctx.grants.reach(noun.noun, Action::Read)) {
        (Owned::Part { .. }, _) | (_, Reach::All) => true,
        (Owned::Shared, reach) => reach > Reach::None,
        (Owned::Rows { .. }, _) => false,
    }
}
