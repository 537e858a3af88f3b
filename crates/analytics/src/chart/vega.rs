//! Charts for programs that draw themselves: a specification of Vega-Lite with its data inside.
use super::{ChartKind, ChartSpec, Drawn};
use crate::query::Figures;
use serde_json::{Value, json};

pub fn vega_lite(spec: &ChartSpec, figures: &Figures) -> Value {
    let drawn = Drawn::of(spec, figures);
    let mut values = Vec::new();
    for (name, numbers) in &drawn.series {
        for (category, number) in drawn.categories.iter().zip(numbers) {
            values.push(json!({"category": category, "series": name, "value": number}));
        }
    }
    let (mark, encoding) = encoded(spec.kind, &drawn.categories);
    let mut out = json!({
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": values},
        "mark": mark,
        "encoding": encoding
    });
    if let (Some(title), Some(members)) = (&spec.title, out.as_object_mut()) {
        members.insert("title".to_owned(), title.clone().into());
    }
    out
}

fn encoded(kind: ChartKind, categories: &[String]) -> (Value, Value) {
    let category = json!({"field": "category", "type": "nominal", "sort": categories, "title": null});
    let value = json!({"field": "value", "type": "quantitative", "title": null, "scale": {"zero": true}});
    let series = json!({"field": "series", "type": "nominal", "title": null});
    match kind {
        ChartKind::Bar => {
            (json!("bar"), json!({"x": category, "y": value, "color": series, "xOffset": {"field": "series"}}))
        }
        ChartKind::Line => {
            (json!({"type": "line", "point": true}), json!({"x": category, "y": value, "color": series}))
        }
        ChartKind::Pie => (json!("arc"), json!({"theta": value, "color": category})),
        ChartKind::Funnel => {
            let centred = json!({"field": "value", "type": "quantitative", "title": null, "stack": "center"});
            (json!("bar"), json!({"y": category, "x": centred, "color": category}))
        }
    }
}
