//! How often articles were read and portals were searched. Whoever reads writes nothing: it is counted in the memory of
//! the server, and what has come together in a moment is added to the days of UTC by one statement ([`keep`]). A server
//! that is killed forgets what it has counted in that moment.
mod store;

pub use store::{figures, keep, of_article};

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{KbArticleId, KbPortalId, TenantId};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use utoipa::ToSchema;

/// Of what, in which language, on which day.
type Of<T> = (TenantId, T, NaiveDate, String);

/// What was counted since it was kept last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    reads: BTreeMap<Of<KbArticleId>, i64>,
    /// searches, and how many of them have found nothing
    searches: BTreeMap<Of<KbPortalId>, (i64, i64)>,
}

/// Counts until somebody keeps it.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<Mutex<Counts>>);

impl Tally {
    /// An article was read. Whether nothing waited to be kept until now: then somebody has to see to it.
    pub fn read(&self, tenant: TenantId, article: KbArticleId, locale: &str, now: DateTime<Utc>) -> bool {
        self.count(|counts| {
            *counts.reads.entry((tenant, article, now.date_naive(), locale.to_owned())).or_default() += 1;
        })
    }

    /// A portal was searched.
    pub fn searched(
        &self,
        tenant: TenantId,
        portal: KbPortalId,
        locale: &str,
        now: DateTime<Utc>,
        is_empty: bool,
    ) -> bool {
        self.count(|counts| {
            let of = counts.searches.entry((tenant, portal, now.date_naive(), locale.to_owned())).or_default();
            *of = (of.0 + 1, of.1 + i64::from(is_empty));
        })
    }

    /// All that waits; nothing waits afterwards.
    #[must_use]
    pub fn take(&self) -> Counts {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What could not be kept waits again. Whether nothing else does.
    pub fn give_back(&self, taken: Counts) -> bool {
        self.count(|counts| {
            for (of, many) in taken.reads {
                *counts.reads.entry(of).or_default() += many;
            }
            for (of, (all, empty)) in taken.searches {
                let sum = counts.searches.entry(of).or_default();
                *sum = (sum.0 + all, sum.1 + empty);
            }
        })
    }

    fn count(&self, add: impl FnOnce(&mut Counts)) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let was_empty = counts.reads.is_empty() && counts.searches.is_empty();
        add(&mut counts);
        was_empty
    }
}

/// How a portal did for a while.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "from_on": "2026-11-01", "until_on": "2026-11-30", "view_count": 5120, "search_count": 830, "empty_search_count": 41,
    "helpful_count": 310, "unhelpful_count": 22, "comment_count": 9, "deflected_count": 310, "helpful_share": "0.9337",
    "articles": [{"article_id": "0192f0c1-8b8b-7000-8000-000000000003", "title": "如何申请退款", "view_count": 900,
                  "helpful_count": 120, "unhelpful_count": 4}]
}))]
pub struct KbFigures {
    /// the first day, by UTC
    pub from_on: NaiveDate,
    /// the last one
    pub until_on: NaiveDate,
    /// how often articles were read
    pub view_count: i64,
    pub search_count: i64,
    /// how many searches have found nothing
    pub empty_search_count: i64,
    /// how many visitors an article has helped
    pub helpful_count: i64,
    pub unhelpful_count: i64,
    /// how many of both have said something
    pub comment_count: i64,
    /// how many questions were answered that nobody had to be asked: as many as an article has helped
    pub deflected_count: i64,
    /// of those who have said so, the part whom an article has helped; null where nobody has
    #[schema(example = "0.9337")]
    pub helpful_share: Option<String>,
    /// the 50 that were read most
    pub articles: Vec<KbArticleFigures>,
}

/// How an article did for a while.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "article_id": "0192f0c1-8b8b-7000-8000-000000000003", "title": "如何申请退款", "view_count": 900, "helpful_count": 120,
    "unhelpful_count": 4
}))]
pub struct KbArticleFigures {
    pub article_id: KbArticleId,
    pub title: String,
    pub view_count: i64,
    pub helpful_count: i64,
    pub unhelpful_count: i64,
}

/// The part of a whole, of four decimals.
fn share(part: i64, whole: i64) -> Option<String> {
    use rust_decimal::Decimal;
    let share = Decimal::from(part).checked_div(Decimal::from(whole))?;
    Some(share.round_dp(4).normalize().to_string())
}

#[cfg(test)]
mod tests {
    use super::{Tally, share};
    use kernel::{KbArticleId, KbPortalId, TenantId};

    #[test]
    fn what_is_counted_waits_once_and_comes_back_where_it_was_not_kept() {
        let (tally, now) = (Tally::default(), kernel::clock::now());
        let (tenant, article, portal) = (TenantId::new(), KbArticleId::new(), KbPortalId::new());
        assert!(tally.read(tenant, article, "en", now));
        assert!(!tally.read(tenant, article, "en", now) && !tally.searched(tenant, portal, "en", now, true));
        let taken = tally.take();
        assert_eq!(taken.reads.values().copied().collect::<Vec<_>>(), [2]);
        assert_eq!(taken.searches.values().copied().collect::<Vec<_>>(), [(1, 1)]);
        assert!(tally.read(tenant, article, "en", now) && !tally.give_back(taken));
        assert_eq!(tally.take().reads.values().copied().collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn a_part_of_nothing_is_none() {
        assert_eq!((share(1, 0), share(2, 3), share(3, 3)), (None, Some("0.6667".into()), Some("1".into())));
    }
}
