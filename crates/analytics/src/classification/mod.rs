//! What customers were sorted as by segmentations, from when until when: a row more where that changes, and none where it
//! does not. It is a part of its account: who sees the account sees it.
mod scores;
pub(crate) mod store;

pub use crate::schema::classifications::table as Table;
pub use scores::{AccountScore, AccountScores, of_account};
pub use store::list;

use crate::accounts;
use crate::label::{self, account as called};
use crate::schema::classifications;
use crate::segmentation::Segmentation;
use crate::segmentation::run::fit::Verdict;
use crate::segmentation::run::model::Model;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{AccountId, ClassificationId, Ctx, Noun, Record, Result, SegmentationId, SegmentationRunId, clock};
use platform::Conn;
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a customer was sorted as.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = classifications, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-000000000004", "segmentation_id": "0192f0c1-9999-7000-8000-000000000002",
    "account_id": "0192f0c1-1111-7000-8000-000000000002", "run_id": "0192f0c1-9999-7000-8000-000000000003",
    "class": "champion", "recency_score": 5, "frequency_score": 5, "monetary_score": 5,
    "valid_from_at": "2026-11-27T08:00:00Z", "valid_until_at": null
}))]
pub struct Classification {
    pub id: ClassificationId,
    pub segmentation_id: SegmentationId,
    pub account_id: AccountId,
    /// the run by which they were sorted so
    pub run_id: SegmentationRunId,
    #[schema(example = "champion")]
    pub class: String,
    /// of RFM, from 1 to 5
    #[schema(example = 5)]
    pub recency_score: Option<i32>,
    #[schema(example = 5)]
    pub frequency_score: Option<i32>,
    #[schema(example = 5)]
    pub monetary_score: Option<i32>,
    pub valid_from_at: DateTime<Utc>,
    /// until when; nothing where it is so still
    pub valid_until_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "classification",
    table: "classifications",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("segmentation_id", Holds::Id),
        Field::new("account_id", Holds::Id),
        Field::new("run_id", Holds::Id),
        Field::new("class", Holds::Text),
        Field::new("recency_score", Holds::Int).nullable(),
        Field::new("frequency_score", Holds::Int).nullable(),
        Field::new("monetary_score", Holds::Int).nullable(),
        Field::new("valid_from_at", Holds::Instant),
        Field::new("valid_until_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("account", "account", "account_id"),
        Relation::one("segmentation", "segmentation", "segmentation_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "account", column: "account_id" },
};

impl Noun for Classification {
    const NAME: &'static str = "classification";
}
impl Record for Classification {
    type Id = ClassificationId;
    fn id(&self) -> ClassificationId {
        self.id
    }
    /// it is written once, and ends once
    fn version(&self) -> i32 {
        if self.valid_until_at.is_some() { 2 } else { 1 }
    }
}
impl Listed for classifications::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}

/// The labels of classes, each by the place of its class; nothing where accounts are given none.
pub(crate) type Labelling = Option<Vec<Uuid>>;

/// A customer who is something else than before.
#[derive(Clone, Debug)]
pub(crate) struct Moved {
    pub account: Uuid,
    pub was: Option<String>,
    pub is: Option<String>,
}

/// In a transaction: the labels of a segmentation's classes, made where there are none.
pub(crate) fn labelling(conn: &mut Conn, ctx: &Ctx, of: &Segmentation, classes: &[String]) -> Result<Labelling> {
    if !of.is_labelling {
        return Ok(None);
    }
    let one = |class: &String| label::store::of_class(conn, ctx, of, class, label::words(class)).map(|id| id.0);
    Ok(Some(classes.iter().map(one).collect::<std::result::Result<_, _>>()?))
}

/// In a transaction: writes down what customers are, where that is something else than before, and what they are called.
pub(crate) fn write(
    conn: &mut Conn,
    ctx: &Ctx,
    of: &Segmentation,
    (run, model): (SegmentationRunId, &Model),
    labels: &Labelling,
    all: &[(Uuid, Verdict)],
) -> Result<Vec<Moved>> {
    let now = clock::now();
    let ids: Vec<Uuid> = all.iter().map(|(id, _)| *id).collect();
    let rows = store::Rows {
        accounts: &ids,
        classes: all.iter().map(|(_, verdict)| model.called(*verdict)).collect(),
        scores: all.iter().map(|(_, verdict)| verdict.scores).collect(),
    };
    let moved = store::put(conn, ctx, (of.id, run), &rows, now)?;
    let label = |verdict: &Verdict| labels.as_ref()?.get(usize::from(verdict.class?)).copied();
    let to: Vec<Option<Uuid>> = all.iter().map(|(_, verdict)| label(verdict)).collect();
    let touched = called::store::settle(conn, ctx, of.id, (&ids, &to), now)?;
    accounts::told(conn, ctx, &touched)?;
    Ok(moved)
}

/// In a transaction: who is no customer any more is of no class.
pub(crate) fn end_gone(conn: &mut Conn, ctx: &Ctx, of: &Segmentation) -> Result<Vec<Moved>> {
    let now = clock::now();
    let gone = store::end_gone(conn, ctx, of.id, now)?;
    let ids: Vec<Uuid> = gone.iter().map(|one| one.account).collect();
    let none = vec![None; ids.len()];
    called::store::settle(conn, ctx, of.id, (&ids, &none), now)?;
    Ok(gone)
}
