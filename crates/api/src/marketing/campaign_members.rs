//! `/v1/campaigns/{id}/members`, `/v1/campaign-members`: whom campaigns are meant for, and what came of it.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid};
use crate::routes::Routes;
use ::marketing::campaign::Campaign;
use ::marketing::campaign::member::{self, CampaignMember, CampaignMemberPatch, NewCampaignMember};
use ::sales::lead::{self, Lead};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{CampaignId, CampaignMemberId, Ctx, Error, Fault, Kind, LeadId, Page, Read, Update, error, text};
use platform::{Conn, Db};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_campaign_members)
        .service(add_campaign_member)
        .service(get_campaign_member)
        .service(update_campaign_member)
        .service(remove_campaign_member);
}

type CampaignMemberPage = Page<CampaignMember>;

/// List who is in which campaigns
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "campaigns", params(ListQuery),
    responses((status = 200, description = "a page of them", body = CampaignMemberPage)))]
#[get("/campaign-members")]
async fn list_campaign_members(
    db: Data<Db>,
    Can(can): Can<Read<Campaign>>,
    List(listing, view): List<member::Table>,
) -> Result<Shown<CampaignMemberPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| member::list(conn, ctx, &listing)).await
}

/// Put a contact or a lead into a campaign
///
/// Refused where they are in it already.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path)), request_body = NewCampaignMember,
    responses((status = 201, description = "the member", body = CampaignMember)))]
#[post("/campaigns/{id}/members")]
async fn add_campaign_member(
    db: Data<Db>,
    Can(can): Can<Update<Campaign>>,
    Id(id): Id<CampaignId>,
    Valid(new): Valid<NewCampaignMember>,
) -> Result<Created<CampaignMember>> {
    let done = db.write(can, move |conn, ctx| {
        is_there(conn, ctx, new.lead_id)?;
        member::add(conn, ctx, id, &new)
    });
    Ok(Created(done.await?))
}

/// Get a member of a campaign
#[utoipa::path(tag = "campaigns", params(("id" = CampaignMemberId, Path)),
    responses((status = 200, description = "the member", body = CampaignMember)))]
#[get("/campaign-members/{id}")]
async fn get_campaign_member(
    db: Data<Db>,
    Can(can): Can<Read<Campaign>>,
    Id(id): Id<CampaignMemberId>,
) -> Result<Found<CampaignMember>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| member::find(conn, ctx, id)).await?))
}

/// Say what came of a member of a campaign
#[utoipa::path(tag = "campaigns", params(("id" = CampaignMemberId, Path)),
    request_body(content = CampaignMemberPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the member as it is now", body = CampaignMember)))]
#[patch("/campaign-members/{id}")]
async fn update_campaign_member(
    db: Data<Db>,
    Can(can): Can<Update<Campaign>>,
    Id(id): Id<CampaignMemberId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<CampaignMemberPatch>,
) -> Result<Found<CampaignMember>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| member::update(conn, ctx, id, base, &patch)).await?))
}

/// Take a member out of a campaign
#[utoipa::path(tag = "campaigns", params(("id" = CampaignMemberId, Path)),
    responses((status = 204, description = "they are in it no longer")))]
#[delete("/campaign-members/{id}")]
async fn remove_campaign_member(
    db: Data<Db>,
    Can(can): Can<Update<Campaign>>,
    Id(id): Id<CampaignMemberId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| member::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// The lead that a body names is there for the caller.
fn is_there(conn: &mut Conn, ctx: &Ctx, id: Option<LeadId>) -> kernel::Result<()> {
    let Some(id) = id else { return Ok(()) };
    let found = ctx.must::<Read<Lead>>().and_then(|()| lead::find(conn, ctx, id));
    found.map(drop).map_err(|error| match error.kind() {
        Kind::NotFound => Error::from(error::UNKNOWN_REFERENCE).fault(Fault::new(
            "/lead_id",
            error::UNKNOWN_REFERENCE.name,
            text!("there is no such record"),
        )),
        _ => error,
    })
}
