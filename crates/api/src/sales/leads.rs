//! `/v1/leads`: who may become a customer, and how far they have come.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, CreateQuery, DeleteQuery, Id, IfMatch, Likeness, List, ListQuery, UpsertQuery, Upserting, Valid, View,
    ViewQuery,
};
use crate::key::{self, KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::sales::lead::{self, Disqualification, Key, Lead, LeadPatch, NewLead};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Existing, LeadId, Page, Purge, Read, Region, Update, Writes};
use platform::Db;
use platform::deed::Duplicates;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_leads)
        .service(create_lead)
        .service(batch_leads)
        .service(find_duplicate_leads)
        .service(upsert_lead)
        .service(get_lead)
        .service(update_lead)
        .service(delete_lead)
        .service(restore_lead)
        .service(disqualify_lead)
        .service(reopen_lead);
}

type LeadPage = Page<Lead>;

/// List leads
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "leads", params(ListQuery),
    responses((status = 200, description = "a page of leads", body = LeadPage)))]
#[get("/leads")]
async fn list_leads(
    db: Data<Db>,
    Can(can): Can<Read<Lead>>,
    List(listing, view): List<lead::Table>,
) -> Result<Shown<LeadPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| lead::list(conn, ctx, &listing)).await
}

/// Create a lead
///
/// Where no owner is named, the assignment rules give it to somebody, who answers within their promise; the caller keeps it where
/// none does. The score rules rate it. A lead with the same e-mail address, or the same number and name, is refused with
/// its candidates, unless `duplicates=allow`; contacts that it may be are told, and refuse nothing.
#[utoipa::path(tag = "leads", params(CreateQuery), request_body = NewLead,
    responses((status = 201, description = "the lead as it was made, rated and given out", body = Lead)))]
#[post("/leads")]
async fn create_lead(
    db: Data<Db>,
    Can(can): Can<Create<Lead>>,
    Asked(query): Asked<CreateQuery>,
    Valid(new): Valid<NewLead>,
) -> Result<Created<Lead>> {
    let allowed: Duplicates = query.into();
    Ok(Created(db.write(can, move |conn, ctx| lead::create(conn, ctx, &new, allowed)).await?))
}

/// Get a lead
#[utoipa::path(tag = "leads", params(("id" = LeadId, Path), ViewQuery),
    responses((status = 200, description = "the lead", body = Lead)))]
#[get("/leads/{id}")]
async fn get_lead(db: Data<Db>, Can(can): Can<Read<Lead>>, Id(id): Id<LeadId>, view: View) -> Result<Found<Lead>> {
    view.one(&db, can, id).await
}

/// Update a lead
///
/// The status goes along: `unqualified` needs a reason, and becoming a customer is `POST …/convert`. One that has become a
/// customer changes no more.
#[utoipa::path(tag = "leads", params(("id" = LeadId, Path)),
    request_body(content = LeadPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the lead as it is now", body = Lead)))]
#[patch("/leads/{id}")]
async fn update_lead(
    db: Data<Db>,
    Can(can): Can<Update<Lead>>,
    Id(id): Id<LeadId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<LeadPatch>,
) -> Result<Found<Lead>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| lead::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a lead
#[utoipa::path(tag = "leads", params(("id" = LeadId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/leads/{id}")]
async fn delete_lead(
    db: Data<Db>,
    Can(can): Can<Delete<Lead>>,
    Id(id): Id<LeadId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Lead>>().and_then(|()| lead::purge(conn, ctx, id, base)),
        false => lead::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived lead
#[utoipa::path(tag = "leads", params(("id" = LeadId, Path)),
    responses((status = 200, description = "the lead, in use again", body = Lead)))]
#[post("/leads/{id}/restore")]
async fn restore_lead(db: Data<Db>, Can(can): Can<Delete<Lead>>, Id(id): Id<LeadId>) -> Result<Found<Lead>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| lead::restore(conn, ctx, id)).await?))
}

