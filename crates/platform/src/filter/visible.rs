//! Which rows over there the caller may see: put beside every relation crossed, for without it
//! `orders.exists(o, o.total > 1000)` would tell of rows that the caller may not see.
use super::render::Render;
use super::sql::Part;
use super::tree::{Hop, Value};
use crate::visible::{predicate, veil};
use kernel::catalogue::{Catalogue, Catalogues, Link, MAX_PARTS, Owned};
use kernel::{Action, Ctx, Reach};
use uuid::Uuid;

/// Parents of parts, which stand inside the row that they own.
static PARENTS: [&str; MAX_PARTS] = ["p1", "p2", "p3", "p4"];

/// ` AND …`, where not everything is to be seen.
pub fn beside(render: &mut Render, hop: &Hop, alias: &'static str) {
    match (hop.target.owned, hop.link) {
        // the parent is the row we come from, which is seen
        (Owned::Part { of, column }, Link::Many { column: by }) if of == hop.source.noun && column == by => {}
        _ => seen(render, hop.target, alias, 0),
    }
}

/// Whether a row is there for the caller, archived or not: an expression of its own.
pub fn row(ctx: &Ctx, catalogues: &'static Catalogues, noun: &'static Catalogue, id: Uuid) -> Vec<Part> {
    let mut render = Render::new(noun, catalogues, ctx);
    render.sql("EXISTS (SELECT 1");
    render.open(noun.table, noun.table);
    render.sql(" AND ");
    render.column(noun.table, "id");
    render.sql(" = ");
    render.bind(Value::Id(id));
    seen(&mut render, noun, noun.table, 0);
    render.sql(")");
    render.parts
}

/// Whether a living record is there for the caller whose id is what `id` says.
pub fn row_named(ctx: &Ctx, catalogues: &'static Catalogues, noun: &'static Catalogue, id: Vec<Part>) -> Vec<Part> {
    let mut render = Render::new(noun, catalogues, ctx);
    render.sql("EXISTS (SELECT 1");
    render.open(noun.table, noun.table);
    render.sql(" AND ");
    render.column(noun.table, "id");
    render.sql(" = ");
    render.parts.extend(id);
    if let Some(archived) = noun.field("deleted_at") {
        render.sql(" AND ");
        render.column(noun.table, archived.column);
        render.sql(" IS NULL");
    }
    seen(&mut render, noun, noun.table, 0);
    render.sql(")");
    render.parts
}

/// Which of these records are there, archived or not, and whether each is there for the caller: behind `SELECT`.
pub fn rows(ctx: &Ctx, catalogues: &'static Catalogues, noun: &'static Catalogue, ids: Vec<Uuid>) -> Vec<Part> {
    let mut render = Render::new(noun, catalogues, ctx);
    render.column(noun.table, "id");
    render.sql(", (TRUE");
    seen(&mut render, noun, noun.table, 0);
    render.sql(") IS TRUE");
    render.open(noun.table, noun.table);
    render.sql(" AND ");
    render.column(noun.table, "id");
    render.sql(" = ANY (");
    render.bind(Value::Ids(ids));
    render.sql(")");
    render.parts
}

/// A condition on the records of a noun, where the row is called so: that they are there for the caller.
pub fn beheld(ctx: &Ctx, catalogues: &'static Catalogues, noun: &'static Catalogue, alias: &'static str) -> Vec<Part> {
    let mut render = Render::new(noun, catalogues, ctx);
    render.sql("(TRUE");
    seen(&mut render, noun, alias, 0);
    render.sql(") IS TRUE");
    render.parts
}

fn seen(render: &mut Render, catalogue: &'static Catalogue, alias: &'static str, level: usize) {
    let root = render.catalogues.permission(catalogue.noun).and_then(|noun| render.catalogues.get(noun));
    let reach = root.map_or(Reach::None, |root| render.ctx.grants.reach(root.noun, Action::Read));
    match (catalogue.owned, root.map(|root| root.owned)) {
        (_, None) => render.sql(" AND FALSE"),
        _ if reach == Reach::None => render.sql(" AND FALSE"),
        (_, Some(_)) if reach == Reach::All && !root.is_some_and(|root| veil::is_down(render.ctx, root)) => {}
        (_, Some(Owned::Shared)) => {}
        (Owned::Part { of, column }, _) => parent(render, of, alias, column, level),
        (Owned::Shared, _) => {}
        (Owned::Rows { .. }, _) => {
            render.sql(" AND ");
            render.parts.extend(predicate(render.ctx, catalogue, alias, Action::Read));
        }
    }
}

/// A part is seen exactly when its parent is.
fn parent(render: &mut Render, of: &'static str, part: &'static str, column: &'static str, level: usize) {
    let (Some(parent), Some(alias)) = (render.catalogues.get(of), PARENTS.get(level).copied()) else {
        return render.sql(" AND FALSE");
    };
    render.sql(" AND EXISTS (SELECT 1");
    render.open(parent.table, alias);
    render.sql(" AND ");
    render.column(alias, "id");
    render.sql(" = ");
    render.column(part, column);
    seen(render, parent, alias, level + 1);
    render.sql(")");
}
