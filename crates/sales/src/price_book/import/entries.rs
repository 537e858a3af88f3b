//! Rows that become prices: each names its book and its product, and is told from the others by its quantity.
use crate::price_book::entry::{self, CATALOGUE, NewPriceBookEntry};
use crate::price_book::{PriceBook, changeable, counted, store};
use crate::product::import::{Known, Meant, Named};
use kernel::{Ctx, Fault, Import, PriceBookEntryId, PriceBookId, Result, Update, error, rules, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::{Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written};
use std::collections::BTreeMap;
use uuid::Uuid;

pub struct PriceBookEntries;

const TARGETS: &[Target] = &[
    Target::id("price_book_id"),
    Target::text("price_book.name"),
    Target::id("product_id"),
    Target::text("product.sku"),
    Target::text("product.external_id"),
    Target::new("min_quantity", Holds::Decimal),
    Target::new("unit_price", Holds::Decimal),
];

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for PriceBookEntries {
    fn resource(&self) -> &'static str {
        "price_book_entries"
    }
    fn noun(&self) -> &'static str {
        CATALOGUE.noun
    }
    fn targets(&self) -> &'static [Target] {
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &[]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        let has = |any: &[&str]| any.iter().any(|target| plan.at(target).is_some());
        let must = [
            (has(&["price_book_id", "price_book.name"]), text!("price_book_id or price_book.name says in which book")),
            (
                has(&["product_id", "product.sku", "product.external_id"]),
                text!("product_id, product.sku or product.external_id says which product"),
            ),
            (has(&["unit_price"]), text!("unit_price says what it costs")),
        ];
        let missing = must.into_iter().filter(|(there, _)| !there);
        missing.map(|(_, message)| Fault::new("/mapping/columns", "required", message)).collect()
    }
    fn may(&self, ctx: &Ctx, _: Mode, _: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<PriceBook>>()?;
        ctx.must::<Update<PriceBook>>()
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let mut written = Written::of(rows.len());
        let all: Vec<&Row> = rows.iter().collect();
        let named = Named::of(&work.plan);
        let known = named.find(conn, ctx, work, &all, &mut written)?;
        let mut books: BTreeMap<PriceBookId, Vec<usize>> = BTreeMap::new();
        let found = books_of(conn, ctx, work, rows)?;
        for (place, row) in rows.iter().enumerate() {
            match book_of(work, row, &found) {
                Ok(book) => books.entry(book).or_default().push(place),
                Err(fault) => written.put(place, Outcome::Failed(vec![fault])),
            }
        }
        // in the order of their ids, so that two imports wait for each other and neither for both
        for (book, places) in books {
            let book = changeable(conn, ctx, book, None)?;
            let (mut has_changed, mut more) = (false, 0);
            for place in places {
                let Some(row) = rows.get(place) else { continue };
                let outcome = put(conn, ctx, work, &book, row, (&named, &known), &mut written.created)?;
                has_changed |= matches!(outcome, Outcome::Created | Outcome::Updated);
                more += i32::from(outcome == Outcome::Created);
                written.put(place, outcome);
            }
            if has_changed {
                counted(conn, ctx, book.id, more)?;
            }
        }
        Ok(written)
    }
}

/// The books that the rows name.
fn books_of(conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Vec<PriceBook>> {
    let names = rows.iter().filter_map(|row| row.text(work.plan.at("price_book.name")));
    let ids = rows.iter().filter_map(|row| row.id(work.plan.at("price_book_id")).map(PriceBookId));
    Ok(store::meant(conn, ctx, &ids.collect::<Vec<_>>(), &names.collect::<Vec<_>>())?)
}

fn book_of(work: &Work, row: &Row, books: &[PriceBook]) -> std::result::Result<PriceBookId, Fault> {
    let (id, name) = (row.id(work.plan.at("price_book_id")), row.text(work.plan.at("price_book.name")));
    let (column, found) = match (id, name) {
        (Some(id), _) => ("price_book_id", books.iter().find(|book| book.id.0 == id)),
        (None, Some(name)) => ("price_book.name", books.iter().find(|book| book.name == name)),
        (None, None) => return Err(Fault::new("", "required", text!("the row names no price book"))),
    };
    let unknown = || Fault::new(work.plan.column(column), "unknown_reference", text!("there is no such price book"));
    found.map(|book| book.id).ok_or_else(unknown)
}

fn put(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    book: &PriceBook,
    row: &Row,
    (named, known): (&Named, &Known),
    created: &mut Vec<(&'static str, Uuid)>,
) -> Result<Outcome> {
    let refused = |fault: Fault| Ok(Outcome::Failed(vec![fault]));
    let product = match named.meant(row, known) {
        Meant::This(product) => product.id,
        Meant::Missing => return refused(Fault::new("", "unknown_reference", text!("there is no such product"))),
        Meant::None => return refused(Fault::new("", "required", text!("the row names no product"))),
    };
    let decimal = |target: &str| row.get(work.plan.at(target)).and_then(platform::import::Value::decimal);
    let Some(unit_price) = decimal("unit_price") else {
        return refused(Fault::new(work.plan.column("unit_price"), "required", text!("unit_price says what it costs")));
    };
    let new = NewPriceBookEntry { min_quantity: decimal("min_quantity"), unit_price, ..NewPriceBookEntry::default() };
    let faults = rules::faults(&new).into_iter();
    let faults: Vec<Fault> = faults
        .map(|fault| Fault { pointer: work.plan.column(fault.pointer.trim_start_matches('/')), ..fault })
        .collect();
    if !faults.is_empty() {
        return Ok(Outcome::Failed(faults));
    }
    let there = entry::same(conn, ctx, book.id, product, new.min_quantity.unwrap_or_default())?;
    match (there.is_some(), work.mode) {
        (true, Mode::CreateOnly) => {
            refused(Fault::new("", error::ALREADY_EXISTS.name, text!("the record is there already")))
        }
        (false, Mode::UpdateOnly) => {
            refused(Fault::new("", error::NOT_FOUND.name, text!("there is no such record to update")))
        }
        _ => Ok(match entry::put(conn, ctx, book, product, &new, there)? {
            (made, Some(true)) => {
                created.push((CATALOGUE.noun, made.id.0));
                Outcome::Created
            }
            (_, Some(false)) => Outcome::Updated,
            (_, None) => Outcome::Unchanged,
        }),
    }
}

/// Takes entries away one by one; what is gone already is gone.
fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    for id in ids {
        match entry::remove(conn, ctx, PriceBookEntryId(*id), None) {
            Err(error) if error.code == error::NOT_FOUND => {}
            done => done?,
        }
    }
    Ok(ids.to_vec())
}
