//! `/v1/orders/{id}/lines`, `/v1/order-lines/{id}`: what an order is made of.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid};
use crate::routes::Routes;
use ::sales::order::Order;
use ::sales::order::line::{self, NewOrderLine, NewOrderLines, OrderLine, OrderLinePatch};
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post, put};
use kernel::{OrderId, OrderLineId, Page, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_all_order_lines)
        .service(list_order_lines)
        .service(add_order_line)
        .service(replace_order_lines)
        .service(get_order_line)
        .service(update_order_line)
        .service(remove_order_line);
}

type OrderLinePage = Page<OrderLine>;

/// List the lines of all orders
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "orders", params(ListQuery),
    responses((status = 200, description = "a page of them", body = OrderLinePage)))]
#[get("/order-lines")]
async fn list_all_order_lines(
    db: Data<Db>,
    Can(can): Can<Read<Order>>,
    List(listing, view): List<line::Table>,
) -> Result<Shown<OrderLinePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| line::list(conn, ctx, &listing)).await
}

/// List the lines of an order
#[utoipa::path(tag = "orders", params(("id" = OrderId, Path)),
    responses((status = 200, description = "all of them, by position", body = [OrderLine])))]
#[get("/orders/{id}/lines")]
async fn list_order_lines(
    db: Data<Db>,
    Can(can): Can<Read<Order>>,
    Id(id): Id<OrderId>,
) -> Result<Json<Vec<OrderLine>>> {
    Ok(Json(db.read(can, move |conn, ctx| line::of(conn, ctx, id)).await?))
}

/// Add a line to an order
///
/// It stands last. If-Match asks for the version of the order.
#[utoipa::path(tag = "orders", params(("id" = OrderId, Path)), request_body = NewOrderLine,
    responses((status = 201, description = "the line", body = OrderLine)))]
#[post("/orders/{id}/lines")]
async fn add_order_line(
    db: Data<Db>,
    Can(can): Can<Update<Order>>,
    Id(id): Id<OrderId>,
    IfMatch(base): IfMatch,
    Valid(new): Valid<NewOrderLine>,
) -> Result<Created<OrderLine>> {
    Ok(Created(db.write(can, move |conn, ctx| line::add(conn, ctx, id, base, &new)).await?))
}

/// Replace all lines of an order
///
/// A line whose `line_key` was there goes on with its id. If-Match asks for the version of the order.
#[utoipa::path(tag = "orders", params(("id" = OrderId, Path)), request_body = NewOrderLines,
    responses((status = 200, description = "the lines as they are now, by position", body = [OrderLine])))]
#[put("/orders/{id}/lines")]
async fn replace_order_lines(
    db: Data<Db>,
    Can(can): Can<Update<Order>>,
    Id(id): Id<OrderId>,
    IfMatch(base): IfMatch,
    Valid(new): Valid<NewOrderLines>,
) -> Result<Json<Vec<OrderLine>>> {
    Ok(Json(db.write(can, move |conn, ctx| line::replace(conn, ctx, id, base, &new.lines)).await?))
}

/// Get a line of an order
#[utoipa::path(tag = "orders", params(("id" = OrderLineId, Path)),
    responses((status = 200, description = "the line", body = OrderLine)))]
#[get("/order-lines/{id}")]
async fn get_order_line(db: Data<Db>, Can(can): Can<Read<Order>>, Id(id): Id<OrderLineId>) -> Result<Found<OrderLine>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| line::find(conn, ctx, id)).await?))
}

/// Update a line of an order
///
/// What the line and its order come to is computed anew.
#[utoipa::path(tag = "orders", params(("id" = OrderLineId, Path)),
    request_body(content = OrderLinePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the line as it is now", body = OrderLine)))]
#[patch("/order-lines/{id}")]
async fn update_order_line(
    db: Data<Db>,
    Can(can): Can<Update<Order>>,
    Id(id): Id<OrderLineId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<OrderLinePatch>,
) -> Result<Found<OrderLine>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| line::update(conn, ctx, id, base, &patch)).await?))
}

/// Remove a line from its order
#[utoipa::path(tag = "orders", params(("id" = OrderLineId, Path)),
    responses((status = 204, description = "removed")))]
#[delete("/order-lines/{id}")]
async fn remove_order_line(
    db: Data<Db>,
    Can(can): Can<Update<Order>>,
    Id(id): Id<OrderLineId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| line::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}
