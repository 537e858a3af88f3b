#![allow(clippy::unwrap_used)]
use super::*;
use kernel::catalogue::{Catalogue, Catalogues, Field, Kind, Owned};
use kernel::{Action, Reach};

static ORDER: Catalogue = Catalogue {
    noun: "order",
    table: "orders",
    fields: &[
        Field::new("id", Kind::Id),
        Field::new("owner_id", Kind::Id),
        Field::new("number", Kind::Text),
        Field::new("currency", Kind::Text),
        Field::new("total", Kind::Money { currency: "currency" }).column("total_amount"),
    ],
    relations: &[],
    custom: None,
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};
static LINE: Catalogue = Catalogue {
    noun: "line",
    table: "lines",
    fields: &[Field::new("order_id", Kind::Id), Field::new("total", Kind::Text)],
    relations: &[],
    custom: None,
    owned: Owned::Part { of: "order", column: "order_id" },
};
const ECHOES: &[Echo] = &[
    Echo { object: "sum", field: "of_lines", of: &[("line", "total")] },
    Echo { object: "line", field: "total", of: &[("order", "total"), ("order", "number")] },
];

const MIRRORS: &[Echo] = &[Echo { object: "copy", field: "number", of: &[("order", "number")] }];

fn objects() -> Objects {
    let catalogues = Catalogues::assemble(&[&ORDER, &LINE], &[]).unwrap();
    Objects::of(catalogues, &["thing"]).telling(ECHOES).mirroring(MIRRORS)
}

fn one(object: &str, field: &str, access: Access) -> FieldAccess {
    FieldAccess { object: object.to_owned(), field: field.to_owned(), access }
}

fn seeing(object: &str) -> Grants {
    let mut grants = Grants::default();
    grants.allow(object, Action::Read, Reach::All);
    grants
}

fn together(roles: &[(&str, &[FieldAccess])]) -> Grants {
    let mut grants = Grants::default();
    for (object, _) in roles {
        grants.allow(*object, Action::Read, Reach::All);
    }
    let says: Vec<Say> = roles.iter().map(|(object, fields)| Say { opens: seeing(object), fields }).collect();
    hold_back(&says, objects(), &mut grants);
    grants
}

#[test]
fn the_largest_access_of_those_who_have_a_say_counts() {
    let hidden = [one("order", "number", Access::Hidden)];
    let read = [one("order", "number", Access::Read)];
    let of = |roles: &[(&str, &[FieldAccess])]| together(roles).access("order", "number");
    assert_eq!(of(&[("order", &hidden)]), Access::Hidden);
    assert_eq!(of(&[("order", &hidden), ("order", &read)]), Access::Read);
    assert_eq!(of(&[("order", &hidden), ("order", &[])]), Access::Write);
    assert_eq!(of(&[("order", &hidden), ("thing", &[])]), Access::Hidden, "a thing has no say");
    assert_eq!(of(&[("order", &read), ("thing", &hidden)]), Access::Read);
    assert!(together(&[("thing", &hidden)]).is_plain(), "whoever sees no order is told nothing of them");
}

#[test]
fn what_tells_of_it_goes_with_it() {
    let grants = together(&[("order", &[one("order", "total", Access::Hidden)])]);
    assert!(grants.hides("order", "total_amount") && !grants.hides("order", "currency"));
    assert!(grants.hides("line", "total") && grants.hides("sum", "of_lines"), "however long the chain");
    let grants = together(&[("order", &[one("order", "number", Access::Read)])]);
    assert_eq!((grants.access("line", "total"), grants.access("sum", "of_lines")), (Access::Read, Access::Write));
    let grants = together(&[("order", &[one("line", "total", Access::Hidden)])]);
    assert!(grants.hides("line", "total"), "a part goes by its whole");
}

#[test]
fn what_says_the_same_is_hidden_with_it_and_no_more() {
    let of = |access| together(&[("order", &[one("order", "number", access)])]).access("copy", "number");
    assert_eq!([Access::Hidden, Access::Read, Access::Write].map(of), [Access::Hidden, Access::Write, Access::Write]);
}

#[test]
fn nobody_shows_what_they_do_not_see() {
    let own = together(&[("order", &[one("order", "number", Access::Hidden)])]);
    let opened = |asked: &Grants| beyond(&own, asked, |object| opens(asked, objects(), object)).is_some();
    assert!(opened(&together(&[("order", &[])])));
    assert!(opened(&together(&[("order", &[one("order", "number", Access::Read)])])));
    assert!(!opened(&together(&[("order", &[one("order", "number", Access::Hidden)])])));
    assert!(!opened(&together(&[("thing", &[])])));
}

#[test]
fn every_fault_of_a_list_is_named() {
    let list = [
        one("unicorn", "horn", Access::Hidden),
        one("thing", "name", Access::Hidden),
        one("order", "horn", Access::Read),
        one("order", "owner_id", Access::Hidden),
        one("order", "owner_id", Access::Read),
        one("order", "currency", Access::Hidden),
        one("line", "order_id", Access::Hidden),
        one("line", "total", Access::Hidden),
        one("line", "total", Access::Read),
    ];
    let faults = faults(&list, objects(), &kernel::custom::Fields::default());
    let named: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(
        named,
        [
            "/fields/0/object",
            "/fields/1/object",
            "/fields/2/field",
            "/fields/3/access",
            "/fields/5/access",
            "/fields/6/access",
            "/fields/8"
        ]
    );
}
