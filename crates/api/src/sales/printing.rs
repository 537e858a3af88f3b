//! A quote as a sheet, in the language of whoever reads it; and the way to the press.
use crate::house::House;
use ::sales::quote::Shown;
use ::sales::quote::line::QuoteLine;
use kernel::{Code, Error, Kind, Language, Result, error, money, text};
use paper::{Column, Sheet, Trouble};
use rust_decimal::Decimal;
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

pub const TOO_LONG: Code = Code::new("sheet_too_long", Kind::Invalid, "It is longer than what is printed at once.");
pub const CODES: &[Code] = &[TOO_LONG];

/// How long anybody waits for a PDF.
const PATIENCE: Duration = Duration::from_secs(30);

/// Lays a sheet out, on the threads that do nothing else.
pub async fn print(house: &House, sheet: Sheet) -> Result<Vec<u8>> {
    let busy = || Error::from(error::BUSY).detail(text!("so much is printed at the moment that there is no room"));
    let (tell, told) = tokio::sync::oneshot::channel();
    house.press.print(sheet, move |done| drop(tell.send(done))).map_err(|_| busy())?;
    match tokio::time::timeout(PATIENCE, told).await {
        Ok(Ok(Ok(pdf))) => Ok(pdf),
        Ok(Ok(Err(Trouble::TooLong))) => Err(TOO_LONG.into()),
        Ok(Ok(Err(Trouble::Fault(why)))) => Err(Error::internal(why)),
        Ok(Err(gone)) => Err(Error::internal(gone)),
        Err(_) => Err(busy()),
    }
}

/// What the parts of a quote are called.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = QuoteWords)]
pub struct Words {
    #[schema(example = "Quote")]
    pub title: &'static str,
    pub number: &'static str,
    pub date: &'static str,
    pub valid_until: &'static str,
    pub customer: &'static str,
    pub name: &'static str,
    pub quantity: &'static str,
    pub unit_price: &'static str,
    pub discount: &'static str,
    pub tax: &'static str,
    pub tax_rate: &'static str,
    pub amount: &'static str,
    pub subtotal: &'static str,
    pub shipping: &'static str,
    pub total: &'static str,
    pub included: &'static str,
    pub page: &'static str,
}

pub const fn words(language: Language) -> Words {
    match language {
        Language::English => ENGLISH,
        Language::Simplified => SIMPLIFIED,
        Language::Traditional => TRADITIONAL,
    }
}

const ENGLISH: Words = Words {
    title: "Quote",
    number: "Number",
    date: "Date",
    valid_until: "Valid until",
    customer: "For",
    name: "Item",
    quantity: "Quantity",
    unit_price: "Unit price",
    discount: "Discount",
    tax: "Tax",
    tax_rate: "Tax rate",
    amount: "Amount",
    subtotal: "Subtotal",
    shipping: "Shipping",
    total: "Total",
    included: "included",
    page: "Page {page} of {pages}",
};

const SIMPLIFIED: Words = Words {
    title: "报价单",
    number: "编号",
    date: "日期",
    valid_until: "有效期至",
    customer: "客户",
    name: "名称",
    quantity: "数量",
    unit_price: "单价",
    discount: "折扣",
    tax: "税额",
    tax_rate: "税率",
    amount: "金额",
    subtotal: "小计",
    shipping: "运费",
    total: "合计",
    included: "已含",
    page: "第 {page} 页，共 {pages} 页",
};

const TRADITIONAL: Words = Words {
    title: "報價單",
    number: "編號",
    date: "日期",
    valid_until: "有效期至",
    customer: "客戶",
    name: "名稱",
    quantity: "數量",
    unit_price: "單價",
    discount: "折扣",
    tax: "稅額",
    tax_rate: "稅率",
    amount: "金額",
    subtotal: "小計",
    shipping: "運費",
    total: "合計",
    included: "已含",
    page: "第 {page} 頁，共 {pages} 頁",
};

