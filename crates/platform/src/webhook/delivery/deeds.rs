//! What may be done with a delivery.
use super::{WebhookDelivery, store};
use crate::webhook::{self, endpoint};
use crate::{Conn, audit};
use diesel::Connection;
use kernel::{Ctx, Result, WebhookDeliveryId, error};

/// Sends it now, whatever became of it; the receiver knows it by the same id.
pub fn retry(conn: &mut Conn, ctx: &Ctx, id: WebhookDeliveryId) -> Result<WebhookDelivery> {
    conn.transaction(|conn| {
        let delivery = store::find(conn, ctx, id)?;
        if endpoint::store::standing(conn, ctx.tenant, delivery.endpoint_id)? != Some(true) {
            return Err(webhook::DISABLED.into());
        }
        let again = store::again(conn, ctx, id)?;
        let again = match again {
            Some(again) => again,
            None if ctx.reach::<WebhookDelivery>(kernel::Action::Update) == kernel::Reach::None => {
                return Err(error::FORBIDDEN.into());
            }
            None => return Err(webhook::UNDER_WAY.into()),
        };
        audit::note(conn, ctx, "webhook_delivery.retried", "webhook_delivery", id, None)?;
        Ok(again)
    })
}
