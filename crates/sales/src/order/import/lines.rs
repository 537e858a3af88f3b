//! Rows that become order lines. Several rows are lines of one order, which is made of the first of them where it is
//! missing. A line is told from the others of its order by its key; where the mapping names none, that is the number of
//! the row, so that the same file twice doubles nothing.
use super::line::{self, Head, Line, Standing};
use super::orders::{self, NewHead};
use super::reading::{Places, Reading};
use crate::order::amounts::{Amounts, Terms};
use crate::order::line::CATALOGUE;
use crate::product::Product;
use customer::account::Account;
use kernel::{Create, Ctx, Fault, OrderId, Result, Text, error, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::{Holds, Importer, Outcome, Plan, Row, Target, Work, Written};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

pub struct OrderLines;

const OWN: [Target; 12] = [
    Target::id("order_id"),
    Target::id("product_id"),
    Target::new("line_key", Holds::Key),
    Target::text("sku"),
    Target::text("name"),
    Target::text("product.external_id"),
    Target::text("product.sku"),
    Target::text("product.name"),
    Target::new("quantity", Holds::Decimal),
    Target::new("unit_price", Holds::Decimal),
    Target::new("discount_rate", Holds::Decimal),
    Target::new("tax_rate", Holds::Decimal),
];
static TARGETS: LazyLock<Vec<Target>> = LazyLock::new(|| orders::TARGETS.into_iter().chain(OWN).collect());

impl Importer for OrderLines {
    fn resource(&self) -> &'static str {
        "order_lines"
    }
    fn noun(&self) -> &'static str {
        "order_line"
    }
    fn targets(&self) -> &'static [Target] {
        &TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &["order", "product", "account"]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut must = |any: &[&str], message: Text| {
            if !any.iter().any(|target| plan.at(target).is_some()) {
                faults.push(Fault::new("/mapping/columns", "required", message));
            }
        };
        must(
            &["order_id", "order.external_id", "order.number"],
            text!("order.external_id or order.number says which order"),
        );
        must(&["quantity"], text!("quantity says how many"));
        must(
            &["name", "sku", "product_id", "product.sku", "product.external_id"],
            text!("name, sku or product.external_id says what"),
        );
        if plan.makes("order") {
            must(&["order.currency"], text!("order.currency is needed for new orders"));
        }
        faults
    }
    fn may(&self, ctx: &Ctx, mode: Mode, makes: &dyn Fn(&str) -> bool) -> Result<()> {
        super::may(ctx, mode)?;
        if makes("product") {
            ctx.must::<Create<Product>>()?;
            ["sku", "name"].into_iter().try_for_each(|field| ctx.may_write::<Product>(field))?;
        }
        if makes("account") { ctx.must::<Create<Account>>() } else { Ok(()) }
    }

    /// Rows with the same key stand in different waves: the later is a change of the earlier.
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let mut written = Written::of(rows.len());
        let at = Places::of(&work.plan);
        let mut waiting: Vec<(usize, &Row)> = rows.iter().enumerate().collect();
        while !waiting.is_empty() {
            let mut taken = HashSet::new();
            let (wave, later): (Vec<_>, Vec<_>) = waiting
                .into_iter()
                .partition(|(_, row)| taken.insert((at.order.key(row).map(str::to_owned), at.key(row))));
            Wave { work, at: &at }.write(conn, ctx, wave, &mut written)?;
            waiting = later;
        }
        Ok(written)
    }
}

struct Wave<'a> {
    work: &'a Work,
    at: &'a Places,
}

/// A row, its order, and the line it is to be.
struct Draft {
    place: usize,
    order: String,
    line: Line,
    before: Option<Standing>,
}

