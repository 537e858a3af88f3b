//! Charts as SVG. Colours are those that people who see few colours tell apart; each text is escaped, and its font is
//! whatever the reader has that knows Chinese.
use super::round;
use super::scale::Scale;
use super::{ChartKind, ChartSpec, Drawn};
use crate::query::Figures;
use std::fmt::Write;

pub(super) const WIDTH: f64 = 720.0;
pub(super) const HEIGHT: f64 = 420.0;
pub(super) const LEFT: f64 = 80.0;
const RIGHT: f64 = 20.0;
pub(super) const TOP: f64 = 40.0;
const BOTTOM: f64 = 90.0;
const FONT: &str = "'WenQuanYi Micro Hei','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif";
/// Okabe and Ito.
const COLOURS: [&str; 8] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#000000"];
/// So many labels fit beside each other.
const LABELS: usize = 24;

pub fn svg(spec: &ChartSpec, figures: &Figures) -> String {
    let drawn = Drawn::of(spec, figures);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         role=\"img\" font-family=\"{FONT}\" font-size=\"12\"><rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
    );
    if let Some(title) = &spec.title {
        let title = escaped(title);
        put(
            &mut out,
            format_args!(
                "<title>{title}</title><text x=\"{}\" y=\"22\" text-anchor=\"middle\" font-size=\"15\">{title}</text>",
                WIDTH / 2.0
            ),
        );
    }
    match spec.kind {
        ChartKind::Bar => bars(&mut out, &drawn),
        ChartKind::Line => lines(&mut out, &drawn),
        ChartKind::Pie => round::pie(&mut out, &drawn),
        ChartKind::Funnel => round::funnel(&mut out, &drawn),
    }
    out.push_str("</svg>");
    out
}

pub(super) fn put(out: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(what); // a text takes all
}

pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

pub(super) fn colour(at: usize) -> &'static str {
    COLOURS.get(at % COLOURS.len()).copied().unwrap_or("#0072b2")
}

pub(super) fn real(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

pub(super) fn short(text: &str, most: usize) -> String {
    match text.chars().count() > most {
        true => format!("{}…", text.chars().take(most).collect::<String>()),
        false => text.to_owned(),
    }
}

fn scale(drawn: &Drawn) -> Scale {
    Scale::of(drawn.series.iter().flat_map(|(_, values)| values.iter().flatten().copied()))
}

/// How high a value stands.
fn height(scale: &Scale, value: f64) -> f64 {
    HEIGHT - BOTTOM - scale.at(value) * (HEIGHT - TOP - BOTTOM)
}

pub(super) fn mark(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The axes, the names of categories, and what the colours mean.
fn frame(out: &mut String, drawn: &Drawn, scale: &Scale, step: f64) {
    for value in scale.marks() {
        let y = height(scale, value);
        let strong = if value == 0.0 { "#555555" } else { "#dddddd" };
        put(
            out,
            format_args!(
                "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"{strong}\"/>",
                WIDTH - RIGHT
            ),
        );
        put(
            out,
            format_args!(
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 6.0,
                y + 4.0,
                mark(value)
            ),
        );
    }
    let every = drawn.categories.len().div_ceil(LABELS).max(1);
    for (at, name) in drawn.categories.iter().enumerate().filter(|(at, _)| at.is_multiple_of(every)) {
        let (x, y) = (LEFT + step * (real(at) + 0.5), HEIGHT - BOTTOM + 14.0);
        let name = escaped(&short(name, 14));
        put(
            out,
            format_args!(
                "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\" transform=\"rotate(-30 {x:.1} {y:.1})\">{name}</text>"
            ),
        );
    }
    legend(out, drawn.series.iter().map(|(name, _)| name.as_str()));
}

fn legend<'a>(out: &mut String, names: impl Iterator<Item = &'a str>) {
    let mut x = LEFT;
    for (at, name) in names.enumerate().take(6) {
        let (y, name) = (HEIGHT - 10.0, short(name, 16));
        put(
            out,
            format_args!(
                "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"10\" height=\"10\" fill=\"{}\"/>",
                y - 9.0,
                colour(at)
            ),
        );
        put(out, format_args!("<text x=\"{:.1}\" y=\"{y:.1}\">{}</text>", x + 14.0, escaped(&name)));
        x += 24.0 + 11.0 * real(name.chars().count().min(12));
    }
}

fn bars(out: &mut String, drawn: &Drawn) {
    let scale = scale(drawn);
    let step = (WIDTH - LEFT - RIGHT) / real(drawn.categories.len().max(1));
    let width = step * 0.8 / real(drawn.series.len().max(1));
    frame(out, drawn, &scale, step);
    for (which, (_, values)) in drawn.series.iter().enumerate() {
        for (at, value) in values.iter().enumerate() {
            let Some(value) = value else { continue };
            let (one, other) = (height(&scale, *value), height(&scale, 0.0));
            let x = LEFT + step * (real(at) + 0.1) + width * real(which);
            let (y, tall) = (one.min(other), (one - other).abs());
            put(
                out,
                format_args!(
                    "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{tall:.1}\" fill=\"{}\"><title>{}</title></rect>",
                    colour(which),
                    mark(*value)
                ),
            );
        }
    }
}

/// Where there is nothing, a line breaks off.
fn lines(out: &mut String, drawn: &Drawn) {
    let scale = scale(drawn);
    let step = (WIDTH - LEFT - RIGHT) / real(drawn.categories.len().max(1));
    frame(out, drawn, &scale, step);
    for (which, (_, values)) in drawn.series.iter().enumerate() {
        let (mut path, mut begun) = (String::new(), false);
        for (at, value) in values.iter().enumerate() {
            let Some(value) = value else {
                begun = false;
                continue;
            };
            let (x, y) = (LEFT + step * (real(at) + 0.5), height(&scale, *value));
            put(&mut path, format_args!("{}{x:.1} {y:.1} ", if begun { "L" } else { "M" }));
            put(
                out,
                format_args!(
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{}\"><title>{}</title></circle>",
                    colour(which),
                    mark(*value)
                ),
            );
            begun = true;
        }
        put(
            out,
            format_args!(
                "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>",
                path.trim_end(),
                colour(which)
            ),
        );
    }
}
