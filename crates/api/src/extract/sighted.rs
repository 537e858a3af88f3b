//! A body from somebody to whom not every field is open. What is hidden from them is refused as a name that is not there,
//! word for word; what they may only read is refused at its place; all with whatever else is wrong.
use super::body::{Body, plain};
use crate::sight::{HeldBack, Sight};
use kernel::{Access, Error, Fault, Grants, Result, Text, error};
use serde_json::{Map, Value};

/// Makes a name one that no body has, so that it is refused as any of those.
const UNKNOWN: char = '\u{1}';

/// The body, or all that is wrong with it.
pub fn read<T: Body>(bytes: &[u8], grants: &Grants) -> Result<T> {
    let region = grants.phone_region();
    let Ok(mut body) = serde_json::from_slice::<Value>(bytes) else { return plain(bytes, region) };
    let held_back = Sight::of_the_house().held_back::<T>(&mut body, grants);
    if held_back.is_empty() {
        return plain(bytes, region).map_err(|error| retold(error, grants));
    }
    held_back.iter().for_each(|one| take(&mut body, one));
    let rest = plain::<T>(&serde_json::to_vec(&body).map_err(Error::internal)?, region);
    let mut faults: Vec<Fault> = held_back
        .iter()
        .filter(|one| one.access == Access::Read)
        .map(|one| Fault::read_only(one.pointer.as_str()))
        .collect();
    match rest.map_err(|error| retold(error, grants)) {
        Ok(_) => {}
        Err(error) if error.code == error::INVALID => {
            let known = |fault: &Fault| faults.iter().any(|one| one.pointer == fault.pointer);
            let more: Vec<Fault> = error.faults.into_iter().filter(|fault| !known(fault)).collect();
            faults.extend(more);
        }
        Err(error) => return Err(error),
    }
    Err(Error::from(error::INVALID).faults(faults))
}

/// Makes the names in a body that are hidden from its sender unknown ones. `true` where others may only be read.
pub fn hide<T: Body>(body: &mut Value, grants: &Grants) -> bool {
    let held_back = Sight::of_the_house().held_back::<T>(body, grants);
    let (hidden, read_only): (Vec<HeldBack>, Vec<HeldBack>) =
        held_back.into_iter().partition(|one| one.access == Access::Hidden);
    hidden.iter().for_each(|one| take(body, one));
    !read_only.is_empty()
}

fn take(body: &mut Value, one: &HeldBack) {
    let Some((parent, name)) = one.pointer.rsplit_once('/') else { return };
    let Some(members) = body.pointer_mut(parent).and_then(Value::as_object_mut) else { return };
    match one.access {
        Access::Hidden => *members = renamed(members, name),
        Access::Read | Access::Write => drop(members.remove(name)),
    }
}

fn renamed(members: &Map<String, Value>, hidden: &str) -> Map<String, Value> {
    let name = |name: &String| if name == hidden { format!("{UNKNOWN}{name}") } else { name.clone() };
    members.iter().map(|(key, value)| (name(key), value.clone())).collect()
}

/// As if the hidden names were none: they are not among those that are told to be known.
fn retold(error: Error, grants: &Grants) -> Error {
    let hidden: Vec<&str> =
        grants.held_back().filter(|(.., access)| *access == Access::Hidden).map(|(_, field, _)| field).collect();
    let told = |fault: Fault| Fault {
        pointer: fault.pointer.replace(UNKNOWN, ""),
        message: without(fault.message, &hidden),
        ..fault
    };
    let faults = error.faults.into_iter().map(told).collect();
    Error { faults, detail: error.detail.map(|text| without(text, &hidden)), ..error }
}

/// A text without the hidden names among the `fields` that it lists.
fn without(text: Text, hidden: &[&str]) -> Text {
    text.changed(&|place, value| match place {
        "fields" => {
            let seen: Vec<&str> = value.split(", ").filter(|name| !hidden.contains(name)).collect();
            seen.join(", ")
        }
        _ => value.replace(UNKNOWN, ""),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use customer::contact::{ContactPatch, NewContact};
    use kernel::text;
    use serde_json::json;

    fn grants() -> Grants {
        let mut grants = Grants::default();
        grants.restrict("contact", "phone", Access::Hidden);
        grants.restrict("contact", "department", Access::Read);
        grants.restrict("contact_point", "label", Access::Read);
        grants
    }

    fn faults<T: Body>(body: &Value) -> Vec<Fault> {
        read::<T>(body.to_string().as_bytes(), &grants()).map(drop).err().map_or_else(Vec::new, |error| error.faults)
    }

    #[test]
    fn a_hidden_field_is_refused_as_one_that_is_not_there() {
        let hidden = faults::<ContactPatch>(&json!({"phone": "+4930123456"}));
        let unknown = faults::<ContactPatch>(&json!({"pxxxe": "+4930123456"}));
        let same =
            |fault: &Fault| format!("{} {} {}", fault.pointer, fault.code, fault.message).replace("phone", "pxxxe");
        assert_eq!(hidden.len(), 1);
        assert_eq!(hidden.iter().map(same).collect::<Vec<_>>(), unknown.iter().map(same).collect::<Vec<_>>());
        assert!(unknown.iter().all(|fault| {
            let told = fault.message.to_string();
            told.contains("email") && !told.contains("phone")
        }));
    }

    #[test]
    fn all_faults_come_at_once_and_at_their_places() {
        let body = json!({"phone": "x", "department": "y", "email": "nonsense", "display_name": "Z",
            "contact_points": [{"kind": "wechat", "value": "z", "label": "w"}]});
        let found = faults::<NewContact>(&body);
        let mut places: Vec<String> = found.iter().map(|one| format!("{} {}", one.pointer, one.code)).collect();
        places.sort();
        assert_eq!(
            places,
            ["/contact_points/0/label read_only", "/department read_only", "/email email", "/phone unknown_field"]
        );
        assert!(faults::<NewContact>(&json!({"display_name": "Z"})).is_empty());
    }

    #[test]
    fn a_list_of_names_is_told_without_what_is_hidden() {
        let told = |fields: &str| without(text!("there are: {fields}", fields), &["b"]).to_string();
        assert_eq!(told("a, b, c"), "there are: a, c");
        assert_eq!(told("a, bb"), "there are: a, bb");
    }
}
