//! In whose eyes events are seen: what they may do is asked anew every few seconds, as it is for those at the door.
use super::is_shut_out;
use crate::house::House;
use chrono::{DateTime, Duration, Utc};
use kernel::{Ctx, Result, clock};
use platform::webhook::fanout::{Eyes, Seers};
use std::collections::BTreeMap;

const FRESH: Duration = Duration::seconds(4);
/// Of more than so many nothing is kept.
const MANY: usize = 1_000;

#[derive(Default)]
pub struct Known(BTreeMap<Eyes, (DateTime<Utc>, Option<Ctx>)>);

impl Known {
    pub async fn of(&mut self, house: &House, all: impl IntoIterator<Item = Eyes>) -> Result<Seers> {
        let now = clock::now();
        let old = self.0.len() > MANY;
        self.0.retain(|_, (since, _)| !old && now - *since < FRESH);
        let mut seers = Seers::new();
        for eyes in all {
            if !self.0.contains_key(&eyes) {
                let found = match house.identity.acting(eyes.tenant, eyes.user, None, now).await {
                    Ok(ctx) => Some(eyes.narrowed(ctx)),
                    Err(error) if is_shut_out(&error) => None,
                    Err(error) => return Err(error),
                };
                self.0.insert(eyes.clone(), (now, found));
            }
            let ctx = self.0.get(&eyes).and_then(|(_, ctx)| ctx.clone());
            seers.insert(eyes, ctx.map(|ctx| Ctx { now, ..ctx }));
        }
        Ok(seers)
    }
}
