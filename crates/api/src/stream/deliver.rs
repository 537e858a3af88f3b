//! What has happened goes to those who listen: read once a place in the order, told once a caller, given to each client.
use super::Streams;
use super::told::{Shared, Told};
use crate::house::House;
use ::identity::{Staying, is_refusal};
use kernel::{Error, Myself, Permit, RequestId, Result, TenantId, clock};
use platform::event::{self, Window};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Events that are told together.
const MOST: i64 = 50;
/// Callers who are told at the same time: each takes a connection for a moment, and requests need them too.
const AT_ONCE: usize = 2;

/// A caller at a place in the order; several of their clients may stand there.
type Stand = (Staying, i64);

/// Tells all what came since; whether there is more already.
pub async fn to_all(streams: &Streams, house: &House) -> bool {
    match pass(streams, house).await {
        Ok(more) => more,
        Err(error) => {
            tracing::warn!(%error, "events cannot be read");
            false
        }
    }
}

async fn pass(streams: &Streams, house: &House) -> Result<bool> {
    let stands: HashSet<Stand> =
        streams.clients().values().filter(|one| one.has_room()).map(|one| (one.who, one.position)).collect();
    let tenants: BTreeSet<TenantId> = stands.iter().map(|(who, _)| who.tenant()).collect();
    let heads = house.db.unpermitted(move |conn| event::heads(conn, &tenants.into_iter().collect::<Vec<_>>())).await?;
    let is_behind = |(who, position): &Stand| heads.get(&who.tenant()).is_some_and(|head| head > position);
    let mut windows: HashMap<(TenantId, i64), Arc<Window>> = HashMap::new();
    let shared = Shared::default();
    let mut telling = JoinSet::new();
    let mut more = false;
    for (who, position) in stands.into_iter().filter(is_behind) {
        let place = (who.tenant(), position);
        let window = match windows.get(&place) {
            Some(window) => Arc::clone(window),
            None => {
                let read = house.db.unpermitted(move |conn| event::rows(conn, place.0, place.1, MOST, None));
                let window = Arc::new(read.await?);
                windows.insert(place, Arc::clone(&window));
                window
            }
        };
        if telling.len() >= AT_ONCE {
            more |= given(streams, telling.join_next().await);
        }
        telling.spawn(told(house.clone(), (who, position), window, shared.clone()));
    }
    while let Some(one) = telling.join_next().await {
        more |= given(streams, Some(one));
    }
    Ok(more)
}

/// What one caller is told of a window; an end of their streams, where they may no longer come in. Callers who see the same
/// are told by the first of them.
async fn told(house: House, stand: Stand, window: Arc<Window>, shared: Shared) -> Given {
    let events = async {
        let ctx = house.identity.again(&stand.0, RequestId::new(), clock::now()).await?;
        let (catalogues, rows) = (house.catalogues, Arc::clone(&window));
        let outlook = event::outlook(&ctx, catalogues, &window.rows);
        let place = outlook.map(|outlook| (stand.0.tenant(), stand.1, outlook));
        let can = Permit::<Myself>::check(ctx)?;
        let tell = || house.db.read(can, move |conn, ctx| event::tell(conn, ctx, catalogues, &rows.rows));
        match place {
            Some(place) => shared.told(place, tell).await,
            None => Ok(Arc::new(Told::of(tell().await?))),
        }
    };
    let events = events.await;
    (stand, window, events)
}

type Given = (Stand, Arc<Window>, Result<Arc<Told>>);

/// Gives each client what it wants of it; whether there is more for them.
fn given(streams: &Streams, told: Option<std::result::Result<Given, tokio::task::JoinError>>) -> bool {
    let ((who, position), window, events) = match told {
        Some(Ok(told)) => told,
        Some(Err(error)) => {
            tracing::error!(error = %Error::internal(error), "events could not be told");
            return false;
        }
        None => return false,
    };
    match events {
        Ok(events) => {
            streams.clients().retain(|_, client| {
                client.who != who || client.position != position || client.tell(&events, window.position)
            });
            return window.has_more;
        }
        Err(error) if is_refusal(&error) => streams.end(&[who]),
        Err(error) => tracing::warn!(%error, "events could not be told"), // the next look tries again
    }
    false
}
