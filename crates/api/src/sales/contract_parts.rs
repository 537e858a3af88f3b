//! How a contract goes its way, its instalments, and what of it is paid: `/v1/contracts/{id}/…`, `/v1/installments`.
use crate::answer::{Created, Found, Put, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid};
use crate::routes::Routes;
use ::sales::contract::installment::{
    self, Installment, InstallmentPatch, InstallmentSplit, InstallmentWaiver, NewInstallments,
};
use ::sales::contract::summary::{self, Balance};
use ::sales::contract::{self, Contract};
use ::sales::payment::Payment;
use ::sales::quote::Quote;
use actix_web::web::{Data, Json};
use actix_web::{get, patch, post, put};
use customer::account::Account;
use kernel::{AccountId, ContractId, Create, InstallmentId, Page, QuoteId, Read, Update};
use platform::Db;
use serde_json::Value;

type SeesPaid = (Read<Account>, (Read<Contract>, Read<Payment>));

pub fn routes(cfg: &mut Routes) {
    cfg.service(contract_quote)
        .service(sign_contract)
        .service(terminate_contract)
        .service(renew_contract)
        .service(list_contract_installments)
        .service(replace_contract_installments)
        .service(split_contract)
        .service(list_installments)
        .service(get_installment)
        .service(update_installment)
        .service(waive_installment)
        .service(unwaive_installment)
        .service(get_contract_balance)
        .service(list_account_balances);
}

type InstallmentPage = Page<Installment>;

/// Make a contract of a quote
///
/// Of one that was accepted, once: asked again, the same contract is answered. It is a draft of what was agreed upon.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)),
    responses((status = 200, description = "the contract that there is already", body = Contract),
              (status = 201, description = "the contract as it was made", body = Contract)))]
#[post("/quotes/{id}/contract")]
async fn contract_quote(
    db: Data<Db>,
    Can(can): Can<(Create<Contract>, Read<Quote>)>,
    Id(id): Id<QuoteId>,
) -> Result<Put<Contract>> {
    Ok(Put(db.write(can, move |conn, ctx| contract::of_quote(conn, ctx, id)).await?))
}

/// Sign a contract
///
/// A draft: it is `active` from its first day on, or at once, and `signed` until then. It was signed now, unless
/// `signed_at` says when.
#[utoipa::path(tag = "contracts", params(("id" = ContractId, Path)),
    responses((status = 200, description = "the contract as it is now", body = Contract)))]
#[post("/contracts/{id}/sign")]
async fn sign_contract(
    db: Data<Db>,
    Can(can): Can<Update<Contract>>,
    Id(id): Id<ContractId>,
) -> Result<Found<Contract>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| contract::sign(conn, ctx, id)).await?))
}

/// Terminate a contract
///
/// One that was signed and is not over. Its instalments stay; none of them comes to be overdue any more.
#[utoipa::path(tag = "contracts", params(("id" = ContractId, Path)),
    responses((status = 200, description = "the contract as it is now", body = Contract)))]
#[post("/contracts/{id}/terminate")]
async fn terminate_contract(
    db: Data<Db>,
    Can(can): Can<Update<Contract>>,
    Id(id): Id<ContractId>,
) -> Result<Found<Contract>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| contract::terminate(conn, ctx, id)).await?))
}

/// Renew a contract
///
/// The next one is a draft of the same, for as long from the day after its last one; this one is `renewed`.
#[utoipa::path(tag = "contracts", params(("id" = ContractId, Path)),
    responses((status = 201, description = "the next contract", body = Contract)))]
#[post("/contracts/{id}/renew")]
async fn renew_contract(
    db: Data<Db>,
    Can(can): Can<(Update<Contract>, Create<Contract>)>,
    Id(id): Id<ContractId>,
) -> Result<Created<Contract>> {
    Ok(Created(db.write(can, move |conn, ctx| contract::renew(conn, ctx, id)).await?))
}

/// List the instalments of a contract
#[utoipa::path(tag = "contracts", params(("id" = ContractId, Path)),
    responses((status = 200, description = "all of them, by position", body = [Installment])))]
#[get("/contracts/{id}/installments")]
async fn list_contract_installments(
    db: Data<Db>,
    Can(can): Can<Read<Contract>>,
    Id(id): Id<ContractId>,
) -> Result<Json<Vec<Installment>>> {
    Ok(Json(db.read(can, move |conn, ctx| installment::of(conn, ctx, id)).await?))
}

/// Replace all instalments of a contract
///
/// Together they come to its value, or are none. One that is named by its `id` goes on with what it has got. If-Match asks
/// for the version of the contract.
#[utoipa::path(tag = "contracts", params(("id" = ContractId, Path)), request_body = NewInstallments,
    responses((status = 200, description = "the instalments as they are now, by position", body = [Installment])))]
#[put("/contracts/{id}/installments")]
async fn replace_contract_installments(
    db: Data<Db>,
    Can(can): Can<Update<Contract>>,
    Id(id): Id<ContractId>,
    IfMatch(base): IfMatch,
    Valid(new): Valid<NewInstallments>,
) -> Result<Json<Vec<Installment>>> {
    let done = db.write(can, move |conn, ctx| installment::replace(conn, ctx, id, base, &new.installments));
    Ok(Json(done.await?))
}

