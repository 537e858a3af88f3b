//! What a survey has come to: how many have answered, and what their answers say together. Whoever asks is told of those
//! whom they see alone.
use super::store::{self, Figure};
use crate::survey::{self, CSAT, NPS, Survey, scale};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use customer::contact::{self, Contact};
use kernel::{Action, ContactId, Ctx, Reach, Result, SurveyId, UserId};
use platform::Conn;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// As many as are added up at once.
const MOST: i64 = 100_000;
const AT_ONCE: usize = 500;

/// What a survey has come to for a while.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "from_on": "2026-11-01", "until_on": "2026-11-30", "kind": "csat", "asked_count": 200, "answered_count": 80,
    "answered_share": "0.4", "average": "4.35", "score": "0.8875", "lines": []
}))]
pub struct SurveyFigures {
    /// the first day on which somebody was asked, by UTC
    pub from_on: NaiveDate,
    /// the last one
    pub until_on: NaiveDate,
    #[schema(example = "csat")]
    pub kind: String,
    pub asked_count: i64,
    pub answered_count: i64,
    /// the part of those who were asked that has answered; null where nobody was
    #[schema(example = "0.4")]
    pub answered_share: Option<String>,
    /// of what was answered; null where nothing was
    #[schema(example = "4.35")]
    pub average: Option<String>,
    /// of `csat` the part that is content (4 and 5), of `nps` promoters (9 and 10) less detractors (0 to 6) of a hundred, of
    /// `ces` the part that found it easy (5 to 7)
    #[schema(example = "0.8875")]
    pub score: Option<String>,
    /// the same by what was asked for
    pub lines: Vec<SurveyLine>,
}

/// What a part of it has come to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "user_id": "0192f0c1-0000-7000-8000-000000000001", "queue_id": null, "day_on": null, "asked_count": 20,
    "answered_count": 9, "average": "4.6667", "score": "1"
}))]
pub struct SurveyLine {
    /// who has served them
    pub user_id: Option<UserId>,
    /// in which queue they lay
    pub queue_id: Option<UserId>,
    /// the day on which they were asked, by UTC
    pub day_on: Option<NaiveDate>,
    pub asked_count: i64,
    pub answered_count: i64,
    #[schema(example = "4.6667")]
    pub average: Option<String>,
    #[schema(example = "1")]
    pub score: Option<String>,
}

type Of = (Option<UserId>, Option<UserId>, Option<NaiveDate>);

/// `by` is `user`, `queue` or `day`.
pub fn figures(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SurveyId,
    (from, until): (NaiveDate, NaiveDate),
    by: &str,
) -> Result<SurveyFigures> {
    let survey = survey::find(conn, ctx, id)?;
    let after = until.checked_add_days(Days::new(1)).unwrap_or(until);
    let all = store::asked_between(conn, ctx, &survey, (midnight(from), midnight(after)), MOST)?;
    let seen = seen(conn, ctx, all)?;
    let mut lines = BTreeMap::<Of, Vec<Option<i32>>>::new();
    for (_, user, queue, at, score) in &seen {
        let of = match by {
            "queue" => (None, *queue, None),
            "day" => (None, None, Some(at.date_naive())),
            _ => (*user, None, None),
        };
        lines.entry(of).or_default().push(*score);
    }
    let scores: Vec<Option<i32>> = seen.iter().map(|(.., score)| *score).collect();
    let total = Sum::of(&survey, &scores);
    Ok(SurveyFigures {
        from_on: from,
        until_on: until,
        kind: survey.kind.clone(),
        asked_count: total.asked,
        answered_count: total.answered,
        answered_share: part(total.answered, total.asked),
        average: total.average,
        score: total.score,
        lines: lines.into_iter().map(|(of, scores)| line(&survey, of, &scores)).collect(),
    })
}

fn line(survey: &Survey, (user_id, queue_id, day_on): Of, scores: &[Option<i32>]) -> SurveyLine {
    let Sum { asked, answered, average, score } = Sum::of(survey, scores);
    SurveyLine { user_id, queue_id, day_on, asked_count: asked, answered_count: answered, average, score }
}

/// Those of contacts that the caller sees.
fn seen(conn: &mut Conn, ctx: &Ctx, all: Vec<Figure>) -> Result<Vec<Figure>> {
    if ctx.reach::<Contact>(Action::Read) == Reach::All {
        return Ok(all);
    }
    let asked: BTreeSet<ContactId> = all.iter().map(|(contact, ..)| *contact).collect();
    let asked: Vec<ContactId> = asked.into_iter().collect();
    let mut seen = BTreeSet::new();
    for some in asked.chunks(AT_ONCE) {
        seen.extend(contact::many(conn, ctx, some)?.into_iter().map(|contact| contact.id));
    }
    Ok(all.into_iter().filter(|(contact, ..)| seen.contains(contact)).collect())
}

struct Sum {
    asked: i64,
    answered: i64,
    average: Option<String>,
    score: Option<String>,
}

impl Sum {
    fn of(survey: &Survey, scores: &[Option<i32>]) -> Self {
        let count = |of: &dyn Fn(i32) -> bool| {
            i64::try_from(scores.iter().flatten().filter(|score| of(**score)).count()).unwrap_or(i64::MAX)
        };
        let answered = count(&|_| true);
        let (least, most) = scale(&survey.kind);
        let score = match survey.kind.as_str() {
            NPS => part(100 * (count(&|score| score >= 9) - count(&|score| score <= 6)), answered),
            CSAT => part(count(&|score| score >= most - 1), answered),
            _ => part(count(&|score| score > (least + most) / 2), answered),
        };
        let sum: i64 = scores.iter().flatten().map(|score| i64::from(*score)).sum();
        let asked = i64::try_from(scores.len()).unwrap_or(i64::MAX);
        Self { asked, answered, average: part(sum, answered), score }
    }
}

fn part(part: i64, whole: i64) -> Option<String> {
    let part = Decimal::from(part).checked_div(Decimal::from(whole))?;
    Some(part.round_dp(4).normalize().to_string())
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}
