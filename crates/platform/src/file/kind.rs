//! What a file is, by how it begins. A name and a declaration are only words.

/// So much of the beginning is looked at.
pub const HEAD: usize = 8192;
const UNKNOWN: &str = "application/octet-stream";

/// The media type of what begins so, declared as that. What claims to be of a sort that is known by its beginning, and
/// does not begin so, is bytes and no more.
pub fn of(head: &[u8], declared: &str) -> String {
    let found = markup(head).or_else(|| infer::get(head).map(|kind| kind.mime_type()));
    let kind = match found {
        // many sorts are a zip or XML inside
        Some("application/zip") if declared.starts_with("application/vnd.") => declared,
        Some("text/xml") if is_xml(declared) => declared,
        Some(found) => found,
        None if infer::is_mime_supported(declared) || is_xml(declared) || declared == "text/html" => UNKNOWN,
        None => declared,
    };
    kind.to_owned()
}

fn is_xml(kind: &str) -> bool {
    kind.ends_with("/xml") || (kind.ends_with("+xml") && kind != "image/svg+xml")
}

/// What a browser would run, however much stands before it that shows nothing.
fn markup(head: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(head).to_lowercase();
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if !text.starts_with('<') {
        return None;
    }
    let marks = ["<!doctype html", "<html", "<head", "<body", "<script", "<iframe"];
    if text.contains("<svg") {
        return Some("image/svg+xml");
    }
    marks.iter().any(|mark| text.contains(mark)).then_some("text/html")
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn a_lie_is_kept_as_what_it_is() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        for (head, declared, kept) in [
            (&png[..], "text/plain", "image/png"),
            (b"<!DOCTYPE html><script>", "image/png", "text/html"),
            (b" \n<svg onload=alert(1)>", "image/png", "image/svg+xml"),
            (b"<?xml version=\"1.0\"?><!-- --><svg xmlns=\"\">", "application/pdf", "image/svg+xml"),
            (b"<?xml version=\"1.0\"?><Invoice/>", "application/xml", "application/xml"),
            (b"MZ\x90\0", "image/png", "application/vnd.microsoft.portable-executable"),
            (b"plain words", "image/png", "application/octet-stream"),
            (b"plain words", "text/plain", "text/plain"),
            (b"%PDF-1.7 ", "application/pdf", "application/pdf"),
            (b"", "text/csv", "text/csv"),
        ] {
            assert_eq!(of(head, declared), kept, "{}", String::from_utf8_lossy(head));
        }
    }
}
