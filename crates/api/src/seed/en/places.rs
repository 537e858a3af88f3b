//! Cities of North America, Europe and Australia, and what their countries have in common.

use super::super::place::{Country, People, Place};
use super::people::{DUTCH, ENGLISH, FRENCH, GERMAN, ITALIAN, NORDIC, POLISH, SPANISH};

pub const LONDON: Place = city(&BRITAIN, "England", "London", "+44207#######", "EC#A #@@", "Europe/London", 0, 9);

#[rustfmt::skip]
pub static PLACES: &[Place] = &[
    LONDON,
    city(&BRITAIN, "England", "Manchester", "+44161N######", "M# #@@", "Europe/London", 0, 3),
    city(&BRITAIN, "England", "Bristol", "+441179######", "BS# #@@", "Europe/London", 0, 2),
    city(&BRITAIN, "England", "Leeds", "+441132######", "LS# #@@", "Europe/London", 0, 2),
    city(&BRITAIN, "Scotland", "Edinburgh", "+44131N######", "EH# #@@", "Europe/London", 0, 2),
    city(&STATES, "NY", "New York", "+1212N######", "100##", "America/New_York", -5, 8),
    city(&STATES, "MA", "Boston", "+1617N######", "021##", "America/New_York", -5, 4),
    city(&STATES, "GA", "Atlanta", "+1404N######", "303##", "America/New_York", -5, 3),
    city(&STATES, "FL", "Miami", "+1305N######", "331##", "America/New_York", -5, 3),
    city(&STATES, "IL", "Chicago", "+1312N######", "606##", "America/Chicago", -6, 5),
    city(&STATES, "TX", "Austin", "+1512N######", "787##", "America/Chicago", -6, 5),
    city(&STATES, "TX", "Dallas", "+1214N######", "752##", "America/Chicago", -6, 3),
    city(&STATES, "MN", "Minneapolis", "+1612N######", "554##", "America/Chicago", -6, 2),
    city(&STATES, "CO", "Denver", "+1303N######", "802##", "America/Denver", -7, 3),
    city(&STATES, "CA", "San Francisco", "+1415N######", "941##", "America/Los_Angeles", -8, 6),
    city(&STATES, "CA", "San Diego", "+1619N######", "921##", "America/Los_Angeles", -8, 3),
    city(&STATES, "WA", "Seattle", "+1206N######", "981##", "America/Los_Angeles", -8, 4),
    city(&STATES, "OR", "Portland", "+1503N######", "972##", "America/Los_Angeles", -8, 2),
    city(&CANADA, "ON", "Toronto", "+1416N######", "M#J #E#", "America/Toronto", -5, 4),
    city(&CANADA, "BC", "Vancouver", "+1604N######", "V#K #B#", "America/Vancouver", -8, 2),
    city(&IRELAND, "Leinster", "Dublin", "+3531N######", "D0# X#K#", "Europe/Dublin", 0, 3),
    city(&GERMANY, "Berlin", "Berlin", "+4930N#######", "101##", "Europe/Berlin", 1, 5),
    city(&GERMANY, "Bayern", "München", "+4989N#######", "803##", "Europe/Berlin", 1, 5),
    city(&GERMANY, "Hamburg", "Hamburg", "+4940N#######", "203##", "Europe/Berlin", 1, 4),
    city(&GERMANY, "Nordrhein-Westfalen", "Köln", "+49221N######", "506##", "Europe/Berlin", 1, 3),
    city(&GERMANY, "Hessen", "Frankfurt am Main", "+4969N#######", "603##", "Europe/Berlin", 1, 3),
    city(&FRANCE, "Île-de-France", "Paris", "+3314N######", "750##", "Europe/Paris", 1, 6),
    city(&FRANCE, "Auvergne-Rhône-Alpes", "Lyon", "+33472######", "6900#", "Europe/Paris", 1, 3),
    city(&FRANCE, "Nouvelle-Aquitaine", "Bordeaux", "+33556######", "330##", "Europe/Paris", 1, 2),
    city(&SPAIN, "Comunidad de Madrid", "Madrid", "+3491N######", "280##", "Europe/Madrid", 1, 3),
    city(&SPAIN, "Cataluña", "Barcelona", "+3493N######", "080##", "Europe/Madrid", 1, 3),
    city(&ITALY, "Lombardia", "Milano", "+3902N#######", "201##", "Europe/Rome", 1, 3),
    city(&ITALY, "Emilia-Romagna", "Bologna", "+39051N#####", "401##", "Europe/Rome", 1, 2),
    city(&NETHERLANDS, "Noord-Holland", "Amsterdam", "+3120N######", "10## @@", "Europe/Amsterdam", 1, 4),
    city(&NETHERLANDS, "Zuid-Holland", "Rotterdam", "+3110N######", "30## @@", "Europe/Amsterdam", 1, 2),
    city(&SWEDEN, "Stockholms län", "Stockholm", "+468N#######", "11# ##", "Europe/Stockholm", 1, 3),
    city(&SWEDEN, "Västra Götalands län", "Göteborg", "+4631N######", "41# ##", "Europe/Stockholm", 1, 2),
    city(&POLAND, "Mazowieckie", "Warszawa", "+4822N######", "00-###", "Europe/Warsaw", 1, 3),
    city(&POLAND, "Małopolskie", "Kraków", "+4812N######", "30-###", "Europe/Warsaw", 1, 2),
    city(&SWITZERLAND, "Zürich", "Zürich", "+4144N######", "80##", "Europe/Zurich", 1, 2),
    city(&AUSTRALIA, "NSW", "Sydney", "+6129#######", "20##", "Australia/Sydney", 10, 3),
    city(&AUSTRALIA, "VIC", "Melbourne", "+6139#######", "30##", "Australia/Melbourne", 10, 3),
];

