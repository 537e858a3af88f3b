//! How rows of opportunities and leads name their stage, owner, team and pool: as people call them.
use crate::pipeline::{self, stage::Stage};
use crate::{others, pool};
use kernel::{Action, Ctx, Fault, PipelineId, PoolId, Reach, Result, TeamId, UserId, text};
use platform::Conn;
use platform::import::{At, Plan, Row};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What the rows of a chunk may mean.
#[derive(Default)]
pub struct Named {
    users: BTreeMap<String, UserId>,
    teams: BTreeMap<String, TeamId>,
    pools: BTreeMap<String, PoolId>,
    pipelines: Vec<(PipelineId, String, bool)>,
    stages: Vec<Stage>,
}

type Field = (String, Value);

impl Named {
    /// What the caller does not see is not there.
    pub fn find(conn: &mut Conn, ctx: &Ctx, plan: &Plan, rows: &[Row]) -> Result<Self> {
        let sees = |noun: &str, field: &str| {
            ctx.grants.reach(noun, Action::Read) > Reach::None && !ctx.grants.hides(noun, field)
        };
        let mut named = Self::default();
        let owners = texts(rows, plan.at("owner.email"), true);
        if !owners.is_empty() && sees("user", "email") {
            named.users = others::store::users_at(conn, ctx, &owners)?;
        }
        let teams = texts(rows, plan.at("team.name"), false);
        if !teams.is_empty() && sees("team", "name") {
            named.teams = others::store::teams_called(conn, ctx, &teams)?;
        }
        let pools = texts(rows, plan.at("pool.name"), false);
        if !pools.is_empty() && sees("pool", "name") {
            named.pools = pool::store::called(conn, ctx, &pools)?;
        }
        let staged = ["pipeline.name", "stage.key", "stage.name"].iter().any(|target| plan.at(target).is_some());
        if staged && sees("pipeline", "name") {
            named.pipelines = pipeline::all(conn, ctx)?;
            let ids: Vec<PipelineId> = named.pipelines.iter().map(|(id, ..)| *id).collect();
            named.stages = pipeline::stages_of(conn, ctx, &ids)?;
        }
        Ok(named)
    }

    /// The fields that come of the names in a row, or all names that stand for nothing.
    pub fn fields(&self, plan: &Plan, row: &Row) -> std::result::Result<Vec<Field>, Vec<Fault>> {
        let (mut fields, mut faults): (Vec<Field>, Vec<Fault>) = (Vec::new(), Vec::new());
        let mut take = |name: &str, target: &str, value: Option<Value>| match value {
            Some(value) => fields.push((name.to_owned(), value)),
            None => {
                let message = text!("there is no such record");
                faults.push(Fault::new(plan.column(target), "unknown_reference", message));
            }
        };
        if let Some(email) = row.text(plan.at("owner.email")) {
            take("owner_id", "owner.email", self.users.get(&email.trim().to_lowercase()).map(|id| json!(id)));
        }
        if let Some(team) = row.text(plan.at("team.name")) {
            take("team_id", "team.name", self.teams.get(team).map(|id| json!(id)));
        }
        if let Some(pool) = row.text(plan.at("pool.name")) {
            take("pool_id", "pool.name", self.pools.get(pool).map(|id| json!(id)));
        }
        let pipeline = row.text(plan.at("pipeline.name"));
        let home = self.pipelines.iter().find(|(_, name, is_default)| match pipeline {
            Some(wanted) => name == wanted,
            None => *is_default,
        });
        if pipeline.is_some() && home.is_none() {
            take("pipeline_id", "pipeline.name", None);
        }
        let of_home = || self.stages.iter().filter(|stage| home.is_some_and(|(id, ..)| *id == stage.pipeline_id));
        if let Some(key) = row.text(plan.at("stage.key")) {
            take("stage_id", "stage.key", of_home().find(|stage| stage.key == key).map(|stage| json!(stage.id)));
        } else if let Some(name) = row.text(plan.at("stage.name")) {
            let found = of_home().find(|stage| stage.name == name || stage.labels.0.all().any(|label| label == name));
            take("stage_id", "stage.name", found.map(|stage| json!(stage.id)));
        } else if let Some((id, ..)) = home.filter(|_| pipeline.is_some()) {
            take("pipeline_id", "pipeline.name", Some(json!(id)));
        }
        if faults.is_empty() { Ok(fields) } else { Err(faults) }
    }
}

/// What stands in a column, each once.
fn texts(rows: &[Row], at: Option<At>, small: bool) -> Vec<String> {
    let text = |text: &str| if small { text.trim().to_lowercase() } else { text.to_owned() };
    let mut all: Vec<String> = rows.iter().filter_map(|row| row.text(at).map(text)).collect();
    all.sort_unstable();
    all.dedup();
    all
}
