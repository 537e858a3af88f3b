//! The failed rows of an import as a CSV file, streamed: however many there are, a page of them is held. Whoever does not
//! see a field that its rows become is shown the cells of those fields only that they see.
use crate::answer::Result;
use crate::language;
use crate::worker::handlers::importer;
use ::platform::Db;
use ::platform::import::{self, Failure, Import, Mapping, Target};
use ::platform::table::write::{Cell, csv};
use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Bytes;
use futures_util::stream;
use kernel::{Access, Ctx, Fault, Grants, ImportId, Language, Permit, Read};
use serde_json::Value;

const PAGE: i64 = 1_000;

pub async fn download(db: Db, ctx: Ctx, id: ImportId, language: Language) -> Result<HttpResponse> {
    let can = Permit::<Read<Import>>::check(ctx.clone())?;
    let import = db.read(can, move |conn, ctx| import::find(conn, ctx, id)).await?;
    let columns = columns(&import, &ctx.grants);
    let names = import.header.iter().map(String::as_str).chain(["row", "code", "message"]);
    let head = format!("{}{}", csv::MARK, line(names));
    let start = State { db, ctx, id, language, columns, after: Some(0), head: Some(head) };
    let body = stream::unfold(start, |state| async move { state.next().await });
    let mut answer = HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"import-{id}-errors.csv\"")))
        .streaming(Box::pin(body));
    language::tell(answer.headers_mut(), language);
    Ok(answer)
}

struct State {
    db: Db,
    ctx: Ctx,
    id: ImportId,
    language: Language,
    columns: Vec<Column>,
    /// the row that the next page begins behind; nothing after the last page
    after: Option<i64>,
    head: Option<String>,
}

impl State {
    async fn next(mut self) -> Option<(kernel::Result<Bytes>, Self)> {
        if let Some(head) = self.head.take() {
            return Some((Ok(head.into()), self));
        }
        let after = self.after?;
        let page = match self.page(after).await {
            Ok(page) => page,
            Err(error) => {
                self.after = None;
                return Some((Err(error), self));
            }
        };
        let last = page.last()?.row_number;
        let text: String = page.iter().map(|failure| row(failure, &self.columns, self.language)).collect();
        self.after = Some(last);
        Some((Ok(text.into()), self))
    }

    async fn page(&self, after: i64) -> kernel::Result<Vec<Failure>> {
        let (can, id) = (Permit::<Read<Import>>::check(self.ctx.clone())?, self.id);
        self.db.read(can, move |conn, ctx| import::errors(conn, ctx, id, after, PAGE)).await
    }
}

/// A column of the file, and whether its cells are shown.
struct Column {
    name: String,
    is_shown: bool,
}

fn columns(import: &Import, grants: &Grants) -> Vec<Column> {
    let (mapping, importer) = (Mapping::read(&import.mapping).unwrap_or_default(), importer(&import.resource).ok());
    let targets = importer.map(|importer| importer.targets()).unwrap_or_default();
    let noun = importer.map_or("", |importer| importer.noun());
    let is_seen = |target: &Target| import::access(grants, noun, target, &|_| false) > Access::Hidden;
    let all = targets.iter().all(is_seen);
    let shows = |to: &str| targets.iter().find(|target| target.name == to).is_some_and(is_seen);
    let is_shown = |name: &str| {
        let mut goes = mapping.columns.iter().filter(|column| column.column == name).peekable();
        all || goes.peek().is_some() && goes.all(|column| shows(&column.to))
    };
    import.header.iter().map(|name| Column { name: name.clone(), is_shown: is_shown(name) }).collect()
}

fn row(failure: &Failure, columns: &[Column], language: Language) -> String {
    let all = columns.iter().all(|column| column.is_shown);
    let cells = failure.cells.as_array().map(Vec::as_slice).unwrap_or_default();
    let shown = |at: usize| columns.get(at).map_or(all, |column| column.is_shown);
    let text = |(at, cell): (usize, &Value)| cell.as_str().filter(|_| shown(at)).unwrap_or_default().to_owned();
    let mut texts: Vec<String> = cells.iter().enumerate().map(text).collect();
    texts.resize(columns.len().max(texts.len()), String::new());
    let known = language::texts();
    let faults: Vec<Fault> = serde_json::from_value(failure.faults.clone()).unwrap_or_default();
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code.as_str()).collect();
    let hidden = |name: &str| columns.iter().any(|column| column.name == name && !column.is_shown);
    let messages = faults.iter().map(|fault| match (fault.pointer.as_str(), fault.message.told(language, known)) {
        (column, _) if hidden(column) => String::new(),
        ("", message) => message,
        (column, message) => format!("{column}: {message}"),
    });
    let messages: Vec<String> = messages.collect();
    texts.extend([failure.row_number.to_string(), codes.join("; "), messages.join("; ")]);
    line(texts.iter().map(String::as_str))
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    csv::line(cells.map(|text| if text.is_empty() { Cell::None } else { Cell::Text(text.into()) }))
}

#[cfg(test)]
mod tests {
    use super::{Column, row};
    use ::platform::import::Failure;
    use kernel::Language;
    use serde_json::json;

    #[test]
    fn a_row_keeps_its_cells_and_tells_all_its_faults() {
        let failure = Failure {
            row_number: 7,
            faults: json!([{"pointer": "E-mail", "code": "email", "message": "no"}, {"pointer": "", "code": "x", "message": "y"}]),
            cells: json!(["a", null]),
        };
        let column = |name: &str, is_shown| Column { name: name.to_owned(), is_shown };
        let columns = [column("Name", true), column("E-mail", true), column("Z", true)];
        assert_eq!(row(&failure, &columns, Language::English), "a,,,7,\"email; x\",\"E-mail: no; y\"\r\n");
        let columns = [column("Name", false), column("E-mail", false), column("Z", true)];
        assert_eq!(row(&failure, &columns, Language::English), ",,,7,\"email; x\",\"; y\"\r\n");
    }
}