/// Give up a lead
///
/// It will not become a customer, and this says why: one of the options of the set `disqualify_reasons`, where the tenant
/// has such a set. If-Match asks for the version of the lead.
#[utoipa::path(tag = "leads", params(("id" = LeadId, Path)), request_body = Disqualification,
    responses((status = 200, description = "the lead as it is now", body = Lead)))]
#[post("/leads/{id}/disqualify")]
async fn disqualify_lead(
    db: Data<Db>,
    Can(can): Can<Update<Lead>>,
    Id(id): Id<LeadId>,
    IfMatch(base): IfMatch,
    Valid(why): Valid<Disqualification>,
) -> Result<Found<Lead>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| lead::disqualify(conn, ctx, id, base, &why)).await?))
}

/// Take a lead up again
///
/// One that was not given up is answered as it is. If-Match asks for the version of the lead.
#[utoipa::path(tag = "leads", params(("id" = LeadId, Path)),
    responses((status = 200, description = "the lead as it is now", body = Lead)))]
#[post("/leads/{id}/reopen")]
async fn reopen_lead(
    db: Data<Db>,
    Can(can): Can<Update<Lead>>,
    Id(id): Id<LeadId>,
    IfMatch(base): IfMatch,
) -> Result<Found<Lead>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| lead::reopen(conn, ctx, id, base)).await?))
}

/// Create or update a lead by a key
///
/// The key is `email` or `phone`, of a lead that has not become a customer, or `ext:{source_system}`.
#[utoipa::path(tag = "leads", params(KeyPath, UpsertQuery), request_body = NewLead,
    responses((status = 200, description = "the lead as it is now", body = Lead),
              (status = 201, description = "the lead as it was made", body = Lead)))]
#[put("/leads/by/{key}/{value}")]
async fn upsert_lead(
    db: Data<Db>,
    Can(can): Can<(Create<Lead>, Update<Lead>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewLead, LeadPatch>,
) -> Result<Put<Lead>> {
    let key = key(path.into_inner(), can.ctx().grants.phone_region())?;
    Ok(Put(db.write(can, move |conn, ctx| lead::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many leads
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order. A new one that is probably a
/// duplicate is a 409 with its candidates, unless `duplicates=allow`.
#[utoipa::path(tag = "leads", params(CreateQuery), request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/leads/batch")]
async fn batch_leads(
    db: Data<Db>,
    Can(can): Can<Writes<Lead>>,
    Asked(query): Asked<CreateQuery>,
    all: Many,
) -> Result<BatchResults> {
    let duplicates = query.into();
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Lead>>()?;
                lead::create(conn, ctx, &item.read()?, duplicates).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Lead>>()?;
                lead::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Lead>, Update<Lead>)>()?;
                let (path, ask) = item.upsert()?;
                lead::upsert(conn, ctx, &key(path, ctx.grants.phone_region())?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Lead>>()?;
                lead::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Find leads and contacts that a new lead probably is
#[utoipa::path(tag = "leads", request_body = NewLead,
    responses((status = 200, description = "the candidates, the likeliest first", body = [Existing])))]
#[post("/leads/duplicates")]
async fn find_duplicate_leads(
    db: Data<Db>,
    Can(can): Can<Read<Lead>>,
    Likeness(new): Likeness<NewLead>,
) -> Result<Json<Vec<Existing>>> {
    Ok(Json(db.read(can, move |conn, ctx| lead::duplicates(conn, ctx, &new)).await?))
}

fn key(path: KeyPath, region: Option<Region>) -> kernel::Result<Key> {
    Ok(match path.key.as_str() {
        "email" => Key::Email(path.value.trim().to_lowercase()),
        "phone" => Key::Phone(key::phone(path.value, region)),
        other => {
            let source_system = external(other).ok_or_else(|| unknown_key(other))?;
            Key::External { source_system, external_id: path.value }
        }
    })
}
