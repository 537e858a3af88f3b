//! The first start: a tenant, its owner, and a key, told once.
use crate::config::{Config, First};
use crate::house::House;
use ::identity::found::{self, NewTenant};
use kernel::{Result, clock};

/// What was made, to be told once.
pub struct Made {
    email: String,
    /// only where it was made up
    password: Option<String>,
    key: String,
}

/// Makes the first tenant, where there is none.
pub async fn tenant(house: &House, config: &Config) -> Result<Option<Made>> {
    let First { tenant, email, password, locale, time_zone, currency } = config.first.clone();
    let made_up = password.is_none().then(found::password);
    let new = NewTenant {
        name: tenant,
        locale,
        time_zone,
        base_currency: currency,
        owner_email: email.clone(),
        owner_password: password.or_else(|| made_up.clone()).unwrap_or_default(),
    };
    let now = clock::now();
    let founded = house.db.unpermitted(move |conn| found::first(conn, &new, now)).await?;
    house.furnish().await?;
    Ok(founded.map(|founded| Made { email, password: made_up, key: founded.key }))
}

/// Where it listens, and on the first start how to get in.
pub fn greet(config: &Config, made: Option<&Made>) {
    println!("Guanxi listens on http://{}", config.addr);
    println!("  reference   http://{}/docs/", config.addr);
    if let Some(file) = config.master_keys.own_file() {
        println!("  master key  {}: keep a copy, or what is sealed may be lost", file.display());
    }
    made.iter().for_each(|made| tell(made));
}

/// How to get in.
pub fn tell(made: &Made) {
    let password = made.password.as_deref().unwrap_or("(as given)");
    println!("This is the first start. Keep these, they are not shown again:");
    println!("  owner       {}", made.email);
    println!("  password    {password}");
    println!("  API key     {}", made.key);
}
