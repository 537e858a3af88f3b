//! What a record had to do with is another's too, and goes back: for whatever a record becomes.
mod store;

use super::{Links, RecordLink};
use kernel::{Ctx, Result};
use platform::Conn;
use uuid::Uuid;

/// Whatever has to do with `from` has to do with these too; which activities and tasks that was. In a transaction.
pub fn carry(conn: &mut Conn, ctx: &Ctx, from: &RecordLink, to: &[RecordLink]) -> Result<(Vec<Uuid>, Vec<Uuid>)> {
    let (mut activities, mut tasks) = (Vec::new(), Vec::new());
    for (id, links) in store::activities(conn, ctx, from)? {
        if let Some(links) = joined(&links, to) {
            store::relink_activity(conn, ctx, id, &links)?;
            activities.push(id.0);
        }
    }
    for (id, links) in store::tasks(conn, ctx, from)? {
        if let Some(links) = joined(&links, to) {
            store::relink_task(conn, ctx, id, &links)?;
            tasks.push(id.0);
        }
    }
    Ok((activities, tasks))
}

/// These activities and tasks have to do with these records no more. In a transaction.
pub fn uncarry(conn: &mut Conn, ctx: &Ctx, records: &[Uuid], (activities, tasks): (&[Uuid], &[Uuid])) -> Result<()> {
    for record in records {
        for resource in ["account", "contact", "opportunity"] {
            let to = RecordLink { resource: resource.to_owned(), record_id: *record };
            for (id, links) in store::activities(conn, ctx, &to)? {
                if activities.contains(&id.0) {
                    store::relink_activity(conn, ctx, id, &without(&links, &to))?;
                }
            }
            for (id, links) in store::tasks(conn, ctx, &to)? {
                if tasks.contains(&id.0) {
                    store::relink_task(conn, ctx, id, &without(&links, &to))?;
                }
            }
        }
    }
    Ok(())
}

/// With these, where one of them is new.
fn joined(links: &Links, to: &[RecordLink]) -> Option<Links> {
    let mut all = links.clone();
    all.0.extend_from_slice(to);
    all.tidy();
    (all != *links).then_some(all)
}

fn without(links: &Links, one: &RecordLink) -> Links {
    Links(links.0.iter().filter(|other| *other != one).cloned().collect())
}
