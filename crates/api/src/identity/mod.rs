//! The doors of the identity wing.
mod api_keys;
mod auth;
mod bearer;
mod factors;
mod identities;
mod me;
mod permissions;
mod queues;
mod roles;
mod sessions;
mod sso;
mod sso_providers;
mod teams;
mod tenant;
mod users;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    cfg.configure(auth::routes)
        .configure(me::routes)
        .configure(sso::routes)
        .configure(factors::routes)
        .configure(identities::routes)
        .configure(sessions::routes)
        .configure(api_keys::routes)
        .configure(sso_providers::routes)
        .configure(users::routes)
        .configure(teams::routes)
        .configure(queues::routes)
        .configure(roles::routes)
        .configure(permissions::routes)
        .configure(tenant::routes);
}
