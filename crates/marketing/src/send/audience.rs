//! Who gets a send, and who does not for which reason. One rule for a count, for the list that is frozen, and for the last
//! look before something goes out; it knows contacts as far as whoever sends sees them.
use super::body::AudienceCount;
use super::store;
use crate::suppression::{self, Digests};
use customer::consent;
use customer::contact::{self, Contact};
use kernel::{ContactId, Ctx, Error, Fault, Result, SegmentId, error, text};
use platform::privacy::restriction;
use platform::{Conn, segment};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How many are looked at at once: what is held of an audience does not grow with it.
const CHUNK: i64 = 500;

/// Whom a send is for.
pub struct Terms<'a> {
    pub channel: &'a str,
    pub purpose: &'a str,
    pub is_transactional: bool,
    pub segments: &'a [SegmentId],
    pub excluded: &'a [SegmentId],
    pub cap: Option<(i32, i32)>,
}

/// What is decided of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Chosen,
    Excluded,
    DoNotContact,
    Restricted,
    NoAddress,
    Suppressed,
    NoConsent,
    Capped,
}

impl Verdict {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chosen => "chosen",
            Self::Excluded => "excluded",
            Self::DoNotContact => "do_not_contact",
            Self::Restricted => "restricted",
            Self::NoAddress => "no_address",
            Self::Suppressed => "suppressed",
            Self::NoConsent => "no_consent",
            Self::Capped => "capped",
        }
    }
}

impl AudienceCount {
    pub(super) fn add(&mut self, verdict: Verdict) {
        let place = match verdict {
            Verdict::Chosen => &mut self.chosen,
            Verdict::Excluded => &mut self.excluded,
            Verdict::DoNotContact => &mut self.do_not_contact,
            Verdict::Restricted => &mut self.restricted,
            Verdict::NoAddress => &mut self.no_address,
            Verdict::Suppressed => &mut self.suppressed,
            Verdict::NoConsent => &mut self.no_consent,
            Verdict::Capped => &mut self.capped,
        };
        *place += 1;
    }
}

/// Some of an audience, and behind whom the next are looked for; none, where there are no more.
pub struct Part {
    pub people: Vec<(Contact, Verdict)>,
    pub next: Option<Uuid>,
}

/// The segments that a body names are there, and hold contacts.
pub fn are_there(conn: &mut Conn, ctx: &Ctx, segments: &[SegmentId], member: &str) -> Result<()> {
    let found = segment::many(conn, ctx, segments)?;
    let fault = |(at, id): (usize, &SegmentId)| {
        let place = format!("/{member}/{at}");
        match found.iter().find(|one| one.id == *id) {
            None => Some(Fault::new(place, error::UNKNOWN_REFERENCE.name, text!("there is no such record"))),
            Some(one) if one.resource != "contact" => {
                Some(Fault::new(place, "resource", text!("is no segment of contacts")))
            }
            Some(_) => None,
        }
    };
    let faults: Vec<Fault> = segments.iter().enumerate().filter_map(fault).collect();
    match faults.iter().any(|fault| fault.code == error::UNKNOWN_REFERENCE.name) {
        _ if faults.is_empty() => Ok(()),
        true => Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults)),
        false => Err(Error::from(error::INVALID).faults(faults)),
    }
}

/// The next of an audience, in the order of their ids.
pub fn some(conn: &mut Conn, ctx: &Ctx, terms: &Terms, digests: &Digests, after: Option<Uuid>) -> Result<Part> {
    let ids = store::members(conn, ctx.tenant, terms.segments, after, CHUNK)?;
    let next = ids.last().copied().filter(|_| i64::try_from(ids.len()).is_ok_and(|count| count == CHUNK));
    let contacts = contact::many(conn, ctx, &ids.iter().map(|id| ContactId::from(*id)).collect::<Vec<_>>())?;
    Ok(Part { people: verdicts(conn, ctx, terms, digests, contacts)?, next })
}

