//! Rows that become opportunities, one by one, by the same deeds as everything else: what a stage demands, it demands of
//! files too. Stages, owners and teams are named as people call them.
use super::named::Named;
use super::{CATALOGUE, NewOpportunity, Opportunity, OpportunityPatch, deeds, store};
use crate::pipeline::stage::CATEGORIES;
use crate::rows::{self, Room};
use customer::account::Account;
use customer::choices::SOURCES;
use kernel::catalogue::Catalogue;
use kernel::{Create, Ctx, Fault, Import, OpportunityId, Result, Update, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::{Holds, Importer, Plan, Remover, Row, Target, Work, Written, many};
use serde_json::{Map, Value};
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
        let accounts = rows::accounts(conn, ctx, work, rows, &mut written)?;
        let named = Named::find(conn, ctx, &work.plan, rows)?;
        let meant = accounts.into_iter().zip(rows);
        let meant = meant.map(|(account, row)| rows::both(account, named.fields(&work.plan, row)));
        rows::write::<Self>(conn, ctx, work, rows, meant, written)
    }
}

impl Room for Opportunities {
    type Record = Opportunity;
    type New = NewOpportunity;
    type Patch = OpportunityPatch;
    const CATALOGUE: &'static Catalogue = &CATALOGUE;

    fn there(conn: &mut Conn, ctx: &Ctx, id: Uuid) -> Result<Option<Opportunity>> {
        Ok(store::many(conn, ctx, &[OpportunityId(id)])?.pop())
    }
    fn create(conn: &mut Conn, ctx: &Ctx, id: Option<Uuid>, new: NewOpportunity) -> Result<Uuid> {
        deeds::create(conn, ctx, &NewOpportunity { id: id.map(OpportunityId), ..new }).map(|made| made.id.0)
    }
    fn update(conn: &mut Conn, ctx: &Ctx, id: Uuid, patch: &OpportunityPatch) -> Result<()> {
        deeds::update(conn, ctx, OpportunityId(id), None, patch).map(drop)
    }
    fn of_a_new_one(fields: &mut Map<String, Value>) {
        // one that is there stays in its stage
        fields.remove("pipeline_id");
    }
    fn target<'a>(work: &Work, field: &'a str) -> &'a str {
        match field {
            "stage_id" if work.plan.at("stage.key").is_some() => "stage.key",
            "stage_id" => "stage.name",
            other => other,
        }
    }
}

fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    many::delete(conn, ctx, &CATALOGUE, ids)?;
    Ok(ids.to_vec())
}
