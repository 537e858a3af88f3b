//! What may be done with a user.
use super::{EMAIL_TAKEN, NO_PASSWORD, NO_QUEUE, NewUser, PERSON, QUEUE, User, UserPatch, store};
use crate::link::{self, Invitation, Purpose};
use crate::me::MePatch;
use crate::password::Hash;
use crate::permission::{Objects, covered};
use crate::{role, session, team};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Fault, Kind, Result, SessionId, UserId, error, text};
use platform::deed::{self, untouched};
use platform::mail::{self, Mail};
use platform::search::Words;
use platform::{Conn, audit};

/// `hash` is that of the new user's password.
pub fn create(conn: &mut Conn, ctx: &Ctx, objects: Objects, new: &NewUser, hash: Option<&Hash>) -> Result<User> {
    logs_in(&new.kind, hash)?;
    conn.transaction(|conn| {
        let words = words(&new.display_name, &new.email);
        let user = store::insert(conn, ctx, new, words).map_err(|e| named(e, None))?;
        if let Some(hash) = hash {
            store::set_password(conn, ctx, user.id, hash)?;
        }
        for (at, role) in new.role_ids.iter().enumerate() {
            role::add(conn, ctx, objects, user.id, *role).map_err(|e| referred(e, &format!("/role_ids/{at}")))?;
        }
        for (at, team) in new.team_ids.iter().enumerate() {
            team::add_member(conn, ctx, objects, *team, user.id)
                .map_err(|e| referred(e, &format!("/team_ids/{at}")))?;
        }
        Ok(user)
    })
    .map_err(|error| who(conn, ctx, error, &new.email))
}

/// The first user of a tenant, who makes themselves.
pub(crate) fn founder(conn: &mut Conn, ctx: &Ctx, new: &NewUser, hash: &Hash) -> Result<User> {
    let user = store::insert(conn, ctx, new, words(&new.display_name, &new.email))?;
    store::set_password(conn, ctx, user.id, hash)?;
    Ok(user)
}

/// Somebody whom an identity provider vouches for, and who makes themselves.
pub(crate) fn arrived(conn: &mut Conn, ctx: &Ctx, new: &NewUser) -> Result<User> {
    store::insert(conn, ctx, new, words(&new.display_name, &new.email)).map_err(|e| named(e, None))
}

/// With a `base`, only if the user is still at that version. `hash` is that of the patch's password.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    objects: Objects,
    id: UserId,
    base: Option<i32>,
    patch: &UserPatch,
    hash: Option<&Hash>,
) -> Result<User> {
    conn.transaction(|conn| {
        let before = governed(conn, ctx, objects, id, false)?;
        logs_in(&before.kind, hash)?;
        if let Some(password) = &patch.password {
            let email = patch.email.as_ref().unwrap_or(&before.email);
            password.checked(email, patch.display_name.as_ref().unwrap_or(&before.display_name), "/password")?;
        }
        if patch.is_active == Some(false) && before.is_active {
            role::keep_an_owner(conn, ctx, id)?;
            session::end_all(conn, ctx, id, None)?;
        }
        let moves = patch.email.as_ref().is_some_and(|email| *email != before.email);
        let patch = &UserPatch { email_verified_at: moves.then_some(None), ..patch.clone() };
        let after = match store::update(conn, ctx, id, base, patch).map_err(|e| named(e, None))? {
            Some(user) => user,
            None => return Err(untouched(conn, ctx, store::find, id, base)),
        };
        if let Some(hash) = hash {
            store::set_password(conn, ctx, id, hash)?;
            audit::note(conn, ctx, "user.password_changed", "user", id, None)?;
            session::end_all(conn, ctx, id, None)?;
        }
        if moves {
            link::post(conn, ctx, id, Purpose::Verification)?;
        }
        reindex(conn, ctx, &after)?;
        Ok(after)
    })
    .map_err(|error| who(conn, ctx, error, patch.email.as_deref().unwrap_or_default()))
}

/// A link by which the user chooses a password of their own.
pub fn invite(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: UserId, mail: &Mail) -> Result<Invitation> {
    conn.transaction(|conn| {
        let user = governed(conn, ctx, objects, id, false)?;
        if !user.is_active || user.kind != PERSON {
            return Err(Error::from(error::FORBIDDEN).detail(text!("only an active person can be invited")));
        }
        audit::note(conn, ctx, "user.invited", "user", id, None)?;
        link::invite(conn, ctx, &user, mail)
    })
}

/// A letter to the actor, who proves by its link that the address is theirs.
pub fn ask_for_proof(conn: &mut Conn, ctx: &Ctx, mail: &Mail) -> Result<()> {
    match mail.is_configured() {
        true => conn.transaction(|conn| {
            audit::note(conn, ctx, "user.proof_requested", "user", ctx.actor.user, None)?;
            link::post(conn, ctx, ctx.actor.user, Purpose::Verification)
        }),
        false => Err(mail::NOT_CONFIGURED.into()),
    }
}

