//! Every column says what it tells, about whom, and what becomes of it when that person is erased.
use crate::support::{Database, migrated};
use platform::privacy::plan::{Plan, ROOTS};
use platform::privacy::{Column, Data, Erasure, Registry, Table, Tag, Whose, table, tag, technical};

/// The columns that are there.
fn there(db: &Database) -> Vec<Column> {
    let rows = db.column(
        "SELECT c.relname || '|' || attname || '|' || format_type(atttypid, NULL) || '|' || attnotnull FROM pg_attribute
         JOIN pg_class c ON c.oid = attrelid WHERE c.relnamespace = 'public'::regnamespace
         AND relkind IN ('r', 'p', 'f', 'm') AND NOT relispartition AND attnum > 0 AND NOT attisdropped",
    );
    let column = |row: &String| {
        let parts: Vec<&str> = row.split('|').collect();
        let [table, name, kind] = [parts[0], parts[1], parts[2]].map(str::to_owned);
        Column { table, name, kind, nullable: parts[3] == "false" }
    };
    rows.iter().map(column).collect()
}

#[test]
fn every_column_of_every_table_is_tagged() {
    let there = there(&migrated());
    assert!(there.len() > 200, "only {} columns were found", there.len());
    let faults = api::house::registry().faults(&there);
    assert!(faults.is_empty(), "CONTRIBUTING.md, \"Adding a field\", says how to tag: {faults:#?}");
}

#[test]
fn a_column_without_a_tag_and_a_tag_without_a_column_are_named() {
    let db = migrated();
    db.run("ALTER TABLE contacts ADD COLUMN nickname text, DROP COLUMN department; CREATE TABLE loose (note text)");
    let mut faults = api::house::registry().faults(&there(&db));
    faults.sort();
    let wanted = [
        "contacts.department is tagged and is not there",
        "contacts.nickname is not tagged",
        "loose.note is not tagged",
    ];
    assert_eq!(faults, wanted);
}

/// Nobody is told or erased by rows that nothing leads to: by a foreign key, a name such as `contact_id`, an id of anyone's,
/// or texts that are searched.
#[test]
fn what_tells_of_somebody_is_found_by_them() {
    let plan = Plan::read(&mut migrated().conn(), &api::house::registry()).unwrap();
    let lost = plan.tables.iter().filter(|table| {
        let tells = table
            .columns
            .iter()
            .any(|column| column.tag.data != Data::Technical && column.tag.erasure != Erasure::Keep);
        let root = ROOTS.iter().any(|(.., root)| *root == table.name);
        let found = plan.edges_of(table.name).next().is_some()
            || table.leads().next().is_some()
            || table.speaks().next().is_some();
        tells && !root && !found
    });
    let lost: Vec<&str> = lost.map(|table| table.name).collect();
    assert!(lost.is_empty(), "nothing leads to the rows of {lost:?}: see platform::privacy::plan");
    for (child, parent) in [("contact_points", "contacts"), ("order_lines", "orders"), ("recovery_codes", "factors")] {
        assert!(plan.edges_of(child).any(|edge| edge.parent == parent), "{child}");
    }
    assert!(plan.edges_of("contacts").next().is_none(), "who owns a contact is not whom it is about");
}

/// What such columns hold is known by their names: a slip of the hand does not make them technical.
#[test]
fn what_is_called_like_personal_data_is_tagged_so() {
    let words = ["email", "phone", "birth", "gender", "given_name", "family_name", "display_name", "street", "device"];
    let registry = api::house::registry();
    // whose numbers are that do not say their country is a setting, and nobody's number; what leads to a mail is none
    let is_meant = |column: &str| {
        column != "phone_region" && !column.ends_with("_id") && words.iter().any(|word| column.contains(word))
    };
    let called = registry.columns().filter(|(_, column, _)| is_meant(column));
    let mut seen = 0;
    for (table, column, tag) in called {
        seen += 1;
        assert!([Data::Personal, Data::Sensitive].contains(&tag.data), "{table}.{column} is {:?}", tag.data);
    }
    assert!(seen >= 10, "only {seen} columns are called like personal data");
}

/// One table of one column with this tag, and what is wrong with it.
fn faults_of(tags: &'static [Tag], kind: &str, nullable: bool) -> Vec<String> {
    let columns = tags.iter().flat_map(|tag| tag.columns);
    let column = |name: &&str| Column { table: "t".into(), name: (*name).into(), kind: kind.into(), nullable };
    let there: Vec<Column> = columns.map(column).collect();
    Registry::new(&[Table { name: "t", tags }]).faults(&there)
}

#[test]
fn a_tag_that_cannot_be_meant_is_refused() {
    use Data::{Derived, Personal, Secret, Sensitive, Technical};
    use Erasure::{Anew, Empty, Keep, Null, Pseudonym, Row};
    use Whose::{Contact, Nobody, User};
    const A: &[&str] = &["a"];
    let cases: [(&'static [Tag], &str, bool, &str); 13] = [
        (const { &[tag(Personal, Contact, Keep, A)] }, "text", true, "still be there"),
        (const { &[tag(Sensitive, Contact, Keep, A)] }, "text", true, "still be there"),
        (const { &[tag(Derived, Contact, Keep, A)] }, "tsvector", true, "still be there"),
        (const { &[tag(Secret, User, Keep, A)] }, "bytea", true, "still be there"),
        (const { &[tag(Personal, Nobody, Null, A)] }, "text", true, "whom?"),
        (const { &[tag(Technical, Contact, Keep, A)] }, "text", true, "of nobody"),
        (const { &[tag(Technical, Nobody, Null, A)] }, "text", true, "stays, or goes"),
        (const { &[tag(Derived, Contact, Pseudonym, A)] }, "text", true, "made anew, or goes"),
        (const { &[tag(Personal, Contact, Null, A)] }, "text", false, "cannot be null"),
        (const { &[tag(Personal, Contact, Empty, A)] }, "jsonb", true, "can be null"),
        (const { &[tag(Personal, Contact, Pseudonym, A)] }, "date", true, "is a text"),
        (const { &[tag(Derived, Contact, Anew, A)] }, "text", true, "only search words"),
        (const { &[tag(Personal, Contact, Null, A), technical(A)] }, "text", true, "tagged twice"),
    ];
    for (tags, kind, nullable, wanted) in cases {
        let faults = faults_of(tags, kind, nullable);
        assert!(faults.iter().any(|fault| fault.contains(wanted)), "{tags:?} {kind}: {faults:?}");
    }
    let half: &[Tag] = const { &[tag(Personal, Contact, Row, A), technical(&["b"])] };
    assert_eq!(faults_of(half, "text", true), ["t: a row goes as a whole or not at all"]);
    assert_eq!(faults_of(const { &[tag(Personal, Contact, Null, A)] }, "text", true), Vec::<String>::new());
}

#[test]
fn search_words_beside_personal_columns_are_derived() {
    const TABLE: Table =
        table("t", &[tag(Data::Personal, Whose::Contact, Erasure::Null, &["name"]), technical(&["search"])]);
    let column =
        |name: &str, kind: &str| Column { table: "t".into(), name: name.into(), kind: kind.into(), nullable: true };
    let faults = Registry::new(&[TABLE]).faults(&[column("name", "text"), column("search", "tsvector")]);
    assert_eq!(faults, ["t.search: search words of a table with personal columns are derived from them"]);
}
