//! What companies are called: a coined word of two, or a family, and then what they do.

/// How many companies there are names for before they repeat.
pub const SPACE: u32 = (COINED + FAMILY) * TRADE;
const COINED: u32 = 6_000;
const FAMILY: u32 = 60;
const TRADE: u32 = 36;

/// The brand, trade and industry of a position below `SPACE`. All differ.
pub fn brand(position: u32) -> (String, &'static str, &'static str) {
    let (trade, industry) = item(&TRADES, position % TRADE);
    let brand = match position / TRADE {
        coined @ ..COINED => format!("{}{}", item(&FIRST, coined / 60), item(&SECOND, coined % 60)),
        family => item(&FAMILIES, family - COINED).to_owned(),
    };
    (brand, trade, industry)
}

fn item<T: Copy + Default>(items: &[T], at: u32) -> T {
    usize::try_from(at).ok().and_then(|at| items.get(at)).copied().unwrap_or_default()
}

#[rustfmt::skip]
const FIRST: [&str; 100] = [
    "Bright", "Clear", "North", "Blue", "Silver", "Stone", "River", "Oak", "Iron", "Swift", "High", "Open", "True",
    "Deep", "Red", "Green", "Light", "Cloud", "Next", "Core", "Ever", "Wild", "Fair", "Gold", "Sun", "Star", "Sea",
    "Snow", "Wind", "Rain", "Moon", "Day", "Maple", "Cedar", "Elm", "Ash", "Birch", "Pine", "Willow", "Hazel", "Fern",
    "Moss", "Amber", "Copper", "Steel", "Crystal", "Coral", "Pearl", "Ruby", "Onyx", "Falcon", "Heron", "Raven",
    "Robin", "Lark", "Swan", "Eagle", "Fox", "Wolf", "Bear", "Otter", "Lynx", "Kite", "Harbor", "Summit", "Alpine",
    "Valley", "Meadow", "Prairie", "Canyon", "Delta", "Polar", "Nova", "Orbit", "Zenith", "Vector", "Prism", "Pixel",
    "Quantum", "Logic", "Signal", "Beacon", "Anchor", "Compass", "Lantern", "Arrow", "Shield", "Tower", "Castle",
    "Crown", "Granite", "Marble", "Velvet", "Indigo", "Scarlet", "Atlas", "Apex", "Vertex", "Mosaic", "Origin",
];

#[rustfmt::skip]
const SECOND: [&str; 60] = [
    "bridge", "path", "field", "stone", "wave", "line", "point", "works", "mark", "well", "gate", "ford", "wood",
    "light", "house", "port", "craft", "peak", "forge", "loop", "grid", "leaf", "side", "view", "way", "land",
    "brook", "crest", "dale", "fall", "haven", "hill", "lake", "mill", "nest", "park", "reach", "ridge", "root",
    "sail", "shore", "span", "spring", "stead", "trail", "vale", "ward", "water", "wick", "yard", "base", "beam",
    "bay", "cliff", "cove", "gale", "glen", "march", "tide", "wing",
];

#[rustfmt::skip]
const FAMILIES: [&str; 60] = [
    "Lindqvist", "Müller", "Schäfer", "Hoffmann", "Bergström", "Fischer", "Dubois", "Lefèvre", "Moreau", "Rossi",
    "Bianchi", "Ferrari", "García", "Fernández", "Jansen", "Bakker", "Visser", "Nowak", "Kowalski", "Wiśniewski",
    "Kelly", "Murphy", "Walsh", "Hughes", "Thompson", "Bennett", "Carter", "Sullivan", "Whitaker", "Harrison",
    "Ellsworth", "Pemberton", "Okafor", "Nguyen", "Patel", "Singh", "Kaplan", "Rosenberg", "Schneider", "Weber",
    "Keller", "Brunner", "Gruber", "Steiner", "Andersson", "Nilsson", "Johansson", "Hansen", "Sørensen", "Larsen",
    "Girard", "Mercier", "Fontaine", "Chevalier", "Moretti", "Conti", "Ricci", "Herrera", "Navarro", "Ortega",
];

#[rustfmt::skip]
const TRADES: [(&str, &str); 36] = [
    ("Analytics", "Software"), ("Logistics", "Transportation & Logistics"), ("Health", "Healthcare"),
    ("Software", "Software"), ("Consulting", "Professional Services"), ("Media", "Media & Publishing"),
    ("Energy", "Energy & Utilities"), ("Foods", "Food & Beverage"), ("Systems", "IT Services"),
    ("Robotics", "Manufacturing"), ("Biotech", "Biotechnology"), ("Capital", "Financial Services"),
    ("Insurance", "Insurance"), ("Legal", "Legal Services"), ("Learning", "Education"),
    ("Travel", "Travel & Hospitality"), ("Hotels", "Travel & Hospitality"), ("Retail", "Retail"),
    ("Commerce", "E-commerce"), ("Security", "Cybersecurity"), ("Networks", "Telecommunications"),
    ("Studios", "Media & Publishing"), ("Design", "Professional Services"), ("Engineering", "Engineering"),
    ("Construction", "Construction"), ("Properties", "Real Estate"), ("Packaging", "Manufacturing"),
    ("Textiles", "Manufacturing"), ("Automotive", "Automotive"), ("Aerospace", "Aerospace"),
    ("Pharma", "Pharmaceuticals"), ("Diagnostics", "Healthcare"), ("Staffing", "Human Resources"),
    ("Events", "Events"), ("Marketing", "Marketing & Advertising"), ("Instruments", "Manufacturing"),
];
