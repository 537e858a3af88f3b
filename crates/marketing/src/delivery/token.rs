//! The links of a mail: each is signed for what it does and for whom, so that nobody makes one up or turns it to another
//! use. A link to a page names a row of the table of links, and leads nowhere else.
use super::LINK_INVALID;
use kernel::page::{Mark, Seal};
use kernel::{DeliveryId, Result, SendLinkId, TenantId};
use uuid::Uuid;

/// What a link does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Unsubscribe,
    Preferences,
    Open,
    Click,
}

impl Use {
    const fn purpose(self) -> &'static str {
        match self {
            Self::Unsubscribe => "mail unsubscribe",
            Self::Preferences => "mail preferences",
            Self::Open => "mail open",
            Self::Click => "mail click",
        }
    }
}

/// What a link was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    pub tenant: TenantId,
    pub delivery: DeliveryId,
    pub link: Option<SendLinkId>,
}

#[must_use]
pub fn close(seal: &Seal, what: Use, opened: &Opened) -> String {
    let keys = vec![Some(opened.tenant.to_string()), opened.link.map(|link| link.to_string())];
    seal.close(what.purpose(), &Mark { keys, id: opened.delivery.0 })
}

pub fn open(seal: &Seal, what: Use, token: &str) -> Result<Opened> {
    let mark = seal.open(what.purpose(), token).map_err(|_| LINK_INVALID)?;
    let id = |at: usize| mark.keys.get(at).cloned().flatten().and_then(|text| text.parse::<Uuid>().ok());
    let tenant = id(0).ok_or(LINK_INVALID)?;
    Ok(Opened { tenant: tenant.into(), delivery: mark.id.into(), link: id(1).map(SendLinkId::from) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_for_what_it_was_made_for() {
        let seal = Seal::new(b"secret");
        let one = Opened { tenant: TenantId::new(), delivery: DeliveryId::new(), link: Some(SendLinkId::new()) };
        let token = close(&seal, Use::Click, &one);
        assert_eq!(open(&seal, Use::Click, &token).unwrap(), one);
        assert!(open(&seal, Use::Unsubscribe, &token).is_err());
        assert!(open(&Seal::new(b"other"), Use::Click, &token).is_err());
        assert!(open(&seal, Use::Click, "x").is_err() && open(&seal, Use::Click, "").is_err());
    }
}
