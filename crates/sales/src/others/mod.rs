//! What the wing asks of tables that are not its own: whose money a tenant reckons in, when its days and years begin, who is
//! called what.
mod clock;
pub(crate) mod store;

pub(crate) use clock::Clock;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Ctx, Error, Fault, Result, TeamId, UserId, error, text};
use platform::Conn;

/// Which day it is where the tenant is.
pub(crate) fn today(conn: &mut Conn, ctx: &Ctx) -> Result<NaiveDate> {
    Ok(clock(conn, ctx)?.day_of(ctx.now))
}

/// The end of a day where the tenant is.
pub(crate) fn end_of(conn: &mut Conn, ctx: &Ctx, day: NaiveDate) -> Result<DateTime<Utc>> {
    Ok(clock(conn, ctx)?.begin_of(day.succ_opt().unwrap_or(day)))
}

/// When days and years of the tenant begin.
pub(crate) fn clock(conn: &mut Conn, ctx: &Ctx) -> Result<Clock> {
    let (zone, month) = store::clock(conn, ctx)?;
    Ok(Clock::of(&zone, month))
}

/// Somebody or a queue, or a team, that a body names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whom {
    User(UserId),
    Team(TeamId),
}

/// Refused where one of those who are named is not there: each by its place.
pub(crate) fn are_there(conn: &mut Conn, ctx: &Ctx, named: &[(String, Whom)]) -> Result<()> {
    let users = named.iter().filter_map(|(_, whom)| if let Whom::User(id) = whom { Some(*id) } else { None });
    let users = store::living(conn, ctx, &users.collect::<Vec<_>>())?;
    let teams = named.iter().filter_map(|(_, whom)| if let Whom::Team(id) = whom { Some(*id) } else { None });
    let teams = store::living_teams(conn, ctx, &teams.collect::<Vec<_>>())?;
    let is_there = |whom: &Whom| match whom {
        Whom::User(id) => users.contains(id),
        Whom::Team(id) => teams.contains(id),
    };
    let unknown = |(place, _): &(String, Whom)| {
        Fault::new(place.clone(), error::UNKNOWN_REFERENCE.name, text!("there is no such record"))
    };
    let faults: Vec<Fault> = named.iter().filter(|(_, whom)| !is_there(whom)).map(unknown).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults)) }
}