/// The actor has proved that the address is theirs.
pub(crate) fn verified(conn: &mut Conn, ctx: &Ctx) -> Result<()> {
    Ok(store::set_verified(conn, ctx).map(drop)?)
}

/// What everybody may change of themselves.
pub fn update_own(conn: &mut Conn, ctx: &Ctx, base: Option<i32>, patch: &MePatch) -> Result<User> {
    conn.transaction(|conn| match store::update_own(conn, ctx, base, patch)? {
        Some(user) => {
            reindex(conn, ctx, &user)?;
            Ok(user)
        }
        None => Err(untouched(conn, ctx, |conn, ctx, _| store::myself(conn, ctx), ctx.actor.user, base)),
    })
}

/// The actor's own new password; every session but `kept` ends.
pub(crate) fn set_password(conn: &mut Conn, ctx: &Ctx, hash: &Hash, kept: Option<SessionId>) -> Result<()> {
    conn.transaction(|conn| {
        store::set_password(conn, ctx, ctx.actor.user, hash)?;
        audit::note(conn, ctx, "user.password_changed", "user", ctx.actor.user, None)?;
        session::end_all(conn, ctx, ctx.actor.user, kept)?;
        store::touch(conn, ctx, ctx.actor.user)?;
        Ok(())
    })
}

/// A change of what belongs to a user is a change of the user.
pub(crate) fn touch(conn: &mut Conn, ctx: &Ctx, id: UserId) -> Result<User> {
    Ok(store::touch(conn, ctx, id)?)
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: UserId, base: Option<i32>) -> Result<User> {
    conn.transaction(|conn| {
        governed(conn, ctx, objects, id, false)?;
        role::keep_an_owner(conn, ctx, id)?;
        match store::set_archived(conn, ctx, id, base, true)? {
            Some(user) => {
                session::end_all(conn, ctx, id, None)?;
                Ok(user)
            }
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// A user who is not archived is answered as they are.
pub fn restore(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: UserId) -> Result<User> {
    let found = governed(conn, ctx, objects, id, true)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let taken = store::by_email(conn, ctx, &found.email)?;
    let done = store::set_archived(conn, ctx, id, None, false).map_err(|e| named(e, taken))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; refused while other records refer to them.
pub fn purge(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: UserId, base: Option<i32>) -> Result<()> {
    conn.transaction(|conn| {
        governed(conn, ctx, objects, id, true)?;
        deed::purge(conn, ctx, id, base, store::find_any, |conn, ctx, id| {
            role::keep_an_owner(conn, ctx, id)?;
            Ok::<_, Error>(store::delete(conn, ctx, id)?)
        })
    })
}

/// Whoever acts on a user holds all that the user holds, else they would come by it.
pub(crate) fn governed(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: UserId, archived: bool) -> Result<User> {
    let user = if archived { store::find_any(conn, ctx, id)? } else { store::find(conn, ctx, id)? };
    not_a_queue(&user)?;
    let held = role::held(conn, ctx.tenant, id, objects)?;
    covered(&ctx.grants, &held, objects)?;
    Ok(user)
}

/// What is done with a queue is done in its own room, by a permission of its own.
pub(crate) fn not_a_queue(user: &User) -> Result<()> {
    if user.kind == QUEUE { Err(NO_QUEUE.into()) } else { Ok(()) }
}

/// Who is no person has no password.
fn logs_in(kind: &str, hash: Option<&Hash>) -> Result<()> {
    match hash {
        Some(_) if kind != PERSON => {
            let fault = Fault::new("/password", NO_PASSWORD.name, text!("is for persons only"));
            Err(Error::from(NO_PASSWORD).fault(fault))
        }
        _ => Ok(()),
    }
}

/// What a body names has to be there.
fn referred(error: Error, pointer: &str) -> Error {
    match error.kind() {
        Kind::NotFound => {
            let fault = Fault::new(pointer, "unknown_reference", text!("there is no such record"));
            Error::from(error::UNKNOWN_REFERENCE).fault(fault)
        }
        _ => error,
    }
}

fn reindex(conn: &mut Conn, ctx: &Ctx, user: &User) -> Result<()> {
    store::set_words(conn, ctx, user.id, words(&user.display_name, &user.email))?;
    Ok(())
}

fn words(name: &str, email: &str) -> Vec<String> {
    Words::new().name(name).whole(email).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn named(error: Sql, taken: Option<UserId>) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("users_email_key") => {
            let existing: Vec<_> = taken.into_iter().map(|id| Existing::new(id, "email", 100)).collect();
            conflict(EMAIL_TAKEN, &existing).source(error)
        }
        _ => error.into(),
    }
}

/// A transaction that failed can ask nothing more: who has the address is asked after it.
fn who(conn: &mut Conn, ctx: &Ctx, error: Error, email: &str) -> Error {
    if error.code != EMAIL_TAKEN {
        return error;
    }
    match store::by_email(conn, ctx, email) {
        Ok(Some(id)) => conflict(EMAIL_TAKEN, &[Existing::new(id, "email", 100)]).source(error),
        _ => error,
    }
}
