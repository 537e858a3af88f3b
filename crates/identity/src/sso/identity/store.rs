//! The queries of an identity. `scope` is a user's way to their own; the rest is for whoever proves who they are, and for
//! those who may act on the user.
use super::SsoIdentity;
use crate::schema::{sso_identities, users};
use crate::sso::oidc::Vouched;
use crate::user::PERSON;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Cut, Page, Result, SsoIdentityId, SsoProviderId, TenantId, UserId};
use platform::{Conn, Record};

/// The actor's own.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    let user: UserId = ctx.actor.user;
    sso_identities::table.filter(sso_identities::tenant_id.eq(tenant)).filter(sso_identities::user_id.eq(user))
}

/// The actor's identities: one a provider at most.
pub fn list(conn: &mut Conn, ctx: &Ctx) -> Result<Page<SsoIdentity>> {
    let data = scope(ctx).order(sso_identities::id.desc()).select(SsoIdentity::as_select()).load(conn)?;
    Ok(Page { data, page: Cut::default() })
}

/// Those of a user whom the actor sees.
pub fn of_user(conn: &mut Conn, ctx: &Ctx, user: UserId) -> Result<Page<SsoIdentity>> {
    crate::user::find(conn, ctx, user)?;
    let theirs = sso_identities::table
        .filter(sso_identities::tenant_id.eq(ctx.tenant))
        .filter(sso_identities::user_id.eq(user))
        .order(sso_identities::id.desc());
    Ok(Page { data: theirs.select(SsoIdentity::as_select()).load(conn)?, page: Cut::default() })
}

/// Nothing comes back where the subject is somebody's already, or the user has another one.
pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    provider: SsoProviderId,
    vouched: &Vouched,
) -> QueryResult<Option<SsoIdentity>> {
    let row = (
        sso_identities::tenant_id.eq(ctx.tenant),
        sso_identities::id.eq(SsoIdentityId::new()),
        sso_identities::provider_id.eq(provider),
        sso_identities::user_id.eq(ctx.actor.user),
        sso_identities::subject.eq(&vouched.subject),
        sso_identities::email.eq(vouched.email.as_deref()),
        sso_identities::created_at.eq(ctx.now),
        sso_identities::updated_at.eq(ctx.now),
    );
    diesel::insert_into(sso_identities::table)
        .values(row)
        .on_conflict_do_nothing()
        .returning(SsoIdentity::as_returning())
        .recorded::<SsoIdentity>(ctx, Verb::Created)
        .get_result(conn)
        .optional()
}

/// Which user a subject is, and whether they may come in.
pub(super) fn of_subject(
    conn: &mut Conn,
    tenant: TenantId,
    provider: SsoProviderId,
    subject: &str,
) -> QueryResult<Option<(SsoIdentityId, UserId, bool)>> {
    sso_identities::table
        .inner_join(users::table.on(users::id.eq(sso_identities::user_id).and(users::tenant_id.eq(tenant))))
        .filter(sso_identities::tenant_id.eq(tenant))
        .filter(sso_identities::provider_id.eq(provider))
        .filter(sso_identities::subject.eq(subject))
        .select((
            sso_identities::id,
            sso_identities::user_id,
            users::is_active.and(users::deleted_at.is_null()).and(users::kind.eq(PERSON)),
        ))
        .first(conn)
        .optional()
}

/// Notes that somebody came in by it; the session that this opened is what is recorded.
pub(super) fn used(conn: &mut Conn, ctx: &Ctx, id: SsoIdentityId) -> QueryResult<usize> {
    diesel::update(sso_identities::table.find((ctx.tenant, id)))
        .set(sso_identities::last_used_at.eq(ctx.now))
        .execute(conn)
}

/// `false` where the user has none of this id.
pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, user: UserId, id: SsoIdentityId) -> QueryResult<bool> {
    let target = sso_identities::table.find((ctx.tenant, id)).filter(sso_identities::user_id.eq(user));
    let gone: Option<SsoIdentity> = diesel::delete(target)
        .returning(SsoIdentity::as_returning())
        .recorded::<SsoIdentity>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()?;
    Ok(gone.is_some())
}

/// The users with an address, whether they may come in or not: id, whether it is an active person, whether the address
/// is proved here. The living one comes first.
pub(super) fn with_email(conn: &mut Conn, tenant: TenantId, email: &str) -> QueryResult<Option<(UserId, bool, bool)>> {
    users::table
        .filter(users::tenant_id.eq(tenant))
        .filter(users::email.eq(email))
        .order(users::deleted_at.desc().nulls_first())
        .select((
            users::id,
            users::is_active.and(users::deleted_at.is_null()).and(users::kind.eq(PERSON)),
            users::email_verified_at.is_not_null(),
        ))
        .first(conn)
        .optional()
}
