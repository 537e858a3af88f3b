#![allow(clippy::unwrap_used)]
use super::*;

const TENANT: &str = "0190b6a0-0000-7000-8000-000000000001";
const IDS: [&str; 3] = [
    "0190b6a0-0000-7000-8000-00000000000a",
    "0190b6a0-0000-7000-8000-00000000000b",
    "0190b6a0-0000-7000-8000-00000000000c",
];

fn statement(text: &str, params: &[&str]) -> Statement {
    Statement { text: text.into(), params: params.iter().map(|p| Some((*p).to_owned())).collect() }
}

fn typed(names: &'static [&'static str]) -> impl FnMut(&Statement) -> Vec<String> {
    move |_| names.iter().map(|name| (*name).to_owned()).collect()
}

fn ids() -> Vec<String> {
    IDS.iter().map(|id| (*id).to_owned()).collect()
}

/// What follows the lines that set variables.
fn body(script: &str) -> String {
    script.lines().skip_while(|line| line.starts_with("\\set")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_point_read_picks_its_id_and_keeps_its_tenant() {
    let probes: Vec<Probe> = IDS
        .iter()
        .map(|id| Probe {
            about: Some((*id).into()),
            serial: None,
            statements: vec![statement(
                "SELECT * FROM t WHERE tenant_id = $1 AND id = ANY($2)",
                &[TENANT, &format!("{{{id}}}")],
            )],
        })
        .collect();
    let script = write(&probes, &ids(), &mut typed(&["uuid", "uuid"])).unwrap();
    assert!(script.contains("\\set k random(1, 3)"));
    let list = IDS.map(|id| format!("'{id}'")).join(",");
    assert_eq!(
        body(&script),
        format!("SELECT * FROM t WHERE tenant_id = '{TENANT}'::uuid AND id = ((ARRAY[{list}]::uuid[])[:k])::uuid;\n")
    );
}

#[test]
fn values_that_vary_are_picked_together() {
    let probe = |stage: &str, most: &str| Probe {
        statements: vec![statement(
            "SELECT 1 FROM t WHERE s = $1 AND tags @> $2 LIMIT $3",
            &[stage, &format!("{{{stage},x}}"), most],
        )],
        ..Probe::default()
    };
    let probes = [probe("lead", "50"), probe("it's", "50")];
    let script = write(&probes, &[], &mut typed(&["text", "text[]", "bigint"])).unwrap();
    assert!(script.contains("\\set v random(1, 2)"));
    assert_eq!(
        body(&script),
        "SELECT 1 FROM t WHERE s = (ARRAY['lead','it''s']::text[])[:v] \
         AND tags @> ((ARRAY['{lead,x}','{it''s,x}']::text[])[:v])::text[] LIMIT '50'::bigint;\n"
    );
}

#[test]
fn a_writing_makes_new_ids_and_numbers_each_time() {
    let probe = |new: &str, serial: &str| Probe {
        about: None,
        serial: Some(serial.into()),
        statements: vec![
            statement("BEGIN", &[]),
            statement(
                "INSERT INTO t VALUES ($1, $2, $3, $4)",
                &[TENANT, new, &format!("b{serial}@x.example"), &format!("{{\"id\":\"{new}\",\"at\":\"10:20\"}}")],
            ),
            statement("COMMIT", &[]),
        ],
    };
    let probes = [probe(IDS[0], "100000000001"), probe(IDS[1], "100000000002")];
    let script = write(&probes, &[], &mut typed(&["uuid", "uuid", "text", "jsonb"])).unwrap();
    assert!(script.contains("\\set h0 ") && script.contains("\\set l0 ") && !script.contains("\\set h1 "));
    let new = "('0' || :h0::text || :l0::text)::uuid";
    assert_eq!(
        body(&script),
        format!(
            "BEGIN;\nINSERT INTO t VALUES ('{TENANT}'::uuid, ({new})::uuid, ('b' || (:serial::text)::text || '@x.example')::text, \
             (E'{{\"id\"\\x3A\"' || ({new})::text || E'\",\"at\"\\x3A\"10\\x3A20\"}}')::jsonb);\nCOMMIT;\n"
        )
    );
}

#[test]
fn what_a_worker_asked_meanwhile_is_left_out() {
    let plain = Probe { statements: vec![statement("SELECT 1", &[])], ..Probe::default() };
    let noisy =
        Probe { statements: vec![statement("SELECT 1", &[]), statement("SELECT job", &[])], ..Probe::default() };
    let script = write(&[noisy, plain.clone(), plain], &[], &mut typed(&[])).unwrap();
    assert_eq!(body(&script), "SELECT 1;\n");
    assert!(write(&[Probe::default()], &[], &mut typed(&[])).is_none());
    assert!(write(&[], &[], &mut typed(&[])).is_none());
}
