//! What may be done with a role, and who may be given it.
use super::{BUILT_IN, LAST_OWNER, NAME_TAKEN, NewRole, Role, RolePatch, store};
use crate::builtin::{self, Builtin};
use crate::field::{self, FieldAccess, Say};
use crate::permission::{Objects, Permission, covered};
use crate::schema::roles;
use crate::user::{self, User};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::{Action, Ctx, Error, Fault, Grants, Page, Reach, Result, RoleId, TeamId, TenantId, UserId, error, text};
use platform::deed::{self, untouched};
use platform::{Conn, Listing, audit};
use serde_json::json;
use std::collections::BTreeSet;

pub fn find(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: RoleId) -> Result<Role> {
    Ok(store::find(conn, ctx, id)?.complete(objects))
}

pub fn list(conn: &mut Conn, ctx: &Ctx, objects: Objects, listing: &Listing<roles::table>) -> Result<Page<Role>> {
    Ok(store::list(conn, ctx, listing)?.map(|role| role.complete(objects)))
}

pub fn create(conn: &mut Conn, ctx: &Ctx, objects: Objects, new: &NewRole) -> Result<Role> {
    checked(ctx, objects, &new.permissions, &new.fields)?;
    within(ctx, objects, &new.permissions, &new.fields)?;
    store::insert(conn, ctx, new).map_err(named)
}

/// With a `base`, only if the role is still at that version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    objects: Objects,
    id: RoleId,
    base: Option<i32>,
    patch: &RolePatch,
) -> Result<Role> {
    // held, for what it opens and what it holds back are looked at together
    conn.transaction(|conn| {
        let before = own(store::hold(conn, ctx, id)?)?;
        let (permissions, fields) = (&before.permissions.0, &before.fields.0);
        within(ctx, objects, permissions, fields)?; // what is taken away is the actor's too
        let (new, held_back) = (patch.permissions.as_deref(), patch.fields.as_deref());
        checked(ctx, objects, new.unwrap_or_default(), held_back.unwrap_or_default())?;
        within(ctx, objects, new.unwrap_or(permissions), held_back.unwrap_or(fields))?;
        match store::update(conn, ctx, id, base, patch).map_err(named)? {
            Some(role) => Ok(role),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// Whoever holds it holds it no longer, until it is restored.
pub fn archive(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: RoleId, base: Option<i32>) -> Result<Role> {
    let found = own(store::find(conn, ctx, id)?)?;
    within(ctx, objects, &found.permissions.0, &found.fields.0)?;
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(role) => Ok(role),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A role that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: RoleId) -> Result<Role> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found.complete(objects));
    }
    within(ctx, objects, &found.permissions.0, &found.fields.0)?;
    store::set_archived(conn, ctx, id, None, false).map_err(named)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, for all who held it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: RoleId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, |conn, ctx, id| {
        let found = own(store::find_any(conn, ctx, id)?)?;
        within(ctx, objects, &found.permissions.0, &found.fields.0)?;
        Ok::<_, Error>(store::delete(conn, ctx, id)?)
    })
}

/// The roles of a user.
pub fn of_user(conn: &mut Conn, ctx: &Ctx, objects: Objects, user: UserId) -> Result<Vec<Role>> {
    user::find(conn, ctx, user)?;
    let roles = store::many(conn, ctx.tenant, user)?;
    Ok(roles.into_iter().map(|role| role.complete(objects)).collect())
}

/// The user holds the role from now on. Who has it already keeps it.
pub fn give(conn: &mut Conn, ctx: &Ctx, objects: Objects, user: UserId, role: RoleId) -> Result<User> {
    conn.transaction(|conn| {
        let before = user::find(conn, ctx, user)?;
        user::not_a_queue(&before)?;
        covered(&ctx.grants, &held(conn, ctx.tenant, user, objects)?, objects)?;
        if add(conn, ctx, objects, user, role)? { user::touch(conn, ctx, user) } else { Ok(before) }
    })
}

/// The user holds the role no longer.
pub fn take(conn: &mut Conn, ctx: &Ctx, objects: Objects, user: UserId, role: RoleId) -> Result<User> {
    conn.transaction(|conn| {
        let before = user::find(conn, ctx, user)?;
        let taken = assignable(conn, ctx, objects, role)?;
        covered(&ctx.grants, &held(conn, ctx.tenant, user, objects)?, objects)?;
        if taken.builtin.as_deref() == Some(Builtin::Owner.key()) {
            keep_an_owner(conn, ctx, user)?;
        }
        if !store::remove(conn, ctx, user, role)? {
            return Ok(before);
        }
        audit::note(conn, ctx, "user.role_taken", "user", user, json!({"role_id": role}))?;
        user::touch(conn, ctx, user)
    })
}

/// Gives a role to a user whose other rights are no matter: a new one.
pub(crate) fn add(conn: &mut Conn, ctx: &Ctx, objects: Objects, user: UserId, role: RoleId) -> Result<bool> {
    assignable(conn, ctx, objects, role)?;
    let added = store::add(conn, ctx, user, role)?;
    if added {
        audit::note(conn, ctx, "user.role_given", "user", user, json!({"role_id": role}))?;
    }
    Ok(added)
}