pub fn sheet(shown: &Shown, language: Language) -> Sheet {
    let (words, quote) = (words(language), &shown.quote);
    let text = str::to_owned;
    let number = match quote.revision {
        1 => quote.number.clone(),
        revision => format!("{}-{revision}", quote.number),
    };
    let day = quote.sent_at.unwrap_or(quote.created_at).date_naive();
    let mut facts = vec![[text(words.number), number], [text(words.date), day.to_string()]];
    facts.extend(quote.valid_until_on.map(|last| [text(words.valid_until), last.to_string()]));
    let column = |title: &str, is_figure, share| Column { title: text(title), is_figure, share };
    let columns = vec![
        column("#", true, None),
        column(words.name, false, Some(1)),
        column(words.quantity, true, None),
        column(words.unit_price, true, None),
        column(words.discount, true, None),
        column(words.tax_rate, true, None),
        column(words.amount, true, None),
    ];
    let (sums, total) = sums(shown, words);
    let rows = shown.lines.iter().zip(1_u32..).map(|(line, place)| row(line, place)).collect();
    let notes = quote.terms.iter().flat_map(|terms| terms.lines()).map(str::to_owned);
    Sheet {
        language: text(language.tag()),
        title: text(words.title),
        company: shown.company.clone(),
        page: text(words.page),
        facts,
        addressee: text(words.customer),
        customer: shown.customer.clone(),
        columns,
        rows,
        sums,
        total,
        notes: notes.collect(),
    }
}

fn row(line: &QuoteLine, place: u32) -> Vec<String> {
    let off = line.discount.amount + line.shared_discount.amount;
    let off = if off.is_zero() { String::new() } else { figure(-off, &line.currency) };
    vec![
        place.to_string(),
        line.sku.as_ref().map_or_else(|| line.name.clone(), |sku| format!("{} ({sku})", line.name)),
        grouped(&line.quantity.normalize().to_string()),
        figure(line.unit_price, &line.currency),
        off,
        percent(line.tax_rate),
        figure(line.total.amount - line.tax.amount, &line.currency),
    ]
}

fn sums(shown: &Shown, words: Words) -> (Vec<[String; 2]>, [String; 2]) {
    let quote = &shown.quote;
    let amount = |amount: Decimal| figure(amount, &quote.currency);
    let mut sums = vec![[words.subtotal.to_owned(), amount(quote.subtotal.amount)]];
    if !quote.discount.amount.is_zero() {
        sums.push([words.discount.to_owned(), amount(-quote.discount.amount)]);
    }
    for (rate, _, tax) in shown.taxes().into_iter().filter(|(rate, ..)| !rate.is_zero()) {
        let note = if quote.is_tax_included { format!(" ({})", words.included) } else { String::new() };
        sums.push([format!("{} {}{note}", words.tax, percent(rate)), amount(tax)]);
    }
    if !quote.shipping.amount.is_zero() {
        sums.push([words.shipping.to_owned(), amount(quote.shipping.amount)]);
    }
    (sums, [words.total.to_owned(), format!("{} {}", quote.currency, amount(quote.total.amount))])
}

fn percent(rate: Decimal) -> String {
    format!("{}%", (rate * Decimal::ONE_HUNDRED).normalize())
}

/// With the decimals of its currency at least, for a price may be finer, and its thousands apart.
fn figure(amount: Decimal, currency: &str) -> String {
    let mut amount = amount.normalize();
    amount.rescale(amount.scale().max(money::decimals(currency).unwrap_or(2)));
    grouped(&amount.to_string())
}

fn grouped(figure: &str) -> String {
    let (sign, digits) = figure.strip_prefix('-').map_or(("", figure), |digits| ("-", digits));
    let (whole, rest) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let length = whole.len();
    let mut all = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (length - at).is_multiple_of(3) {
            all.push(',');
        }
        all.push(digit);
    }
    all.extend(rest.map(|rest| format!(".{rest}")));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_as_people_write_them() {
        let of = |text: &str, currency: &str| figure(text.parse().unwrap(), currency);
        assert_eq!(of("1234567.5", "CNY"), "1,234,567.50");
        assert_eq!((of("-1000", "JPY"), of("999", "JPY")), ("-1,000".into(), "999".into()));
        assert_eq!((of("0.5", "KWD"), of("100000", "KWD")), ("0.500".into(), "100,000.000".into()));
        assert_eq!(percent("0.0825".parse().unwrap()), "8.25%");
    }
}
