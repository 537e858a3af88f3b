//! `/v1/auth/sso`: coming in by an identity provider. The application sends the browser there and takes it back.
use super::auth::user_agent;
use crate::answer::{Result, Secret};
use crate::extract::{Address, Asked, Valid, request_id};
use crate::house::House;
use crate::routes::Routes;
use ::identity::sso::provider::{ButtonsOf, SsoButton};
use ::identity::sso::{self, Begun, Finish, Start};
use ::identity::{Identity, Tokens};
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, get, post};
use kernel::{Cut, Error, Page, SsoProviderId, TenantId, clock, error, text};
use serde::Deserialize;
use utoipa::IntoParams;

pub fn routes(cfg: &mut Routes) {
    cfg.service(find_sso_buttons).service(start_sso_login).service(finish_sso_login);
}

type SsoButtonPage = Page<SsoButton>;

/// Whose buttons are drawn: one of the two.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ButtonsQuery {
    /// an e-mail address; only its domain counts, and whether anybody has it is told to nobody
    #[param(format = "email", max_length = 254, example = "li.na@example.cn")]
    email: Option<String>,
    /// a tenant
    tenant: Option<TenantId>,
}

/// Find the identity providers to log in at
///
/// Those of a tenant, or those that are believed about the domain of an e-mail address. The answer is the same whether
/// there is such a user.
#[utoipa::path(tag = "auth", params(ButtonsQuery),
    responses((status = 200, description = "a button each", body = SsoButtonPage)))]
#[get("/auth/sso/providers")]
async fn find_sso_buttons(identity: Data<Identity>, Asked(query): Asked<ButtonsQuery>) -> Result<Json<SsoButtonPage>> {
    let data = match query.of()? {
        Some(of) => identity.sso_buttons(of).await?,
        None => Vec::new(),
    };
    Ok(Json(Page { data, page: Cut::default() }))
}

/// Begin to log in at an identity provider
///
/// The browser goes to `authorization_url`, and comes back to `redirect_uri` with a `code`. The application keeps `state`
/// meanwhile, for the browser alone: without it the code is worth nothing.
#[utoipa::path(tag = "auth", params(("provider_id" = SsoProviderId, Path)), request_body = Start,
    responses((status = 200, description = "where the browser goes", body = Begun)))]
#[post("/auth/sso/{provider_id}/start")]
async fn start_sso_login(
    identity: Data<Identity>,
    house: Data<House>,
    id: Path<SsoProviderId>,
    Valid(ask): Valid<Start>,
) -> Result<Secret<Json<Begun>>> {
    let page = house.mail.page(sso::PAGE);
    Ok(Secret(Json(identity.start_sso(id.into_inner(), ask, page, clock::now()).await?)))
}

/// Log in by what an identity provider says
///
/// The first time, whoever comes back becomes the user with their e-mail address, where the provider and this server both
/// know it to be theirs. `state` is good once, for ten minutes. A second factor of the user is asked for as after a
/// password, unless the provider is believed about its own.
#[utoipa::path(tag = "auth", request_body = Finish,
    responses((status = 200, description = "the tokens", body = Tokens)))]
#[post("/auth/sso/finish")]
async fn finish_sso_login(
    req: HttpRequest,
    identity: Data<Identity>,
    Address(address): Address,
    Valid(mut ask): Valid<Finish>,
) -> Result<Secret<Json<Tokens>>> {
    ask.device = ask.device.or_else(|| user_agent(&req));
    Ok(Secret(Json(identity.finish_sso(ask, address, request_id(&req), clock::now()).await?)))
}

impl ButtonsQuery {
    /// Nothing, where nothing is asked for.
    fn of(self) -> kernel::Result<Option<ButtonsOf>> {
        match (self.email, self.tenant) {
            (None, None) => Ok(None),
            (None, Some(tenant)) => Ok(Some(ButtonsOf::Tenant(tenant))),
            (Some(email), None) => match email.trim().to_lowercase().rsplit_once('@') {
                Some((_, domain)) if email.len() <= 254 && !domain.is_empty() && !email.contains('\0') => {
                    Ok(Some(ButtonsOf::Domain(domain.to_owned())))
                }
                _ => Err(Error::from(error::UNKNOWN_PARAMETER).detail(text!("email is no e-mail address"))),
            },
            _ => Err(Error::from(error::UNKNOWN_PARAMETER)
                .detail(text!("either an e-mail address or a tenant is asked for"))),
        }
    }
}
