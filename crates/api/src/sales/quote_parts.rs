//! What a quote is made of, and who has said yes to it: `/v1/quotes/{id}/lines`, `…/approvals`, and the same of all.
use crate::answer::{Result, Shown};
use crate::extract::{Can, Id, List, ListQuery};
use crate::routes::Routes;
use ::sales::quote::Quote;
use ::sales::quote::approval::{self, QuoteApproval};
use ::sales::quote::line::{self, QuoteLine};
use actix_web::get;
use actix_web::web::{Data, Json};
use kernel::{Page, QuoteId, Read};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_all_quote_lines)
        .service(list_quote_lines)
        .service(list_all_quote_approvals)
        .service(list_quote_approvals);
}

type QuoteLinePage = Page<QuoteLine>;
type QuoteApprovalPage = Page<QuoteApproval>;

/// List the lines of all quotes
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "quotes", params(ListQuery),
    responses((status = 200, description = "a page of them", body = QuoteLinePage)))]
#[get("/quote-lines")]
async fn list_all_quote_lines(
    db: Data<Db>,
    Can(can): Can<Read<Quote>>,
    List(listing, view): List<line::Table>,
) -> Result<Shown<QuoteLinePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| line::list(conn, ctx, &listing)).await
}

/// List the lines of a quote
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)),
    responses((status = 200, description = "all of them, by position", body = [QuoteLine])))]
#[get("/quotes/{id}/lines")]
async fn list_quote_lines(
    db: Data<Db>,
    Can(can): Can<Read<Quote>>,
    Id(id): Id<QuoteId>,
) -> Result<Json<Vec<QuoteLine>>> {
    Ok(Json(db.read(can, move |conn, ctx| line::of(conn, ctx, id)).await?))
}

/// List who was asked for a yes to all quotes, and what they have said
///
/// What waits has `status=pending`. Newest first, unless `sort` says otherwise. They are neither archived nor searched by
/// words.
#[utoipa::path(tag = "quotes", params(ListQuery),
    responses((status = 200, description = "a page of them", body = QuoteApprovalPage)))]
#[get("/quote-approvals")]
async fn list_all_quote_approvals(
    db: Data<Db>,
    Can(can): Can<Read<Quote>>,
    List(listing, view): List<approval::Table>,
) -> Result<Shown<QuoteApprovalPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| approval::list(conn, ctx, &listing)).await
}

/// List who has asked for a yes to a quote, and what came of it
///
/// Each time that it was submitted and had to wait: who has asked, who has decided, when, and why not. The quote itself
/// tells the last. One that may go without being asked for has none.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)),
    responses((status = 200, description = "all of them, the oldest first", body = [QuoteApproval])))]
#[get("/quotes/{id}/approvals")]
async fn list_quote_approvals(
    db: Data<Db>,
    Can(can): Can<Read<Quote>>,
    Id(id): Id<QuoteId>,
) -> Result<Json<Vec<QuoteApproval>>> {
    Ok(Json(db.read(can, move |conn, ctx| approval::of(conn, ctx, id)).await?))
}
