//! What one stage gave for one article, as a JSON object.

use crate::error::Stage;
use crate::graph::facts::decimal;
use crate::types::{Amount, Analysis, Bound, ByteSpan, Claim, Days, Measure, Quantity, Scope, Slot};
use serde_json::{Map, Value as Json, json};

/// One article's line for a stage: always `id` and `text`; offsets are UTF-8 bytes of `text`, half-open.
#[must_use]
pub fn inspect(analysis: &Analysis, stage: Stage) -> Json {
    let document = &analysis.document;
    let mut line = Map::new();
    line.insert("id".into(), json!(document.id));
    match stage {
        Stage::Read | Stage::Strip => strip(analysis, &mut line),
        Stage::Split => {
            let sentences: Vec<Json> = analysis.split.sentences.iter().map(|s| span(s.span)).collect();
            line.insert("sentences".into(), json!(sentences));
        }
        Stage::Recognise => {
            let mentions = analysis.mentions.iter().map(|m| {
                json!({ "start": m.span.start, "end": m.span.end, "kind": m.kind.name(), "score": f64::from((m.score * 100.0).round()) / 100.0 })
            });
            line.insert("mentions".into(), mentions.collect());
        }
        Stage::Extract => extract(analysis, &mut line),
        Stage::Resolve | Stage::Graph => {
            let chains =
                analysis.references.iter().chain(&analysis.described).map(|r| r.mentions.iter().map(|m| span(*m)).collect::<Json>());
            line.insert("chains".into(), chains.collect());
        }
    }
    line.insert("text".into(), json!(document.text));
    Json::Object(line)
}

fn span(span: ByteSpan) -> Json {
    json!({ "start": span.start, "end": span.end })
}

fn strip(analysis: &Analysis, line: &mut Map<String, Json>) {
    let meta = &analysis.document.meta;
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            line.insert(key.into(), json!(value));
        }
    };
    put("url", meta.url.clone());
    put("title", meta.headline.clone());
    put("author", Some(meta.authors.join(", ")).filter(|a| !a.is_empty()));
    put("date", meta.published.or(meta.modified).map(|d| d.to_string()));
    put("publisher", meta.publisher.clone());
    put("language", meta.language.clone());
    put("dateline", meta.dateline.as_ref().map(|d| d.text.clone()));
}

fn extract(analysis: &Analysis, line: &mut Map<String, Json>) {
    let text = &analysis.document.text;
    let extraction = &analysis.extraction;
    let around = extraction.counted.iter().zip(&extraction.settings);
    let amounts = extraction.quantities.iter().zip(around).filter(|(q, _)| q.measure != Measure::Not);
    let quantities = amounts.map(|(quantity, (counted, setting))| {
        let mut object = Map::new();
        object.insert("start".into(), json!(quantity.span.start));
        object.insert("end".into(), json!(quantity.span.end));
        amount(quantity, ["value", "low", "high"], &mut object);
        let said = setting.bound.filter(|_| matches!(quantity.amount, Amount::Value(_)));
        object.insert("bound".into(), json!(said.unwrap_or(bound(quantity)).name()));
        if let Some(unit) = &quantity.unit {
            object.insert("unit".into(), json!(unit));
        }
        object.insert("measure".into(), json!(quantity.measure.name()));
        if let Some(direction) = setting.change {
            object.insert("change".into(), json!(direction.name()));
        }
        if let Some(change) = quantity.change.filter(|change| setting.change == Some(change.direction)) {
            object.insert("change_start".into(), json!(change.span.start));
            object.insert("change_end".into(), json!(change.span.end));
        }
        if let Some(per) = &setting.per {
            object.insert("per".into(), json!(per));
        }
        let of: Vec<Json> = setting.of.iter().map(|o| json!({ "text": o.text, "start": o.span.start, "end": o.span.end })).collect();
        if !of.is_empty() {
            object.insert("of".into(), json!(of));
        }
        // What a measure is taken of is what it counts.
        let measured = setting.of.first().filter(|_| quantity.unit.is_some());
        if let Some(counted) = setting.counted.as_ref().or(counted.as_ref()).or(measured) {
            object.insert("counted".into(), json!(counted.text));
            object.insert("counted_start".into(), json!(counted.span.start));
            object.insert("counted_end".into(), json!(counted.span.end));
        }
        Json::Object(object)
    });
    line.insert("quantities".into(), quantities.collect());
    // A row a piece of content: rows with one cue are one attribution, as where a quote goes on behind "he said".
    let attributions = extraction.attributions.iter().flat_map(|a| {
        a.content.iter().map(move |content| {
            json!({
                "start": content.start, "end": content.end, "cue_start": a.cue.start, "cue_end": a.cue.end,
                "source_start": a.source.start, "source_end": a.source.end,
            })
        })
    });
    line.insert("attributions".into(), attributions.collect());
    let (claims, relations): (Vec<&Claim>, Vec<&Claim>) = extraction.claims.iter().partition(|c| c.figure.is_some());
    for (key, list) in [("claims", claims), ("relations", relations)] {
        let shown: Vec<Json> = list.into_iter().map(|c| claim(c, analysis, text)).collect();
        line.insert(key.into(), json!(shown));
    }
}

