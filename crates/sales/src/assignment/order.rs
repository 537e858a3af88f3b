//! Leads are given out: as each is made, or when somebody says so; and what was said when one was.
use super::choose::{AssignmentOutcome, Choice, Outcomes, choose};
use super::{store, told};
use crate::lead::store as leads_store;
use crate::lead::{self, Condition, Given, Lead, OPEN};
use chrono::{DateTime, Duration, Utc};
use diesel::Connection;
use kernel::{AssignmentRuleId, Ctx, Error, Fault, LeadId, Result, TerritoryId, Tidy, UserId, error, rule, text};
use platform::filter::Seen;
use platform::{Conn, custom};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

const MOST: usize = 1000;

/// Which leads are given out: those that are named, or of which a filter holds.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "one_way"))]
#[schema(example = json!({"filter": "status == \"new\"", "dry_run": true}))]
pub struct LeadAssignmentOrder {
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub ids: Option<Vec<LeadId>>,
    /// in the language of filters; the oldest thousand of which it holds
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub filter: Option<String>,
    /// only tells what would come of it
    #[serde(default)]
    #[schema(required = false)]
    pub dry_run: bool,
}

/// What became of the leads.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadsAssigned {
    #[schema(example = 1)]
    pub assigned_count: usize,
    pub results: Vec<LeadGiven>,
}

/// Whom a lead went to, if to anybody.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadGiven {
    pub lead_id: LeadId,
    /// none, where that is withheld
    pub rule_id: Option<AssignmentRuleId>,
    /// the territory whose members it was given to one of; none, where the rule goes by none
    pub territory_id: Option<TerritoryId>,
    pub owner_id: Option<UserId>,
    /// what each rule said; none, where the lead is no longer open
    pub rules: Vec<AssignmentOutcome>,
}

/// Why somebody has a lead.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadAssignment {
    /// when the rules gave it out last, and what they said then
    pub last: Option<LeadAssigned>,
    /// whom they would give it to now
    pub now: LeadGiven,
}

/// What the rules said when a lead was given out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadAssigned {
    /// none, where that is withheld
    pub rule_id: Option<AssignmentRuleId>,
    pub territory_id: Option<TerritoryId>,
    pub owner_id: UserId,
    pub assigned_at: DateTime<Utc>,
    pub rules: Vec<AssignmentOutcome>,
}

/// Whom the rules give a lead to. In a transaction, which holds the turn of the rule.
pub(crate) fn given(conn: &mut Conn, ctx: &Ctx, lead: &Lead) -> Result<Option<Given>> {
    let (choice, outcomes) = choose(conn, ctx, lead, true)?;
    let Some(choice) = choice else { return Ok(None) };
    store::put(conn, ctx, lead.id, &choice, outcomes)?;
    Ok(Some(promised(ctx, &choice)))
}

fn promised(ctx: &Ctx, choice: &Choice) -> Given {
    let due = choice.response_minutes.map(|minutes| ctx.now + Duration::minutes(minutes.into()));
    Given { owner: choice.owner, team: choice.team, response_due_at: due }
}

/// Why somebody has it, and who would get it now.
pub fn explain(conn: &mut Conn, ctx: &Ctx, id: LeadId) -> Result<LeadAssignment> {
    let lead = lead::find(conn, ctx, id)?;
    let (choice, outcomes) = choose(conn, ctx, &lead, false)?;
    let rules = told::as_seen(conn, ctx, outcomes)?;
    let owner = choice.map(|one| one.owner).filter(|_| rules.rule().is_some());
    let last = match store::last(conn, ctx, id)? {
        Some((owner_id, assigned_at, said)) => {
            let rules = told::as_seen(conn, ctx, said)?;
            let (rule_id, territory_id) = (rules.rule(), rules.territory());
            Some(LeadAssigned { rule_id, territory_id, owner_id, assigned_at, rules: rules.0 })
        }
        None => None,
    };
    Ok(LeadAssignment { last, now: given_to(id, owner, rules) })
}

fn given_to(lead_id: LeadId, owner_id: Option<UserId>, rules: Outcomes) -> LeadGiven {
    LeadGiven { lead_id, rule_id: rules.rule(), territory_id: rules.territory(), owner_id, rules: rules.0 }
}

/// What was found out by doing it, and is not to stay.
enum Undone {
    Told(LeadsAssigned),
    Failed(Error),
}

impl From<diesel::result::Error> for Undone {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Gives out open leads that the actor may change. In a transaction.
pub fn assign(conn: &mut Conn, ctx: &Ctx, order: &LeadAssignmentOrder) -> Result<LeadsAssigned> {
    if !order.dry_run {
        return all(conn, ctx, order);
    }
    let tried: std::result::Result<(), Undone> =
        conn.transaction(|conn| Err(all(conn, ctx, order).map_or_else(Undone::Failed, Undone::Told)));
    match tried {
        Err(Undone::Told(told)) => Ok(told),
        Err(Undone::Failed(error)) => Err(error),
        Ok(()) => Err(error::INTERNAL.into()),
    }
}

fn all(conn: &mut Conn, ctx: &Ctx, order: &LeadAssignmentOrder) -> Result<LeadsAssigned> {
    let mut results = Vec::new();
    for (at, id) in meant(conn, ctx, order)?.into_iter().enumerate() {
        let lead = lead::changeable(conn, ctx, id, None).map_err(|error| placed(error, at))?;
        if !OPEN.contains(&lead.status.as_str()) {
            results.push(given_to(id, None, Outcomes(Vec::new())));
            continue;
        }
        let (choice, outcomes) = choose(conn, ctx, &lead, true)?;
        if let Some(choice) = &choice {
            store::put(conn, ctx, id, choice, outcomes.clone())?;
            lead::pooling::handed(conn, ctx, &lead, promised(ctx, choice))?;
        }
        let rules = told::as_seen(conn, ctx, outcomes)?;
        results.push(given_to(id, choice.map(|one| one.owner), rules));
    }
    let assigned_count = results.iter().filter(|one| one.owner_id.is_some()).count();
    Ok(LeadsAssigned { assigned_count, results })
}

fn meant(conn: &mut Conn, ctx: &Ctx, order: &LeadAssignmentOrder) -> Result<Vec<LeadId>> {
    if let Some(ids) = &order.ids {
        return Ok(ids.clone());
    }
    let all = custom::catalogues().ok_or_else(|| Error::internal("the catalogues are not open"))?;
    let text = order.filter.as_deref().unwrap_or_default();
    let filter = Condition::compile(text, all, &Seen(&ctx.grants)).map_err(|refusal| {
        let error = Error::from(refusal.under("/filter"));
        Error::from(error::INVALID).faults(error.faults)
    })?;
    leads_store::matching(conn, ctx, &filter, i64::try_from(MOST).unwrap_or(i64::MAX))
}

/// Whoever is not there is named by its place.
fn placed(error: Error, at: usize) -> Error {
    match error.kind() {
        kernel::Kind::NotFound => Error::from(error::UNKNOWN_REFERENCE).fault(Fault::new(
            format!("/ids/{at}"),
            error::UNKNOWN_REFERENCE.name,
            text!("there is no such record"),
        )),
        _ => error,
    }
}

impl Tidy for LeadAssignmentOrder {}

fn one_way(order: &LeadAssignmentOrder) -> std::result::Result<(), ValidationError> {
    match order.ids.is_some() == order.filter.is_some() {
        true => Err(rule!("one_of", "either ids or a filter says which leads")),
        false => Ok(()),
    }
}
