//! `/v1/accounts`: the organisations that the business is with, and people who are customers themselves.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, CreateQuery, DeleteQuery, Id, IfMatch, Likeness, List, ListQuery, UpsertQuery, Upserting, Valid, View,
    ViewQuery,
};
use crate::key::{KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::customer::account::{self, Account, AccountPatch, Key, NewAccount};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{AccountId, Create, Delete, Existing, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_accounts)
        .service(create_account)
        .service(batch_accounts)
        .service(find_duplicate_accounts)
        .service(upsert_account)
        .service(get_account)
        .service(update_account)
        .service(delete_account)
        .service(restore_account);
}

type AccountPage = Page<Account>;

/// List accounts
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "accounts", params(ListQuery),
    responses((status = 200, description = "a page of accounts", body = AccountPage)))]
#[get("/accounts")]
async fn list_accounts(
    db: Data<Db>,
    Can(can): Can<Read<Account>>,
    List(listing, view): List<account::Table>,
) -> Result<Shown<AccountPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| account::list(conn, ctx, &listing)).await
}

/// Create an account
///
/// Of an organisation, by its name; or of somebody: of who is said in `person`, whose contact is made with it, or of
/// the contact `person_id`. Of those the contact says who they are, and what organisations alone have is 422. Addresses
/// are made with it. A probable duplicate is refused with its candidates, unless `duplicates=allow`: of somebody the
/// candidates are contacts, whose accounts are asked for by `person_id`. Who is an account already is 409
/// `account_person_taken`.
#[utoipa::path(tag = "accounts", params(CreateQuery), request_body = NewAccount,
    responses((status = 201, description = "the account as it was made", body = Account)))]
#[post("/accounts")]
async fn create_account(
    db: Data<Db>,
    Can(can): Can<Create<Account>>,
    Asked(query): Asked<CreateQuery>,
    Valid(new): Valid<NewAccount>,
) -> Result<Created<Account>> {
    Ok(Created(db.change(can, move |conn, ctx| account::create(conn, ctx, &new, query.into())).await?))
}

/// Get an account
#[utoipa::path(tag = "accounts", params(("id" = AccountId, Path), ViewQuery),
    responses((status = 200, description = "the account", body = Account)))]
#[get("/accounts/{id}")]
async fn get_account(
    db: Data<Db>,
    Can(can): Can<Read<Account>>,
    Id(id): Id<AccountId>,
    view: View,
) -> Result<Found<Account>> {
    view.one(&db, can, id).await
}

/// Update an account
///
/// Of one that is somebody's, name, address, number, owner, team and lifecycle stage are changed of the contact, by
/// whoever may change that; the account says the same.
#[utoipa::path(tag = "accounts", params(("id" = AccountId, Path)),
    request_body(content = AccountPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the account as it is now", body = Account)))]
#[patch("/accounts/{id}")]
async fn update_account(
    db: Data<Db>,
    Can(can): Can<Update<Account>>,
    Id(id): Id<AccountId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<AccountPatch>,
) -> Result<Found<Account>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| account::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge an account
///
/// With one that is somebody's goes their contact, and takes who may do that to both.
#[utoipa::path(tag = "accounts", params(("id" = AccountId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/accounts/{id}")]
async fn delete_account(
    db: Data<Db>,
    Can(can): Can<Delete<Account>>,
    Id(id): Id<AccountId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Account>>().and_then(|()| account::purge(conn, ctx, id, base)),
        false => account::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived account
///
/// With one that is somebody's comes their contact.
#[utoipa::path(tag = "accounts", params(("id" = AccountId, Path)),
    responses((status = 200, description = "the account, in use again", body = Account)))]
#[post("/accounts/{id}/restore")]
async fn restore_account(
    db: Data<Db>,
    Can(can): Can<Delete<Account>>,
    Id(id): Id<AccountId>,
) -> Result<Found<Account>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| account::restore(conn, ctx, id)).await?))
}

/// Create or update an account by a key
///
/// The key is `tax_number`, `name` or `ext:{source_system}`. More than one match is answered with 409 and the candidates.
#[utoipa::path(tag = "accounts", params(KeyPath, UpsertQuery), request_body = NewAccount,
    responses((status = 200, description = "the account as it is now", body = Account),
              (status = 201, description = "the account as it was made", body = Account)))]
#[put("/accounts/by/{key}/{value}")]
async fn upsert_account(
    db: Data<Db>,
    Can(can): Can<(Create<Account>, Update<Account>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewAccount, AccountPatch>,
) -> Result<Put<Account>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| account::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many accounts
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order. A new one that is probably a
/// duplicate is a 409 with its candidates, unless `duplicates=allow`.
#[utoipa::path(tag = "accounts", params(CreateQuery), request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/accounts/batch")]
async fn batch_accounts(
    db: Data<Db>,
    Can(can): Can<Writes<Account>>,
    Asked(query): Asked<CreateQuery>,
    all: Many,
) -> Result<BatchResults> {
    let duplicates = query.into();
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Account>>()?;
                account::create(conn, ctx, &item.read()?, duplicates).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Account>>()?;
                account::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Account>, Update<Account>)>()?;
                let (path, ask) = item.upsert()?;
                account::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Account>>()?;
                account::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Find accounts that a new one probably is
#[utoipa::path(tag = "accounts", request_body = NewAccount,
    responses((status = 200, description = "the candidates, the likeliest first", body = [Existing])))]
#[post("/accounts/duplicates")]
async fn find_duplicate_accounts(
    db: Data<Db>,
    Can(can): Can<Read<Account>>,
    Likeness(new): Likeness<NewAccount>,
) -> Result<Json<Vec<Existing>>> {
    Ok(Json(db.read(can, move |conn, ctx| account::duplicates(conn, ctx, &new)).await?))
}

fn key(path: KeyPath) -> kernel::Result<Key> {
    Ok(match path.key.as_str() {
        "tax_number" => Key::TaxNumber(path.value),
        "name" => Key::Name(path.value),
        other => {
            let source_system = external(other).ok_or_else(|| unknown_key(other))?;
            Key::External { source_system, external_id: path.value }
        }
    })
}
