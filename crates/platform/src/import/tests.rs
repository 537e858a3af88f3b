#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::*;
use crate::table::Cell;
use kernel::{Access, Grants};
use serde_json::json;

struct Things;

impl Importer for Things {
    fn resource(&self) -> &'static str {
        "things"
    }
    fn noun(&self) -> &'static str {
        "thing"
    }
    fn targets(&self) -> &'static [Target] {
        const TARGETS: &[Target] = &[
            Target::text("external_id"),
            Target::text("name"),
            Target::new("price", Holds::Decimal),
            Target::new("made_on", Holds::Date),
            Target::new("sold_at", Holds::Instant),
            Target::new("is_new", Holds::Bool),
            Target::new("phone", Holds::Phone),
            Target::new("currency", Holds::Currency),
            Target::new("key", Holds::Key),
        ];
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &["box"]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        plan.at("name")
            .is_none()
            .then(|| Fault::new("/mapping/columns", "required", kernel::text!("there is no such record")))
            .into_iter()
            .collect()
    }
    fn may(&self, _: &Ctx, _: Mode, _: &dyn Fn(&str) -> bool) -> Result<()> {
        Ok(())
    }
    fn write(&self, _: &mut Conn, _: &Ctx, _: &Work, rows: &[Row]) -> Result<Written> {
        Ok(Written::of(rows.len()))
    }
}

fn plan(mapping: serde_json::Value, header: &[&str]) -> Result<Plan> {
    let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    Plan::new(&Things, Mapping::read(&mapping)?, &header, &Grants::default())
}

fn faults(result: Result<impl std::fmt::Debug>) -> Vec<String> {
    result.unwrap_err().faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
}

fn cells(texts: &[&str]) -> Vec<Cell> {
    texts.iter().map(|text| Cell((!text.is_empty()).then(|| (*text).to_owned()))).collect()
}

#[test]
fn a_mapping_names_all_its_faults() {
    let bad = json!({
        "resources": "x", "null_values": "NULL", "encoding": "klingon", "delimiter": ";;", "decimal_mark": "'",
        "phone_region": "XX",
        "columns": {"a/b": {"to": "name", "invalid": "ignore", "size": 3}, "c": {"format": "%Y"}, "d": 7},
        "constants": {"x": 1}
    });
    let mut named = faults(Mapping::read(&bad));
    named.sort();
    assert_eq!(
        named,
        [
            "/mapping/columns/a~1b/invalid choice",
            "/mapping/columns/a~1b/size unknown_field",
            "/mapping/columns/c/to required",
            "/mapping/columns/d text",
            "/mapping/constants/x text",
            "/mapping/decimal_mark choice",
            "/mapping/delimiter delimiter",
            "/mapping/encoding choice",
            "/mapping/null_values texts",
            "/mapping/phone_region phone_region",
            "/mapping/resource required",
            "/mapping/resources unknown_field",
        ]
    );
    assert_eq!(faults(Mapping::read(&json!([]))), ["/mapping object"]);
}

#[test]
fn a_plan_names_all_its_faults() {
    let mapping = json!({
        "resource": "things", "create_missing": ["order"], "choices": {"none": {}}, "constants": {"price": "x", "colour": "y"},
        "columns": {"A": "external_id", "B": "nmae", "C": "name", "missing": "price", "D": {"to": "made_on", "format": "%Q"}, "E": "name"}
    });
    let mut named = faults(plan(mapping, &["A", "B", "C", "D", "E"]));
    named.sort();
    assert_eq!(
        named,
        [
            "/mapping/choices/none unknown_column",
            "/mapping/columns/B unknown_target",
            "/mapping/columns/D time_format",
            "/mapping/columns/E twice",
            "/mapping/columns/missing unknown_column",
            "/mapping/constants/colour unknown_target",
            "/mapping/constants/price decimal",
            "/mapping/create_missing choice",
            "/mapping/source_system required",
        ]
    );
    assert_eq!(
        faults(plan(json!({"resource": "things", "columns": {"A": "price"}}), &["A"])),
        ["/mapping/columns required"]
    );
}

