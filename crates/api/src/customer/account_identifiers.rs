//! `/v1/accounts/{id}/identifiers`, `/v1/account-identifiers/{id}`: the numbers that an account is known by.
use crate::answer::{Created, Found, Nothing, Result, Secret};
use crate::extract::{Asked, Can, CreateQuery, Id, IfMatch, Valid};
use crate::routes::Routes;
use ::customer::account::Account;
use ::customer::account::identifier::{self, AccountIdentifier};
use ::customer::identifier::{IdentifierPatch, IdentifierQuery, NewIdentifier, Revealed};
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post};
use kernel::{AccountId, AccountIdentifierId, Read, Reveal, Update};
use platform::deed::Duplicates;
use platform::{Db, Vault};

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_account_identifiers)
        .service(add_account_identifier)
        .service(find_accounts_by_identifier)
        .service(get_account_identifier)
        .service(update_account_identifier)
        .service(remove_account_identifier)
        .service(reveal_account_identifier);
}

/// List the identifiers of an account
///
/// By their kinds and the ends of their numbers; the numbers are sealed.
#[utoipa::path(tag = "accounts", params(("id" = AccountId, Path)),
    responses((status = 200, description = "all of them", body = [AccountIdentifier])))]
#[get("/accounts/{id}/identifiers")]
async fn list_account_identifiers(
    db: Data<Db>,
    Can(can): Can<Read<Account>>,
    Id(id): Id<AccountId>,
) -> Result<Json<Vec<AccountIdentifier>>> {
    Ok(Json(db.read(can, move |conn, ctx| identifier::of(conn, ctx, id)).await?))
}

/// Add an identifier of an account
///
/// Where another account has the same number it is refused with who has it, unless `duplicates=allow`.
#[utoipa::path(tag = "accounts", params(("id" = AccountId, Path), CreateQuery), request_body = NewIdentifier,
    responses((status = 201, description = "the identifier", body = AccountIdentifier)))]
#[post("/accounts/{id}/identifiers")]
async fn add_account_identifier(
    db: Data<Db>,
    vault: Data<Vault>,
    Can(can): Can<Update<Account>>,
    Id(id): Id<AccountId>,
    Asked(query): Asked<CreateQuery>,
    Valid(new): Valid<NewIdentifier>,
) -> Result<Created<AccountIdentifier>> {
    let allowed = Duplicates::from(query);
    let added = db.write(can, move |conn, ctx| identifier::add(conn, ctx, &vault, id, &new, allowed));
    Ok(Created(added.await?))
}

/// Find accounts by an identifier
///
/// Those that the caller sees. The number stands in the body, so that it is in no log of addresses.
#[utoipa::path(tag = "accounts", request_body = IdentifierQuery,
    responses((status = 200, description = "the accounts that have it", body = [Account])))]
#[post("/account-identifiers/find")]
async fn find_accounts_by_identifier(
    db: Data<Db>,
    vault: Data<Vault>,
    Can(can): Can<Read<Account>>,
    Valid(ask): Valid<IdentifierQuery>,
) -> Result<Json<Vec<Account>>> {
    Ok(Json(db.read(can, move |conn, ctx| identifier::holders(conn, ctx, &vault, &ask)).await?))
}

/// Get an identifier of an account
#[utoipa::path(tag = "accounts", params(("id" = AccountIdentifierId, Path)),
    responses((status = 200, description = "the identifier", body = AccountIdentifier)))]
#[get("/account-identifiers/{id}")]
async fn get_account_identifier(
    db: Data<Db>,
    Can(can): Can<Read<Account>>,
    Id(id): Id<AccountIdentifierId>,
) -> Result<Found<AccountIdentifier>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| identifier::find(conn, ctx, id)).await?))
}

/// Update an identifier of an account
#[utoipa::path(tag = "accounts", params(("id" = AccountIdentifierId, Path)),
    request_body(content = IdentifierPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the identifier as it is now", body = AccountIdentifier)))]
#[patch("/account-identifiers/{id}")]
async fn update_account_identifier(
    db: Data<Db>,
    Can(can): Can<Update<Account>>,
    Id(id): Id<AccountIdentifierId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<IdentifierPatch>,
) -> Result<Found<AccountIdentifier>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| identifier::update(conn, ctx, id, base, &patch)).await?))
}

/// Remove an identifier of an account
#[utoipa::path(tag = "accounts", params(("id" = AccountIdentifierId, Path)),
    responses((status = 204, description = "removed")))]
#[delete("/account-identifiers/{id}")]
async fn remove_account_identifier(
    db: Data<Db>,
    Can(can): Can<Update<Account>>,
    Id(id): Id<AccountIdentifierId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| identifier::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Reveal an identifier of an account
///
/// The number itself, for those who may `reveal` the account; who has seen it is written down.
#[utoipa::path(tag = "accounts", params(("id" = AccountIdentifierId, Path)),
    responses((status = 200, description = "the number", body = Revealed)))]
#[post("/account-identifiers/{id}/reveal")]
async fn reveal_account_identifier(
    db: Data<Db>,
    vault: Data<Vault>,
    Can(can): Can<Reveal<Account>>,
    Id(id): Id<AccountIdentifierId>,
) -> Result<Secret<Json<Revealed>>> {
    Ok(Secret(Json(db.write(can, move |conn, ctx| identifier::reveal(conn, ctx, &vault, id)).await?)))
}