/// All that a user may do; their teams are not in it.
pub(crate) fn held(conn: &mut Conn, tenant: TenantId, user: UserId, objects: Objects) -> Result<Grants> {
    let mut grants = Grants::default();
    allow(&store::many(conn, tenant, user)?, objects, &mut grants);
    Ok(grants)
}

/// All that the members of these teams may do, taken together.
pub(crate) fn held_in(conn: &mut Conn, tenant: TenantId, teams: &[TeamId], objects: Objects) -> Result<Grants> {
    let mut grants = Grants::default();
    allow(&store::of_members(conn, tenant, teams)?, objects, &mut grants);
    Ok(grants)
}

/// The active people who hold a role by which they may do something with an object, however far that reaches.
pub fn who_may(conn: &mut Conn, tenant: TenantId, object: &str, action: Action) -> Result<Vec<UserId>> {
    let opens = |role: &Role| match role.builtin.as_deref().and_then(Builtin::named) {
        Some(builtin) => builtin.reach(object, action) > Reach::None,
        None => {
            let mut grants = Grants::default();
            role.permissions.0.iter().for_each(|one| one.allow(&mut grants));
            grants.reach(object, action) > Reach::None
        }
    };
    let roles = store::living(conn, tenant)?;
    let held: Vec<RoleId> = roles.iter().filter(|role| opens(role)).map(|role| role.id).collect();
    Ok(store::people_with(conn, tenant, &held)?)
}

/// Adds what the roles allow, and holds back what they hold back.
pub(crate) fn allow(roles: &[Role], objects: Objects, grants: &mut Grants) {
    roles.iter().for_each(|role| open(role, objects, grants));
    if roles.iter().any(|role| !role.fields.0.is_empty()) {
        let say = |role| {
            let mut opens = Grants::default();
            open(role, objects, &mut opens);
            Say { opens, fields: &role.fields.0 }
        };
        field::hold_back(&roles.iter().map(say).collect::<Vec<_>>(), objects, grants);
    }
}

fn open(role: &Role, objects: Objects, grants: &mut Grants) {
    match role.builtin.as_deref() {
        Some(key) => builtin::allow(key, objects, grants),
        None => role.permissions.0.iter().for_each(|one| one.allow(grants)),
    }
}

/// Refused where `leaving` is the last active owner. Holds the owners still until the transaction ends.
pub(crate) fn keep_an_owner(conn: &mut Conn, ctx: &Ctx, leaving: UserId) -> Result<()> {
    let owner = store::lock(conn, ctx, Builtin::Owner)?;
    if store::holders(conn, ctx, owner)? == [leaving] { Err(LAST_OWNER.into()) } else { Ok(()) }
}

/// A role that the actor may give and take.
pub(crate) fn assignable(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: RoleId) -> Result<Role> {
    if ctx.reach::<Role>(Action::Assign) == Reach::None {
        return Err(
            Error::from(error::FORBIDDEN).detail(text!("roles are given and taken by those who may assign them"))
        );
    }
    let role = store::find(conn, ctx, id)?;
    let mut grants = Grants::default();
    allow(std::slice::from_ref(&role), objects, &mut grants);
    covered(&ctx.grants, &grants, objects)?;
    Ok(role)
}

/// The permissions and the fields name what is there, each once.
fn checked(ctx: &Ctx, objects: Objects, permissions: &[Permission], fields: &[FieldAccess]) -> Result<()> {
    let (mut known, mut faults) = (BTreeSet::new(), Vec::new());
    for (at, one) in permissions.iter().enumerate() {
        let pointer = || format!("/permissions/{at}");
        if !objects.iter().any(|object| object == one.object) {
            let message = text!("there is no object \"{object}\"", object = one.object);
            faults.push(Fault::new(format!("{}/object", pointer()), "choice", message));
        } else if !known.insert((&one.object, &one.action)) {
            faults.push(Fault::new(pointer(), "twice", text!("is there twice")));
        }
    }
    faults.extend(field::faults(fields, objects, &ctx.grants.own()));
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

/// Nothing of it goes beyond what the actor holds.
fn within(ctx: &Ctx, objects: Objects, permissions: &[Permission], fields: &[FieldAccess]) -> Result<()> {
    let mut grants = Grants::default();
    permissions.iter().for_each(|one| one.allow(&mut grants));
    let alone = Say { opens: grants.clone(), fields };
    field::hold_back(&[alone], objects, &mut grants);
    covered(&ctx.grants, &grants, objects)
}

/// Only a tenant's own roles change.
fn own(role: Role) -> Result<Role> {
    if role.builtin.is_some() { Err(BUILT_IN.into()) } else { Ok(role) }
}

/// The constraints of the table, by the codes of the room.
fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("roles_name_key") => {
            Error::from(NAME_TAKEN).source(error)
        }
        _ => error.into(),
    }
}
