//! A quote as whoever was sent a link sees it: what it offers, and nothing of the house.
use super::printing::{self, Words};
use ::sales::quote::Shown;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Language, Money};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

/// A quote as its customer sees it.
#[derive(Serialize, ToSchema)]
pub struct OfferedQuote {
    #[schema(example = "Q-2026-00042")]
    pub number: String,
    #[schema(minimum = 1)]
    pub revision: i32,
    /// `sent`, and then what has become of it
    #[schema(example = "sent")]
    pub status: String,
    /// from whom it is
    pub company: String,
    /// whom it is for, line by line
    pub customer: Vec<String>,
    #[schema(example = "CNY")]
    pub currency: String,
    pub sent_at: Option<DateTime<Utc>>,
    pub valid_until_on: Option<NaiveDate>,
    pub is_tax_included: bool,
    pub lines: Vec<OfferedLine>,
    pub subtotal: Money,
    pub discount: Money,
    /// by rate
    pub taxes: Vec<OfferedTax>,
    pub tax: Money,
    pub shipping: Money,
    pub total: Money,
    pub terms: Option<String>,
    /// of the words
    #[schema(example = "en")]
    pub language: &'static str,
    /// what the parts are called in that language
    #[schema(value_type = Object)]
    pub words: Words,
}

/// A line of it.
#[derive(Serialize, ToSchema)]
pub struct OfferedLine {
    pub sku: Option<String>,
    pub name: String,
    #[schema(format = "decimal", example = "40")]
    pub quantity: String,
    #[schema(format = "decimal", example = "268")]
    pub unit_price: String,
    /// what is off it: its own, and its part of what is off all
    pub discount: Money,
    #[schema(format = "decimal", example = "0.13")]
    pub tax_rate: String,
    pub tax: Money,
    pub total: Money,
}

/// The tax of a rate.
#[derive(Serialize, ToSchema)]
pub struct OfferedTax {
    #[schema(format = "decimal", example = "0.13")]
    pub rate: String,
    /// what is taxed
    pub base: Money,
    pub tax: Money,
}

pub fn offered(shown: &Shown, language: Language) -> OfferedQuote {
    let quote = shown.quote.clone();
    let money = |amount: Decimal| Money::new(amount, &shown.quote.currency);
    let plain = |figure: Decimal| figure.normalize().to_string();
    let lines = shown.lines.iter().map(|line| OfferedLine {
        sku: line.sku.clone(),
        name: line.name.clone(),
        quantity: plain(line.quantity),
        unit_price: plain(line.unit_price),
        discount: money(line.discount.amount + line.shared_discount.amount),
        tax_rate: plain(line.tax_rate),
        tax: line.tax.clone(),
        total: line.total.clone(),
    });
    let tax = |(rate, base, tax)| OfferedTax { rate: plain(rate), base: money(base), tax: money(tax) };
    OfferedQuote {
        number: quote.number,
        revision: quote.revision,
        status: quote.status,
        company: shown.company.clone(),
        customer: shown.customer.clone(),
        currency: quote.currency,
        sent_at: quote.sent_at,
        valid_until_on: quote.valid_until_on,
        is_tax_included: quote.is_tax_included,
        lines: lines.collect(),
        subtotal: quote.subtotal,
        discount: quote.discount,
        taxes: shown.taxes().into_iter().map(tax).collect(),
        tax: quote.tax,
        shipping: quote.shipping,
        total: quote.total,
        terms: quote.terms,
        language: language.tag(),
        words: printing::words(language),
    }
}
