//! The page that is made of Markdown: made harmless, for whoever writes it and whoever reads it may not be the same.
//! Nothing in it runs, and nothing looks like a part of the portal itself. Pictures come by `https` alone.
use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Options, Parser, html};
use std::sync::LazyLock;

static CLEAN: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut clean = Builder::default();
    clean
        .rm_tags(["map", "area"])
        .add_tag_attributes("img", ["loading", "referrerpolicy"])
        .set_tag_attribute_value("img", "loading", "lazy")
        .set_tag_attribute_value("img", "referrerpolicy", "no-referrer")
        .url_schemes(["http", "https", "mailto", "tel"].into())
        // of pictures, those alone that nobody on the way can change
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") if !value.starts_with("https://") => None,
            _ => Some(value.into()),
        })
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"));
    clean
});

/// The page of a text.
#[must_use]
pub fn of(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut page = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut page, Parser::new_ext(markdown, options));
    CLEAN.clean(&page).to_string()
}

/// What is to be read on a page, without its marks: the words of it, and what a search shows of it.
#[must_use]
pub fn words(markdown: &str) -> String {
    use pulldown_cmark::Event::{Code, End, HardBreak, SoftBreak, Text};
    let mut text = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Text(words) | Code(words) => text.push_str(&words),
            SoftBreak | HardBreak => text.push(' '),
            End(end) if is_block(end) => text.push(' '),
            _ => {}
        }
    }
    text.trim().to_owned()
}

fn is_block(end: pulldown_cmark::TagEnd) -> bool {
    use pulldown_cmark::TagEnd::{Emphasis, Image, Link, Strikethrough, Strong};
    !matches!(end, Emphasis | Image | Link | Strikethrough | Strong)
}

#[cfg(test)]
mod tests {
    use super::{of, words};

    #[test]
    fn markdown_becomes_a_page() {
        let page = of("# 退款\n\nSee **this** and [that](https://shop.example/x).\n\n|a|b|\n|-|-|\n|1|2|\n");
        for part in
            ["<h1>退款</h1>", "<strong>this</strong>", "href=\"https://shop.example/x\"", "nofollow", "<td>1</td>"]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
    }

    #[test]
    fn nothing_of_it_runs() {
        let hostile = [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "<svg/onload=alert(1)>",
            "<iframe src=https://spy.example></iframe>",
            "<form action=https://spy.example><input name=password></form>",
            "<style>@import 'https://spy.example'</style>",
            "<p style=\"background:url(https://spy.example)\">x</p>",
            "![x](http://spy.example/1.gif)",
        ];
        for text in hostile {
            let page = of(text).to_lowercase();
            for word in ["script", "onerror", "onload", "iframe", "<form", "<input", "style", "data:", "spy.example"] {
                assert!(!page.contains(word), "{text}: {page}");
            }
        }
    }

    #[test]
    fn what_is_to_be_read_has_no_marks() {
        assert_eq!(
            words("# Refunds\n\nWithin **30** days, see [here](https://x.example)."),
            "Refunds Within 30 days, see here."
        );
        assert_eq!(words("退**款**流程"), "退款流程");
    }
}
