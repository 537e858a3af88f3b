//! A link to the content of a file: signed, for one file, one person, one purpose and a short while. Whoever holds it
//! needs nothing else, and may do by it what that person may do at that moment.
use chrono::{DateTime, Duration, Utc};
use kernel::page::{Mark, Seal};
use kernel::{ApiKeyId, Code, Ctx, Error, FileId, Kind, Result, TenantId, UserId};
use uuid::Uuid;

pub const INVALID: Code = Code::new(
    "file_link_invalid",
    Kind::Forbidden,
    "The link is none of this server's, is for something else, or has expired: ask for a new one.",
);

/// How long something may be put by a link.
pub const UPLOAD: Duration = Duration::minutes(15);
/// How long something may be fetched by one.
pub const DOWNLOAD: Duration = Duration::minutes(5);

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Upload,
    Download,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Upload => "file content to come",
            Self::Download => "file content to go",
        }
    }
}

/// Who may follow it, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub tenant: TenantId,
    pub user: UserId,
    pub key: Option<ApiKeyId>,
    pub file: FileId,
    pub until: DateTime<Utc>,
}

impl Link {
    /// One of the caller's.
    pub fn of(ctx: &Ctx, file: FileId, until: DateTime<Utc>) -> Self {
        Self { tenant: ctx.tenant, user: ctx.actor.user, key: ctx.actor.key, file, until }
    }

    pub fn sign(&self, seal: &Seal, purpose: Purpose) -> String {
        let id = |id: Uuid| Some(id.to_string());
        let until = Some(self.until.timestamp().to_string());
        let keys = vec![id(self.tenant.0), id(self.user.0), self.key.and_then(|key| id(key.0)), until];
        seal.close(purpose.name(), &Mark { keys, id: self.file.0 })
    }

    /// What a signature stands for, if it is good for this and at this moment.
    pub fn open(seal: &Seal, purpose: Purpose, file: FileId, signature: &str, now: DateTime<Utc>) -> Result<Self> {
        let mark = seal.open(purpose.name(), signature).map_err(|e| Error::from(INVALID).source(e))?;
        Self::read(&mark).filter(|link| link.file == file && link.until >= now).ok_or_else(|| INVALID.into())
    }

    fn read(mark: &Mark) -> Option<Self> {
        let [tenant, user, key, until] = mark.keys.as_slice() else { return None };
        let id = |text: &Option<String>| text.as_deref()?.parse::<Uuid>().ok();
        Some(Self {
            tenant: TenantId(id(tenant)?),
            user: UserId(id(user)?),
            key: id(key).map(ApiKeyId),
            file: FileId(mark.id),
            until: DateTime::from_timestamp(until.as_deref()?.parse().ok()?, 0)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_for_what_it_was_made_for() {
        let (seal, now) = (Seal::new(b"secret"), DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let file = FileId::new();
        let (tenant, user) = (TenantId::new(), UserId::new());
        let link = Link { tenant, user, key: None, file, until: now + DOWNLOAD };
        let text = link.sign(&seal, Purpose::Download);
        let open = |seal: &Seal, purpose, file, text: &str, now| Link::open(seal, purpose, file, text, now).ok();
        assert_eq!(open(&seal, Purpose::Download, file, &text, now), Some(link));
        assert_eq!(open(&seal, Purpose::Download, file, &text, now + DOWNLOAD), Some(link));
        assert_eq!(open(&seal, Purpose::Download, file, &text, now + Duration::seconds(301)), None);
        assert_eq!(open(&seal, Purpose::Upload, file, &text, now), None);
        assert_eq!(open(&seal, Purpose::Download, FileId::new(), &text, now), None);
        assert_eq!(open(&Seal::new(b"other"), Purpose::Download, file, &text, now), None);
        assert_eq!(open(&seal, Purpose::Download, file, &text[1..], now), None);
    }
}
