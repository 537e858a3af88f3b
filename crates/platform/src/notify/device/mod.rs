//! The telephones and browsers of somebody, on which they are told of what they want to be told of.
//!
//! A device is known by the token that its maker's push service has given it; it is sealed, told nobody again, and is one
//! device, whoever is logged in there: it goes with whoever registered it last. One that the push service calls gone goes.
mod store;

pub use store::{Reached, gone, list, reached};

use super::schema::devices;
use crate::vault::{Given, Place};
use crate::{Conn, Vault, audit, deed};
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::{Ctx, DeviceId, Noun, Record, Result, Tidy, error, rule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use validator::{Validate, ValidationError};

/// Where the tokens stand.
pub const PLACE: Place = Place::new("devices", "sealed", "id").index("fingerprint", "platform");

/// What a device may be.
pub const PLATFORMS: &[&str] = &["ios", "android", "web"];
const SHORTEST: usize = 8;
const LONGEST: usize = 4096;
/// So many of one person are kept: those that were seen last.
const MOST: i64 = 20;

/// A device of the caller's.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = devices, check_for_backend(diesel::pg::Pg))]
#[schema(as = PushDevice, example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000d1", "platform": "ios", "app_version": "2.4.1", "locale": "zh-Hans",
    "last_seen_at": "2026-11-26T08:00:00Z", "created_at": "2026-11-20T08:00:00Z"
}))]
pub struct Device {
    pub id: DeviceId,
    #[schema(schema_with = platforms)]
    pub platform: String,
    pub app_version: Option<String>,
    /// the language in which it is written to; else that of its owner
    #[schema(example = "zh-Hans")]
    pub locale: Option<String>,
    /// when it was registered last
    pub last_seen_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

/// A device, as its application registers it each time that it starts.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "is_token"))]
#[schema(as = NewPushDevice, example = json!({
    "platform": "ios", "token": "740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad",
    "app_version": "2.4.1", "locale": "zh-Hans"
}))]
pub struct NewDevice {
    #[validate(custom(function = "is_platform"))]
    #[schema(schema_with = platforms)]
    pub platform: String,
    /// what the push service of the platform calls it; kept sealed, and told by no answer
    #[schema(value_type = String, write_only, min_length = 8, max_length = 4096)]
    pub token: Given,
    #[validate(length(max = 50))]
    #[schema(max_length = 50)]
    pub app_version: Option<String>,
    /// the language in which it is written to
    #[validate(length(max = 35))]
    #[schema(max_length = 35, example = "zh-Hans")]
    pub locale: Option<String>,
}

impl Tidy for NewDevice {}

impl Noun for Device {
    const NAME: &'static str = "device";
}
impl Record for Device {
    type Id = DeviceId;
    fn id(&self) -> DeviceId {
        self.id
    }
    /// Only its own application says anything of it.
    fn version(&self) -> i32 {
        1
    }
}

fn platforms() -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(PLATFORMS.iter().copied())).build()
}

fn is_platform(text: &str) -> std::result::Result<(), ValidationError> {
    match PLATFORMS.contains(&text) {
        true => Ok(()),
        false => Err(rule!("choice", "is none of ios, android and web")),
    }
}

/// A rule of the body as a whole, for a rule of a member keeps what breaks it.
fn is_token(new: &NewDevice) -> std::result::Result<(), ValidationError> {
    let token = new.token.expose();
    if (SHORTEST..=LONGEST).contains(&token.chars().count()) && !token.contains(char::is_control) {
        return Ok(());
    }
    let mut rule = rule!("token", "has fewer than 8 or more than 4096 characters, or is more than a line");
    rule.add_param("member".into(), &"token");
    Err(rule)
}

/// In a transaction: the device with this token is the actor's from now on, and was seen just now.
pub fn register(conn: &mut Conn, ctx: &Ctx, vault: &Vault, new: &NewDevice) -> Result<Device> {
    deed::in_turn(conn, &format!("{} devices", ctx.tenant))?;
    let token = new.token.expose();
    let prints = vault.fingerprints(conn, ctx.tenant, &PLACE, &new.platform, token)?;
    let device = match store::known(conn, ctx, prints)? {
        Some(id) => store::seen(conn, ctx, id, new)?,
        None => {
            let id = DeviceId::new();
            let sealed = vault.seal(conn, ctx.tenant, &PLACE, id, token.as_bytes())?;
            let print = vault.fingerprint(conn, ctx.tenant, &PLACE, &new.platform, token)?;
            store::insert(conn, ctx, id, new, sealed, print)?
        }
    };
    store::keep_newest(conn, ctx, MOST)?;
    audit::note(conn, ctx, "device.registered", Device::NAME, device.id, None)?;
    Ok(device)
}

/// In a transaction: nothing is sent to it any more.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: DeviceId) -> Result<()> {
    if store::remove(conn, ctx, id)? == 0 {
        return Err(error::NOT_FOUND.into());
    }
    audit::note(conn, ctx, "device.removed", Device::NAME, id, None)
}
