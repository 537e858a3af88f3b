//! A path that is known with a method that is not, and a path that is not known.
use super::{of_nobody, walk};
use crate::support::Town;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn a_method_that_is_not_known_is_told_which_are() {
    let town = Town::start();
    let owner = town.owner();
    let mut paths: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in walk(&owner) {
        paths.entry(one.path.clone()).or_default().insert(one.method.clone());
    }
    for one in walk(&owner) {
        let path = of_nobody(&one);
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let literal = !one.path.contains('{')
                && paths
                    .keys()
                    .any(|other| other.contains('{') && other.split('/').count() == one.path.split('/').count());
            if paths[&one.path].contains(method) || literal {
                continue;
            }
            let answer = owner.raw(method, path.split('?').next().unwrap_or_default(), None);
            answer.refused(405, "method_not_allowed");
            let allow: BTreeSet<String> = answer.header("allow").split(", ").map(str::to_owned).collect();
            assert!(allow.is_superset(&paths[&one.path]), "{}: {allow:?}", one.name());
        }
    }
}

#[test]
fn a_path_that_is_not_known_is_not_found() {
    let town = Town::start();
    for path in [
        "/v1",
        "/v1/",
        "/v1/nope",
        "/v2/contacts",
        "/v1/contacts/",
        "/v1//contacts",
        "/v1/contacts/a/b/c/d",
        "/openapi.yaml",
        "/docs/..%2f..%2fetc%2fpasswd",
        "/.env",
    ] {
        for client in [town.owner(), town.anonymous()] {
            let answer = client.get(path);
            assert!([401, 404].contains(&answer.status), "{path}: {} {}", answer.status, answer.text());
        }
    }
}

#[test]
fn answers_are_packed_for_who_can_unpack_them() {
    let town = Town::start();
    let plain = town.anonymous().with("accept-encoding", "identity").get("/openapi.json").body.len();
    for packing in ["gzip", "br", "zstd"] {
        let answer = town.anonymous().with("accept-encoding", packing).get("/openapi.json");
        assert_eq!(answer.header("content-encoding"), packing);
        assert!(answer.body.len() * 5 < plain, "{packing}: {} of {plain} bytes", answer.body.len());
    }
}
