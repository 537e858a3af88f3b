//! Reports that go to people by letter: each is asked as whoever gets it, and what became of it is written down.
use super::acting::payload;
use crate::analytics::printed;
use crate::house::House;
use ::analytics::schedule::JOB;
use ::analytics::schedule::run::{self, Delivery};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{Code, Ctx, Kind, Language, ReportScheduleId, Result, clock};
use platform::crash;
use platform::job::{self, Held};
use platform::mail::{Attachment, Letter, NOT_CONFIGURED, filled, plain};
use serde::Deserialize;

pub const KINDS: &[&str] = &[JOB];

#[derive(Clone, Copy, Deserialize)]
struct Payload {
    schedule: ReportScheduleId,
    due_at: DateTime<Utc>,
}

pub async fn run(house: &House, held: &Held) -> Result<()> {
    match send(house, held).await {
        Ok(rows) => note(house, held.clone(), rows, None).await,
        // to try again is in vain: they may not have it, or it cannot be asked
        Err(error) if !matches!(error.kind(), Kind::Internal | Kind::Busy) => {
            note(house, held.clone(), None, Some(error.code)).await
        }
        Err(error) => Err(error),
    }
}

/// How many rows were sent; nothing where it is wanted no more.
async fn send(house: &House, held: &Held) -> Result<Option<i32>> {
    let Payload { schedule, .. } = payload(held)?;
    if !house.mail.is_configured() {
        return Err(NOT_CONFIGURED.into());
    }
    let ctx = house.identity.acting(held.tenant_id, held.created_by, None, clock::now()).await?;
    let all = house.catalogues;
    let found = house.jobs.unpermitted(move |conn| run::delivery(conn, &ctx, all, schedule));
    let Some(delivery) = found.await? else { return Ok(None) };
    let file = printed::made(house, &delivery.outcome, delivery.format, delivery.language).await?;
    house.mail.send(&letter(held, &delivery, file)).await?;
    crash::point("report_letter_sent");
    Ok(i32::try_from(delivery.outcome.figures.rows.len()).ok())
}

/// The job ends with what is written down of it.
async fn note(house: &House, held: Held, rows: Option<i32>, fault: Option<Code>) -> Result<()> {
    let Payload { schedule, due_at } = payload(&held)?;
    let noted = house.jobs.unpermitted(move |conn| {
        let ctx = Ctx::powerless(held.tenant_id, held.created_by, clock::now());
        conn.transaction(|conn| {
            let status = if fault.is_some() { "failed" } else { "succeeded" };
            job::end(conn, &held, status, fault.map(|code| code.meaning))?;
            if fault.is_some() || rows.is_some() {
                run::note(conn, &ctx, (schedule, due_at), rows, fault.map(|code| code.name))?;
            }
            Ok(())
        })
    });
    noted.await
}

/// A job that is not tried again.
pub async fn give_up(house: &House, held: Held, error: Code) -> Result<()> {
    note(house, held, None, Some(error)).await
}

fn letter(held: &Held, delivery: &Delivery, (kind, bytes): (&'static str, Vec<u8>)) -> Letter {
    let (subject, text) = words(delivery.language);
    let (name, report) = (plain(&delivery.schedule.name), plain(&delivery.outcome.name));
    let places = [("name", name.as_str()), ("report", report.as_str())];
    let file = format!("report-{}.{}", delivery.outcome.report_id, delivery.format.name());
    Letter {
        id: held.id.0,
        to: delivery.to.clone(),
        subject: filled(subject, &places),
        text: filled(text, &places),
        attachment: Some(Attachment { name: file, kind, bytes }),
    }
}

/// Subject and text; what stands between bars is filled in.
const fn words(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::English => (
            "|report|: |name|",
            "Hello,\n\nthe report \"|report|\" is attached, as you see it. It is sent by the schedule \"|name|\".\n",
        ),
        Language::Simplified => {
            ("|report|：|name|", "你好：\n\n附件是报表“|report|”中你可见的内容，由定时任务“|name|”发送。\n")
        }
        Language::Traditional => {
            ("|report|：|name|", "你好：\n\n附件是報表「|report|」中你可見的內容，由排程「|name|」寄送。\n")
        }
    }
}