impl Wave<'_> {
    fn reading(&self) -> Reading<'_> {
        Reading { work: self.work, at: self.at }
    }

    fn write(&self, conn: &mut Conn, ctx: &Ctx, rows: Vec<(usize, &Row)>, written: &mut Written) -> Result<()> {
        let rows = self.named(rows, written);
        let bare: Vec<&Row> = rows.iter().map(|(_, row)| *row).collect();
        let found = self.at.order.find(conn, ctx, self.work, &bare)?;
        let (mut rows, missing): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|(_, row)| self.at.order.key(row).is_some_and(|key| found.contains_key(key)));
        let mut made = HashMap::new();
        if self.work.plan.makes("order") && self.work.mode != Mode::UpdateOnly {
            let (heads, faults) = self.at.order.make(conn, ctx, self.work, &missing, written)?;
            let bad: HashSet<usize> = faults.iter().map(|(place, _)| *place).collect();
            faults.into_iter().for_each(|(place, fault)| written.put(place, Outcome::Failed(vec![fault])));
            rows.extend(missing.into_iter().filter(|(place, _)| !bad.contains(place)));
            made = heads;
        } else {
            missing.iter().for_each(|(place, _)| {
                written.fail(*place, self.column("order"), "unknown_reference", text!("there is no such order"));
            });
        }
        let head = |key: &str| match found.get(key) {
            Some(order) => order.as_ref().map(Head::from),
            None => made.get(key).map(|new: &NewHead| new.head.clone()),
        };
        let drafts = self.drafts(conn, ctx, &rows, head, written)?;
        self.keep(conn, ctx, drafts, made, written)
    }

    /// Those that name their order.
    fn named<'r>(&self, rows: Vec<(usize, &'r Row)>, written: &mut Written) -> Vec<(usize, &'r Row)> {
        let (named, nameless): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|(_, row)| self.at.order.key(row).is_some());
        for (place, _) in nameless {
            written.fail(place, self.column("order"), "required", text!("the row names no order"));
        }
        named
    }

    fn column(&self, what: &str) -> String {
        let ways = ["_id", ".external_id", ".number"].map(|way| format!("{what}{way}"));
        let used = ways.iter().find(|way| self.work.plan.at(way).is_some());
        used.map(|way| self.work.plan.column(way)).unwrap_or_default()
    }

    fn drafts(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        rows: &[(usize, &Row)],
        head: impl Fn(&str) -> Option<Head>,
        written: &mut Written,
    ) -> Result<Vec<Draft>> {
        let bare: Vec<&Row> = rows.iter().map(|(_, row)| *row).collect();
        let products = self.at.product.find(conn, ctx, self.work, &bare, written)?;
        let heads: Vec<Option<(String, Head)>> =
            bare.iter().map(|row| self.at.order.key(row).and_then(|key| Some((key.to_owned(), head(key)?)))).collect();
        let keys = heads.iter().zip(&bare).filter_map(|(head, row)| {
            let (_, head) = head.as_ref().filter(|(_, head)| !head.is_new)?;
            Some((head.id, self.at.key(row)))
        });
        let standing = line::standing(conn, ctx, &keys.collect::<Vec<_>>())?;
        let mut standing: HashMap<(OrderId, String), Standing> =
            standing.into_iter().map(|line| ((line.order_id, line.line_key.clone()), line)).collect();
        let mut drafts = Vec::with_capacity(rows.len());
        for ((place, row), head) in rows.iter().zip(heads) {
            let Some((order, head)) = head else {
                written.fail(
                    *place,
                    self.column("order"),
                    error::FORBIDDEN.name,
                    text!("the order is archived, or not the caller's to change"),
                );
                continue;
            };
            let before = standing.remove(&(head.id, self.at.key(row)));
            match self.reading().line(row, &head, before.as_ref(), &products) {
                Ok(line) => drafts.push(Draft { place: *place, order, line, before }),
                Err(faults) => written.put(*place, Outcome::Failed(faults)),
            }
        }
        Ok(drafts)
    }

    fn keep(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        drafts: Vec<Draft>,
        mut made: HashMap<String, NewHead>,
        written: &mut Written,
    ) -> Result<()> {
        let (mut new, mut changed): (Vec<Draft>, Vec<Draft>) =
            drafts.into_iter().partition(|draft| draft.before.is_none());
        changed.retain(|draft| {
            let same = draft.before.as_ref().is_some_and(|before| is_same(&draft.line, before));
            if same {
                written.put(draft.place, Outcome::Unchanged);
            }
            !same
        });
        let old = place(conn, ctx, &mut new, &made)?;
        let mut orders: HashMap<String, Vec<Amounts>> = HashMap::new();
        for draft in new.iter().filter(|draft| made.contains_key(&draft.order)) {
            orders.entry(draft.order.clone()).or_default().push(draft.line.amounts);
        }
        let mut heads: Vec<(NewHead, Vec<Amounts>)> =
            orders.into_iter().filter_map(|(key, amounts)| Some((made.remove(&key)?, amounts))).collect();
        heads.sort_by_key(|(new, _)| new.head.id);
        orders::insert(conn, ctx, self.work, heads, written)?;
        let mut touched: Vec<OrderId> = changed.iter().map(|draft| draft.line.order).chain(old).collect();
        touched.sort_unstable();
        touched.dedup();
        for draft in &new {
            written.put(draft.place, Outcome::Created);
            written.created.push((CATALOGUE.noun, draft.line.id.0));
        }
        changed.iter().for_each(|draft| written.put(draft.place, Outcome::Updated));
        line::insert(conn, ctx, &new.into_iter().map(|draft| draft.line).collect::<Vec<_>>())?;
        line::update(conn, ctx, &changed.into_iter().map(|draft| draft.line).collect::<Vec<_>>())?;
        Ok(line::sum_up(conn, ctx, &touched)?)
    }
}

fn is_same(line: &Line, before: &Standing) -> bool {
    line.product == before.product_id
        && line.sku == before.sku
        && line.name == before.name
        && line.terms == Terms::from(before)
}

/// Gives new lines their places behind those that stand; which orders that are there already get one.
fn place(conn: &mut Conn, ctx: &Ctx, new: &mut [Draft], made: &HashMap<String, NewHead>) -> Result<Vec<OrderId>> {
    let old = new.iter().filter(|draft| !made.contains_key(&draft.order)).map(|draft| draft.line.order);
    let old: Vec<OrderId> = old.collect();
    let mut places = line::last_places(conn, ctx, &old)?;
    for draft in new {
        let place = places.entry(draft.line.order).or_insert(0);
        *place += 1;
        draft.line.position = *place;
    }
    Ok(old)
}
