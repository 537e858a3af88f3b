//! Charts of one series alone, which show parts of a whole or how it becomes less.
use super::Drawn;
use super::svg::{HEIGHT, LEFT, TOP, WIDTH, colour, escaped, mark, put, real, short};

/// What is drawn of one series alone: the categories with what they have, and nothing below zero.
fn parts(drawn: &Drawn) -> Vec<(&str, f64)> {
    let values = drawn.series.first().map_or(&[][..], |(_, values)| values);
    let named = drawn.categories.iter().map(String::as_str).zip(values);
    named.filter_map(|(name, value)| Some((name, value.filter(|value| *value > 0.0)?))).collect()
}

pub(super) fn pie(out: &mut String, drawn: &Drawn) {
    let parts = parts(drawn);
    let all: f64 = parts.iter().map(|(_, value)| value).sum();
    let (x, y, radius) = (230.0, 220.0, 150.0);
    let mut turned = 0.0_f64;
    for (at, (name, value)) in parts.iter().enumerate() {
        let part = value / all;
        let point = |turn: f64| {
            let angle = turn * std::f64::consts::TAU;
            (x + radius * angle.sin(), y - radius * angle.cos())
        };
        let title = format!("{}: {} ({:.1}%)", escaped(&short(name, 20)), mark(*value), part * 100.0);
        if part > 0.9999 {
            put(
                out,
                format_args!(
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{}\"><title>{title}</title></circle>",
                    colour(at)
                ),
            );
        } else {
            let ((x1, y1), (x2, y2)) = (point(turned), point(turned + part));
            let wide = u8::from(part > 0.5);
            put(
                out,
                format_args!(
                    "<path d=\"M{x} {y} L{x1:.1} {y1:.1} A{radius} {radius} 0 {wide} 1 {x2:.1} {y2:.1} Z\" fill=\"{}\" stroke=\"#ffffff\"><title>{title}</title></path>",
                    colour(at)
                ),
            );
        }
        turned += part;
        if at < 16 {
            let line = 60.0 + 20.0 * real(at);
            put(
                out,
                format_args!(
                    "<rect x=\"430\" y=\"{:.1}\" width=\"10\" height=\"10\" fill=\"{}\"/>",
                    line - 9.0,
                    colour(at)
                ),
            );
            put(out, format_args!("<text x=\"446\" y=\"{line:.1}\">{title}</text>"));
        }
    }
}

pub(super) fn funnel(out: &mut String, drawn: &Drawn) {
    let parts = parts(drawn);
    let widest = parts.iter().map(|(_, value)| *value).fold(0.0_f64, f64::max);
    let (middle, room) = (WIDTH / 2.0, WIDTH - 2.0 * LEFT);
    let tall = (HEIGHT - TOP - 30.0) / real(parts.len().max(1));
    for (at, (name, value)) in parts.iter().enumerate() {
        let (width, y) = (room * value / widest, TOP + tall * real(at));
        put(
            out,
            format_args!(
                "<rect x=\"{:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{}\" fill-opacity=\"0.45\"/>",
                middle - width / 2.0,
                tall * 0.86,
                colour(at)
            ),
        );
        let line = y + tall * 0.43 + 4.0;
        put(
            out,
            format_args!(
                "<text x=\"{middle:.1}\" y=\"{line:.1}\" text-anchor=\"middle\">{} · {}</text>",
                escaped(&short(name, 24)),
                mark(*value)
            ),
        );
    }
}
