//! The queries of a skill. `scope` is the only way in.
use super::schema::skills;
use super::{NewSkill, Skill, SkillPatch};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, Result, SkillId, TenantId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The skills of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    skills::table.filter(skills::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: SkillId) -> Result<Skill> {
    let living = scope(ctx).filter(skills::deleted_at.is_null());
    Ok(living.filter(skills::id.eq(id)).select(Skill::as_select()).first(conn)?)
}

/// The skill whether living or archived.
pub(crate) fn find_any(conn: &mut Conn, ctx: &Ctx, id: SkillId) -> QueryResult<Skill> {
    scope(ctx).filter(skills::id.eq(id)).select(Skill::as_select()).first(conn)
}

/// The living skills among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[SkillId]) -> Result<Vec<Skill>> {
    let living = scope(ctx).filter(skills::deleted_at.is_null());
    Ok(living.filter(skills::id.eq_any(ids)).select(Skill::as_select()).load(conn)?)
}

/// The living skill with this name, if there is one.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<Skill>> {
    let living = scope(ctx).filter(skills::deleted_at.is_null());
    Ok(living.filter(skills::name.eq(&name.0)).limit(10).select(Skill::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<skills::table>) -> Result<Page<Skill>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Skill::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(skills::id),
        |skill| &skill.name,
    )
}

/// What the living ones are called: few, for a tenant has no more of them than people know.
pub(crate) fn names(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Vec<(SkillId, String)>> {
    scope(ctx).filter(skills::deleted_at.is_null()).select((skills::id, skills::name)).load(conn)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewSkill, words: Vec<String>) -> QueryResult<Skill> {
    let given = (
        skills::tenant_id.eq(ctx.tenant),
        skills::id.eq(new.id.unwrap_or_else(SkillId::new)),
        skills::created_at.eq(ctx.now),
        skills::updated_at.eq(ctx.now),
        skills::created_by.eq(ctx.actor.user),
        skills::updated_by.eq(ctx.actor.user),
        skills::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(skills::table)
        .values((given, new))
        .returning(Skill::as_returning())
        .recorded::<Skill>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the skill is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SkillId,
    base: Option<i32>,
    patch: &SkillPatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<Skill>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(skills::deleted_at.is_null())
        .filter(skills::id.eq(id))
        .filter(skills::version.between(oldest, newest));
    let moved = (
        skills::version.eq(skills::version + 1),
        skills::updated_at.eq(ctx.now),
        skills::updated_by.eq(ctx.actor.user),
        words.map(|words| skills::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Skill::as_returning())
        .recorded::<Skill>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living skill, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SkillId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Skill>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(skills::deleted_at.is_null().eq(archived))
        .filter(skills::id.eq(id))
        .filter(skills::version.between(oldest, newest));
    let moved = (
        skills::deleted_at.eq(at),
        skills::version.eq(skills::version + 1),
        skills::updated_at.eq(ctx.now),
        skills::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Skill::as_returning())
        .recorded::<Skill>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: SkillId) -> QueryResult<Option<Skill>> {
    diesel::delete(scope(ctx).filter(skills::id.eq(id)))
        .returning(Skill::as_returning())
        .recorded::<Skill>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for Skill {
    fn find(conn: &mut Conn, ctx: &Ctx, id: SkillId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[SkillId]) -> Result<Vec<Self>> {
        Ok(skills::table
            .filter(skills::tenant_id.eq(tenant))
            .filter(skills::deleted_at.is_null())
            .filter(skills::id.eq_any(ids))
            .select(Skill::as_select())
            .load(conn)?)
    }
}
