//! The failed rows of an import as a CSV file, streamed: however many there are, a page of them is held.
use crate::answer::Result;
use crate::language;
use ::platform::Db;
use ::platform::import::{self, Failure, Import};
use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Bytes;
use futures_util::stream;
use kernel::{Ctx, Fault, ImportId, Language, Permit, Read};

const PAGE: i64 = 1_000;
/// Without it a spreadsheet takes the text for Latin-1.
const MARK: &str = "\u{feff}";

pub async fn download(db: Db, ctx: Ctx, id: ImportId, language: Language) -> Result<HttpResponse> {
    let can = Permit::<Read<Import>>::check(ctx.clone())?;
    let import = db.read(can, move |conn, ctx| import::find(conn, ctx, id)).await?;
    let width = import.header.len();
    let names = import.header.iter().map(String::as_str).chain(["row", "code", "message"]);
    let head = format!("{MARK}{}", line(names));
    let start = State { db, ctx, id, language, width, after: Some(0), head: Some(head) };
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
    width: usize,
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
        let text: String = page.iter().map(|failure| row(failure, self.width, self.language)).collect();
        self.after = Some(last);
        Some((Ok(text.into()), self))
    }

    async fn page(&self, after: i64) -> kernel::Result<Vec<Failure>> {
        let (can, id) = (Permit::<Read<Import>>::check(self.ctx.clone())?, self.id);
        self.db.read(can, move |conn, ctx| import::errors(conn, ctx, id, after, PAGE)).await
    }
}

fn row(failure: &Failure, width: usize, language: Language) -> String {
    let cells = failure.cells.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut texts: Vec<String> = cells.iter().map(|cell| cell.as_str().unwrap_or_default().to_owned()).collect();
    texts.resize(width.max(texts.len()), String::new());
    let known = language::texts();
    let faults: Vec<Fault> = serde_json::from_value(failure.faults.clone()).unwrap_or_default();
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code.as_str()).collect();
    let messages = faults.iter().map(|fault| match (fault.pointer.as_str(), fault.message.told(language, known)) {
        ("", message) => message,
        (column, message) => format!("{column}: {message}"),
    });
    let messages: Vec<String> = messages.collect();
    texts.extend([failure.row_number.to_string(), codes.join("; "), messages.join("; ")]);
    line(texts.iter().map(String::as_str))
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let mut line = cells.map(cell).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// Quoted where it must be; a cell that a spreadsheet would compute gets an apostrophe in front.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if formula { format!("'{text}") } else { text.to_owned() };
    let quoted = safe.contains([',', '"', '\n', '\r', ';', '\t']);
    if quoted { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::{cell, row};
    use ::platform::import::Failure;
    use kernel::Language;
    use serde_json::json;

    #[test]
    fn nothing_is_left_to_compute() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("-12.50"), "'-12.50");
        assert_eq!(cell("@x,\"y\""), "\"'@x,\"\"y\"\"\"");
        assert_eq!(cell("plain 上海"), "plain 上海");
    }

    #[test]
    fn a_row_keeps_its_cells_and_tells_all_its_faults() {
        let failure = Failure {
            row_number: 7,
            faults: json!([{"pointer": "E-mail", "code": "email", "message": "no"}, {"pointer": "", "code": "x", "message": "y"}]),
            cells: json!(["a", null]),
        };
        assert_eq!(row(&failure, 3, Language::English), "a,,,7,\"email; x\",\"E-mail: no; y\"\r\n");
    }
}
