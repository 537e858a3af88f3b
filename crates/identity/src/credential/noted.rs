//! What is noted in the audit trail of those who were not let in.
use super::login::acting;
use super::{Identity, Through, digest};
use chrono::{DateTime, Utc};
use kernel::{RequestId, TenantId, UserId};
use platform::audit;
use serde_json::json;
use std::net::IpAddr;

impl Identity {
    /// A login with a wrong password, in the trail of every tenant that it may have been meant for. Beside the request: how
    /// long that took would tell whether there is such a user.
    pub(super) fn note_failure(
        &self,
        meant: Vec<(TenantId, UserId)>,
        from: IpAddr,
        request: RequestId,
        now: DateTime<Utc>,
    ) {
        let db = self.db.clone();
        tokio::spawn(async move {
            let noted = db.unpermitted(move |conn| {
                meant.into_iter().try_for_each(|(tenant, user)| {
                    audit::note(conn, &acting(tenant, user, from, request, now), "login.failed", "user", user, None)
                })
            });
            if let Err(error) = noted.await {
                tracing::warn!(%error, "a failed login was not noted");
            }
        });
    }

    /// An API key that came from where it is not good; once in a while.
    pub async fn note_elsewhere(&self, bearer: &str, from: IpAddr, request: RequestId, now: DateTime<Utc>) {
        let seen = digest::of(bearer);
        let Some(who) = self.seen.get(&seen).map(|proof| proof.who).filter(|_| !self.noted.contains_key(&seen)) else {
            return;
        };
        let Through::Key(key, _) = who.through else { return };
        self.noted.insert(seen, ());
        let noted = self.db.unpermitted(move |conn| {
            let ctx = who.ctx(std::sync::Arc::default(), from, request, now);
            audit::note(conn, &ctx, "api_key.refused", "api_key", key, json!({"code": "address_not_allowed"}))
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, "the use of a key from elsewhere was not noted");
        }
    }
}
