//! What people come to see by serving a queue. Nobody gives what they lack this way, as by a team: see `team::gain`.
use crate::permission::BEYOND_OWN_RIGHTS;
use kernel::{Ctx, Error, Grants, Reach, Result, UserId, text};

/// Those who hold `held` come to serve the queue: all that they hold now reaches its records. Who holds something for
/// all records gains nothing by it.
pub(super) fn by_serving(ctx: &Ctx, held: &Grants, queue: UserId) -> Result<()> {
    let serves = ctx.grants.queues().contains(&queue);
    let has = |own: Reach| own == Reach::All || serves && own > Reach::None;
    let lacking =
        held.all().find(|(object, action, reach)| *reach < Reach::All && !has(ctx.grants.reach(object, *action)));
    match lacking {
        None => Ok(()),
        Some((object, action, _)) => {
            let text = text!(
                "{object}:{action} for the records of this queue is not yours to give",
                object,
                action = action.name()
            );
            Err(Error::from(BEYOND_OWN_RIGHTS).detail(text))
        }
    }
}
