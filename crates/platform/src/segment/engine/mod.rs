//! Who is in a segment follows what happens: a tenant's events are gone through once in their order, each tells whom it
//! touches ([`touched`]), and of those alone it is asked whether they belong.
//!
//! Who comes and goes, their events, and how far it has come are one transaction, and who goes through a tenant's events
//! holds its cursor: so whatever dies, nothing is missed, and any number of workers do it once. What is asked is how records
//! are at that moment, which is never before the event; what changes after it has an event of its own. All records are
//! asked, chunk by chunk beside that ([`build`]), where a segment is new or says something else, where time alone changes
//! the answer, and where an event touches more than can be named.
mod build;
mod status;
mod store;
mod touched;

pub use store::{due, forget_marks};

use super::member::{enter, leave, of_segments};
use super::says::{self, Says};
use super::{DYNAMIC, FAILED, READY};
use crate::filter::{Refusal, Step, Whole};
use crate::{Conn, custom, event};
use diesel::Connection;
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::custom::Known;
use kernel::{Action, Actor, Ctx, Error, Grants, Reach, Result, TenantId, UserId, clock};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Row;
use touched::{Touch, Touched};
use uuid::Uuid;

/// Events that are gone through together.
const CHUNK: i64 = 1_000;
/// Records of which one question is asked.
const AT_ONCE: usize = 5_000;
/// What is said where the database refuses a question.
const UNANSWERED: &str = "what it asks cannot be answered";

/// A living segment at work.
struct Live {
    row: Row,
    noun: &'static Catalogue,
    /// of a dynamic one that can be read
    says: Option<Says>,
    /// the ways that its filter goes
    ways: Vec<Vec<Step>>,
}

/// What does the work.
struct Work {
    all: &'static Catalogues,
    ctx: Ctx,
}

/// Goes through the next events of a tenant, and a chunk of each look at everybody; whether there is more. Nothing is done
/// where another worker does it.
pub fn step(conn: &mut Conn, all: &'static Catalogues, tenant: TenantId) -> Result<bool> {
    conn.transaction(|conn| {
        let Some(position) = store::hold(conn, tenant)? else { return Ok(false) };
        let rows = store::living(conn, tenant)?;
        if rows.is_empty() {
            let head = event::heads(conn, &[tenant])?.remove(&tenant).unwrap_or_default();
            store::take_marks(conn, tenant)?;
            store::moved(conn, tenant, position.max(head))?;
            return Ok(false);
        }
        let work = Work { all, ctx: eyes(conn, all, tenant)? };
        let live = read(conn, &work, rows)?;
        let window = event::rows(conn, tenant, position, CHUNK, Some(&touched::watched(&live)))?;
        let touch = Touch::new(tenant, &window.rows, store::take_marks(conn, tenant)?);
        follow(conn, &work, &live, touch)?;
        store::moved(conn, tenant, window.position)?;
        let is_building = build::go_on(conn, &work, &live)?;
        crate::crash::point("segment_followed");
        Ok(window.has_more || is_building)
    })
}

/// The house's own eyes: who is in a segment does not depend on who looks.
pub fn eyes(conn: &mut Conn, all: &'static Catalogues, tenant: TenantId) -> Result<Ctx> {
    let known = Known::default();
    custom::refresh(conn, tenant, &known)?;
    let mut grants = Grants::default();
    all.all().for_each(|noun| grants.allow(noun.noun, Action::Read, Reach::All));
    let nobody = Ctx::powerless(tenant, UserId(Uuid::nil()), clock::now());
    Ok(Ctx { grants: Arc::new(grants.knowing(known)), ..nobody })
}

impl Work {
    /// In the name of whoever has said last what the segment is.
    fn acting(&self, row: &Row) -> Ctx {
        Ctx { actor: Actor { user: row.updated_by, key: None }, ..self.ctx.clone() }
    }
}

/// What they say by now: a field that a filter names may be gone, and may have come back.
fn read(conn: &mut Conn, work: &Work, rows: Vec<Row>) -> Result<Vec<Live>> {
    let (mut live, own) = (Vec::new(), work.ctx.grants.own());
    for mut row in rows {
        let Ok(noun) = says::noun(work.all, &row.resource) else { continue };
        if row.kind != DYNAMIC {
            live.push(Live { row, noun, says: None, ways: Vec::new() });
            continue;
        }
        let text = row.filter.as_deref().unwrap_or_default();
        match says::read(work.all, noun, text, &row.exclude_ids, &Whole(&own)) {
            Err(refusal) => status::fail(conn, work, &row, &told(&refusal))?,
            // it was given up for another reason than what it says
            Ok(_) if row.status == FAILED && row.status_reason.as_deref() == Some(UNANSWERED) => {}
            Ok(says) => {
                if row.status == FAILED {
                    status::begin(conn, work, &mut row)?;
                }
                let ways = says.filter.ways();
                live.push(Live { row, noun, says: Some(says), ways });
            }
        }
    }
    Ok(live)
}

