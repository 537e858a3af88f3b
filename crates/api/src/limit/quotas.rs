//! How much each may ask, as it is configured.
use std::str::FromStr;

/// Units a minute; 0 is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// of requests that nobody stands for, by their address
    pub public: u64,
    pub address: u64,
    pub key: u64,
    pub user: u64,
    pub tenant: u64,
    /// of deliveries to a connection
    pub connection: u64,
    /// of what is sent to a form
    pub form: u64,
}

/// High enough for whoever means well: a loop gone wild is stopped, and a password is not guessed.
impl Default for Quotas {
    fn default() -> Self {
        Self {
            public: 300,
            address: 600_000,
            key: 600_000,
            user: 600_000,
            tenant: 1_200_000,
            connection: 3_000,
            form: 600,
        }
    }
}

impl Quotas {
    pub const OFF: Self = Self { public: 0, address: 0, key: 0, user: 0, tenant: 0, connection: 0, form: 0 };
}

/// `off`, or those that differ from the default: `tenant=60000,key=6000`.
impl FromStr for Quotas {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "off" {
            return Ok(Self::OFF);
        }
        let mut quotas = Self::default();
        for (name, quota) in
            text.split(',').map(|part| part.trim().split_once('=').ok_or(())).collect::<Result<Vec<_>, _>>()?
        {
            let place = match name {
                "public" => &mut quotas.public,
                "address" => &mut quotas.address,
                "key" => &mut quotas.key,
                "user" => &mut quotas.user,
                "tenant" => &mut quotas.tenant,
                "connection" => &mut quotas.connection,
                "form" => &mut quotas.form,
                _ => return Err(()),
            };
            *place = quota.parse().map_err(drop)?;
        }
        Ok(quotas)
    }
}

#[cfg(test)]
mod tests {
    use super::Quotas;

    #[test]
    fn a_quota_is_named_and_the_others_stay() {
        let default = Quotas::default();
        assert_eq!("tenant=60, key=0".parse(), Ok(Quotas { tenant: 60, key: 0, ..default }));
        assert_eq!("off".parse(), Ok(Quotas::OFF));
        for wrong in ["", "on", "tenant", "tenant=x", "tennant=1", "tenant=-1"] {
            assert_eq!(wrong.parse::<Quotas>(), Err(()), "{wrong}");
        }
    }
}
