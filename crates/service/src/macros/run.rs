//! A macro is run: in one transaction, by whoever runs it, who has to be allowed each of it. One action that is refused
//! refuses all, and says which it was.
use super::action::MacroAction;
use super::{INACTIVE, store};
use crate::canned;
use crate::case::message::{self, INTERNAL, NewCaseMessage};
use crate::case::{self, Case};
use customer::tag;
use diesel::Connection;
use kernel::{CaseId, Ctx, Error, Fault, MacroId, Noun, Result, Tidy, error, rules};
use platform::Conn;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// What a macro is run on.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"case_id": "0192f0c1-aaaa-7000-8000-000000000001"}))]
pub struct MacroRun {
    pub case_id: CaseId,
}

impl Tidy for MacroRun {}

/// All of it, or nothing.
pub fn run(conn: &mut Conn, ctx: &Ctx, id: MacroId, on: &MacroRun) -> Result<Case> {
    conn.transaction(|conn| {
        let one = store::find(conn, ctx, id)?;
        if !one.is_active {
            return Err(INACTIVE.into());
        }
        case::deeds::changeable(conn, ctx, on.case_id, None)?;
        for (at, action) in one.actions.0.iter().enumerate() {
            act(conn, ctx, on.case_id, action).map_err(|error| placed(error, at))?;
        }
        case::find(conn, ctx, on.case_id)
    })
}

fn act(conn: &mut Conn, ctx: &Ctx, id: CaseId, action: &MacroAction) -> Result<()> {
    if let Some(mut patch) = action.patch(ctx.actor.user) {
        let set = action.fields.iter().flatten().map(|(field, _)| field.as_str());
        let given = [("owner_id", patch.owner_id.is_some()), ("team_id", patch.team_id.is_some())];
        let given = given.into_iter().filter_map(|(field, is_given)| is_given.then_some(field));
        set.chain(given).try_for_each(|field| ctx.may_write::<Case>(field))?;
        patch.tidy();
        let faults = rules::faults(&patch);
        if !faults.is_empty() {
            return Err(Error::from(error::INVALID).faults(faults));
        }
        return case::update(conn, ctx, id, None, &patch).map(drop);
    }
    if let Some(response) = action.canned_response_id {
        let said = canned::for_case(conn, ctx, response, id)?;
        let new = NewCaseMessage {
            body: said.text,
            visibility: action.is_internal.then(|| INTERNAL.to_owned()),
            ..NewCaseMessage::default()
        };
        return message::add(conn, ctx, id, &new).map(drop);
    }
    if let Some(tag) = action.tag_id {
        let asked = tag::TagAssignment { resource: Case::NAME.to_owned(), ids: vec![id.0], source: None };
        tag::assign(conn, ctx, tag, &asked)?;
    }
    Ok(())
}

/// Which of the actions it was.
fn placed(error: Error, at: usize) -> Error {
    let faults: Vec<Fault> = error
        .faults
        .iter()
        .map(|fault| Fault { pointer: format!("/actions/{at}{}", fault.pointer), ..fault.clone() })
        .collect();
    Error { faults, ..error }.member("action", at)
}
