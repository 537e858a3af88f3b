//! What the mechanism goes by holds: bodies are called after their nouns, echoes and the targets of imports name what is
//! there.
use super::all;
use crate::support::operations;
use platform::import::Target;

fn name_of(schema: &serde_json::Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// `order_line` → `OrderLine`.
fn schema_of(noun: &str) -> String {
    noun.split('_').map(|part| part[..1].to_uppercase() + &part[1..]).collect()
}

/// A body that makes or changes a record is known by its name, else its members would not be looked at.
#[test]
fn every_body_of_a_record_is_called_after_it() {
    let nouns: Vec<String> = all().all().map(|noun| schema_of(noun.noun)).collect();
    let mut known = 0;
    for operation in operations() {
        // what only asks writes nothing
        let Some(kind) = operation.body().filter(|_| !operation.id.starts_with("find_")) else { continue };
        let Some(body) = name_of(&operation.spec["requestBody"]["content"][kind]["schema"]) else { continue };
        let answers = ["200", "201"].map(|status| {
            let content = &operation.spec["responses"][status]["content"]["application/json"]["schema"];
            name_of(content).or_else(|| name_of(&content["items"]))
        });
        for noun in answers.into_iter().flatten().filter(|noun| nouns.iter().any(|one| one == noun)) {
            let called = [format!("New{noun}"), format!("{noun}Patch"), format!("New{noun}s")];
            let otherwise = api::sight::OTHERWISE.iter().any(|(name, of)| *name == body && schema_of(of) == noun);
            assert!(otherwise || called.iter().any(|name| name == body), "{}: {body} writes {noun}", operation.name());
            known += 1;
        }
    }
    assert!(known > 20, "{known} bodies only");
}

#[test]
fn what_tells_of_fields_elsewhere_names_what_is_there() {
    let field = |object: &str, field: &str| all().get(object).map(|noun| noun.field(field).is_some());
    for echo in api::house::ECHOES.concat() {
        let schema = &crate::support::document()["components"]["schemas"][schema_of(echo.object)]["properties"];
        assert!(schema[echo.field].is_object(), "{}.{} is in no answer", echo.object, echo.field);
        assert_ne!(field(echo.object, echo.field), Some(false), "{}.{}", echo.object, echo.field);
        for (object, of) in echo.of {
            assert_eq!(field(object, of), Some(true), "{}.{}: {object}.{of}", echo.object, echo.field);
        }
    }
}

/// What an account takes from the contact whose it is cannot be seen there by those who do not see it of the contact.
#[test]
fn what_says_the_same_elsewhere_names_what_is_there() {
    for mirror in customer::MIRRORS {
        for (object, field) in mirror.of.iter().copied().chain([(mirror.object, mirror.field)]) {
            let noun = all().get(object).unwrap();
            let field = noun.field(field).unwrap_or_else(|| panic!("{object} has no {field}"));
            assert!(!noun.is_essential(field), "{object}.{} cannot be hidden", field.name);
        }
    }
}

/// `platform::import::access` reads a target by its name alone: relations there are called as their nouns, and go by
/// `{relation}_id`.
#[test]
fn every_target_of_an_import_means_a_field() {
    for importer in api::worker::handlers::IMPORTERS {
        for target in importer.targets() {
            assert!(means(importer.noun(), target), "{}: {}", importer.resource(), target.name);
        }
    }
}

fn means(noun: &str, target: &Target) -> bool {
    if let Some((part, field)) = target.becomes {
        return all().get(part).is_some_and(|part| part.field(field).is_some());
    }
    let parts: Vec<&str> = target.name.split('.').collect();
    let (last, way) = parts.split_last().unwrap();
    let mut at = noun;
    for step in way {
        let money = all().get(at).and_then(|noun| noun.field(step)).is_some();
        let relation = all().relation(at, step).filter(|relation| relation.target == *step);
        let goes = relation.and_then(|relation| all().goes_by(at, relation));
        match goes {
            Some((_, field)) if field == format!("{step}_id") => at = step,
            _ => return money && *last == "currency",
        }
    }
    // `key` and the like belong to how a file is read
    *last == "external_id" || all().get(at).is_some_and(|noun| noun.field(last).is_some())
}
