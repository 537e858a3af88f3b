//! A person. Colleagues share their company's place and host name; a work address that two of them would share gets a
//! number. Private addresses carry a number of their own, so no address comes twice in a world.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::account::{Firm, firm, sources};
use super::calendar::{NEWEST, OLDEST};
use super::place::Place;
use super::random::{Rng, Stream, shuffle};
use super::{Contact, Profile, World, crowd, en, pattern, zh};

/// A person's name, as written and in the letters of an address.
pub struct Name {
    pub given: String,
    pub family: &'static str,
    pub latin_given: String,
    pub latin_family: String,
    pub gender: &'static str,
}

/// When a contact came, and what is drawn for it after that.
pub struct Arrival {
    pub day: u32,
    pub created_at: DateTime<Utc>,
    pub id: Uuid,
    rng: Rng,
}

/// The people of an account, and those without one who follow them.
pub fn around(world: &World, account: u32) -> Vec<Contact> {
    let members = crowd::members(world.seed, world.contacts, account);
    let loners = crowd::loners(world.contacts, account);
    let mut people = Vec::with_capacity(members.len() + loners.len());
    if !members.is_empty() {
        let firm = firm(world, account);
        for (ordinal, index) in (0..).zip(members) {
            let mut colleague = colleague(world, &firm, ordinal, index);
            colleague.email = colleague.email.map(|email| distinct(email, ordinal, &people));
            people.push(colleague);
        }
    }
    people.extend((0..).zip(loners).map(|(ordinal, index)| loner(world, ordinal, index)));
    people
}

/// The id and the day of the contact `index`, the `ordinal`th of its company: the first came with the company.
pub fn arrival(world: &World, firm: &Firm, ordinal: u32, index: u32) -> Arrival {
    let mut rng = Rng::new(world.seed, Stream::Contact, index);
    let day = if ordinal == 0 { firm.arrived } else { rng.between(NEWEST, firm.arrived) };
    let created_at = world.calendar.moment(day, firm.place.hours_east, &mut rng).max(firm.account.created_at);
    Arrival { day, created_at, id: rng.id(created_at), rng }
}

fn colleague(world: &World, firm: &Firm, ordinal: u32, index: u32) -> Contact {
    let arrival = arrival(world, firm, ordinal, index);
    let mut contact = person(world, firm.place, arrival, ordinal, index, Some(firm));
    contact.account_id = Some(firm.account.id);
    contact.lifecycle_stage = firm.account.lifecycle_stage;
    contact
}

fn loner(world: &World, ordinal: u32, index: u32) -> Contact {
    let mut rng = Rng::new(world.seed, Stream::Name, index);
    let place = match world.profile {
        Profile::RetailZh => zh::place(&mut rng),
        Profile::SaasEn => en::place(&mut rng),
    };
    let day = rng.between(NEWEST, OLDEST);
    let created_at = world.calendar.moment(day, place.hours_east, &mut rng);
    let arrival = Arrival { day, created_at, id: rng.id(created_at), rng };
    person(world, place, arrival, ordinal, index, None)
}

fn person(world: &World, place: &Place, arrival: Arrival, ordinal: u32, index: u32, firm: Option<&Firm>) -> Contact {
    let Arrival { created_at, id, mut rng, .. } = arrival;
    let (name, display_name) = match world.profile {
        Profile::RetailZh => zh::name(&mut rng),
        Profile::SaasEn => en::name(place, &mut rng),
    };
    let habits = Habits::of(world.profile);
    let email = (!rng.percent(12)).then(|| email(world, &name, index, firm, &mut rng));
    let phone = (email.is_none() || rng.percent(habits.phone)).then(|| phone(world, place, ordinal, index, &mut rng));
    Contact {
        id,
        account_id: None,
        display_name,
        job_title: firm.filter(|_| rng.percent(93)).map(|firm| title(world, firm, ordinal, &mut rng)),
        email,
        phone,
        wechat: rng.percent(habits.wechat).then(|| wechat(world, &name, index, &mut rng)),
        gender: rng.percent(habits.gender).then_some(name.gender),
        birth_date: rng.percent(habits.birth).then(|| birth(world, &mut rng)),
        given_name: name.given,
        family_name: name.family,
        locale: place.country.locale,
        time_zone: place.time_zone,
        lifecycle_stage: rng.weigh(&[
            (45, "subscriber"),
            (30, "lead"),
            (20, "marketing_qualified_lead"),
            (5, "churned"),
        ]),
        source: rng.weigh(sources(world.profile)),
        created_at,
    }
}

