//! What is asked of a record as it is written, in the statement that writes it: the conditions that definitions set, which
//! options go with which, and whether what is referred to is seen. PostgreSQL is the only evaluator; a record that
//! breaks a rule is not kept.
use super::store;
use crate::Conn;
use crate::filter::{self, Clause, Part, Value};
use diesel::sql_types::Bool;
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::custom::Own;
use kernel::event::Verb;
use kernel::{Ctx, Error, Result};
use std::sync::OnceLock;

static HOUSE: OnceLock<&'static Catalogues> = OnceLock::new();

/// Said once, when the house is opened: rules are compiled against its catalogues.
pub fn open(catalogues: &'static Catalogues) {
    HOUSE.get_or_init(|| catalogues);
}

pub fn catalogues() -> Option<&'static Catalogues> {
    HOUSE.get().copied()
}

/// Conditions on the rows of `changed`, if there are any.
#[derive(Clone, Debug)]
pub(crate) struct Rules(pub Option<Clause<(), Bool>>);

/// The row as it is written, in the statement that writes it.
const ROW: &str = "changed";

impl Rules {
    pub fn of(ctx: &Ctx, noun: &str, verb: Verb) -> Self {
        let all = ctx.grants.own();
        if all.of(noun).is_empty() || !verb.writes() {
            return Self(None);
        }
        let Some((catalogues, catalogue)) = catalogues().and_then(|all| Some((all, all.get(noun)?))) else {
            return Self(None);
        };
        let mut parts = Vec::new();
        for own in all.of(noun) {
            let holds = [condition(ctx, catalogues, catalogue, own), reference(ctx, catalogues, catalogue, own)];
            for holds in holds.into_iter().flatten() {
                parts.push(Part::Sql(if parts.is_empty() { " WHERE custom_rule(" } else { " AND custom_rule(" }));
                parts.extend(holds);
                parts.extend([Part::Sql(", "), Part::Bind(Value::Text(own.key.clone())), Part::Sql(")")]);
            }
        }
        Self((!parts.is_empty()).then(|| Clause::new(parts).uncached()))
    }
}

/// `changed.custom ->> 'region'`
fn told(row: &'static str, own: &Own) -> Vec<Part> {
    let key = Part::Bind(Value::Text(own.key.clone()));
    vec![Part::Sql("("), Part::Name(row), Part::Sql(".custom ->> "), key, Part::Sql(")")]
}

/// Where the field has a value, its rule holds. A rule that cannot be read any more, for what it names was archived, holds.
fn condition(
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    catalogue: &'static Catalogue,
    own: &Own,
) -> Option<Vec<Part>> {
    let rules: Vec<String> = own.rule.clone().into_iter().chain(dependence(own)).collect();
    let mut parts = Vec::new();
    for rule in rules {
        let Ok(holds) = filter::of_row(&rule, catalogue, catalogues, ctx, ROW) else { continue };
        parts.push(Part::Sql(if parts.is_empty() { "(" } else { " AND (" }));
        parts.extend(told(ROW, own));
        parts.push(Part::Sql(" IS NULL OR "));
        parts.extend(holds);
        parts.push(Part::Sql(")"));
    }
    (!parts.is_empty()).then_some(parts)
}

/// Which options go with what another field says, as a condition.
fn dependence(own: &Own) -> Option<String> {
    let depends = own.dependence.as_ref()?;
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let of = |(value, options): (&String, &Vec<String>)| {
        let options: Vec<String> = options.iter().map(|option| quoted(option)).collect();
        let chosen = match own.holds {
            kernel::custom::Type::Options => {
                let all = own.options.iter().map(|choice| choice.key.as_str());
                let others = all.filter(|key| !options.contains(&quoted(key)));
                let others: Vec<String> = others.map(|key| format!("!({} in {})", quoted(key), own.path())).collect();
                if others.is_empty() { "1 == 1".to_owned() } else { others.join(" && ") }
            }
            _ => format!("{} in [{}]", own.path(), options.join(", ")),
        };
        format!("({} == {} && {chosen})", depends.field, quoted(value))
    };
    let all: Vec<String> = depends.allowed.iter().filter(|(_, options)| !options.is_empty()).map(of).collect();
    (!all.is_empty()).then(|| all.join(" || "))
}

/// What is named anew is a living record that the caller sees.
fn reference(
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    catalogue: &'static Catalogue,
    own: &Own,
) -> Option<Vec<Part>> {
    let target = catalogues.get(own.reference.as_deref()?)?;
    let mut parts = vec![Part::Sql("(")];
    parts.extend(told(ROW, own));
    parts.push(Part::Sql(" IS NULL OR "));
    parts.extend(told(ROW, own));
    // the row as it was: a statement does not see what it writes
    parts.push(Part::Sql(" IS NOT DISTINCT FROM (SELECT "));
    parts.extend(told("o", own));
    parts.extend([Part::Sql(" FROM "), Part::Name(catalogue.table), Part::Sql(" AS "), Part::Name("o")]);
    parts.extend([Part::Sql(" WHERE o.tenant_id = "), Part::Bind(Value::Id(ctx.tenant.into()))]);
    parts.push(Part::Sql(" AND o.id = changed.id) OR "));
    parts.extend(filter::row_named(ctx, catalogues, target, {
        let mut id = vec![Part::Sql("CAST(")];
        id.extend(told(ROW, own));
        id.push(Part::Sql(" AS uuid)"));
        id
    }));
    parts.push(Part::Sql(")"));
    Some(parts)
}

/// For whoever writes many records of a noun in a transaction: the definitions stay as they are until it ends, and are
/// known.
pub(crate) fn hold(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue) -> Result<()> {
    if noun.custom.is_none() {
        return Ok(());
    }
    store::with_others(conn, ctx, noun.noun).map_err(Error::from)?;
    super::refresh(conn, ctx.tenant, ctx.grants.known())
}
