//! The way of a campaign.
use super::deeds::changeable;
use super::{Campaign, CampaignTransition, TRANSITION_REFUSED, store};
use diesel::Connection;
use kernel::{CampaignId, Ctx, Error, Result, error, text};
use platform::Conn;

/// From where it may go where.
const WAYS: &[(&str, &[&str])] = &[
    ("planned", &["active", "cancelled"]),
    ("active", &["paused", "completed", "cancelled"]),
    ("paused", &["active", "completed", "cancelled"]),
];

/// Refused where no way leads there. One that is there already is answered as it is.
pub fn transition(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CampaignId,
    base: Option<i32>,
    to: &CampaignTransition,
) -> Result<Campaign> {
    ctx.may_write::<Campaign>("status")?;
    conn.transaction(|conn| {
        let campaign = changeable(conn, ctx, id, base)?;
        if campaign.status == to.status {
            return Ok(campaign);
        }
        if !leads(&campaign.status, &to.status) {
            return Err(refused(ctx, &campaign));
        }
        let moved = store::set_status(conn, ctx, id, &to.status)?;
        moved.ok_or_else(|| error::FORBIDDEN.into())
    })
}

fn leads(from: &str, to: &str) -> bool {
    WAYS.iter().any(|(one, others)| *one == from && others.contains(&to))
}

/// It says which status the campaign is in, to whoever sees that.
fn refused(ctx: &Ctx, campaign: &Campaign) -> Error {
    match ctx.sees::<Campaign>("status") {
        true => Error::from(TRANSITION_REFUSED).detail(text!("it is {status}", status = campaign.status)),
        false => TRANSITION_REFUSED.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::leads;

    #[test]
    fn what_is_over_stays_over() {
        assert!(leads("planned", "active") && leads("paused", "active") && leads("active", "completed"));
        for over in ["completed", "cancelled"] {
            assert!(super::super::STATUSES.iter().all(|to| !leads(over, to)));
        }
        assert!(!leads("planned", "paused") && !leads("active", "planned"));
    }
}
