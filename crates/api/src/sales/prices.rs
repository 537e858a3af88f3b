//! `/v1/products/{id}/price`: what a product costs.
use crate::answer::Result;
use crate::extract::{Asked, Can, Id};
use crate::routes::Routes;
use ::sales::price_book::{self, Price};
use ::sales::product::Product;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use kernel::{Error, Fault, PriceBookId, ProductId, Read, error, money, text};
use platform::Db;
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::IntoParams;

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_product_price);
}

/// What is asked of a price.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PriceQuery {
    /// how many are taken: 1, unless said otherwise
    #[param(example = "12", format = "decimal", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    quantity: Option<String>,
    /// ISO 4217; that of the product's own price, unless said otherwise
    #[param(example = "CNY", pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    currency: Option<String>,
    /// the book that is asked first
    #[param(format = "uuid")]
    price_book_id: Option<String>,
    /// the day on which it is to be good: today (UTC), unless said otherwise
    #[param(format = "date", example = "2026-11-26")]
    on: Option<String>,
}

/// Get what a product costs
///
/// By the price book that is named, else by the default one of the currency, each if it is good on that day and holds the
/// product from that quantity on; else the product's own price, if it is in that currency.
#[utoipa::path(tag = "price-books", params(("id" = ProductId, Path), PriceQuery),
    responses((status = 200, description = "the price of one, and where it stands", body = Price)))]
#[get("/products/{id}/price")]
async fn get_product_price(
    db: Data<Db>,
    Can(can): Can<Read<Product>>,
    Id(id): Id<ProductId>,
    Asked(query): Asked<PriceQuery>,
) -> Result<Json<Price>> {
    let asked = query.read()?;
    Ok(Json(db.read(can, move |conn, ctx| price_book::price(conn, ctx, id, &asked)).await?))
}

impl PriceQuery {
    /// All that is wrong with it at once.
    fn read(self) -> kernel::Result<price_book::Asked> {
        let mut faults = Vec::new();
        let mut wrong = |name: &str| {
            let message = text!("is no value that this parameter takes");
            faults.push(Fault::new(format!("?{name}"), error::UNKNOWN_PARAMETER.name, message));
        };
        let quantity = match self.quantity.as_deref().map(money::exact) {
            None => Decimal::ONE,
            Some(Some(figure)) if figure >= Decimal::ZERO && money::in_range(figure) => figure,
            Some(_) => {
                wrong("quantity");
                Decimal::ONE
            }
        };
        if self.currency.as_deref().is_some_and(|code| money::decimals(code).is_none()) {
            wrong("currency");
        }
        let price_book = self.price_book_id.as_deref().map(str::parse::<PriceBookId>);
        if matches!(price_book, Some(Err(_))) {
            wrong("price_book_id");
        }
        let on = self.on.as_deref().map(str::parse::<NaiveDate>);
        if matches!(on, Some(Err(_))) {
            wrong("on");
        }
        if !faults.is_empty() {
            return Err(Error::from(error::UNKNOWN_PARAMETER).faults(faults));
        }
        let (price_book, on) = (price_book.and_then(std::result::Result::ok), on.and_then(std::result::Result::ok));
        Ok(price_book::Asked { currency: self.currency, quantity, price_book, on })
    }
}
