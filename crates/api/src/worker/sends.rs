//! Mails to many go out beside the jobs: a lane of its own looks each second what is due, so that no letter waits for
//! them, and they wait for no job. Several machines may do so at once; the database says who has taken what.
use crate::house::House;
use ::customer::contact::Contact;
use ::marketing::campaign::Campaign;
use ::marketing::send;
use ::marketing::send::run::{self, Links, Ready, Task};
use ::marketing::suppression::Digests;
use ::marketing::template::{self, TemplateTest};
use kernel::{Ctx, Kind, Permit, Read, Result, TemplateId, Update, clock};
use platform::job::{self, Held};
use platform::mail::{Circular, Outcome};
use platform::{Conn, crash};
use serde::Deserialize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub const KINDS: &[&str] = &[template::JOB];

const LOOK: Duration = Duration::from_secs(1);

pub async fn go_on(house: House, stopping: Arc<AtomicBool>) {
    while !stopping.load(Ordering::Relaxed) {
        let has_more = match house.jobs.unpermitted(|conn| run::under_way(conn, clock::now())).await {
            Ok(tasks) => all(&house, tasks, &stopping).await,
            Err(error) => {
                tracing::warn!(%error, "sends cannot be asked");
                false
            }
        };
        if !has_more {
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// A little of each, in turn; whether one has more to do at once.
async fn all(house: &House, tasks: Vec<Task>, stopping: &AtomicBool) -> bool {
    let mut has_more = false;
    for task in tasks {
        if stopping.load(Ordering::Relaxed) {
            return false;
        }
        match one(house, &task, stopping).await {
            Ok(more) => has_more |= more,
            Err(error)
                if [Kind::NotFound, Kind::Forbidden, Kind::Invalid, Kind::Unauthenticated].contains(&error.kind()) =>
            {
                tracing::warn!(%error, send = %task.send, "a send cannot go on");
                let gone = house.jobs.unpermitted(move |conn| run::give_up(conn, &task, clock::now()));
                if let Err(error) = gone.await {
                    tracing::error!(%error, "a send cannot be given up");
                }
            }
            Err(error) => tracing::warn!(%error, send = %task.send, "a send waits"),
        }
    }
    has_more
}

async fn one(house: &House, task: &Task, stopping: &AtomicBool) -> Result<bool> {
    let ctx = house.identity.acting(task.tenant, task.starter, None, clock::now()).await?;
    Permit::<(Update<Campaign>, Read<Contact>)>::check(ctx.clone())?;
    let (id, digests) = (task.send, Digests::new(&house.seal));
    if task.is_choosing {
        return house.jobs.unpermitted(move |conn| send::freeze(conn, &ctx, id, &digests)).await;
    }
    let links = Links { seal: house.seal.clone(), base: house.mail.page("").trim_end_matches('/').to_owned() };
    let its = ctx.clone();
    let ready = house.jobs.unpermitted(move |conn| run::take(conn, &its, id, &digests, &links)).await?;
    if ready.is_empty() {
        return Ok(false);
    }
    if !house.mail.answers().await {
        let ids: Vec<_> = ready.iter().map(|one| one.delivery).collect();
        house.jobs.unpermitted(move |conn| run::lay_back(conn, &ctx, &ids, clock::now())).await?;
        return Ok(false);
    }
    carry(house, &ctx, ready, stopping).await?;
    Ok(true)
}

/// Each is settled before the next goes out. What is not handed over when the worker ends waits again.
async fn carry(house: &House, ctx: &Ctx, ready: Vec<Ready>, stopping: &AtomicBool) -> Result<()> {
    let mut waiting = ready.into_iter();
    while let Some(Ready { delivery, circular }) = waiting.next() {
        if stopping.load(Ordering::Relaxed) {
            let ids: Vec<_> = std::iter::once(delivery).chain(waiting.map(|one| one.delivery)).collect();
            let its = ctx.clone();
            return house.jobs.unpermitted(move |conn| run::lay_back(conn, &its, &ids, clock::now())).await;
        }
        crash::point("circular_claimed");
        let outcome = house.mail.circulate(&circular).await;
        crash::point("circular_sent");
        let its = ctx.clone();
        house.jobs.unpermitted(move |conn| run::settle(conn, &its, delivery, outcome, clock::now())).await?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct Payload {
    template: TemplateId,
    ask: TemplateTest,
}

/// A template goes to whoever wants to see it.
pub async fn run(house: &House, held: &Held) -> Result<()> {
    let Payload { template: id, ask } = super::acting::payload(held)?;
    let ctx = super::acting::acting(house, held).await?;
    let letter = held.id.0;
    let written = house.jobs.unpermitted(move |conn: &mut Conn| template::test_letter(conn, &ctx, id, &ask, letter));
    let (letter, html) = written.await?;
    let (status, why) = match house.mail.circulate(&Circular { letter, html, unsubscribe: None }).await {
        Outcome::Taken => ("succeeded", None),
        Outcome::Refused => ("failed", Some("the mail server refused it")),
        Outcome::Later | Outcome::Unknown => return Err(kernel::error::BUSY.into()),
    };
    let held = held.clone();
    house.jobs.unpermitted(move |conn| job::end(conn, &held, status, why)).await
}
