//! `/v1/products`: what the business sells.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, Likeness, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::sales::product::{self, Key, NewProduct, Product, ProductPatch};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Existing, Page, ProductId, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_products)
        .service(create_product)
        .service(batch_products)
        .service(find_duplicate_products)
        .service(upsert_product)
        .service(get_product)
        .service(update_product)
        .service(delete_product)
        .service(restore_product);
}

type ProductPage = Page<Product>;

/// List products
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "products", params(ListQuery),
    responses((status = 200, description = "a page of products", body = ProductPage)))]
#[get("/products")]
async fn list_products(
    db: Data<Db>,
    Can(can): Can<Read<Product>>,
    List(listing, view): List<product::Table>,
) -> Result<Shown<ProductPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| product::list(conn, ctx, &listing)).await
}

/// Create a product
///
/// Refused where another product has the SKU.
#[utoipa::path(tag = "products", request_body = NewProduct,
    responses((status = 201, description = "the product as it was made", body = Product)))]
#[post("/products")]
async fn create_product(
    db: Data<Db>,
    Can(can): Can<Create<Product>>,
    Valid(new): Valid<NewProduct>,
) -> Result<Created<Product>> {
    Ok(Created(db.change(can, move |conn, ctx| product::create(conn, ctx, &new)).await?))
}

/// Get a product
#[utoipa::path(tag = "products", params(("id" = ProductId, Path), ViewQuery),
    responses((status = 200, description = "the product", body = Product)))]
#[get("/products/{id}")]
async fn get_product(
    db: Data<Db>,
    Can(can): Can<Read<Product>>,
    Id(id): Id<ProductId>,
    view: View,
) -> Result<Found<Product>> {
    view.one(&db, can, id).await
}

/// Update a product
#[utoipa::path(tag = "products", params(("id" = ProductId, Path)),
    request_body(content = ProductPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the product as it is now", body = Product)))]
#[patch("/products/{id}")]
async fn update_product(
    db: Data<Db>,
    Can(can): Can<Update<Product>>,
    Id(id): Id<ProductId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<ProductPatch>,
) -> Result<Found<Product>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| product::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a product
#[utoipa::path(tag = "products", params(("id" = ProductId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/products/{id}")]
async fn delete_product(
    db: Data<Db>,
    Can(can): Can<Delete<Product>>,
    Id(id): Id<ProductId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Product>>().and_then(|()| product::purge(conn, ctx, id, base)),
        false => product::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived product
#[utoipa::path(tag = "products", params(("id" = ProductId, Path)),
    responses((status = 200, description = "the product, in use again", body = Product)))]
#[post("/products/{id}/restore")]
async fn restore_product(
    db: Data<Db>,
    Can(can): Can<Delete<Product>>,
    Id(id): Id<ProductId>,
) -> Result<Found<Product>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| product::restore(conn, ctx, id)).await?))
}

/// Create or update a product by a key
///
/// The key is `sku` or `ext:{source_system}`.
#[utoipa::path(tag = "products", params(KeyPath, UpsertQuery), request_body = NewProduct,
    responses((status = 200, description = "the product as it is now", body = Product),
              (status = 201, description = "the product as it was made", body = Product)))]
#[put("/products/by/{key}/{value}")]
async fn upsert_product(
    db: Data<Db>,
    Can(can): Can<(Create<Product>, Update<Product>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewProduct, ProductPatch>,
) -> Result<Put<Product>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| product::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many products
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "products", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/products/batch")]
async fn batch_products(db: Data<Db>, Can(can): Can<Writes<Product>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Product>>()?;
                product::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Product>>()?;
                product::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Product>, Update<Product>)>()?;
                let (path, ask) = item.upsert()?;
                product::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Product>>()?;
                product::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Find products that a new one probably is
#[utoipa::path(tag = "products", request_body = NewProduct,
    responses((status = 200, description = "the candidates, the likeliest first", body = [Existing])))]
#[post("/products/duplicates")]
async fn find_duplicate_products(
    db: Data<Db>,
    Can(can): Can<Read<Product>>,
    Likeness(new): Likeness<NewProduct>,
) -> Result<Json<Vec<Existing>>> {
    Ok(Json(db.read(can, move |conn, ctx| product::duplicates(conn, ctx, &new)).await?))
}

fn key(path: KeyPath) -> kernel::Result<Key> {
    Ok(match path.key.as_str() {
        "sku" => Key::Sku(path.value.trim().to_owned()),
        other => {
            let source_system = external(other).ok_or_else(|| unknown_key(other))?;
            Key::External { source_system, external_id: path.value }
        }
    })
}