/// What is decided of these, who are seen.
pub fn verdicts(
    conn: &mut Conn,
    ctx: &Ctx,
    terms: &Terms,
    digests: &Digests,
    contacts: Vec<Contact>,
) -> Result<Vec<(Contact, Verdict)>> {
    let ids: Vec<ContactId> = contacts.iter().map(|one| one.id).collect();
    let known = Known {
        excluded: store::among(conn, ctx.tenant, terms.excluded, &ids)?,
        restricted: restricted(conn, ctx, &ids)?,
        agreed: agreed(conn, ctx, terms, &ids)?,
        suppressed: suppressed(conn, ctx, terms, digests, &contacts)?,
        got: match terms.cap.filter(|_| !terms.is_transactional) {
            Some((_, days)) => store::got_lately(conn, ctx, terms.purpose, days, &ids)?,
            None => BTreeMap::new(),
        },
        sees_address: ctx.sees::<Contact>("email"),
    };
    Ok(contacts.into_iter().map(|one| (known.of(terms, &one), one)).map(|(verdict, one)| (one, verdict)).collect())
}

/// What is known of some of an audience.
struct Known {
    excluded: BTreeSet<Uuid>,
    restricted: BTreeSet<Uuid>,
    agreed: BTreeSet<ContactId>,
    suppressed: BTreeSet<ContactId>,
    got: BTreeMap<ContactId, i64>,
    sees_address: bool,
}

impl Known {
    /// The first reason that holds.
    fn of(&self, terms: &Terms, one: &Contact) -> Verdict {
        let is_full = |(most, _): (i32, i32)| self.got.get(&one.id).is_some_and(|got| *got >= i64::from(most));
        let by_choice = !terms.is_transactional;
        match () {
            () if self.excluded.contains(&one.id.0) => Verdict::Excluded,
            () if by_choice && one.do_not_contact => Verdict::DoNotContact,
            () if self.restricted.contains(&one.id.0) => Verdict::Restricted,
            () if one.email.is_none() || !self.sees_address => Verdict::NoAddress,
            () if self.suppressed.contains(&one.id) => Verdict::Suppressed,
            () if by_choice && !self.agreed.contains(&one.id) => Verdict::NoConsent,
            () if by_choice && terms.cap.is_some_and(is_full) => Verdict::Capped,
            () => Verdict::Chosen,
        }
    }
}

fn restricted(conn: &mut Conn, ctx: &Ctx, ids: &[ContactId]) -> Result<BTreeSet<Uuid>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    Ok(restriction::of_all(conn, ctx, &ids)?.into_iter().map(|one| one.record_id).collect())
}

/// Whoever has said yes to the purpose by this channel, and not no since.
fn agreed(conn: &mut Conn, ctx: &Ctx, terms: &Terms, ids: &[ContactId]) -> Result<BTreeSet<ContactId>> {
    if terms.is_transactional {
        return Ok(BTreeSet::new());
    }
    let said = consent::effective_of_all(conn, ctx, ids)?.into_iter();
    let yes =
        said.filter(|one| one.purpose == terms.purpose && one.channel == terms.channel && one.status == "granted");
    Ok(yes.map(|one| one.contact_id).collect())
}

/// What a reader has said of advertisements does not hold back what they have to get.
fn suppressed(
    conn: &mut Conn,
    ctx: &Ctx,
    terms: &Terms,
    digests: &Digests,
    contacts: &[Contact],
) -> Result<BTreeSet<ContactId>> {
    let digest = |one: &Contact| Some((digests.of(ctx.tenant, terms.channel, one.email.as_deref()?), one.id));
    let theirs: Vec<(Vec<u8>, ContactId)> = contacts.iter().filter_map(digest).collect();
    let asked: Vec<Vec<u8>> = theirs.iter().map(|(digest, _)| digest.clone()).collect();
    let found = suppression::among(conn, ctx.tenant, terms.channel, &asked)?;
    let holds = |(_, purpose, reason): &&(Vec<u8>, Option<String>, String)| {
        let is_meant = purpose.as_deref().is_none_or(|purpose| purpose == terms.purpose);
        is_meant && !(terms.is_transactional && reason == "unsubscribed")
    };
    let held: BTreeSet<Vec<u8>> = found.iter().filter(holds).map(|(digest, ..)| digest.clone()).collect();
    Ok(theirs.into_iter().filter(|(digest, _)| held.contains(digest)).map(|(_, id)| id).collect())
}
