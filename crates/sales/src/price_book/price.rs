//! What a product costs, by the book that is named, else by the default one of the currency, else by the product itself.
use super::{PriceBook, UNPRICED, entry, store};
use crate::exact;
use crate::product::{self, Product};
use chrono::NaiveDate;
use kernel::{Action, Ctx, Noun, PriceBookEntryId, PriceBookId, ProductId, Reach, Result};
use platform::Conn;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

/// What is asked of a price.
#[derive(Clone, Debug)]
pub struct Asked {
    pub currency: Option<String>,
    pub quantity: Decimal,
    pub price_book: Option<PriceBookId>,
    /// today, where nothing is said
    pub on: Option<NaiveDate>,
}

/// Where a price stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    PriceBook,
    Product,
}

/// What a product costs.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "product_id": "0192f0c1-2222-7000-8000-000000000003", "quantity": "12", "unit_price": "248", "currency": "CNY",
    "source": "price_book", "price_book_id": "0192f0c1-5151-7000-8000-000000000021",
    "price_book_entry_id": "0192f0c1-5252-7000-8000-000000000022", "min_quantity": "10"
}))]
pub struct Price {
    pub product_id: ProductId,
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "12")]
    pub quantity: Decimal,
    /// of one, before discount and tax
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "248")]
    pub unit_price: Decimal,
    #[schema(example = "CNY")]
    pub currency: String,
    pub source: Source,
    pub price_book_id: Option<PriceBookId>,
    pub price_book_entry_id: Option<PriceBookEntryId>,
    /// from how many on it is so
    #[serde(serialize_with = "exact::plain")]
    #[schema(value_type = String, format = "decimal", example = "10")]
    pub min_quantity: Decimal,
}

/// A book that is named and not good on that day is passed over, as one without the product is. Prices are of what the
/// caller sees: whoever may not read price books is told the product's own.
pub fn price(conn: &mut Conn, ctx: &Ctx, id: ProductId, asked: &Asked) -> Result<Price> {
    let product = product::find(conn, ctx, id)?;
    let own = product.unit_price.as_ref().filter(|_| ctx.sees::<Product>("unit_price"));
    let currency = asked.currency.clone().or_else(|| own.map(|money| money.currency.clone()));
    let day = asked.on.unwrap_or_else(|| ctx.now.date_naive());
    if ctx.reach::<PriceBook>(Action::Read) != Reach::None {
        let named = asked.price_book.map(|book| store::find(conn, ctx, book)).transpose()?;
        let named = named.filter(|book| book.is_good_on(day));
        let named = named.filter(|book| asked.currency.as_ref().is_none_or(|wanted| *wanted == book.currency));
        let other = match &currency {
            Some(currency) => store::default_of(conn, ctx, currency, day)?,
            None => None,
        };
        for book in named.into_iter().chain(other) {
            if let Some(entry) = entry::at(conn, ctx, book.id, id, asked.quantity)?
                && !ctx.grants.hides(entry::PriceBookEntry::NAME, "unit_price")
            {
                return Ok(Price {
                    product_id: id,
                    quantity: asked.quantity,
                    unit_price: entry.unit_price,
                    currency: entry.currency,
                    source: Source::PriceBook,
                    price_book_id: Some(book.id),
                    price_book_entry_id: Some(entry.id),
                    min_quantity: entry.min_quantity,
                });
            }
        }
    }
    let own = own.filter(|money| currency.as_ref() == Some(&money.currency)).ok_or(UNPRICED)?;
    Ok(Price {
        product_id: id,
        quantity: asked.quantity,
        unit_price: own.amount,
        currency: own.currency.clone(),
        source: Source::Product,
        price_book_id: None,
        price_book_entry_id: None,
        min_quantity: Decimal::ZERO,
    })
}