/// How often a fact is known, in percent.
struct Habits {
    phone: u32,
    wechat: u32,
    gender: u32,
    birth: u32,
}

impl Habits {
    fn of(profile: Profile) -> Self {
        match profile {
            Profile::RetailZh => Self { phone: 95, wechat: 62, gender: 90, birth: 34 },
            Profile::SaasEn => Self { phone: 68, wechat: 0, gender: 38, birth: 6 },
        }
    }
}

fn email(world: &World, name: &Name, index: u32, firm: Option<&Firm>, rng: &mut Rng) -> String {
    match (world.profile, firm) {
        (Profile::RetailZh, Some(firm)) if firm.account.website.is_some() && rng.percent(68) => {
            zh::work_email(name, firm)
        }
        (Profile::RetailZh, _) if rng.percent(48) => format!("{}@qq.example", serial(world, index, "N########")),
        (Profile::RetailZh, _) => {
            let host = rng.weigh(&[(60, "163"), (18, "126"), (14, "foxmail"), (8, "sina")]);
            format!("{}{}{}@{host}.example", name.latin_family, name.latin_given, serial(world, index, "#######"))
        }
        (Profile::SaasEn, Some(firm)) => en::work_email(name, firm),
        (Profile::SaasEn, None) => {
            let host = rng.pick(&["mail", "inbox", "post", "webmail"]);
            format!("{}.{}{}@{host}.example", name.latin_given, name.latin_family, serial(world, index, "#######"))
        }
    }
}

/// A number that no other contact has: scattered while the pattern has room, then the index itself, which is longer.
fn serial(world: &World, index: u32, digits: &str) -> String {
    let (index, space) = (u64::from(index), pattern::space(digits));
    match index < space {
        true => pattern::fill(digits, shuffle(world.seed, Stream::Mail, index, space)),
        false => format!("{index:010}"),
    }
}

/// The address, or with a number before the `@` where a colleague has it already.
fn distinct(email: String, ordinal: u32, colleagues: &[Contact]) -> String {
    if colleagues.iter().all(|other| other.email.as_deref() != Some(&email)) {
        return email;
    }
    let (local, host) = email.split_once('@').unwrap_or((&email, ""));
    format!("{local}{}@{host}", ordinal + 1)
}

/// A number of the contact's own, or now and then that of the person before: a couple, an office.
fn phone(world: &World, place: &Place, ordinal: u32, index: u32, rng: &mut Rng) -> String {
    let whose = if ordinal > 0 && rng.percent(3) { index - 1 } else { index };
    let mobiles = place.country.mobiles;
    let own = Rng::new(world.seed, Stream::Phone, whose).pick(mobiles);
    let pattern = if mobiles.is_empty() { place.landline } else { own };
    pattern::fill(pattern, shuffle(world.seed, Stream::Contact, u64::from(whose), pattern::space(pattern)))
}

fn wechat(world: &World, name: &Name, index: u32, rng: &mut Rng) -> String {
    if rng.percent(45) {
        return format!("{}{}{}", name.latin_family, name.latin_given, serial(world, index, "######"));
    }
    let mut left = rng.next();
    let signs = std::iter::repeat_with(|| {
        let sign = u32::try_from(left % 36).ok().and_then(|digit| char::from_digit(digit, 36));
        left /= 36;
        sign.unwrap_or('0')
    });
    "wxid_".chars().chain(signs.take(12)).collect::<String>() + "22"
}

fn title(world: &World, firm: &Firm, ordinal: u32, rng: &mut Rng) -> &'static str {
    match world.profile {
        Profile::RetailZh => zh::title(firm, ordinal, rng),
        Profile::SaasEn => en::title(firm, ordinal, rng),
    }
}

fn birth(world: &World, rng: &mut Rng) -> NaiveDate {
    let age = rng.between(22, 45) + rng.below(18);
    world.calendar.day(age * 365 + rng.below(365))
}