fn bound(quantity: &Quantity) -> Bound {
    match quantity.amount {
        Amount::Value(_) => quantity.bound,
        Amount::Range(..) => Bound::Range,
        Amount::Vague => Bound::Vague,
    }
}

/// Values are JSON strings in canonical decimal form, as in the graph.
fn amount(quantity: &Quantity, [value, low, high]: [&str; 3], object: &mut Map<String, Json>) {
    match quantity.amount {
        Amount::Value(amount) => drop(object.insert(value.into(), json!(decimal(amount)))),
        Amount::Range(least, most) => {
            object.insert(low.into(), json!(decimal(least)));
            object.insert(high.into(), json!(decimal(most)));
        }
        Amount::Vague => {}
    }
}

fn claim(claim: &Claim, analysis: &Analysis, text: &str) -> Json {
    let mut object = Map::new();
    let sentence = analysis.split.sentences[claim.sentence].span;
    object.insert("text".into(), json!(sentence.of(text)));
    object.insert("eventType".into(), json!(claim.event));
    object.insert("predicate".into(), json!(claim.predicate));
    if let Some(figure) = &claim.figure {
        object.insert("start".into(), json!(figure.quantity.span.start));
        object.insert("end".into(), json!(figure.quantity.span.end));
        amount(&figure.quantity, ["value", "minValue", "maxValue"], &mut object);
        object.insert("bound".into(), json!(bound(&figure.quantity).name()));
        object.insert("valueText".into(), json!(figure.quantity.span.of(text)));
        if let Some(unit) = &figure.quantity.unit {
            object.insert("unitText".into(), json!(unit));
        }
        if let Some(counted) = &figure.counted {
            object.insert("counted".into(), json!(counted.text));
        }
    } else {
        object.insert("start".into(), json!(claim.predicate_span.start));
        object.insert("end".into(), json!(claim.predicate_span.end));
    }
    let entity = |span: ByteSpan| json!({ "text": span.of(text), "start": span.start, "end": span.end });
    let of_slot = |slot: Slot| claim.roles.iter().filter(move |r| r.slot == slot).map(|r| entity(r.span));
    for (slot, key) in [(Slot::CountedActor, "countedActor"), (Slot::Place, "place"), (Slot::Origin, "origin"), (Slot::Author, "author")] {
        if let Some(first) = of_slot(slot).next() {
            object.insert(key.into(), first);
        }
    }
    for (slot, key) in
        [(Slot::Agent, "agent"), (Slot::Recipient, "recipient"), (Slot::Equipment, "equipment"), (Slot::RelayedBy, "relayedBy")]
    {
        let all: Vec<Json> = of_slot(slot).collect();
        if !all.is_empty() {
            object.insert(key.into(), json!(all));
        }
    }
    days(claim.when, ["startDate", "endDate"], &mut object);
    days(claim.as_of, ["asOfStart", "asOfEnd"], &mut object);
    if let Some(words) = claim.time {
        object.insert("timeText".into(), json!(words.of(text)));
    }
    if let Some(words) = claim.attribution {
        object.insert("attributionText".into(), json!(words.of(text)));
    }
    object.insert("certainty".into(), json!(claim.certainty.name()));
    if let Some(scope) = claim.scope {
        object.insert("scope".into(), json!(if scope == Scope::Total { "total" } else { "increment" }));
    }
    if let Some(words) = claim.whole {
        object.insert("wholeText".into(), json!(words.of(text)));
    }
    object.insert("confidence".into(), json!(format!("{:.2}", claim.confidence)));
    Json::Object(object)
}

fn days(days: Option<Days>, [start, end]: [&str; 2], object: &mut Map<String, Json>) {
    let Some(days) = days else { return };
    for (key, day) in [(start, days.start), (end, days.end)] {
        if let Some(day) = day {
            object.insert(key.into(), json!(day.to_string()));
        }
    }
}
