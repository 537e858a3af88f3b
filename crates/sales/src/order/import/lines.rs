//! Rows that become order lines. Several rows are lines of one order, which is made of the first of them where it is
//! missing. A line is told from the others of its order by its key; where the mapping names none, that is the number of
//! the row, so that the same file twice doubles nothing.
use super::line::{self, Head, Line, Standing};
use super::orders::{self, NewHead};
use crate::exact;
use crate::order::amounts::{Amounts, Terms};
use crate::order::line::CATALOGUE;
use crate::product::Product;
use crate::product::import::{Known, Meant, Named};
use customer::account::Account;
use kernel::{Create, Ctx, Fault, OrderId, OrderLineId, Result, error};
use platform::Conn;
use platform::deed::Mode;
use platform::import::{Holds, Importer, Outcome, Plan, Row, Target, Work, Written};
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use validator::ValidationError;

pub struct OrderLines;

const OWN: [Target; 10] = [
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
    fn targets(&self) -> &'static [Target] {
        &TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &["order", "product", "account"]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut must = |any: &[&str], message: &str| {
            if !any.iter().any(|target| plan.at(target).is_some()) {
                faults.push(Fault::new("/mapping/columns", "required", message));
            }
        };
        must(&["order.external_id", "order.number"], "order.external_id or order.number says which order");
        must(&["quantity"], "quantity says how many");
        must(&["name", "sku", "product.sku", "product.external_id"], "name, sku or product.external_id says what");
        if plan.makes("order") {
            must(&["order.currency"], "order.currency is needed for new orders");
        }
        faults
    }
    fn may(&self, ctx: &Ctx, mode: Mode, makes: &dyn Fn(&str) -> bool) -> Result<()> {
        super::may(ctx, mode)?;
        if makes("product") {
            ctx.must::<Create<Product>>()?;
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

/// Where the values of a line stand.
struct Places {
    order: orders::Named,
    product: Named,
    key: Option<platform::import::At>,
    name: Option<platform::import::At>,
    quantity: Option<platform::import::At>,
    unit_price: Option<platform::import::At>,
    discount_rate: Option<platform::import::At>,
    tax_rate: Option<platform::import::At>,
}

impl Places {
    fn of(plan: &Plan) -> Self {
        Self {
            order: orders::Named::of(plan),
            product: Named::of(plan),
            key: plan.at("line_key"),
            name: plan.at("name"),
            quantity: plan.at("quantity"),
            unit_price: plan.at("unit_price"),
            discount_rate: plan.at("discount_rate"),
            tax_rate: plan.at("tax_rate"),
        }
    }

    fn key(&self, row: &Row) -> String {
        row.text(self.key).map_or_else(|| format!("row {}", row.number), str::to_owned)
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
                written.fail(*place, self.column("order"), "unknown_reference", "there is no such order");
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
        let (named, nameless): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, row)| self.at.order.key(row).is_some());
        for (place, _) in nameless {
            written.fail(place, self.column("order"), "required", "the row names no order");
        }
        named
    }

    fn column(&self, what: &str) -> String {
        let target = if self.work.plan.at(&format!("{what}.external_id")).is_some() { "external_id" } else { "number" };
        self.work.plan.column(&format!("{what}.{target}"))
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
                written.fail(*place, self.column("order"), error::FORBIDDEN.name, "the order is archived, or not the caller's to change");
                continue;
            };
            let before = standing.remove(&(head.id, self.at.key(row)));
            match self.line(row, &head, before.as_ref(), &products) {
                Ok(line) => drafts.push(Draft { place: *place, order, line, before }),
                Err(faults) => written.put(*place, Outcome::Failed(faults)),
            }
        }
        Ok(drafts)
    }

    /// The line that a row is to be, over the one that stands; or all that is wrong with it.
    fn line(
        &self,
        row: &Row,
        head: &Head,
        before: Option<&Standing>,
        products: &Known,
    ) -> std::result::Result<Line, Vec<Fault>> {
        let mut faults = Vec::new();
        let key = self.at.key(row);
        if key.chars().count() > 100 {
            faults.push(self.fault("line_key", "length", "has more than 100 characters"));
        }
        match (before, self.work.mode) {
            (Some(_), Mode::CreateOnly) => faults.push(Fault::new("", error::ALREADY_EXISTS.name, "the line is there already")),
            (None, Mode::UpdateOnly) => faults.push(Fault::new("", error::NOT_FOUND.name, "there is no such line to update")),
            _ => {}
        }
        let product = match self.at.product.meant(row, products) {
            Meant::This(product) => Some(product),
            Meant::None => None,
            Meant::Missing => {
                let target = if self.work.plan.at("product.external_id").is_some() { "product.external_id" } else { "product.sku" };
                faults.push(self.fault(target, "unknown_reference", "there is no such product"));
                None
            }
        };
        let name = self.name(row, before, product, &mut faults);
        let terms = self.terms(row, head, before, product, &mut faults);
        let sku = self.at.product.sku(row).map(str::to_owned).or_else(|| product.map(|product| product.sku.clone()));
        if sku.as_ref().is_some_and(|sku| sku.chars().count() > 100) {
            faults.push(self.fault("sku", "length", "has more than 100 characters"));
        }
        let amounts = terms.amounts(&head.currency).unwrap_or_else(|| {
            faults.push(self.fault("quantity", "range", "the line comes to more than can be kept"));
            Amounts::default()
        });
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Line {
            id: before.map_or_else(OrderLineId::new, |line| line.id),
            order: head.id,
            key,
            position: before.map_or(0, |line| line.position),
            product: product.map(|product| product.id).or_else(|| before.and_then(|line| line.product_id)),
            sku: sku.or_else(|| before.and_then(|line| line.sku.clone())),
            name,
            terms,
            amounts,
            currency: head.currency.clone(),
        })
    }

    /// As the row says it, else as it stands, else as the product is called.
    fn name(&self, row: &Row, before: Option<&Standing>, product: Option<&Product>, faults: &mut Vec<Fault>) -> String {
        let given = row.text(self.at.name).or_else(|| before.map(|line| line.name.as_str()));
        let name = given.or_else(|| product.map(|product| product.name.as_str())).or_else(|| self.at.product.sku(row));
        if name.is_none_or(|name| name.chars().count() > 300) {
            faults.push(self.fault("name", "length", "has no name, or one of more than 300 characters"));
        }
        name.unwrap_or_default().to_owned()
    }

    fn terms(
        &self,
        row: &Row,
        head: &Head,
        before: Option<&Standing>,
        product: Option<&Product>,
        faults: &mut Vec<Fault>,
    ) -> Terms {
        let price = product.and_then(|product| product.unit_price.as_ref());
        let price = price.filter(|money| money.currency == head.currency).map(|money| money.amount);
        let stands = before.map(Terms::from);
        let mut figure = |target: &str, at, stands: Option<Decimal>, default: Option<Decimal>, rule: Rule| {
            let given = row.get(at).and_then(platform::import::Value::decimal).or(stands).or(default);
            match given.map(|figure| (figure, rule(&figure))) {
                Some((figure, Ok(()))) => return figure,
                Some((_, Err(broken))) => {
                    let message = broken.message.map(|message| message.into_owned()).unwrap_or_default();
                    faults.push(self.fault(target, &broken.code, &message));
                }
                None => faults.push(self.fault(target, "required", "is required")),
            }
            Decimal::ZERO
        };
        Terms {
            quantity: figure("quantity", self.at.quantity, stands.map(|terms| terms.quantity), None, exact::is_quantity),
            unit_price: figure("unit_price", self.at.unit_price, stands.map(|terms| terms.unit_price), price, exact::is_figure),
            discount_rate: figure(
                "discount_rate",
                self.at.discount_rate,
                stands.map(|terms| terms.discount_rate),
                Some(Decimal::ZERO),
                exact::is_rate,
            ),
            tax_rate: figure("tax_rate", self.at.tax_rate, stands.map(|terms| terms.tax_rate), Some(Decimal::ZERO), exact::is_rate),
        }
    }

    fn fault(&self, target: &str, code: &str, message: &str) -> Fault {
        Fault::new(self.work.plan.column(target), code, message)
    }

    fn keep(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        drafts: Vec<Draft>,
        mut made: HashMap<String, NewHead>,
        written: &mut Written,
    ) -> Result<()> {
        let (mut new, mut changed): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(|draft| draft.before.is_none());
        changed.retain(|draft| {
            let same = draft.before.as_ref().is_some_and(|before| is_same(&draft.line, before));
            if same {
                written.put(draft.place, Outcome::Unchanged);
            }
            !same
        });
        let old: Vec<OrderId> = new.iter().filter(|draft| !made.contains_key(&draft.order)).map(|draft| draft.line.order).collect();
        let mut places = line::last_places(conn, ctx, &old)?;
        for draft in &mut new {
            let place = places.entry(draft.line.order).or_insert(0);
            *place += 1;
            draft.line.position = *place;
        }
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

type Rule = fn(&Decimal) -> std::result::Result<(), ValidationError>;

fn is_same(line: &Line, before: &Standing) -> bool {
    line.product == before.product_id
        && line.sku == before.sku
        && line.name == before.name
        && line.terms == Terms::from(before)
}
