//! A delivery is one send to one contact. It is made when the send begins, and nobody has two of one send. What came of
//! it is told with it: a row for each sort of event, however often it happens.
mod events;
mod store;
pub mod token;

pub use crate::schema::deliveries::table as Table;
pub use events::{DeliveryEvent, Happened, happened, of};
pub(crate) use store::{Claimed, address_of, claim, held, is_over, link, postpone, put, readdress, resolve, settle};
pub use store::{find, list};

use crate::schema::deliveries;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{CampaignId, Code, ContactId, DeliveryId, Kind, Noun, Record, SendId};
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const LINK_INVALID: Code = Code::new(
    "mail_link_invalid",
    Kind::NotFound,
    "The link of the mail is not good: it was changed, or its mail is gone.",
);
pub const CODES: &[Code] = &[LINK_INVALID];

pub const STATUSES: &[&str] = &[
    "queued",
    "sending",
    "sent",
    "failed",
    "unknown",
    "suppressed",
    "bounced",
    "complained",
    "unsubscribed",
    "cancelled",
];

/// One send to one contact.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = deliveries, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-b0b0-7000-8000-000000000007", "send_id": "0192f0c1-b0b0-7000-8000-000000000006",
    "campaign_id": "0192f0c1-b0b0-7000-8000-000000000002", "contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6",
    "channel": "email", "purpose": "newsletter", "status": "sent", "failure": null, "due_at": "2027-03-01T01:00:00Z",
    "sent_at": "2027-03-01T01:00:02Z", "opened_at": "2027-03-01T02:00:00Z", "clicked_at": null,
    "unsubscribed_at": null, "version": 3, "created_at": "2027-03-01T01:00:00Z", "updated_at": "2027-03-01T02:00:00Z"
}))]
pub struct Delivery {
    pub id: DeliveryId,
    pub send_id: SendId,
    pub campaign_id: CampaignId,
    pub contact_id: ContactId,
    #[schema(example = "email")]
    pub channel: String,
    pub purpose: String,
    /// `queued`, then `sending`, then `sent` or `failed`; `unknown` where nobody can know whether it went out, so that it
    /// is not sent again; `suppressed` where it was left out in the end; what came of it after it was sent
    #[schema(example = "sent")]
    pub status: String,
    /// why it was not sent, such as `no_consent` or `mail_refused`
    pub failure: Option<String>,
    pub due_at: DateTime<Utc>,
    /// when the mail server took it
    pub sent_at: Option<DateTime<Utc>>,
    /// when it was opened first, by somebody or by a program that fetches pictures
    pub opened_at: Option<DateTime<Utc>>,
    pub clicked_at: Option<DateTime<Utc>>,
    pub unsubscribed_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "delivery",
    table: "deliveries",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("send_id", Holds::Id),
        Field::new("campaign_id", Holds::Id),
        Field::new("contact_id", Holds::Id),
        Field::new("channel", Holds::Choice(super::send::CHANNELS)),
        Field::new("purpose", Holds::Text),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("failure", Holds::Text).nullable(),
        Field::new("due_at", Holds::Instant),
        Field::new("sent_at", Holds::Instant).nullable(),
        Field::new("opened_at", Holds::Instant).nullable(),
        Field::new("clicked_at", Holds::Instant).nullable(),
        Field::new("unsubscribed_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[
        Relation::one("send", "send", "send_id"),
        Relation::one("campaign", "campaign", "campaign_id"),
        Relation::one("contact", "contact", "contact_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "campaign", column: "campaign_id" },
};

impl Noun for Delivery {
    const NAME: &'static str = "delivery";
}
impl Record for Delivery {
    type Id = DeliveryId;
    fn id(&self) -> DeliveryId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for deliveries::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
