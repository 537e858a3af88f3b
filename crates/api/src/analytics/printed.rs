//! What comes of a report, as a file: a table for spreadsheets, a sheet of paper, a drawing.
use crate::answer::Result;
use crate::house::House;
use crate::platform::download;
use crate::sales::printing;
use ::analytics::report::{ReportFormat, ReportOutcome, Sheet, sheet};
use ::platform::private;
use ::platform::table::write::{Cell, Writer, csv, failed};
use actix_web::HttpResponse;
use actix_web::http::header;
use kernel::{Error, Language, RequestId};
use paper::Column;
use serde_json::Value;

/// Nothing in a drawing is run, wherever it is opened.
pub fn svg(drawn: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(drawn)
}

pub fn vega_lite(specification: &Value) -> HttpResponse {
    let text = serde_json::to_vec(specification).unwrap_or_default();
    HttpResponse::Ok()
        .content_type("application/vnd.vegalite.v5+json")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text)
}

pub async fn file(
    house: &House,
    outcome: &ReportOutcome,
    format: ReportFormat,
    language: Language,
) -> Result<HttpResponse> {
    let (kind, bytes) = made(house, outcome, format, language).await?;
    let name = format!("attachment; filename=\"report-{}.{}\"", outcome.report_id, format.name());
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes))
}

/// The kind of the file, and what it holds.
pub async fn made(
    house: &House,
    outcome: &ReportOutcome,
    format: ReportFormat,
    language: Language,
) -> kernel::Result<(&'static str, Vec<u8>)> {
    let table = sheet(outcome);
    Ok(match format {
        ReportFormat::Csv => (download::kind("csv").0, text(&table).into_bytes()),
        ReportFormat::Xlsx => (download::kind("xlsx").0, workbook(house, table).await?),
        ReportFormat::Pdf => ("application/pdf", printing::print(house, paper(outcome, &table, language)).await?),
    })
}

fn cells<'a>(table: &'a Sheet, row: &'a [Value]) -> impl Iterator<Item = Cell<'a>> {
    row.iter().zip(&table.columns).map(|(value, (_, is_number))| Cell::of(Some(value), *is_number))
}

fn text(table: &Sheet) -> String {
    let mut out = String::from(csv::MARK);
    out.push_str(&csv::line(table.columns.iter().map(|(name, _)| Cell::Text(name.as_str().into()))));
    table.rows.iter().for_each(|row| out.push_str(&csv::line(cells(table, row))));
    out
}

/// Written to a file of its own, for a workbook is an archive; the file is gone when it has been read.
async fn workbook(house: &House, table: Sheet) -> kernel::Result<Vec<u8>> {
    let folder = house.data_dir.join("files").join("reports");
    let written = tokio::task::spawn_blocking(move || {
        private::folder(&folder).map_err(failed)?;
        let path = folder.join(RequestId::new().to_string());
        let read = write(&path, &table).and_then(|()| std::fs::read(&path).map_err(failed));
        let _ = std::fs::remove_file(&path); // there is none, where it could not be made
        read
    });
    written.await.map_err(Error::internal)?
}

fn write(path: &std::path::Path, table: &Sheet) -> kernel::Result<()> {
    let file = private::file().write(true).create_new(true).open(path).map_err(failed)?;
    let header: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
    let mut writer = Writer::begin("xlsx", file, &header, false)?;
    table.rows.iter().try_for_each(|row| writer.cells(cells(table, row)))?;
    writer.finish()
}

fn paper(outcome: &ReportOutcome, table: &Sheet, language: Language) -> paper::Sheet {
    let told = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let column =
        |(name, is_figure): &(String, bool)| Column { title: name.clone(), is_figure: *is_figure, share: None };
    paper::Sheet {
        language: language.tag().to_owned(),
        title: outcome.name.clone(),
        page: printing::words(language).page.to_owned(),
        columns: table.columns.iter().map(column).collect(),
        rows: table.rows.iter().map(|row| row.iter().map(told).collect()).collect(),
        ..paper::Sheet::default()
    }
}
