//! The groceries of R's `arules` (Hahsler, Hornik & Reutterer 2006), and the rules that its `apriori` finds.
use crate::real;
use analytics::baskets::{Baskets, Rules, Settings};
use std::time::Instant;

fn rules(support: &str, confidence: &str, min_length: usize) -> Option<Rules<String>> {
    let text = std::fs::read_to_string(real("groceries.basket")?).unwrap();
    let baskets = Baskets::of_names(text.lines().map(|line| line.split(','))).unwrap();
    assert_eq!((baskets.len(), baskets.items().len()), (9835, 169));
    let settings = Settings::new(support.parse().unwrap(), confidence.parse().unwrap());
    let begun = Instant::now();
    let rules = baskets.rules(&Settings { min_length, ..settings }).unwrap();
    println!("{support} {confidence}: {} rules in {:?}", rules.rules().len(), begun.elapsed());
    Some(rules)
}

#[test]
fn the_rules_of_groceries_are_as_many_as_apriori_finds() {
    let Some(found) = rules("0.001", "0.8", 1) else { return };
    assert_eq!(found.rules().len(), 410);
    let best = &found.rules()[0];
    assert_eq!((best.lift() * 1000.0).round() as i64, 11_235);
    let conditions: Vec<&str> = best.conditions.iter().map(|item| found.item(*item).unwrap().as_str()).collect();
    assert_eq!(
        (conditions, found.item(best.consequence).unwrap().as_str()),
        (vec!["liquor", "red/blush wine"], "bottled beer")
    );
    assert!(rules("0.006", "0.25", 2).is_some_and(|found| found.rules().len() == 463));
    // without a least length there is one more, that every fourth basket has whole milk
    assert!(rules("0.006", "0.25", 1).is_some_and(|found| found.rules().len() == 464));
}

#[test]
fn what_groceries_recommend_is_what_lifts_most() {
    let Some(found) = rules("0.006", "0.1", 2) else { return };
    let told = found.recommendations(&"butter".to_owned());
    assert!(told.len() > 3 && told.iter().all(|told| told.item != "butter" && told.rule.conditions.len() == 1));
    assert!(told.windows(2).all(|pair| pair[0].rule.lift() >= pair[1].rule.lift()));
}
