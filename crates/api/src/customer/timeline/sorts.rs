//! The sorts of entries of a timeline, and how they become one.
use super::TimelineEntry;
use super::{asked, said, sold};
use ::customer::account::person;
use ::sales::milestone::About;
use ::sales::summary::Whose;
use chrono::{DateTime, SecondsFormat, Utc};
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::page::Mark;
use kernel::{AccountId, Action, ContactId, Ctx, Error, Reach};
use platform::{Conn, visible};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// Whose timeline it is.
pub struct Subject {
    pub all: &'static Catalogues,
    pub noun: &'static Catalogue,
    pub id: Uuid,
}

/// Where a page has ended, of one sort of entries.
pub type Place<'a> = Option<&'a str>;
pub type Read = fn(&mut Conn, &Ctx, &Subject, Place, usize) -> kernel::Result<Vec<TimelineEntry>>;

/// A sort of entries, called after the noun whose permission opens it: the fields that put one into a timeline, with
/// their nouns, without which it is in none, and how they are read.
pub struct Sort {
    pub kind: &'static str,
    goes_by: &'static [(&'static str, &'static str)],
    read: Read,
}

pub const SORTS: [Sort; 14] = [
    Sort { kind: "activity", goes_by: &[("activity", "links"), ("activity", "started_at")], read: said::activities },
    Sort { kind: "task", goes_by: &[("task", "links")], read: said::tasks },
    Sort {
        kind: "order",
        goes_by: &[("order", "account_id"), ("order", "contact_id"), ("order", "placed_at")],
        read: sold::orders,
    },
    Sort {
        kind: "email_message",
        goes_by: &[("email_message", "account_id"), ("email_message", "contact_id"), ("email_message", "received_at")],
        read: said::mails,
    },
    Sort {
        kind: "form_submission",
        goes_by: &[("form_submission", "contact_id"), ("form_submission", "lead_id")],
        read: said::submissions,
    },
    Sort { kind: "consent", goes_by: &[("consent", "status"), ("consent", "occurred_at")], read: said::consents },
    Sort {
        kind: "lead",
        goes_by: &[
            ("lead", "account_id"),
            ("lead", "contact_id"),
            ("lead", "opportunity_id"),
            ("lead", "assigned_at"),
            ("lead", "converted_at"),
        ],
        read: sold::leads,
    },
    Sort {
        kind: "opportunity",
        goes_by: &[
            ("opportunity", "account_id"),
            ("opportunity", "stage_id"),
            ("opportunity_contact", "contact_id"),
            ("stage_change", "from_stage"),
            ("stage_change", "kind"),
            ("stage_change", "changed_at"),
        ],
        read: sold::opportunities,
    },
    Sort {
        kind: "quote",
        goes_by: &[
            ("quote", "account_id"),
            ("quote", "contact_id"),
            ("quote", "opportunity_id"),
            ("quote", "status"),
            ("quote", "sent_at"),
        ],
        read: sold::quotes,
    },
    Sort {
        kind: "contract",
        goes_by: &[
            ("contract", "account_id"),
            ("contract", "quote_id"),
            ("quote", "contact_id"),
            ("quote", "opportunity_id"),
            ("contract", "status"),
            ("contract", "signed_at"),
            ("contract", "ended_at"),
        ],
        read: sold::contracts,
    },
    Sort {
        kind: "payment",
        goes_by: &[
            ("payment", "account_id"),
            ("payment", "contract_id"),
            ("contract", "quote_id"),
            ("quote", "contact_id"),
            ("quote", "opportunity_id"),
            ("payment", "status"),
            ("payment", "received_on"),
        ],
        read: sold::payments,
    },
    Sort {
        kind: "installment",
        goes_by: &[
            ("contract", "account_id"),
            ("contract", "quote_id"),
            ("quote", "contact_id"),
            ("quote", "opportunity_id"),
            ("installment", "status"),
            ("installment", "overdue_at"),
            ("installment", "paid_at"),
            ("installment", "waived_at"),
        ],
        read: sold::installments,
    },
    Sort {
        kind: "case",
        goes_by: &[
            ("case", "account_id"),
            ("case", "contact_id"),
            ("case", "order_id"),
            ("case", "first_response_at"),
            ("case", "resolved_at"),
            ("case", "closed_at"),
        ],
        read: asked::cases,
    },
    Sort { kind: CHANGE, goes_by: &[], read: said::changes },
];
pub const CHANGE: &str = "change";

