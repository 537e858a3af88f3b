//! `/v1/accounts/{id}/addresses`, `/v1/account-addresses/{id}`: where an account is found by post.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid};
use crate::routes::Routes;
use ::customer::account::Account;
use ::customer::account::address::{self, AccountAddress};
use ::customer::address::{AddressPatch, NewAddress};
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post};
use kernel::{AccountAddressId, AccountId, Page, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_all_account_addresses)
        .service(list_account_addresses)
        .service(add_account_address)
        .service(get_account_address)
        .service(update_account_address)
        .service(remove_account_address);
}

type AccountAddressPage = Page<AccountAddress>;

/// List the addresses of all accounts
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "accounts", params(ListQuery),
    responses((status = 200, description = "a page of them", body = AccountAddressPage)))]
#[get("/account-addresses")]
async fn list_all_account_addresses(
    db: Data<Db>,
    Can(can): Can<Read<Account>>,
    List(listing, view): List<address::Table>,
) -> Result<Shown<AccountAddressPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| address::list(conn, ctx, &listing)).await
}

/// List the addresses of an account
#[utoipa::path(tag = "accounts", params(("id" = AccountId, Path)),
    responses((status = 200, description = "all of them, the primary ones first", body = [AccountAddress])))]
#[get("/accounts/{id}/addresses")]
async fn list_account_addresses(
    db: Data<Db>,
    Can(can): Can<Read<Account>>,
    Id(id): Id<AccountId>,
) -> Result<Json<Vec<AccountAddress>>> {
    Ok(Json(db.read(can, move |conn, ctx| address::of(conn, ctx, id)).await?))
}

/// Add an address of an account
///
/// Of each kind one may be primary: one that is takes the place of the one that was.
#[utoipa::path(tag = "accounts", params(("id" = AccountId, Path)), request_body = NewAddress,
    responses((status = 201, description = "the address", body = AccountAddress)))]
#[post("/accounts/{id}/addresses")]
async fn add_account_address(
    db: Data<Db>,
    Can(can): Can<Update<Account>>,
    Id(id): Id<AccountId>,
    Valid(new): Valid<NewAddress>,
) -> Result<Created<AccountAddress>> {
    Ok(Created(db.write(can, move |conn, ctx| address::add(conn, ctx, id, &new)).await?))
}

/// Get an address of an account
#[utoipa::path(tag = "accounts", params(("id" = AccountAddressId, Path)),
    responses((status = 200, description = "the address", body = AccountAddress)))]
#[get("/account-addresses/{id}")]
async fn get_account_address(
    db: Data<Db>,
    Can(can): Can<Read<Account>>,
    Id(id): Id<AccountAddressId>,
) -> Result<Found<AccountAddress>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| address::find(conn, ctx, id)).await?))
}

/// Update an address of an account
///
/// If-Match asks for the version of the address.
#[utoipa::path(tag = "accounts", params(("id" = AccountAddressId, Path)),
    request_body(content = AddressPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the address as it is now", body = AccountAddress)))]
#[patch("/account-addresses/{id}")]
async fn update_account_address(
    db: Data<Db>,
    Can(can): Can<Update<Account>>,
    Id(id): Id<AccountAddressId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<AddressPatch>,
) -> Result<Found<AccountAddress>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| address::update(conn, ctx, id, base, &patch)).await?))
}

/// Remove an address of an account
///
/// If-Match asks for the version of the address.
#[utoipa::path(tag = "accounts", params(("id" = AccountAddressId, Path)),
    responses((status = 204, description = "removed")))]
#[delete("/account-addresses/{id}")]
async fn remove_account_address(
    db: Data<Db>,
    Can(can): Can<Update<Account>>,
    Id(id): Id<AccountAddressId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| address::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}
