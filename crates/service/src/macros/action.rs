//! One thing that a macro does.
use crate::case::CasePatch;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Jsonb;
use kernel::{CannedResponseId, TagId, TeamId, UserId, rule};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::ValidationError;

pub const KINDS: &[&str] = &["set", "reply", "tag", "assign"];
const MOST: usize = 20;
/// What is set by an action of its own, or has to be looked through by the tenant's definitions as it is written.
const ELSEWHERE: [&str; 3] = ["custom", "owner_id", "team_id"];

/// One thing that is done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MacroAction {
    /// `set` fields of the case, `reply` with a canned response, give it a `tag`, or `assign` it
    #[schema(example = "set")]
    pub kind: String,
    /// to be set: a merge patch of the case
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, required = false)]
    pub fields: Option<Map<String, Value>>,
    /// what is said
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub canned_response_id: Option<CannedResponseId>,
    /// whether it is said inside of the business alone
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub is_internal: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub tag_id: Option<TagId>,
    /// who gets the case: whoever runs the macro, where neither this nor a team is named
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub team_id: Option<TeamId>,
}

/// What a macro does, in its order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[serde(transparent)]
#[diesel(sql_type = Jsonb)]
pub struct Actions(pub Vec<MacroAction>);

impl ToSql<Jsonb, Pg> for Actions {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Jsonb, Pg>::to_sql(&serde_json::to_value(self)?, &mut out.reborrow())
    }
}
impl FromSql<Jsonb, Pg> for Actions {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let value: Value = FromSql::<Jsonb, Pg>::from_sql(value)?;
        Ok(serde_json::from_value(value)?)
    }
}

impl MacroAction {
    /// The change of the case that it makes, if it is one.
    #[must_use]
    pub fn patch(&self, runner: UserId) -> Option<CasePatch> {
        match self.kind.as_str() {
            "set" => serde_json::from_value(Value::Object(self.fields.clone()?)).ok(),
            "assign" => {
                let nobody = self.owner_id.is_none() && self.team_id.is_none();
                let owner_id = self.owner_id.or_else(|| nobody.then_some(runner));
                Some(CasePatch { owner_id, team_id: self.team_id.map(Some), ..CasePatch::default() })
            }
            _ => None,
        }
    }
}

/// Each names what it needs, and nothing else.
pub fn are_actions(actions: &Actions) -> Result<(), ValidationError> {
    if actions.0.is_empty() || actions.0.len() > MOST {
        return Err(rule!("length", "does 1 to {most} things", most = MOST));
    }
    actions.0.iter().try_for_each(is_sound)
}

fn is_sound(action: &MacroAction) -> Result<(), ValidationError> {
    let plain = MacroAction { kind: action.kind.clone(), ..MacroAction::default() };
    let needed = match action.kind.as_str() {
        "set" => MacroAction { fields: action.fields.clone(), ..plain.clone() },
        "reply" => MacroAction {
            canned_response_id: action.canned_response_id,
            is_internal: action.is_internal,
            ..plain.clone()
        },
        "tag" => MacroAction { tag_id: action.tag_id, ..plain.clone() },
        "assign" => MacroAction { owner_id: action.owner_id, team_id: action.team_id, ..plain.clone() },
        _ => return Err(rule!("choice", "is none of {choices}", choices = KINDS.join(", "))),
    };
    let names_enough = action.kind == "assign" || needed != plain;
    if needed != *action || !names_enough {
        return Err(rule!("action", "an action names what it is done with, and nothing else"));
    }
    let Some(fields) = &action.fields else { return Ok(()) };
    let is_patch = serde_json::from_value::<CasePatch>(Value::Object(fields.clone())).is_ok();
    let is_elsewhere = ELSEWHERE.iter().any(|field| fields.contains_key(*field));
    match is_patch && !is_elsewhere && !fields.is_empty() {
        true => Ok(()),
        false => Err(rule!("fields", "are no fields of a case that can be set so")),
    }
}