#[test]
fn a_row_becomes_values_or_all_its_faults() {
    let mapping = json!({
        "resource": "things", "time_zone": "Asia/Shanghai", "phone_region": "CN", "decimal_mark": ",",
        "columns": {
            "Name": "name", "Price": "price", "Made": {"to": "made_on", "format": "%d/%m/%Y"}, "Sold": "sold_at", "New": "is_new",
            "Tel": {"to": "phone", "invalid": "empty"}, "Cur": "currency", "K1": "key", "K2": "key"
        },
        "constants": {"currency": "cny"}, "choices": {"New": {"brand new": "true"}}
    });
    let header = ["Name", "Price", "Made", "Sold", "New", "Tel", "Cur", "K1", "K2"];
    let plan = plan(mapping, &header).unwrap();
    let row = plan
        .read(7, &cells(&["茶", "1.234,50", "31/12/2024", "2024-01-01 08:00", "brand new", "none", "", "a", ""]))
        .unwrap();
    let text = |name: &str| row.get(plan.at(name)).map(|value| value.json().to_string());
    assert_eq!(text("price").as_deref(), Some("\"1234.5\""));
    assert_eq!(text("made_on").as_deref(), Some("\"2024-12-31\""));
    assert_eq!(text("sold_at").as_deref(), Some("\"2024-01-01T00:00:00Z\""));
    assert_eq!((text("is_new").as_deref(), text("phone")), (Some("true"), None));
    assert_eq!((text("currency").as_deref(), row.text(plan.at("key"))), (Some("\"CNY\""), Some("a-")));
    let wrong =
        plan.read(8, &cells(&["茶", "ten", "2024-12-31", "", "perhaps", "'13800138000", "", "", ""])).unwrap_err();
    let columns: Vec<&str> = wrong.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(columns, ["Made", "New", "Price"]);
}

#[test]
fn money_takes_its_currency_from_beside_it() {
    use super::many::{columns, to_columns};
    use kernel::catalogue::{Catalogue, Field, Kind, Owned};
    static NOUN: Catalogue = Catalogue {
        noun: "thing",
        table: "things",
        fields: &[
            Field::new("id", Kind::Id),
            Field::new("currency", Kind::Text),
            Field::new("price", Kind::Money { currency: "currency" }).column("price_amount"),
            Field::new("fee", Kind::Money { currency: "currency" }).column("fee_amount"),
        ],
        relations: &[],
        custom: None,
        owned: Owned::Shared,
    };
    assert_eq!(columns(&NOUN), ["id", "currency", "price_amount", "fee_amount"]);
    let fields = json!({"price": {"amount": "1.50", "currency": "CNY"}, "note": "left out"});
    let columns = to_columns(&NOUN, fields.as_object().unwrap());
    assert_eq!(serde_json::Value::Object(columns), json!({"price_amount": "1.50", "currency": "CNY"}));
    let work = Work {
        plan: std::sync::Arc::new(
            plan(json!({"resource": "things", "columns": {"N": "name", "P": "price"}}), &["N", "P"]).unwrap(),
        ),
        mode: Mode::Upsert,
        duplicates: Duplicates::Reject,
    };
    let row = work.plan.read(1, &cells(&["x", "1.5"])).unwrap();
    assert_eq!(super::records::Draft::of(&NOUN, &work, 0, &row).unwrap_err()[0].code, "currency");
}

#[test]
fn a_target_goes_by_the_field_that_it_means() {
    let mut grants = Grants::default();
    grants.restrict("thing", "price", Access::Read);
    grants.restrict("thing", "box_id", Access::Read);
    grants.restrict("box", "colour", Access::Hidden);
    grants.restrict("external_ref", "external_id", Access::Hidden);
    grants.restrict("box", "weight", Access::Read);
    let of = |name: &'static str| access(&grants, "thing", &Target::text(name), &|_| false);
    assert_eq!((of("name"), of("price"), of("price.currency")), (Access::Write, Access::Read, Access::Read));
    assert_eq!((of("box.colour"), of("box.size"), of("shop.size")), (Access::Hidden, Access::Read, Access::Write));
    assert_eq!((of("external_id"), of("shop.external_id")), (Access::Hidden, Access::Hidden));
    let made = access(&grants, "bag", &Target::text("box.weight"), &|noun| noun == "box");
    assert_eq!((made, access(&grants, "bag", &Target::text("box.weight"), &|_| false)), (Access::Read, Access::Write));
    let fax = Target::text("fax").part("box", "colour");
    assert_eq!(access(&grants, "thing", &fax, &|_| false), Access::Hidden);

    let header: Vec<String> = ["A", "B", "C"].map(str::to_owned).to_vec();
    grants.restrict("thing", "made_on", Access::Hidden);
    let mapping = json!({"resource": "things", "columns": {"A": "price", "B": "made_on", "C": "name"},
        "constants": {"price": "1", "made_on": "2024-01-01"}});
    let planned = Plan::new(&Things, Mapping::read(&mapping).unwrap(), &header, &grants).unwrap_err();
    let told: Vec<(&str, &str)> =
        planned.faults.iter().map(|fault| (fault.pointer.as_str(), fault.code.as_str())).collect();
    let both = |part: &str| {
        [("price", "read_only"), ("made_on", "unknown_target")].map(|(to, code)| (part.to_owned(), to, code))
    };
    assert_eq!(both("columns").len() + both("constants").len(), told.len(), "{told:?}");
    assert!(planned.faults.iter().all(|fault| !fault.message.to_string().contains("made_on,")), "{told:?}");
}
