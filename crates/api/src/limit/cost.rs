//! What a request costs, in units: a record that is got by its id is one.
use actix_web::HttpRequest;
use actix_web::http::{Method, header};

/// A body costs a unit more for each of these.
const BYTES: u64 = 4096;
/// No body costs more than this, and one whose size is not told costs as much.
const LARGEST: u64 = 100;

/// From what is known before anything is done: method, path, query and the size of the body.
pub fn of(req: &HttpRequest) -> u64 {
    let length = req.headers().get(header::CONTENT_LENGTH).map(|value| value.to_str().ok()?.parse().ok());
    let body = match length {
        Some(length) => length.map_or(LARGEST, |bytes: u64| (bytes / BYTES).min(LARGEST)),
        None if req.headers().contains_key(header::TRANSFER_ENCODING) => LARGEST,
        None => 0,
    };
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(req.method());
    let method = if reads { 1 } else { 2 };
    method + path(req.path(), reads) + query(req.query_string()) + body
}

/// Files are read and written as a whole; a view of everything asks much.
fn path(path: &str, reads: bool) -> u64 {
    match path.rsplit('/').next().unwrap_or_default() {
        "imports" | "exports" if !reads => 20,
        // another server is asked
        "start" | "finish" if path.starts_with("/v1/auth/sso/") => 10,
        // figures go through all that a query finds
        "query" if path.starts_with("/v1/analytics/") => 8,
        "run" | "export" if path.starts_with("/v1/reports/") => 8,
        "data" if path.starts_with("/v1/dashboards/") => 20,
        "sales" | "customer" if path.starts_with("/v1/analytics/packs/") => 20,
        "search" | "360" | "duplicates" | "sync" | "timeline" => 4,
        "events" | "stream" => 2,
        _ => 0,
    }
}

/// A search asks more than a list, a relation is a query of its own, and counting exactly goes through all rows.
fn query(query: &str) -> u64 {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let one = |(name, value): (&str, &str)| match name {
        "q" => 4,
        "include" => 2 * u64::try_from(value.replace("%2C", ",").split(',').count()).unwrap_or(1),
        "filter" => 2,
        "count" if value == "exact" => 4,
        _ => 0,
    };
    pairs.map(one).sum()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    fn cost(method: actix_web::http::Method, target: &str, bytes: usize) -> u64 {
        let request = TestRequest::default().method(method).uri(target);
        let request = if bytes > 0 { request.insert_header(("content-length", bytes)) } else { request };
        super::of(&request.to_http_request())
    }

    #[test]
    fn what_asks_more_costs_more() {
        use actix_web::http::Method;
        let get = |target| cost(Method::GET, target, 0);
        assert_eq!(get("/v1/contacts/1"), 1);
        assert_eq!(get("/v1/contacts?limit=10&sort=-created_at"), 1);
        assert_eq!(get("/v1/contacts?q=ada"), 5);
        assert_eq!(get("/v1/contacts/1?include=account,owner"), 5);
        assert_eq!(get("/v1/contacts?filter=x&count=exact"), 7);
        let post = |target, bytes| cost(Method::POST, target, bytes);
        assert_eq!(post("/v1/contacts", 300), 2);
        assert_eq!(post("/v1/imports", 1 << 30), 122);
        assert_eq!(post("/v1/auth/sso/finish", 300), 12);
        assert_eq!((post("/v1/analytics/query", 300), get("/v1/dashboards/1/data")), (10, 21));
        let thousand = post("/v1/contacts/batch", 1000 * 200);
        assert!(thousand < 1000 * post("/v1/contacts", 200) / 30, "{thousand}");
        assert!(thousand > 5 * post("/v1/contacts/batch", 2000), "{thousand}");
    }
}
