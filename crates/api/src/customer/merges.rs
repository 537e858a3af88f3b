//! `/v1/merges`: records that turned out to be one, and how they are parted again.
use crate::answer::{Found, Result, Shown};
use crate::extract::{Can, Id, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::customer::account::{self, Account};
use ::customer::contact::{self, Contact};
use ::customer::merging;
use ::platform::Db;
use ::platform::merge::{self, Merge, RecordMerger, RecordsMerged};
use ::service::case::{self, Case};
use actix_web::web::{Data, Json};
use actix_web::{get, post};
use kernel::{AccountId, ContactId, Delete, Merge as Merging, MergeId, Noun, Page, Read, Update};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(merge_account).service(merge_contact).service(list_merges).service(get_merge).service(undo_merge);
}

type MergePage = Page<Merge>;
/// What who makes one record of several does with them.
type Joins<N> = (Merging<N>, (Update<N>, Delete<N>));

/// Merge accounts into one
///
/// The others are archived, and whatever points at them points at this one, also what the caller does not see. Of each
/// field it keeps its own value, else the first that another has; `field_choices` decides otherwise. Their ids lead to
/// it. With `dry_run` it says what would come of it, and does nothing. Accounts of people become one with their
/// contacts, in one merge; with accounts of organisations they do not: that is 409 `account_kinds_differ`.
#[utoipa::path(tag = "merges", params(("id" = AccountId, Path)), request_body = RecordMerger,
    responses((status = 200, description = "what came of it, or would", body = RecordsMerged)))]
#[post("/accounts/{id}/merge")]
async fn merge_account(
    db: Data<Db>,
    Can(can): Can<Joins<Account>>,
    Id(id): Id<AccountId>,
    Valid(merger): Valid<RecordMerger>,
) -> Result<Json<RecordsMerged>> {
    Ok(Json(db.change(can, move |conn, ctx| account::merge(conn, ctx, id, &merger)).await?))
}

/// Merge contacts into one
///
/// The others are archived, and whatever points at them points at this one, also what the caller does not see. Of each
/// field it keeps its own value, else the first that another has; `field_choices` decides otherwise. What any of them has
/// agreed to or refused holds as if one had said it. Their ids lead to it. With `dry_run` it says what would come of it,
/// and does nothing. Where they are accounts themselves, those become one in the same merge.
#[utoipa::path(tag = "merges", params(("id" = ContactId, Path)), request_body = RecordMerger,
    responses((status = 200, description = "what came of it, or would", body = RecordsMerged)))]
#[post("/contacts/{id}/merge")]
async fn merge_contact(
    db: Data<Db>,
    Can(can): Can<Joins<Contact>>,
    Id(id): Id<ContactId>,
    Valid(merger): Valid<RecordMerger>,
) -> Result<Json<RecordsMerged>> {
    Ok(Json(db.change(can, move |conn, ctx| contact::merge(conn, ctx, id, &merger)).await?))
}

/// List merges
///
/// Newest first, unless `sort` says otherwise. A merge is seen by whoever merged, and as their role says.
#[utoipa::path(tag = "merges", params(ListQuery),
    responses((status = 200, description = "a page of merges", body = MergePage)))]
#[get("/merges")]
async fn list_merges(
    db: Data<Db>,
    Can(can): Can<Read<Merge>>,
    List(listing, view): List<merge::Table>,
) -> Result<Shown<MergePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| merge::list(conn, ctx, &listing)).await
}

/// Get a merge
#[utoipa::path(tag = "merges", params(("id" = MergeId, Path), ViewQuery),
    responses((status = 200, description = "the merge", body = Merge)))]
#[get("/merges/{id}")]
async fn get_merge(db: Data<Db>, Can(can): Can<Read<Merge>>, Id(id): Id<MergeId>, view: View) -> Result<Found<Merge>> {
    view.one(&db, can, id).await
}

/// Undo a merge
///
/// All records are there again, with what was theirs; what came later stays with the one that was left. It takes the
/// rights to merge, change and archive them. A field that was changed since stays as it is; where what comes back is taken
/// by now, or a later merge stands in the way, 409 says so.
#[utoipa::path(tag = "merges", params(("id" = MergeId, Path)),
    responses((status = 200, description = "the merge, which is undone", body = Merge)))]
#[post("/merges/{id}/undo")]
async fn undo_merge(db: Data<Db>, Can(can): Can<Update<Merge>>, Id(id): Id<MergeId>) -> Result<Found<Merge>> {
    let undone = db.change(can, move |conn, ctx| {
        let found = merge::find(conn, ctx, id)?;
        if found.resource == Case::NAME { case::undo(conn, ctx, &found) } else { merging::undo(conn, ctx, id) }
    });
    Ok(Found::plain(undone.await?))
}
