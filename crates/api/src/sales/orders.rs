//! `/v1/orders`: what was bought, when, and for how much.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, Likeness, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::sales::order::{self, Key, NewOrder, Order, OrderPatch};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Existing, OrderId, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_orders)
        .service(create_order)
        .service(batch_orders)
        .service(find_duplicate_orders)
        .service(upsert_order)
        .service(get_order)
        .service(update_order)
        .service(delete_order)
        .service(restore_order);
}

type OrderPage = Page<Order>;

/// List orders
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "orders", params(ListQuery),
    responses((status = 200, description = "a page of orders", body = OrderPage)))]
#[get("/orders")]
async fn list_orders(
    db: Data<Db>,
    Can(can): Can<Read<Order>>,
    List(listing, view): List<order::Table>,
) -> Result<Shown<OrderPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| order::list(conn, ctx, &listing)).await
}

/// Create an order
///
/// With its lines, if there are any; what they come to is computed. Refused where another order has the number.
#[utoipa::path(tag = "orders", request_body = NewOrder,
    responses((status = 201, description = "the order as it was made", body = Order)))]
#[post("/orders")]
async fn create_order(
    db: Data<Db>,
    Can(can): Can<Create<Order>>,
    Valid(new): Valid<NewOrder>,
) -> Result<Created<Order>> {
    Ok(Created(db.write(can, move |conn, ctx| order::create(conn, ctx, &new)).await?))
}

/// Get an order
#[utoipa::path(tag = "orders", params(("id" = OrderId, Path), ViewQuery),
    responses((status = 200, description = "the order", body = Order)))]
#[get("/orders/{id}")]
async fn get_order(db: Data<Db>, Can(can): Can<Read<Order>>, Id(id): Id<OrderId>, view: View) -> Result<Found<Order>> {
    view.one(&db, can, id).await
}

/// Update an order
#[utoipa::path(tag = "orders", params(("id" = OrderId, Path)),
    request_body(content = OrderPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the order as it is now", body = Order)))]
#[patch("/orders/{id}")]
async fn update_order(
    db: Data<Db>,
    Can(can): Can<Update<Order>>,
    Id(id): Id<OrderId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<OrderPatch>,
) -> Result<Found<Order>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| order::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge an order
#[utoipa::path(tag = "orders", params(("id" = OrderId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/orders/{id}")]
async fn delete_order(
    db: Data<Db>,
    Can(can): Can<Delete<Order>>,
    Id(id): Id<OrderId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Order>>().and_then(|()| order::purge(conn, ctx, id, base)),
        false => order::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived order
#[utoipa::path(tag = "orders", params(("id" = OrderId, Path)),
    responses((status = 200, description = "the order, in use again", body = Order)))]
#[post("/orders/{id}/restore")]
async fn restore_order(db: Data<Db>, Can(can): Can<Delete<Order>>, Id(id): Id<OrderId>) -> Result<Found<Order>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| order::restore(conn, ctx, id)).await?))
}

/// Create or update an order by a key
///
/// The key is `number` or `ext:{source_system}`. Where the body has lines, they take the place of those that are there.
#[utoipa::path(tag = "orders", params(KeyPath, UpsertQuery), request_body = NewOrder,
    responses((status = 200, description = "the order as it is now", body = Order),
              (status = 201, description = "the order as it was made", body = Order)))]
#[put("/orders/by/{key}/{value}")]
async fn upsert_order(
    db: Data<Db>,
    Can(can): Can<(Create<Order>, Update<Order>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewOrder, OrderPatch>,
) -> Result<Put<Order>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| order::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many orders
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "orders", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/orders/batch")]
async fn batch_orders(db: Data<Db>, Can(can): Can<Writes<Order>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Order>>()?;
                order::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Order>>()?;
                order::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Order>, Update<Order>)>()?;
                let (path, ask) = item.upsert()?;
                order::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Order>>()?;
                order::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Find orders that a new one probably is
#[utoipa::path(tag = "orders", request_body = NewOrder,
    responses((status = 200, description = "the candidates, the likeliest first", body = [Existing])))]
#[post("/orders/duplicates")]
async fn find_duplicate_orders(
    db: Data<Db>,
    Can(can): Can<Read<Order>>,
    Likeness(new): Likeness<NewOrder>,
) -> Result<Json<Vec<Existing>>> {
    Ok(Json(db.read(can, move |conn, ctx| order::duplicates(conn, ctx, &new)).await?))
}

fn key(path: KeyPath) -> kernel::Result<Key> {
    Ok(match path.key.as_str() {
        "number" => Key::Number(path.value.trim().to_owned()),
        other => {
            let source_system = external(other).ok_or_else(|| unknown_key(other))?;
            Key::External { source_system, external_id: path.value }
        }
    })
}
