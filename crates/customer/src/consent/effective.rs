//! What holds of the words that somebody has given: of each purpose and channel, the one that decides.
//!
//! The newest word decides, by when it was said; of two of the same moment the one that refuses. A word for `any` is one
//! for each channel. Who has refused or taken back one channel by name is not overruled by a later yes to all of them:
//! only a yes to that channel does it. A word that is pending is none yet, and decides only where there is no other.
use super::{ANY, BASES, CHANNELS, STATUSES};
use crate::schema::effective_consents;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned};
use kernel::{ConsentId, ContactId, Noun};
use serde::Serialize;
use utoipa::ToSchema;

/// What holds of a purpose and a channel at this moment.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = effective_consents, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "purpose": "newsletter", "channel": "email",
    "status": "granted", "lawful_basis": "consent", "consent_id": "0192f0c1-aaaa-7000-8000-00000000000a",
    "occurred_at": "2026-11-26T08:00:00Z", "expires_at": null
}))]
pub struct EffectiveConsent {
    pub contact_id: ContactId,
    pub purpose: String,
    pub channel: String,
    /// `expired` where it was granted for a time that is over
    pub status: String,
    pub lawful_basis: String,
    /// the word that decides
    pub consent_id: ConsentId,
    pub occurred_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "effective_consent",
    table: "effective_consents",
    fields: &[
        Field::new("contact_id", Holds::Id),
        Field::new("purpose", Holds::Text),
        Field::new("channel", Holds::Choice(CHANNELS)),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("lawful_basis", Holds::Choice(BASES)),
        Field::new("consent_id", Holds::Id),
        Field::new("occurred_at", Holds::Instant),
        Field::new("expires_at", Holds::Instant).nullable(),
    ],
    relations: &[],
    custom: None,
    owned: Owned::Part { of: "contact", column: "contact_id" },
};

impl Noun for EffectiveConsent {
    const NAME: &'static str = "effective_consent";
}

/// A word of the ledger, as far as it decides.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct Word {
    pub id: ConsentId,
    pub channel: String,
    pub status: String,
    pub lawful_basis: String,
    pub occurred_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
}

impl Word {
    fn refuses(&self) -> bool {
        ["denied", "withdrawn"].contains(&self.status.as_str())
    }

    fn is_pending(&self) -> bool {
        self.status == "pending"
    }

    /// The larger one decides.
    fn weight(&self) -> (DateTime<Utc>, usize, ConsentId) {
        // in the order of STATUSES: pending, granted, denied, withdrawn; what has run out refuses nothing
        let rank = STATUSES.iter().position(|status| *status == self.status).unwrap_or_default();
        (self.occurred_at, if self.status == "expired" { 0 } else { rank }, self.id)
    }
}

/// The word that decides of a channel, among all words of one contact and purpose, in whatever order they stand.
pub fn deciding<'a>(words: &'a [Word], channel: &str) -> Option<&'a Word> {
    let newest = |of: &str, is_pending: bool| {
        let those = words.iter().filter(|word| word.channel == of && word.is_pending() == is_pending);
        those.max_by_key(|word| word.weight())
    };
    let (own, all) = (newest(channel, false), newest(ANY, false).filter(|_| channel != ANY));
    let decided = match (own, all) {
        (Some(own), Some(all)) if own.refuses() && !all.refuses() => Some(own),
        (own, all) => own.into_iter().chain(all).max_by_key(|word| word.weight()),
    };
    decided.or_else(|| newest(channel, true).into_iter().chain(newest(ANY, true)).max_by_key(|word| word.weight()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(channel: &str, status: &str, at: i64) -> Word {
        let occurred_at = DateTime::from_timestamp(at, 0).unwrap_or_default();
        let (channel, status) = (channel.to_owned(), status.to_owned());
        let lawful_basis = "consent".to_owned();
        Word { id: ConsentId::new(), channel, status, lawful_basis, occurred_at, expires_at: None }
    }

    fn told(words: &[Word], channel: &str) -> Option<String> {
        deciding(words, channel).map(|word| word.status.clone())
    }

    #[test]
    fn the_newest_word_decides_in_whatever_order_they_come() {
        type Case<'a> = (&'a [(&'a str, &'a str, i64)], Option<&'a str>);
        let cases: [Case; 11] = [
            (&[], None),
            (&[("email", "granted", 1)], Some("granted")),
            (&[("email", "granted", 2), ("email", "withdrawn", 1)], Some("granted")),
            (&[("email", "granted", 1), ("email", "withdrawn", 1)], Some("withdrawn")),
            (&[("any", "granted", 1)], Some("granted")),
            (&[("any", "withdrawn", 2), ("email", "granted", 1)], Some("withdrawn")),
            (&[("any", "withdrawn", 1), ("email", "granted", 2)], Some("granted")),
            // a no to one channel by name is taken back by name
            (&[("any", "granted", 2), ("email", "withdrawn", 1)], Some("withdrawn")),
            (&[("any", "granted", 2), ("email", "withdrawn", 1), ("email", "granted", 3)], Some("granted")),
            // an ask is no word
            (&[("email", "pending", 9), ("email", "granted", 1)], Some("granted")),
            (&[("any", "pending", 9), ("sms", "granted", 1)], Some("pending")),
        ];
        for (said, wanted) in cases {
            let mut words: Vec<Word> = said.iter().map(|(channel, status, at)| word(channel, status, *at)).collect();
            for _ in 0..words.len().max(1) {
                assert_eq!(told(&words, "email").as_deref(), wanted, "{said:?}");
                words.reverse();
                assert_eq!(told(&words, "email").as_deref(), wanted, "{said:?}");
                words.reverse();
                if !words.is_empty() {
                    words.rotate_left(1);
                }
            }
        }
    }
}
