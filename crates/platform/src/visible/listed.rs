//! What a list adds to the scope of its room: of a part, that its whole is there and is the actor's to see; of a list that
//! is taken out, that it may be taken out.
use super::predicate;
use crate::filter::{Part, Value};
use kernel::catalogue::{Catalogue, Catalogues, MAX_PARTS, Owned};
use kernel::{Action, Ctx};

/// Wholes of parts, each inside of the one before.
static WHOLES: [&str; MAX_PARTS] = ["w1", "w2", "w3", "w4"];

/// A condition on the rows of a list; nothing, where the scope says it all.
pub(crate) fn listed(ctx: &Ctx, all: &'static Catalogues, noun: &'static Catalogue, is_out: bool) -> Vec<Part> {
    let action = if is_out { Action::Export } else { Action::Read };
    match noun.owned {
        Owned::Part { .. } => reached(ctx, all, noun, noun.table, action, 0),
        Owned::Rows { .. } | Owned::Shared if is_out => predicate(ctx, noun, noun.table, action),
        Owned::Rows { .. } | Owned::Shared => Vec::new(),
    }
}

fn reached(
    ctx: &Ctx,
    all: &'static Catalogues,
    noun: &'static Catalogue,
    row: &'static str,
    action: Action,
    level: usize,
) -> Vec<Part> {
    let Owned::Part { of, column } = noun.owned else { return predicate(ctx, noun, row, action) };
    let (Some(whole), Some(alias)) = (all.get(of), WHOLES.get(level).copied()) else { return vec![Part::Sql("FALSE")] };
    let mut parts = vec![Part::Sql("EXISTS (SELECT 1 FROM "), Part::Name(whole.table), Part::Sql(" AS ")];
    parts.push(Part::Name(alias));
    parts.push(Part::Sql(" WHERE "));
    parts.extend(of_row(alias, "tenant_id"));
    parts.extend([Part::Sql(" = "), Part::Bind(Value::Id(ctx.tenant.into())), Part::Sql(" AND ")]);
    parts.extend(of_row(alias, "id"));
    parts.push(Part::Sql(" = "));
    parts.extend(of_row(row, column));
    if whole.field("deleted_at").is_some() {
        parts.push(Part::Sql(" AND "));
        parts.extend(of_row(alias, "deleted_at"));
        parts.push(Part::Sql(" IS NULL"));
    }
    parts.push(Part::Sql(" AND "));
    parts.extend(reached(ctx, all, whole, alias, action, level + 1));
    parts.push(Part::Sql(")"));
    parts
}

fn of_row(row: &'static str, column: &'static str) -> [Part; 3] {
    [Part::Name(row), Part::Sql("."), Part::Name(column)]
}
