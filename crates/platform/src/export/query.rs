//! What is asked for: as a list is asked, and what of each record.
use super::column::key;
use super::{Exporter, Grounds};
use crate::listing::Params;
use kernel::catalogue::{Catalogue, Owned};
use kernel::custom::{CUSTOM, Own};
use kernel::{Action, Ctx, Error, Result, Tidy, error, rule, text, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const FORMATS: &[&str] = &["csv", "xlsx", "ndjson"];
pub const DELETED: &[&str] = &["exclude", "only", "include"];

/// A list to be taken out.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "resource": "contacts", "format": "csv", "filter": "created_at > timestamp(\"2020-01-01T00:00:00Z\")",
    "sort": "display_name", "fields": ["id", "display_name", "email", "phone"]
}))]
pub struct NewExport {
    /// what the rows are: `accounts`, `contacts`, `contact_points`, `account_addresses`, `contact_addresses`,
    /// `account_lifecycle_changes`, `contact_lifecycle_changes`, `memberships`, `products`, `price_books`,
    /// `price_book_entries`, `orders`, `order_lines`, `users`, `teams`, `audit_logs`
    #[schema(example = "contacts", max_length = 50)]
    #[validate(length(max = 50))]
    pub resource: String,
    /// `csv`, `xlsx` or `ndjson`
    #[validate(custom(function = "is_format"))]
    #[schema(example = "csv")]
    pub format: String,
    /// a condition in the filter language, as lists take it
    #[validate(length(max = 4096))]
    #[schema(max_length = 4096)]
    pub filter: Option<String>,
    /// words to search for
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub q: Option<String>,
    /// fields to sort by, `-` for descending; newest first where it is absent
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub sort: Option<String>,
    /// the columns, in this order, `custom.{key}` of the tenant's own; all that the caller sees where they are absent
    #[validate(length(min = 1, max = 200))]
    #[schema(min_items = 1, max_items = 200)]
    pub fields: Option<Vec<String>>,
    /// whether archived records count: `exclude` (default), `only` or `include`
    #[validate(custom(function = "is_deleted"))]
    #[schema(example = "exclude")]
    pub deleted: Option<String>,
    /// the system whose ids of the records come first, as `external_id`
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub source_system: Option<String>,
    /// whether a CSV file begins with the mark (BOM) without which spreadsheets take it for Latin-1; it does, unless
    /// said otherwise
    pub has_mark: Option<bool>,
}

impl Tidy for NewExport {
    fn tidy(&mut self) {
        self.source_system.iter_mut().for_each(tidy::trim);
    }
}

/// What is kept of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Query {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    #[serde(default)]
    pub deleted: Option<String>,
    /// those that were seen when it was asked for
    #[serde(default)]
    pub fields: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_system: Option<String>,
    #[serde(default)]
    pub has_mark: bool,
}

impl Query {
    /// What the actor may take out of it. Faults are named at their places in the body, all at once.
    pub fn read(new: &NewExport, ctx: &Ctx, exporter: &dyn Exporter, grounds: &Grounds) -> Result<Self> {
        may(ctx, grounds, exporter.catalogue())?;
        let query = Self {
            filter: new.filter.clone(),
            q: new.q.clone(),
            sort: new.sort.clone(),
            deleted: Some(new.deleted.clone().unwrap_or_else(|| "exclude".to_owned())),
            fields: fields(new.fields.as_deref(), ctx, exporter.catalogue())?,
            source_system: new.source_system.clone(),
            has_mark: new.has_mark.unwrap_or(true),
        };
        if query.source_system.is_some() && ctx.grants.hides("external_ref", "external_id") {
            return Err(Error::invalid("/source_system", "hidden", text!("external ids are not yours to see")));
        }
        exporter.check(ctx, grounds, &query.params()).map_err(placed)?;
        Ok(query)
    }

    pub fn params(&self) -> Params {
        let Self { filter, q, sort, deleted, .. } = self.clone();
        Params { filter, q, sort, deleted, ..Params::default() }
    }

    /// The fields of it that the actor still sees.
    pub fn seen(&self, ctx: &Ctx, noun: &Catalogue) -> Vec<String> {
        self.fields.iter().filter(|name| *name == CUSTOM || is_seen(ctx, noun, name)).cloned().collect()
    }
}

/// Whether the actor may take lists of the noun out: a part goes by its whole.
pub fn may(ctx: &Ctx, grounds: &Grounds, noun: &Catalogue) -> Result<()> {
    let object = match noun.owned {
        Owned::Part { .. } => grounds.catalogues.permission(noun.noun).unwrap_or(noun.noun),
        Owned::Rows { .. } | Owned::Shared => noun.noun,
    };
    ctx.must_all(object, &[Action::Read, Action::Export])
}

/// A field of the noun, or one of the tenant's own that is in force, as far as it is not hidden.
fn is_seen(ctx: &Ctx, noun: &Catalogue, name: &str) -> bool {
    let is_own = || key(noun, name).is_some_and(|key| ctx.grants.own().get(noun.noun, key).is_some());
    (noun.field(name).is_some() || is_own()) && !ctx.grants.hides(noun.noun, name)
}

/// What is hidden from the actor is not there, word for word.
fn fields(asked: Option<&[String]>, ctx: &Ctx, noun: &'static Catalogue) -> Result<Vec<String>> {
    let Some(asked) = asked else {
        let all = noun.fields.iter().map(|field| field.name.to_owned());
        let known = ctx.grants.own();
        let own = noun.custom.map_or(&[][..], |_| known.of(noun.noun)).iter().map(Own::path);
        let seen = all.chain(own).filter(|name| is_seen(ctx, noun, name));
        // as the list has it, where there is nothing in it too
        return Ok(seen.chain(noun.custom.map(|_| CUSTOM.to_owned())).collect());
    };
    let mut faults = Vec::new();
    for (at, name) in asked.iter().enumerate() {
        let place = format!("/fields/{at}");
        if !is_seen(ctx, noun, name) {
            let message = text!("{noun} has no \"{name}\"", noun = noun.noun, name);
            faults.push(kernel::Fault::new(place, "unknown_field", message));
        } else if asked.iter().take(at).any(|before| before == name) {
            faults.push(kernel::Fault::new(place, "twice", text!("is given twice")));
        }
    }
    if faults.is_empty() { Ok(asked.to_vec()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

/// Faults of parameters, at the members of the body that they came from.
fn placed(error: Error) -> Error {
    let place = |mut fault: kernel::Fault| {
        if let Some(name) = fault.pointer.strip_prefix('?') {
            fault.pointer = format!("/{name}");
        }
        fault
    };
    let faults = error.faults.into_iter().map(place).collect();
    Error { faults, ..error }
}

fn is_format(text: &str) -> std::result::Result<(), ValidationError> {
    one_of(text, FORMATS)
}
fn is_deleted(text: &str) -> std::result::Result<(), ValidationError> {
    one_of(text, DELETED)
}
fn one_of(text: &str, choices: &[&str]) -> std::result::Result<(), ValidationError> {
    if choices.contains(&text) {
        return Ok(());
    }
    Err(rule!("choice", "is none of {choices}", choices))
}
