//! Rows that become opportunities, one by one, by the same deeds as everything else: what a stage demands, it demands of
//! files too. Stages, owners and teams are named as people call them.
use super::named::Named;
use super::{CATALOGUE, NewOpportunity, Opportunity, OpportunityPatch, deeds, store};
use crate::pipeline::stage::CATEGORIES;
use crate::rows;
use customer::account::{self, Account};
use customer::choices::SOURCES;
use diesel::Connection;
use kernel::{Create, Ctx, Fault, Import, Kind, OpportunityId, Result, Update, error, text};
use platform::custom::Of;
use platform::deed::Mode;
use platform::import::records::Draft;
use platform::import::{Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written, many};
use platform::{Conn, external};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use uuid::Uuid;

pub struct Opportunities;

const TARGETS: &[Target] = &[
    Target::id("id"),
    Target::text("external_id"),
    Target::text("name"),
    Target::id("account_id"),
    Target::text("account.external_id"),
    Target::text("account.tax_number"),
    Target::text("account.name"),
    Target::text("owner.email").part("user", "email"),
    Target::text("team.name"),
    Target::text("pipeline.name"),
    Target::text("stage.key"),
    Target::text("stage.name"),
    Target::new("amount", Holds::Decimal),
    Target::new("amount.currency", Holds::Currency),
    Target::new("currency", Holds::Currency),
    Target::new("probability", Holds::Whole),
    Target::new("forecast_category", Holds::Choice(CATEGORIES)),
    Target::new("expected_close_on", Holds::Date),
    Target::new("closed_at", Holds::Instant),
    Target::text("opportunity_type"),
    Target::new("source", Holds::Choice(SOURCES)),
    Target::text("next_step"),
    Target::text("lost_reason"),
];

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Opportunities {
    fn resource(&self) -> &'static str {
        "opportunities"
    }
    fn noun(&self) -> &'static str {
        CATALOGUE.noun
    }
    fn targets(&self) -> &'static [Target] {
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &["account"]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        match ["id", "external_id", "name"].iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => vec![Fault::new("/mapping/columns", "required", text!("name or external_id says what it is"))],
        }
    }
    fn may(&self, ctx: &Ctx, mode: Mode, makes: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<Opportunity>>()?;
        if mode != Mode::UpdateOnly {
            ctx.must::<Create<Opportunity>>()?;
        }
        if mode != Mode::CreateOnly {
            ctx.must::<Update<Opportunity>>()?;
        }
        if makes("account") { ctx.must::<Create<Account>>() } else { Ok(()) }
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let mut written = Written::of(rows.len());
        let all: Vec<&Row> = rows.iter().collect();
        let accounts = account::import::Named::of(&work.plan, "").find(conn, ctx, work, &all, &mut written)?;
        let named = Named::find(conn, ctx, &work.plan, rows)?;
        let mut known = rows::called::<Opportunity>(conn, ctx, work, rows)?;
        for (place, (row, account)) in rows.iter().zip(accounts).enumerate() {
            let account = account.id(account::import::column(&work.plan, "")).map_err(|fault| vec![fault]);
            let draft = account.and_then(|account| {
                let mut draft = Draft::of(&CATALOGUE, work, place, row)?;
                draft.fields.extend(account.map(|id| ("account_id".to_owned(), json!(id))));
                draft.fields.extend(named.fields(&work.plan, row)?);
                Ok(draft)
            });
            let outcome = match draft {
                Ok(draft) => put(conn, ctx, work, draft, &mut known, &mut written.created)?,
                Err(faults) => Outcome::Failed(faults),
            };
            written.put(place, outcome);
        }
        Ok(written)
    }
}

/// Writes one row in a savepoint: what is wrong with it is told, and stops no other.
fn put(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    draft: Draft,
    known: &mut HashMap<String, Uuid>,
    created: &mut Vec<(&'static str, Uuid)>,
) -> Result<Outcome> {
    let meant = draft.external_id.as_ref().and_then(|name| known.get(name).copied());
    let own = meant.or(draft.id).map(OpportunityId);
    let before = match own {
        Some(id) => store::many(conn, ctx, &[id])?.pop(),
        None => None,
    };
    let refused = |code: &str, message| Ok(Outcome::Failed(vec![Fault::new("", code, message)]));
    let done = match (before, work.mode) {
        (Some(_), Mode::CreateOnly) => {
            return refused(error::ALREADY_EXISTS.name, text!("the record is there already"));
        }
        (None, Mode::UpdateOnly) => {
            return refused(error::NOT_FOUND.name, text!("there is no such record to update"));
        }
        (None, _) if meant.is_some() => {
            let message = text!("the record is archived, or not the caller's to change");
            return refused(error::FORBIDDEN.name, message);
        }
        (Some(before), _) => conn.transaction(|conn| change(conn, ctx, &before, draft.fields)),
        (None, _) => conn.transaction(|conn| make(conn, ctx, work, &draft)),
    };
    match done {
        Ok((outcome, id)) => {
            if outcome == Outcome::Created {
                created.push((CATALOGUE.noun, id.0));
                known.extend(draft.external_id.map(|name| (name, id.0)));
            }
            Ok(outcome)
        }
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict | Kind::Forbidden | Kind::NotFound) => {
            Ok(Outcome::Failed(rows::placed(work, error, |field| target(work, field))))
        }
        Err(error) => Err(error),
    }
}

type Done = (Outcome, OpportunityId);

fn make(conn: &mut Conn, ctx: &Ctx, work: &Work, draft: &Draft) -> Result<Done> {
    let mut new: NewOpportunity = rows::body::<Opportunity, _>(ctx, draft.fields.clone(), Of::New)?;
    new.id = draft.id.map(OpportunityId);
    let made = deeds::create(conn, ctx, &new)?;
    if let Some(name) = &draft.external_id
        && !external::put::<Opportunity>(conn, ctx, made.id.0, work.plan.source_system(), name)?
    {
        return Err(external::EXTERNAL_ID_TAKEN.into());
    }
    Ok((Outcome::Created, made.id))
}

fn change(conn: &mut Conn, ctx: &Ctx, before: &Opportunity, mut fields: Map<String, Value>) -> Result<Done> {
    // it says where a new one begins: one that is there stays in its stage
    fields.remove("pipeline_id");
    if rows::says_nothing_new(before, &fields)? {
        return Ok((Outcome::Unchanged, before.id));
    }
    let patch: OpportunityPatch = rows::body::<Opportunity, _>(ctx, fields, Of::Patch)?;
    deeds::update(conn, ctx, before.id, None, &patch).map(|after| (Outcome::Updated, after.id))
}

/// The column of a field is called as people call what it means.
fn target(work: &Work, field: &str) -> String {
    match field {
        "stage_id" if work.plan.at("stage.key").is_some() => "stage.key",
        "stage_id" => "stage.name",
        other => other,
    }
    .to_owned()
}

fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    many::delete(conn, ctx, &CATALOGUE, ids)?;
    Ok(ids.to_vec())
}