fn told(refusal: &Refusal) -> String {
    refusal.detail.to_string()
}

/// Asks of those whom the events touch whether they belong.
fn follow(conn: &mut Conn, work: &Work, live: &[Live], mut touch: Touch) -> Result<()> {
    for one in live.iter().filter(|one| one.says.is_some()) {
        // who is too hard to find is found by asking everybody
        let whom = match conn.transaction(|conn| touch.whom(conn, one)) {
            Err(error) if is_its_fault(&error) => Touched::TooMany,
            whom => whom?,
        };
        match whom {
            Touched::TooMany => build::ask_again(conn, work, &[one.row.id])?,
            Touched::These(ids) if ids.is_empty() => {}
            Touched::These(ids) => {
                let ids: Vec<Uuid> = ids.into_iter().collect();
                guarded(conn, work, one, |conn| ids.chunks(AT_ONCE).try_for_each(|some| sort(conn, work, one, some)))?;
            }
        }
    }
    let held: Vec<&Live> = live.iter().filter(|one| one.row.kind != DYNAMIC).collect();
    let nouns: BTreeSet<&str> = held.iter().map(|one| one.noun.noun).collect();
    for noun in nouns.into_iter().filter_map(|noun| work.all.get(noun)) {
        let gone = store::gone(conn, work.ctx.tenant, noun, &touch.own(noun))?;
        let those: Vec<&Live> = held.iter().copied().filter(|one| one.noun.noun == noun.noun).collect();
        drop_from(conn, work, &those, &gone)?;
    }
    Ok(())
}

/// Who is gone is in no static segment either.
fn drop_from(conn: &mut Conn, work: &Work, those: &[&Live], gone: &[Uuid]) -> Result<()> {
    if gone.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = those.iter().map(|one| one.row.id).collect();
    let members = of_segments(conn, work.ctx.tenant, &ids, gone)?;
    for one in those {
        let its = members.iter().filter(|(segment, _)| *segment == one.row.id);
        let its: Vec<Uuid> = its.map(|(_, record)| *record).collect();
        leave(conn, &work.acting(&one.row), one.door(), &its)?;
    }
    Ok(())
}

/// Of these records, whoever belongs to it is in it from now on, and nobody else.
fn sort(conn: &mut Conn, work: &Work, one: &Live, ids: &[Uuid]) -> Result<()> {
    let holds = store::holding(conn, work, one, ids)?;
    let members = of_segments(conn, work.ctx.tenant, &[one.row.id], ids)?;
    let members: BTreeSet<Uuid> = members.into_iter().map(|(_, record)| record).collect();
    settle(conn, work, one, &holds, &members)
}

fn settle(conn: &mut Conn, work: &Work, one: &Live, holds: &BTreeSet<Uuid>, members: &BTreeSet<Uuid>) -> Result<()> {
    let ctx = work.acting(&one.row);
    leave(conn, &ctx, one.door(), &members.difference(holds).copied().collect::<Vec<_>>())?;
    enter(conn, &ctx, one.door(), &holds.difference(members).copied().collect::<Vec<_>>())?;
    Ok(())
}

/// A question that the database refuses is the fault of one segment, and holds no other up.
fn guarded(conn: &mut Conn, work: &Work, one: &Live, deed: impl FnOnce(&mut Conn) -> Result<()>) -> Result<()> {
    match conn.transaction(deed) {
        Err(error) if is_its_fault(&error) => {
            tracing::warn!(%error, segment = %one.row.id, "a segment cannot be answered");
            status::fail(conn, work, &one.row, UNANSWERED)
        }
        done => done,
    }
}

fn is_its_fault(error: &Error) -> bool {
    use diesel::result::{DatabaseErrorKind, Error as Sql};
    match error.source.as_ref().and_then(|source| source.downcast_ref::<Sql>()) {
        Some(Sql::DatabaseError(DatabaseErrorKind::Unknown, info)) => {
            !["deadlock detected", "lock timeout"].iter().any(|passing| info.message().contains(passing))
        }
        _ => false,
    }
}

impl Live {
    /// Who was there from the beginning has not come: a segment tells of who comes and goes from when it is ready.
    fn door(&self) -> super::member::Door<'_> {
        let is_told = self.row.kind != DYNAMIC || self.row.built_at.is_some();
        super::member::Door { segment: self.row.id, resource: self.noun.noun, is_told }
    }

    fn is_due(&self, now: chrono::DateTime<chrono::Utc>) -> bool {
        self.row.status == READY && self.row.build.is_none() && self.row.refresh_at.is_some_and(|at| at <= now)
    }
}
