//! How the file of an export comes in again, and files that are empty yet: columns are called as the targets that an
//! import takes them for.
use super::{Column, Export, Exporter, Query};
use crate::import::{Holds, Importer, Target, access, own};
use crate::table::write::{Cell, Writer};
use kernel::{Access, Ctx, Region, Result};
use serde_json::{Map, Value, json};
use std::fs::File;

/// The mapping that an import takes with the file: of its columns those that files bring, and that the actor may write.
pub fn of(export: &Export, exporter: &dyn Exporter, importer: &dyn Importer, ctx: &Ctx) -> Value {
    let query: Query = serde_json::from_value(export.query.clone()).unwrap_or_default();
    let targets = writable(importer, ctx);
    let fields = query.seen(ctx, exporter.catalogue());
    let columns = Column::of(exporter.catalogue(), &ctx.grants, &fields, query.source_system.is_some());
    let mut mapped = Map::new();
    for column in &columns {
        if targets.iter().any(|target| target.name == column.name) {
            let name = if export.format == "ndjson" { column.path() } else { column.name.clone() };
            mapped.insert(name, column.name.as_str().into());
        }
    }
    let source = query.source_system.as_deref();
    // what a number was given as is read again as it is read here
    let region = ctx.grants.phone_region();
    json!({
        "resource": importer.resource(), "source_system": source, "phone_region": region.as_ref().map(Region::code),
        "columns": mapped, "keep_spaces": true
    })
}

/// A file with a column for every target that the actor may write, and a row that shows what they take.
pub fn template(importer: &dyn Importer, format: &str, file: File, ctx: &Ctx) -> Result<()> {
    let targets = writable(importer, ctx);
    let header: Vec<&str> = targets.iter().map(|target| target.name).collect();
    let mut writer = Writer::begin(format, file, &header, true)?;
    writer.cells(targets.iter().map(|target| match example(target) {
        "" => Cell::None,
        text if matches!(target.holds, Holds::Whole | Holds::Decimal) => Cell::Number(text.into()),
        text => Cell::Text(text.into()),
    }))?;
    writer.finish()
}

fn writable(importer: &dyn Importer, ctx: &Ctx) -> Vec<Target> {
    let may = |target: &&Target| access(&ctx.grants, importer.noun(), target, &|_| false) == Access::Write;
    let own = own(&ctx.grants, importer.noun());
    importer.targets().iter().chain(&own).filter(may).copied().collect()
}

/// What may stand there. What leads to another record is left open, for nobody knows which there are.
fn example(target: &Target) -> &'static str {
    match (target.name, target.holds) {
        ("order.number", _) => "SO-1001",
        ("order.currency", _) => "EUR",
        (name, Holds::Id) if name != "id" => "",
        ("id", _) => "",
        (name, _) if name.contains('.') && !name.ends_with(".currency") => "",
        ("external_id", _) => "1001",
        ("country", _) => "DE",
        ("locale", _) => "en",
        ("time_zone", _) => "Europe/Berlin",
        ("industry" | "account_type", _) => "",
        // due_at is filled in: of the two one is said; what is open has not been closed, and what is new not given up
        ("due_on" | "closed_at" | "disqualify_reason", _) => "",
        ("sku", _) => "TEA-LJ-250",
        ("phone_text", _) => "+49 30 123456",
        ("number", _) => "SO-1001",
        ("line_key", _) => "1",
        ("value", Holds::Text) => "ada@example.com",
        (_, Holds::Text | Holds::Key) => "Example",
        (_, Holds::Email) => "ada@example.com",
        (_, Holds::Phone) => "+4930123456",
        (_, Holds::Url) => "https://example.com",
        (_, Holds::Whole) => "12",
        ("discount_rate" | "tax_rate", _) => "0.05",
        (_, Holds::Decimal) => "12.50",
        (_, Holds::Bool) => "false",
        (_, Holds::Date) => "1990-12-31",
        (_, Holds::Instant) => "2026-11-26T08:00:00Z",
        (_, Holds::Currency) => "EUR",
        (_, Holds::Country) => "DE",
        (_, Holds::Choice(choices)) => choices.first().copied().unwrap_or_default(),
        (_, Holds::Id) => "",
    }
}
