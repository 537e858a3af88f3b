//! Pages in mails, made harmless: no script, no style, no form, no frame, and nothing that is fetched when somebody looks,
//! for that would tell the sender so.
use ammonia::{Builder, UrlRelative};
use std::sync::LazyLock;

static CLEAN: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut clean = Builder::default();
    clean
        .rm_tags(["img", "map", "area"])
        .rm_tag_attributes("q", ["cite"])
        .rm_tag_attributes("blockquote", ["cite"])
        .rm_tag_attributes("del", ["cite"])
        .rm_tag_attributes("ins", ["cite"])
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    clean
});

pub fn clean(page: &str) -> String {
    CLEAN.clean(page).to_string()
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn nothing_runs_and_nothing_is_fetched() {
        let hostile = [
            "<script>alert(1)</script>",
            "<img src=https://spy.example/1.gif onerror=alert(1)>",
            "<svg/onload=alert(1)><p>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\"java\tscript:alert(1)\">x</a>",
            "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
            "<div style=\"background:url(https://spy.example/2.gif)\">x</div>",
            "<style>@import 'https://spy.example/3.css'</style>",
            "<link rel=stylesheet href=https://spy.example/4.css>",
            "<iframe src=https://spy.example></iframe>",
            "<object data=https://spy.example></object><embed src=https://spy.example>",
            "<form action=https://spy.example><input name=password></form>",
            "<base href=https://spy.example/><a href=\"/x\">x</a>",
            "<meta http-equiv=refresh content=\"0;url=https://spy.example\">",
            "<video poster=https://spy.example/5.gif><source src=https://spy.example/6></video>",
            "<table background=https://spy.example/7.gif><td background=https://spy.example/8.gif>x</table>",
            "<blockquote cite=https://spy.example/9>x</blockquote>",
            "<!--[if gte mso 9]><img src=https://spy.example/10><![endif]-->",
        ];
        for page in hostile {
            let left = clean(page).to_lowercase();
            for word in
                ["script", "onerror", "onload", "spy.example", "style", "<svg", "<math", "<form", "<input", "data:"]
            {
                assert!(!left.contains(word), "{page}: {left}");
            }
        }
    }

    #[test]
    fn what_is_written_stays() {
        let page =
            "<p>Dear <b>Ada</b>,<br>see <a href=\"https://shop.example/1\">order 1</a>.</p><ul><li>王伟</li></ul>";
        let left = clean(page);
        for word in ["<b>Ada</b>", "<br>", "href=\"https://shop.example/1\"", "nofollow", "<li>王伟</li>"] {
            assert!(left.contains(word), "{left}");
        }
    }

    #[test]
    fn a_page_that_is_nested_without_end_is_read() {
        let deep = format!("{}x{}", "<div>".repeat(50_000), "</div>".repeat(50_000));
        assert!(clean(&deep).contains('x'));
    }
}
