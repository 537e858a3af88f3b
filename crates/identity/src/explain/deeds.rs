//! Who is asked about by whom; what is the case; and what follows.
use super::reasons::Facts;
use super::{ACTIONS, Decision, Explanation};
use crate::credential::gather;
use crate::permission::Objects;
use crate::role::{self, Role};
use crate::user::{self, PERSON, User};
use crate::{factor, queue, team, tenant};
use kernel::catalogue::{Catalogue, Catalogues, Owned};
use kernel::{Action, Actor, Ctx, Error, Grants, Reach, Read, Result, UserId, error, text};
use platform::{Conn, share, visible};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Of oneself, or of somebody else for those who may read users and roles; of a record that the caller sees.
pub fn explain(
    conn: &mut Conn,
    ctx: &Ctx,
    objects: Objects,
    catalogues: &'static Catalogues,
    (resource, record): (&str, Uuid),
    user: Option<UserId>,
) -> Result<Explanation> {
    let noun = catalogues.get(resource).filter(|noun| matches!(noun.owned, Owned::Rows { .. }));
    let noun = noun.ok_or(error::NOT_FOUND)?;
    if ctx.grants.reach(noun.noun, Action::Read) == Reach::None {
        return Err(Error::from(error::FORBIDDEN)
            .detail(text!("needs {permissions}", permissions = format!("{}:read", noun.noun))));
    }
    let other = user.filter(|user| *user != ctx.actor.user);
    if other.is_some() {
        ctx.must::<(Read<User>, Read<Role>)>()?;
    }
    let mine = visible::standing(conn, ctx, noun, record, &[Action::Read])?;
    if mine.is_none_or(|mine| mine.may != [true]) {
        return Err(error::NOT_FOUND.into());
    }
    let (who, acting) = match other {
        None => (user::myself(conn, ctx)?, ctx.clone()),
        Some(id) => {
            let who = user::find(conn, ctx, id)?;
            let grants = held(conn, ctx, &who, objects)?;
            (who, Ctx { actor: Actor { user: id, key: None }, grants, ..ctx.clone() })
        }
    };
    let standing = visible::standing(conn, &acting, noun, record, &ACTIONS.map(reaching))?.ok_or(error::NOT_FOUND)?;
    let notes = notes(conn, ctx, &who)?;
    let facts = facts(conn, ctx, &acting, (noun, record), who, objects)?;
    let is_seen = standing.may.first() == Some(&true);
    let decisions = ACTIONS.into_iter().zip(&standing.may).map(|(action, reached)| Decision {
        action: action.name().to_owned(),
        is_allowed: *reached && facts.lacking(action).is_none(),
        reasons: facts.reasons(&standing, action, is_seen),
    });
    Ok(Explanation {
        user_id: acting.actor.user,
        resource: noun.noun.to_owned(),
        record_id: record,
        owner_id: standing.owner,
        team_id: standing.team,
        decisions: decisions.collect(),
        notes,
    })
}

/// What somebody may do: nothing, where they are not active.
fn held(conn: &mut Conn, ctx: &Ctx, who: &User, objects: Objects) -> Result<Arc<Grants>> {
    let own = ctx.grants.known().clone();
    let active = who.is_active.then(|| gather(conn, ctx.tenant, who.id, objects, own)).transpose()?;
    Ok(Arc::new(active.unwrap_or_default()))
}

/// Whose reach decides: to give a record away is a change of it.
pub(super) fn reaching(action: Action) -> Action {
    if action == Action::Assign { Action::Update } else { action }
}

/// What a door asks for beside the permission itself.
pub(super) fn beside(action: Action) -> Option<Action> {
    match action {
        Action::Assign => Some(Action::Update),
        Action::Purge => Some(Action::Delete),
        _ => None,
    }
}

fn facts<'a>(
    conn: &mut Conn,
    ctx: &Ctx,
    acting: &'a Ctx,
    (noun, record): (&'static Catalogue, Uuid),
    who: User,
    objects: Objects,
) -> Result<Facts<'a>> {
    let roles = role::many(conn, ctx.tenant, who.id)?;
    let granting = roles.into_iter().map(|role| {
        let mut grants = Grants::default();
        role::allow(std::slice::from_ref(&role), objects, &mut grants);
        (role, grants)
    });
    let queues = acting.grants.queues();
    let names: BTreeMap<UserId, String> =
        user::many(conn, ctx, queues)?.into_iter().map(|user| (user.id, user.display_name)).collect();
    let teams: BTreeMap<_, _> =
        team::many(conn, ctx, acting.grants.subtree())?.into_iter().map(|team| (team.id, team.name)).collect();
    Ok(Facts {
        noun: noun.noun,
        acting,
        roles: granting.collect(),
        serves_by_team: queue::of_user(conn, ctx.tenant, Uuid::nil().into(), acting.grants.teams())?,
        shares: share::given(conn, acting, noun.noun, record)?,
        who,
        queues: names,
        teams,
    })
}

fn notes(conn: &mut Conn, ctx: &Ctx, who: &User) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    if who.id != ctx.actor.user {
        notes.push("an API key of the user may do less, by its scopes, which are not looked at".to_owned());
    }
    let asked = who.kind == PERSON && tenant::own(conn, ctx)?.require_second_factor;
    if asked && !factor::has(conn, ctx.tenant, who.id)? {
        notes.push("the user has to add a second factor before a session of theirs may do any of it".to_owned());
    }
    Ok(notes)
}