type Forms = &'static [(u32, &'static str)];
type Words = &'static [&'static str];

static STATES: Country =
    country("US", "en-US", &[], &[(55, "Inc."), (30, "LLC"), (15, "Corp.")], AMERICAN, true, 0, &ENGLISH);
static CANADA: Country = country("CA", "en-CA", &[], &[(80, "Inc."), (20, "Ltd.")], AMERICAN, true, 0, &ENGLISH);
static BRITAIN: Country = country(
    "GB",
    "en-GB",
    &["+447400######", "+447503######", "+447712######", "+447801######", "+447912######"],
    &[(88, "Ltd"), (8, "LLP"), (4, "plc")],
    &[
        "High Street",
        "Station Road",
        "Victoria Street",
        "Church Lane",
        "King Street",
        "Queen Street",
        "Park Row",
        "Mill Lane",
    ],
    true,
    20,
    &ENGLISH,
);
static IRELAND: Country = country(
    "IE",
    "en-IE",
    &["+35385#######", "+35386#######", "+35387#######"],
    &[(100, "Ltd")],
    &["Baggot Street", "Harcourt Street", "Dame Street", "Pearse Street", "Mespil Road"],
    true,
    23,
    &ENGLISH,
);
static GERMANY: Country = country(
    "DE",
    "de-DE",
    &["+49151########", "+49160#######", "+49170#######", "+49171#######", "+49176########"],
    &[(80, "GmbH"), (8, "AG"), (12, "GmbH & Co. KG")],
    &[
        "Hauptstraße",
        "Bahnhofstraße",
        "Gartenstraße",
        "Lindenallee",
        "Schillerstraße",
        "Goethestraße",
        "Industriestraße",
        "Am Markt",
    ],
    false,
    19,
    &GERMAN,
);
static FRANCE: Country = country(
    "FR",
    "fr-FR",
    &["+33610######", "+33620######", "+33663######", "+33687######"],
    &[(60, "SAS"), (30, "SARL"), (10, "SA")],
    &[
        "rue de la République",
        "avenue Victor-Hugo",
        "rue Pasteur",
        "boulevard Voltaire",
        "rue des Écoles",
        "cours Lafayette",
    ],
    true,
    20,
    &FRENCH,
);
static SPAIN: Country = country(
    "ES",
    "es-ES",
    &["+34610######", "+34620######", "+34650######", "+34660######"],
    &[(80, "S.L."), (20, "S.A.")],
    &["Calle Mayor", "Calle de Alcalá", "Avenida de la Constitución", "Paseo de Gracia", "Calle Real"],
    false,
    21,
    &SPANISH,
);
static ITALY: Country = country(
    "IT",
    "it-IT",
    &["+39320#######", "+39333#######", "+39347#######", "+39349#######"],
    &[(75, "S.r.l."), (25, "S.p.A.")],
    &["Via Roma", "Via Garibaldi", "Corso Italia", "Via Dante", "Viale della Libertà"],
    false,
    22,
    &ITALIAN,
);
static NETHERLANDS: Country = country(
    "NL",
    "nl-NL",
    &["+31612######", "+31623######", "+31641######"],
    &[(90, "B.V."), (10, "N.V.")],
    &["Keizersgracht", "Stationsweg", "Kerkstraat", "Dorpsstraat", "Prinsengracht"],
    false,
    21,
    &DUTCH,
);
static SWEDEN: Country = country(
    "SE",
    "sv-SE",
    &["+4670#######", "+4673#######", "+4676#######"],
    &[(100, "AB")],
    &["Storgatan", "Drottninggatan", "Kungsgatan", "Vasagatan", "Sveavägen"],
    false,
    25,
    &NORDIC,
);
static POLAND: Country = country(
    "PL",
    "pl-PL",
    &["+48501######", "+48602######", "+48691######"],
    &[(85, "Sp. z o.o."), (15, "S.A.")],
    &["ul. Długa", "ul. Marszałkowska", "ul. Mickiewicza", "ul. Kościuszki", "al. Jana Pawła II"],
    false,
    23,
    &POLISH,
);
static SWITZERLAND: Country = country(
    "CH",
    "de-CH",
    &["+4176#######", "+4178#######", "+4179#######"],
    &[(60, "AG"), (40, "GmbH")],
    &["Bahnhofstrasse", "Seestrasse", "Dorfstrasse", "Hardturmstrasse"],
    false,
    8,
    &GERMAN,
);
static AUSTRALIA: Country = country(
    "AU",
    "en-AU",
    &["+61412######", "+61423######", "+61438######"],
    &[(100, "Pty Ltd")],
    &["George Street", "Collins Street", "Pitt Street", "Queen Street", "Elizabeth Street", "Kent Street"],
    true,
    10,
    &ENGLISH,
);

#[rustfmt::skip]
const AMERICAN: Words = &[
    "Main Street", "Market Street", "Oak Avenue", "Maple Street", "2nd Avenue", "Washington Avenue", "Lake Street",
    "Park Avenue", "Elm Street", "Harbor Drive", "Mission Street", "Franklin Street", "Cedar Boulevard",
    "Innovation Way",
];

#[allow(clippy::too_many_arguments, reason = "a row of the table above")]
const fn country(
    code: &'static str,
    locale: &'static str,
    mobiles: Words,
    forms: Forms,
    streets: Words,
    number_first: bool,
    tax: u32,
    people: &'static People,
) -> Country {
    Country { code, locale, mobiles, forms, streets, number_first, tax, people }
}

#[allow(clippy::too_many_arguments, reason = "a row of the table above")]
const fn city(
    country: &'static Country,
    region: &'static str,
    city: &'static str,
    landline: &'static str,
    postal: &'static str,
    time_zone: &'static str,
    hours_east: i32,
    weight: u32,
) -> Place {
    Place { country, region, city, code: "", districts: &[], landline, postal, time_zone, hours_east, weight }
}