impl Sort {
    fn is_open(&self, ctx: &Ctx, all: &Catalogues) -> bool {
        let reads = |noun: &str| ctx.grants.reach(noun, Action::Read) > Reach::None;
        let is_read = self.kind == CHANGE || all.permission(self.kind).is_some_and(reads);
        is_read && !self.goes_by.iter().any(|(noun, field)| ctx.grants.hides(noun, field))
    }
}

impl Subject {
    /// The newest of all sorts, and where each has ended, if there is more.
    pub fn page(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        sorts: &[&'static Sort],
        after: Option<Mark>,
        limit: usize,
    ) -> kernel::Result<(Vec<TimelineEntry>, Option<Mark>)> {
        visible::seen(conn, ctx, self.noun, self.id)?;
        let other = self.other(conn, ctx)?;
        let streams = self.streams(sorts, other.as_ref());
        let mut places = after.map_or_else(|| vec![None; streams.len()], |mark| mark.keys);
        places.resize(streams.len(), None);
        let mut all: Vec<(usize, TimelineEntry)> = Vec::new();
        for (at, ((sort, of), place)) in streams.iter().zip(&places).enumerate() {
            if sort.is_open(ctx, self.all) {
                let found = newest(conn, ctx, (*sort, of.as_slice()), place.as_deref(), limit + 1)?;
                all.extend(found.into_iter().map(|entry| (at, entry)));
            }
        }
        // of each sort they come in its own order, which a stable sort keeps
        all.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.at));
        let more = all.len() > limit;
        all.truncate(limit);
        for (at, entry) in &all {
            if let Some(place) = places.get_mut(*at) {
                *place = Some(entry.place.clone());
            }
        }
        let page = all.into_iter().map(|(_, entry)| entry).collect();
        Ok((page, more.then_some(Mark { keys: places, id: self.id })))
    }

    /// The other record of somebody who is an account.
    fn other(&self, conn: &mut Conn, ctx: &Ctx) -> kernel::Result<Option<Self>> {
        let other = person::other(conn, ctx, (self.noun.noun, self.id))?;
        Ok(other.and_then(|(noun, id)| Some(Self { all: self.all, noun: self.all.get(noun)?, id })))
    }

    /// What is read in an order of its own: the sorts, of both records; and what was changed of the other.
    fn streams<'a>(&'a self, sorts: &[&'static Sort], other: Option<&'a Self>) -> Vec<(&'static Sort, Vec<&'a Self>)> {
        let both = |sort: &&'static Sort| -> (&'static Sort, Vec<&'a Self>) {
            let beside = other.filter(|_| sort.kind != CHANGE);
            (*sort, std::iter::once(self).chain(beside).collect())
        };
        let changes = sorts.iter().filter(|sort| sort.kind == CHANGE);
        sorts.iter().map(both).chain(changes.filter_map(|sort| Some((*sort, vec![other?])))).collect()
    }

    pub fn whose(&self) -> Option<Whose> {
        match self.noun.noun {
            "account" => Some(Whose::Account(AccountId(self.id))),
            "contact" => Some(Whose::Contact(ContactId(self.id))),
            _ => None,
        }
    }

    pub fn about(&self) -> Option<About> {
        About::of(self.noun.noun, self.id)
    }
}

/// The newest of a sort, each once, of whichever record it is.
fn newest(
    conn: &mut Conn,
    ctx: &Ctx,
    (sort, of): (&Sort, &[&Subject]),
    place: Place,
    limit: usize,
) -> kernel::Result<Vec<TimelineEntry>> {
    let mut all = Vec::new();
    for one in of {
        all.extend((sort.read)(conn, ctx, one, place, limit)?);
    }
    if of.len() > 1 {
        // of one record and one moment by which of its steps it is
        all.sort_by(|a, b| (b.at, b.id, &b.place).cmp(&(a.at, a.id, &a.place)));
        all.dedup_by(|a, b| a.place == b.place);
        all.truncate(limit);
    }
    Ok(all)
}

/// A record of a noun as its reader sees it.
pub fn seen(ctx: &Ctx, noun: &str, record: &impl Serialize) -> kernel::Result<Value> {
    let mut record = serde_json::to_value(record).map_err(Error::internal)?;
    ctx.grants.trim(noun, &mut record);
    Ok(record)
}

/// An entry, in its place by when it was.
pub fn entry(kind: &'static str, at: DateTime<Utc>, id: Uuid, record: Value) -> TimelineEntry {
    let place = format!("{} {id}", at.to_rfc3339_opts(SecondsFormat::Micros, true));
    TimelineEntry { kind, step: None, at, id, record, place }
}

pub fn below(place: Place) -> Option<(DateTime<Utc>, Uuid)> {
    let (at, id) = place?.split_once(' ')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

pub fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
