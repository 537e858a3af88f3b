//! The document that a tenant has for itself becomes types: a program that uses its own fields compiles by them, and one
//! that takes them for something else does not.
use super::one_of_each;
use crate::support::{Person, Town, files};
use std::path::{Path, PathBuf};
use std::process::Command;

const PROGRAM: &str = r#"
import type { components } from "./schema.d.ts";
type Schemas = components["schemas"];
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}
type Own = NonNullable<Schemas["Account"]["custom"]>;

same<Own["a_text"], string | undefined>(true);
same<Own["a_int"], number | undefined>(true);
same<Own["a_decimal"], string | undefined>(true);
same<Own["a_money"], Schemas["Money"] | undefined>(true);
same<Own["a_bool"], boolean | undefined>(true);
same<Own["a_date"], string | undefined>(true);
same<Own["a_instant"], string | undefined>(true);
same<Own["a_email"], string | undefined>(true);
same<Own["a_phone"], string | undefined>(true);
same<Own["a_url"], string | undefined>(true);
same<Own["a_option"], "a" | "b" | "c" | undefined>(true);
same<Own["a_options"], ("a" | "b" | "c")[] | undefined>(true);
same<Own["a_reference"], string | undefined>(true);

export const created: Schemas["NewAccount"] = {
    name: "Aurora Tea",
    custom: { a_text: "words", a_int: 7, a_money: { amount: "5.00", currency: "CNY" }, a_options: ["a", "c"] },
};
export const changed: Schemas["AccountPatch"] = { custom: { a_option: "b", a_bool: null, a_date: "2026-11-26" } };
export function size(account: Schemas["Account"]): number {
    return (account.custom?.a_int ?? 0) + (account.custom?.a_options?.length ?? 0);
}
// @ts-expect-error: there is no such field
export const unknown: Schemas["NewAccount"] = { name: "x", custom: { nonsense: 1 } };
// @ts-expect-error: it is a number
export const mistyped: Schemas["NewAccount"] = { name: "x", custom: { a_int: "7" } };
// @ts-expect-error: it is none of the options
export const unlisted: Schemas["AccountPatch"] = { custom: { a_option: "d" } };
"#;

/// The tools that `scripts/sdk` has fetched; where it has not, the test says so and passes.
fn tools() -> Option<PathBuf> {
    let folder = files::root().join("openapi/sdk/typescript/node_modules");
    if ["openapi-typescript", "tsc"].iter().all(|tool| folder.join(".bin").join(tool).exists()) {
        return Some(folder);
    }
    println!("skipped: there is no {}: `scripts/sdk --check` fetches it", folder.display());
    None
}

fn run(tools: &Path, tool: &str, folder: &Path, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(tools.join(".bin").join(tool));
    let done = command.args(arguments).current_dir(folder).output().unwrap();
    (done.status.success(), String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned())
}

#[test]
fn the_types_of_a_tenant_know_its_own_fields() {
    let Some(tools) = tools() else { return };
    let town = Town::idle();
    let owner = town.owner();
    one_of_each(&owner, "account");
    let folder = tempfile::tempdir().unwrap();
    let typed = |client: &crate::support::Client| {
        let document = client.unheld("GET", "/openapi.json?tenant=mine", None).body;
        std::fs::write(folder.path().join("mine.json"), document).unwrap();
        let types = ["mine.json", "--empty-objects-unknown", "--output", "schema.d.ts"];
        let (done, said) = run(&tools, "openapi-typescript", folder.path(), &types);
        assert!(done, "{said}");
        std::fs::write(folder.path().join("program.ts"), PROGRAM).unwrap();
        let strict = ["--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes"];
        let plain = ["--noEmit", "--target", "ES2022", "--module", "NodeNext", "program.ts"];
        run(&tools, "tsc", folder.path(), &[&strict[..], &plain[..]].concat())
    };
    let (compiles, said) = typed(&owner);
    assert!(compiles, "{said}");
    let (compiles, said) = typed(&town.client(Person::Foreigner));
    assert!(!compiles && said.contains("TS2345"), "another tenant has none of them: {said}");
}
