//! Who may call an operation, said in its description.
use utoipa::openapi::path::Operation;

/// Who may do what, as asked of the running server by a house test, which writes the table.
const MATRIX: &str = include_str!("../../../../openapi/permissions.csv");

/// What an operation asks for, such as `contact:update`; whoever is logged in may do what asks for nothing.
pub fn permission(operation: &str) -> Option<&'static str> {
    let row = MATRIX.lines().find_map(|line| line.strip_prefix(operation)?.strip_prefix(','))?;
    row.split(',').nth(2).map(|needed| if needed.is_empty() { "authenticated" } else { needed })
}

/// Whoever reads the reference is told who may call it, at the end of what else there is to say.
pub fn tell_who(operation: &mut Operation, needed: Option<&str>) {
    let who = match needed {
        None => "Open to anybody.".to_owned(),
        Some("authenticated") => "For whoever is logged in.".to_owned(),
        Some(needed) => format!("Needs `{}`.", needed.replace(" and ", "` and `")),
    };
    let before = operation.description.take().filter(|text| !text.is_empty());
    operation.description = Some(before.map_or_else(|| who.clone(), |text| format!("{text}\n\n{who}")));
}