/// Split a contract into equal instalments
///
/// In place of those that are there. What cannot be parted equally, to the decimals of the currency, is in the last. If-Match
/// asks for the version of the contract.
#[utoipa::path(tag = "contracts", params(("id" = ContractId, Path)), request_body = InstallmentSplit,
    responses((status = 200, description = "the instalments as they are now, by position", body = [Installment])))]
#[post("/contracts/{id}/installments/split")]
async fn split_contract(
    db: Data<Db>,
    Can(can): Can<Update<Contract>>,
    Id(id): Id<ContractId>,
    IfMatch(base): IfMatch,
    Valid(ask): Valid<InstallmentSplit>,
) -> Result<Json<Vec<Installment>>> {
    Ok(Json(db.write(can, move |conn, ctx| installment::split(conn, ctx, id, base, &ask)).await?))
}

/// List the instalments of all contracts
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "contracts", params(ListQuery),
    responses((status = 200, description = "a page of them", body = InstallmentPage)))]
#[get("/installments")]
async fn list_installments(
    db: Data<Db>,
    Can(can): Can<Read<Contract>>,
    List(listing, view): List<installment::Table>,
) -> Result<Shown<InstallmentPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| installment::list(conn, ctx, &listing)).await
}

/// Get an instalment
#[utoipa::path(tag = "contracts", params(("id" = InstallmentId, Path)),
    responses((status = 200, description = "the instalment", body = Installment)))]
#[get("/installments/{id}")]
async fn get_installment(
    db: Data<Db>,
    Can(can): Can<Read<Contract>>,
    Id(id): Id<InstallmentId>,
) -> Result<Found<Installment>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| installment::find(conn, ctx, id)).await?))
}

/// Update an instalment
///
/// Its day, or what is said of it. What it comes to changes with all of its contract.
#[utoipa::path(tag = "contracts", params(("id" = InstallmentId, Path)),
    request_body(content = InstallmentPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the instalment as it is now", body = Installment)))]
#[patch("/installments/{id}")]
async fn update_installment(
    db: Data<Db>,
    Can(can): Can<Update<Contract>>,
    Id(id): Id<InstallmentId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<InstallmentPatch>,
) -> Result<Found<Installment>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| installment::update(conn, ctx, id, base, &patch)).await?))
}

/// Waive an instalment
///
/// What of it is open is to be paid no more: it is neither due nor overdue, and counts neither as unpaid nor as paid. What
/// it has got, it keeps; what of that is taken off later is open again. One that is paid is refused.
#[utoipa::path(tag = "contracts", params(("id" = InstallmentId, Path)), request_body = InstallmentWaiver,
    responses((status = 200, description = "the instalment as it is now", body = Installment)))]
#[post("/installments/{id}/waive")]
async fn waive_installment(
    db: Data<Db>,
    Can(can): Can<Update<Contract>>,
    Id(id): Id<InstallmentId>,
    IfMatch(base): IfMatch,
    Valid(why): Valid<InstallmentWaiver>,
) -> Result<Found<Installment>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| installment::waive(conn, ctx, id, base, &why)).await?))
}

/// Take back that an instalment is waived
///
/// What was waived of it is to be paid again, and is due or overdue by its day. One of which nothing is waived is refused.
#[utoipa::path(tag = "contracts", params(("id" = InstallmentId, Path)),
    responses((status = 200, description = "the instalment as it is now", body = Installment)))]
#[post("/installments/{id}/unwaive")]
async fn unwaive_installment(
    db: Data<Db>,
    Can(can): Can<Update<Contract>>,
    Id(id): Id<InstallmentId>,
    IfMatch(base): IfMatch,
) -> Result<Found<Installment>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| installment::unwaive(conn, ctx, id, base)).await?))
}

/// Get what of a contract is paid
#[utoipa::path(tag = "contracts", params(("id" = ContractId, Path)),
    responses((status = 200, description = "what is paid, waived, open and overdue", body = Balance)))]
#[get("/contracts/{id}/balance")]
async fn get_contract_balance(
    db: Data<Db>,
    Can(can): Can<(Read<Contract>, Read<Payment>)>,
    Id(id): Id<ContractId>,
) -> Result<Json<Balance>> {
    Ok(Json(db.read(can, move |conn, ctx| summary::balance_of(conn, ctx, id)).await?))
}

/// List what of the contracts with an account is paid
///
/// Of those that the caller sees, by currency. Drafts and what was terminated do not count.
#[utoipa::path(tag = "accounts", params(("id" = AccountId, Path)),
    responses((status = 200, description = "one for each currency", body = [Balance])))]
#[get("/accounts/{id}/balances")]
async fn list_account_balances(
    db: Data<Db>,
    Can(can): Can<SeesPaid>,
    Id(id): Id<AccountId>,
) -> Result<Json<Vec<Balance>>> {
    Ok(Json(db.read(can, move |conn, ctx| summary::balances_of(conn, ctx, id)).await?))
}
