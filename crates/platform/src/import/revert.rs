//! Taking an import back: what it made is deleted for good, in chunks. What others refer to stays.
use super::store::Made;
use super::{Import, Remover, store};
use crate::job::{self, Held, JobProgress};
use crate::{Conn, external};
use diesel::Connection;
use kernel::{Ctx, Kind, Result};
use std::collections::HashSet;
use uuid::Uuid;

/// Goes through the nouns in their order, those that refer before those that are referred to, and through the records
/// of one as long as some go, for they may refer to each other. An error leaves the rest for the next attempt.
pub fn revert(conn: &mut Conn, ctx: &Ctx, held: &Held, import: &Import, removers: &[Remover]) -> Result<Import> {
    let mut gone = 0;
    for remover in removers {
        let mut before = None;
        while before != Some(gone) {
            before = Some(gone);
            let mut after = Uuid::nil();
            while let Some(made) = store::made(conn, ctx, import.id, remover.noun, after)? {
                let now = Ctx { now: kernel::clock::now(), ..ctx.clone() };
                let (more, asked) = chunk(conn, &now, held, import, remover, &made, gone)?;
                if asked {
                    return end(conn, &now, held, import, "cancelled");
                }
                (gone, after) = (gone + more, made.id);
            }
        }
    }
    let now = Ctx { now: kernel::clock::now(), ..ctx.clone() };
    end(conn, &now, held, import, "reverted")
}

fn end(conn: &mut Conn, ctx: &Ctx, held: &Held, import: &Import, status: &str) -> Result<Import> {
    conn.transaction(|conn| {
        job::end(conn, held, if status == "reverted" { "succeeded" } else { status }, None)?;
        store::count_kept(conn, ctx, import.id)?;
        store::remove_links(conn, ctx, import.id, i64::MAX)?;
        let import = store::set_status(conn, ctx, import.id, status, None, None)?;
        store::tell_completed(conn, ctx, import.id)?;
        Ok(import)
    })
}

/// How many are gone, and whether the job was asked to end.
fn chunk(
    conn: &mut Conn,
    ctx: &Ctx,
    held: &Held,
    import: &Import,
    remover: &Remover,
    made: &Made,
    before: usize,
) -> Result<(usize, bool)> {
    conn.transaction(|conn| {
        let gone = all_or_each(conn, ctx, remover, &made.records)?;
        let left: Vec<Uuid> = made.records.iter().copied().filter(|id| !gone.contains(id)).collect();
        store::keep(conn, ctx, import.id, remover.noun, made.id, &left)?;
        external::forget(conn, ctx, &gone.iter().copied().collect::<Vec<_>>())?;
        let asked = job::keep(conn, held, Some(&progress(before + gone.len())))?;
        Ok((gone.len(), asked))
    })
}

fn progress(gone: usize) -> serde_json::Value {
    JobProgress { done: i64::try_from(gone).unwrap_or(i64::MAX), total: None, unit: "records" }.json()
}

/// Those that are gone now, or were gone already.
fn all_or_each(conn: &mut Conn, ctx: &Ctx, remover: &Remover, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let one_go = conn.transaction(|conn| (remover.remove)(conn, ctx, ids));
    match one_go {
        Err(error) if error.kind() == Kind::Conflict => {}
        done => return Ok(done?.into_iter().collect()),
    }
    let mut gone = HashSet::new();
    for id in ids {
        match conn.transaction(|conn| (remover.remove)(conn, ctx, std::slice::from_ref(id))) {
            Ok(one) => gone.extend(one),
            Err(error) if error.kind() == Kind::Conflict => {} // still in use
            Err(error) => return Err(error),
        }
    }
    Ok(gone)
}
