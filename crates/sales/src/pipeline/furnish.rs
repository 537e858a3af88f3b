//! What a tenant begins with: one pipeline with the usual stages. It is made with the tenant, and for one that is older
//! than pipelines when the house is opened.
use super::stage::{self, NewStage};
use super::{NewPipeline, deeds, store};
use crate::others;
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::custom::Labels;
use kernel::{Ctx, Result};
use platform::Conn;
use platform::custom::option_set::Named;
use platform::deed::in_turn;

type Usual = (&'static str, [&'static str; 3], &'static str, i32, &'static str, &'static [&'static str]);

/// Key, names, kind, probability, forecast category, and what has to be there.
const STAGES: [Usual; 7] = [
    ("prospecting", ["Prospecting", "初步接洽", "初步接洽"], "open", 10, "pipeline", &[]),
    ("qualification", ["Qualification", "资格确认", "資格確認"], "open", 20, "pipeline", &[]),
    ("needs_analysis", ["Needs analysis", "需求分析", "需求分析"], "open", 40, "pipeline", &[]),
    ("proposal", ["Proposal", "方案报价", "方案報價"], "open", 60, "best_case", &[]),
    ("negotiation", ["Negotiation", "商务谈判", "商務談判"], "open", 80, "commit", &[]),
    ("closed_won", ["Closed won", "赢单", "贏單"], "won", 100, "closed", &[]),
    ("closed_lost", ["Closed lost", "输单", "輸單"], "lost", 0, "omitted", &["lost_reason"]),
];

/// The usual stages.
pub fn usual() -> Vec<NewStage> {
    let one = |(key, names @ [name, ..], kind, probability, category, required): Usual| NewStage {
        key: key.to_owned(),
        name: name.to_owned(),
        labels: labels(names),
        kind: kind.to_owned(),
        probability: Some(probability),
        forecast_category: Some(category.to_owned()),
        required_fields: required.iter().map(|field| (*field).to_owned()).collect(),
        ..NewStage::default()
    };
    STAGES.map(one).into()
}

fn labels([en, zh_hans, zh_hant]: [&str; 3]) -> Named {
    let text = |text: &str| Some(text.to_owned());
    Named(Labels { en: text(en), zh_hans: text(zh_hans), zh_hant: text(zh_hant) })
}

/// Gives every tenant that has none its first pipeline; how many.
pub fn furnish(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize> {
    let mut furnished = 0;
    for (tenant, user) in others::store::without_pipeline(conn)? {
        let ctx = Ctx::powerless(tenant, user, now);
        let new = NewPipeline {
            name: "Sales".to_owned(),
            labels: labels(["Sales", "销售", "銷售"]),
            ..NewPipeline::default()
        };
        conn.transaction(|conn| {
            // several servers may start at once
            in_turn(conn, &format!("{tenant} default pipeline"))?;
            if store::default(conn, &ctx)?.is_none() {
                let pipeline = store::insert(conn, &ctx, &new, true, deeds::words(&new.name)).map_err(deeds::named)?;
                stage::insert(conn, &ctx, pipeline.id, &usual())?;
                furnished += 1;
            }
            Ok::<_, kernel::Error>(())
        })?;
    }
    Ok(furnished)
}
