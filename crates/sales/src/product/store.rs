//! The queries of a product. `scope` is the only way in.
use super::{Key, NewProduct, Product, ProductPatch};
use crate::schema::products;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, Ctx, Page, ProductId, Reach, Result, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The products of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
pub(super) fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    products::table.filter(products::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: ProductId) -> Result<Product> {
    Ok(scope(ctx)
        .filter(products::deleted_at.is_null())
        .filter(products::id.eq(id))
        .select(Product::as_select())
        .first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<products::table>) -> Result<Page<Product>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Product::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(products::id),
        |product| &product.name,
    )
}

/// The living products among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[ProductId]) -> Result<Vec<Product>> {
    Ok(scope(ctx)
        .filter(products::deleted_at.is_null())
        .filter(products::id.eq_any(ids))
        .select(Product::as_select())
        .load(conn)?)
}

/// The living products that are meant by an id or a SKU, without what the caller does not see of them, for a line takes
/// it over; none for a caller who may not read products.
pub(crate) fn meant(conn: &mut Conn, ctx: &Ctx, ids: &[ProductId], skus: &[&str]) -> Result<Vec<Product>> {
    if ids.is_empty() && skus.is_empty() || ctx.reach::<Product>(Action::Read) == Reach::None {
        return Ok(Vec::new());
    }
    let skus = if ctx.sees::<Product>("sku") { skus } else { &[] };
    let mut found: Vec<Product> = scope(ctx)
        .filter(products::deleted_at.is_null())
        .filter(products::id.eq_any(ids).or(products::sku.eq_any(skus)))
        .select(Product::as_select())
        .load(conn)?;
    for product in &mut found {
        product.unit_price = product.unit_price.take().filter(|_| ctx.sees::<Product>("unit_price"));
        for (field, text) in [("sku", &mut product.sku), ("name", &mut product.name)] {
            if !ctx.sees::<Product>(field) {
                text.clear();
            }
        }
    }
    Ok(found)
}

/// The living products with this key.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Product>> {
    let living = scope(ctx).filter(products::deleted_at.is_null()).select(Product::as_select());
    Ok(match key {
        Key::Sku(sku) => living.filter(products::sku.eq(sku)).load(conn)?,
        Key::External { source_system, external_id } => {
            match platform::external::find::<Product>(conn, ctx, source_system, external_id)? {
                Some(id) => living.filter(products::id.eq(id)).load(conn)?,
                None => Vec::new(),
            }
        }
    })
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewProduct, words: Vec<String>) -> QueryResult<Product> {
    let price = new.unit_price.as_ref();
    let given = (
        products::tenant_id.eq(ctx.tenant),
        products::id.eq(new.id.unwrap_or_else(ProductId::new)),
        products::unit_price_amount.eq(price.map(|money| money.amount)),
        products::unit_price_currency.eq(price.map(|money| &money.currency)),
        products::is_active.eq(new.is_active.unwrap_or(true)),
        products::created_at.eq(ctx.now),
        products::updated_at.eq(ctx.now),
        products::created_by.eq(ctx.actor.user),
        products::updated_by.eq(ctx.actor.user),
        products::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(products::table)
        .values((given, new))
        .returning(Product::as_returning())
        .recorded::<Product>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where there is no such product, or it is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ProductId,
    base: Option<i32>,
    patch: &ProductPatch,
) -> QueryResult<Option<Product>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(products::deleted_at.is_null())
        .filter(products::id.eq(id))
        .filter(products::version.between(oldest, newest));
    let price = patch.unit_price.as_ref().map(Option::as_ref);
    let moved = (
        products::version.eq(products::version + 1),
        products::updated_at.eq(ctx.now),
        products::updated_by.eq(ctx.actor.user),
        price.map(|money| products::unit_price_amount.eq(money.map(|money| money.amount))),
        price.map(|money| products::unit_price_currency.eq(money.map(|money| &money.currency))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Product::as_returning())
        .recorded::<Product>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: ProductId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(scope(ctx).filter(products::id.eq(id)))
        .set(products::search.eq(array_to_tsvector(words)))
        .execute(conn)
}

/// Archives a living product, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ProductId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Product>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(products::deleted_at.is_null().eq(archived))
        .filter(products::id.eq(id))
        .filter(products::version.between(oldest, newest));
    let moved = (
        products::deleted_at.eq(at),
        products::version.eq(products::version + 1),
        products::updated_at.eq(ctx.now),
        products::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Product::as_returning())
        .recorded::<Product>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: ProductId) -> QueryResult<Option<Product>> {
    diesel::delete(scope(ctx).filter(products::id.eq(id)))
        .returning(Product::as_returning())
        .recorded::<Product>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The product whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: ProductId) -> QueryResult<Product> {
    scope(ctx).filter(products::id.eq(id)).select(Product::as_select()).first(conn)
}

/// Living products that share one of these; few are enough to know.
pub(super) fn alike(conn: &mut Conn, ctx: &Ctx, sku: &str, name: Option<&str>) -> QueryResult<Vec<Product>> {
    scope(ctx)
        .filter(products::deleted_at.is_null())
        .filter(products::sku.eq(sku).or(products::name.nullable().eq(name)))
        .limit(20)
        .select(Product::as_select())
        .load(conn)
}

impl Batch for Product {
    fn find(conn: &mut Conn, ctx: &Ctx, id: ProductId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[ProductId]) -> Result<Vec<Self>> {
        Ok(products::table
            .filter(products::tenant_id.eq(tenant))
            .filter(products::deleted_at.is_null())
            .filter(products::id.eq_any(ids))
            .select(Product::as_select())
            .load(conn)?)
    }
}
