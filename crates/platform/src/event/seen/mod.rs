//! What a reader sees of the records that events are about: as they are now, as those that are gone were last, and as each
//! was before and after an event.
mod store;

pub use store::{last, now, then};

use crate::visible::veil;
use kernel::catalogue::{Catalogue, Owned};
use kernel::{Action, Ctx, Reach};

/// Whether a record was there for the reader before an event, and after it, as it was kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    pub before: bool,
    pub after: bool,
}

/// Whether there is nothing of a noun that the reader does not see; where they see nothing, the questions say so.
pub fn sees_all(ctx: &Ctx, noun: &Catalogue) -> bool {
    match (ctx.grants.reach(noun.noun, Action::Read), noun.owned) {
        (Reach::None, _) => false,
        (_, Owned::Shared) => true,
        (Reach::All, Owned::Rows { .. }) => !veil::is_down(ctx, noun),
        _ => false,
    }
}
