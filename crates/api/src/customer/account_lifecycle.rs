//! `/v1/accounts/{id}/lifecycle`, `/v1/account-lifecycle-changes`: how accounts have come on.
use crate::answer::{Result, Shown};
use crate::extract::{Can, Id, List, ListQuery};
use crate::routes::Routes;
use ::customer::account::Account;
use ::customer::account::lifecycle::{self, AccountLifecycleChange};
use actix_web::get;
use actix_web::web::Data;
use kernel::{AccountId, Page, Read};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_all_account_lifecycle_changes).service(list_account_lifecycle_changes);
}

type AccountLifecycleChangePage = Page<AccountLifecycleChange>;

/// List how all accounts have come on
///
/// A row for the stage that each began with, and one for each that it came to. Newest first, unless `sort` says
/// otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "accounts", params(ListQuery),
    responses((status = 200, description = "a page of them", body = AccountLifecycleChangePage)))]
#[get("/account-lifecycle-changes")]
async fn list_all_account_lifecycle_changes(
    db: Data<Db>,
    Can(can): Can<Read<Account>>,
    List(listing, view): List<lifecycle::Table>,
) -> Result<Shown<AccountLifecycleChangePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| lifecycle::list(conn, ctx, &listing)).await
}

/// List how an account has come on
///
/// Through which stages, since when, who or what brought it there, and how long it was in the one before: the newest
/// first, unless `sort` says otherwise. Whoever changes an account says its stage; a lead that is converted, a deal won
/// and an order move it on by themselves, and never back. An account that was there before its steps were written down
/// begins with the next one.
#[utoipa::path(tag = "accounts", params(("id" = AccountId, Path), ListQuery),
    responses((status = 200, description = "a page of its steps", body = AccountLifecycleChangePage)))]
#[get("/accounts/{id}/lifecycle")]
async fn list_account_lifecycle_changes(
    db: Data<Db>,
    Can(can): Can<Read<Account>>,
    Id(id): Id<AccountId>,
    List(listing, view): List<lifecycle::Table>,
) -> Result<Shown<AccountLifecycleChangePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| lifecycle::list_of(conn, ctx, id, &listing)).await
}
