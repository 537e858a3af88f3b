//! Where the contents of files stand: a folder of the house, or a bucket that speaks S3. Each is known by its tenant and
//! an id of its own; no name that somebody has given is part of a path.
use super::kind::HEAD;
use super::{Object, REPLACED};
use crate::outbound::{Objects as Way, Outbound};
use crate::private;
use chrono::{DateTime, Duration, Utc};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use kernel::{Error, FileId, Result, TenantId, error};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Place;
use object_store::signer::{Method, Signer};
use object_store::{GetOptions, ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

/// What may come, and where it stands.
#[derive(Clone, Debug)]
pub struct Settings {
    /// bytes that one file may have
    pub largest: i64,
    /// bytes that all files of a tenant may have; 0 for as many as there is room for
    pub quota: i64,
    /// a bucket, instead of a folder
    pub bucket: Option<Bucket>,
}

/// A bucket that speaks S3.
#[derive(Clone)]
pub struct Bucket {
    pub name: String,
    /// before all keys, with a slash at its end, or nothing
    pub prefix: String,
    pub region: String,
    /// without the bucket in it
    pub endpoint: String,
    pub key_id: String,
    pub secret: String,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bucket({} at {})", self.name, self.endpoint)
    }
}

impl Settings {
    pub const LARGEST: i64 = 50 << 20;
    pub const QUOTA: i64 = 10 << 30;
}

impl Default for Settings {
    fn default() -> Self {
        Self { largest: Self::LARGEST, quota: Self::QUOTA, bucket: None }
    }
}

/// The contents of files. One a program.
#[derive(Clone)]
pub struct Objects {
    pub(super) store: Arc<dyn ObjectStore>,
    home: Home,
    pub settings: Settings,
}

#[derive(Clone)]
enum Home {
    Folder(PathBuf),
    Bucket(Arc<AmazonS3>, String),
}

/// What was read of a content.
#[derive(Clone, Debug, Default)]
pub struct Examined {
    pub size: i64,
    pub sha256: String,
    /// how it begins
    pub head: Vec<u8>,
    /// what a bucket calls this content, which is another where it was put there anew
    pub etag: Option<String>,
}

impl Objects {
    /// Of a folder below the one of the house, or of a bucket, which is spoken to when there is something to do.
    pub fn open(settings: &Settings, data_dir: &Path, outbound: &Outbound) -> Result<Self> {
        let settings = settings.clone();
        let Some(bucket) = &settings.bucket else {
            let folder = data_dir.join("files").join("objects");
            private::folder(&folder).map_err(Error::internal)?;
            let store = Arc::new(LocalFileSystem::new_with_prefix(&folder).map_err(Error::internal)?);
            return Ok(Self { store, home: Home::Folder(folder), settings });
        };
        let s3 = AmazonS3Builder::new()
            .with_bucket_name(&bucket.name)
            .with_region(&bucket.region)
            .with_endpoint(&bucket.endpoint)
            .with_access_key_id(&bucket.key_id)
            .with_secret_access_key(&bucket.secret)
            .with_allow_http(bucket.endpoint.starts_with("http://"))
            .with_disable_bulk_delete(true)
            .with_http_connector(Way::of(outbound, &bucket.endpoint)?)
            .build();
        let s3 = Arc::new(s3.map_err(|e| Error::internal(format!("GUANXI_FILES_URL: {e}")))?);
        let store: Arc<dyn ObjectStore> = s3.clone();
        Ok(Self { store, home: Home::Bucket(s3, bucket.prefix.clone()), settings })
    }

    pub(super) fn place(&self, tenant: TenantId, object: Uuid) -> Place {
        match &self.home {
            Home::Folder(_) => Place::from(format!("{tenant}/{object}")),
            Home::Bucket(_, prefix) => Place::from(format!("{prefix}{tenant}/{object}")),
        }
    }

    pub(super) fn is_bucket(&self) -> bool {
        matches!(self.home, Home::Bucket(..))
    }

    /// Where a content may be put, at the store itself; nothing where it comes in by this server.
    pub async fn upload_url(&self, tenant: TenantId, object: Uuid) -> Result<Option<String>> {
        let Home::Bucket(s3, _) = &self.home else { return Ok(None) };
        let until = super::link::UPLOAD.to_std().map_err(Error::internal)?;
        let url = s3.signed_url(Method::PUT, &self.place(tenant, object), until).await.map_err(failed)?;
        Ok(Some(url.into()))
    }

    /// Begins to take a content in, on this machine.
    pub fn receive(&self, tenant: TenantId, object: Uuid) -> Result<Incoming> {
        let Home::Folder(folder) = &self.home else { return Err(error::NOT_FOUND.into()) };
        let folder = folder.join(tenant.to_string());
        private::folder(&folder).map_err(full)?;
        let part = folder.join(format!("{object}.{}{PART}", FileId::new()));
        let file = private::file().write(true).create_new(true).open(&part).map_err(full)?;
        let whole = folder.join(object.to_string());
        Ok(Incoming { file: tokio::fs::File::from_std(file), size: 0, part: Part(Some(part)), whole })
    }

    /// Reads all of it, once; nothing where there is none. What is not as long as it should be is not read.
    pub async fn examine(&self, tenant: TenantId, object: Uuid, announced: i64) -> Result<Option<Examined>> {
        let found = match self.store.get(&self.place(tenant, object)).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            found => found.map_err(failed)?,
        };
        let size = i64::try_from(found.meta.size).unwrap_or(i64::MAX);
        if size != announced {
            return Ok(Some(Examined { size, ..Examined::default() }));
        }
        // in a folder nothing is put where something was examined
        let etag = found.meta.e_tag.clone().filter(|_| self.is_bucket());
        let mut examined = Examined { etag, ..Examined::default() };
        let (mut pieces, mut hash) = (found.into_stream(), Sha256::new());
        while let Some(piece) = pieces.try_next().await.map_err(failed)? {
            hash.update(&piece);
            examined.size = examined.size.saturating_add(i64::try_from(piece.len()).unwrap_or(i64::MAX));
            let room = HEAD.saturating_sub(examined.head.len());
            examined.head.extend(piece.iter().take(room));
        }
        examined.sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Some(examined))
    }

    /// A part of it, piece by piece; nothing of a content that is another than the one that was examined.
    pub async fn read(
        &self,
        tenant: TenantId,
        object: Object,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, std::io::Result<Vec<u8>>>> {
        if range.is_empty() {
            return Ok(futures_util::stream::empty().boxed());
        }
        let options = GetOptions { range: Some(range.into()), if_match: object.etag, ..GetOptions::default() };
        let found = match self.store.get_opts(&self.place(tenant, object.id), options).await {
            Err(object_store::Error::Precondition { .. }) => return Err(REPLACED.into()),
            found => found.map_err(failed)?,
        };
        Ok(found.into_stream().map(|piece| piece.map(Into::into).map_err(std::io::Error::other)).boxed())
    }

    /// Takes it away; one that is not there has gone already.
    pub async fn remove(&self, tenant: TenantId, object: Uuid) -> Result<()> {
        match self.store.delete(&self.place(tenant, object)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    /// What was begun a day ago and never came to its end, on this machine.
    pub fn sweep(&self, now: DateTime<Utc>) -> Result<usize> {
        let Home::Folder(folder) = &self.home else { return Ok(0) };
        let old = SystemTime::from(now - Duration::days(1));
        let mut swept = 0;
        for tenant in std::fs::read_dir(folder).map_err(Error::internal)?.flatten() {
            for entry in std::fs::read_dir(tenant.path()).into_iter().flatten().flatten() {
                let is_old = || entry.metadata().and_then(|data| data.modified()).is_ok_and(|at| at < old);
                if !entry.file_name().to_string_lossy().ends_with(PART) || !is_old() {
                    continue;
                }
                match std::fs::remove_file(entry.path()) {
                    Ok(()) => swept += 1,
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {} // another worker was quicker
                    Err(error) => return Err(Error::internal(error)),
                }
            }
        }
        Ok(swept)
    }
}

/// The end of the name of what is still coming.
const PART: &str = ".part";
/// A content that comes in. It goes with this value, unless it is kept.
pub struct Incoming {
    file: tokio::fs::File,
    pub size: i64,
    part: Part,
    whole: PathBuf,
}

/// A file on its way to its place.
struct Part(Option<PathBuf>);

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            let _ = std::fs::remove_file(path); // gone with its folder
        }
    }
}

impl Incoming {
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.size = self.size.saturating_add(i64::try_from(bytes.len()).unwrap_or(i64::MAX));
        self.file.write_all(bytes).await.map_err(full)
    }

    /// All of it is on the disk; what is given puts it in its place.
    pub async fn end(mut self) -> Result<impl FnOnce() -> Result<()> + Send + 'static> {
        self.file.flush().await.map_err(full)?;
        self.file.sync_all().await.map_err(full)?;
        crate::crash::point("file_before_kept");
        let Self { mut part, whole, .. } = self;
        Ok(move || {
            let Some(path) = part.0.as_ref() else { return Ok(()) };
            std::fs::rename(path, &whole).map_err(full)?;
            part.0 = None;
            Ok(())
        })
    }
}

pub(super) fn full(error: std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::from(error::STORAGE_FULL).source(error),
        _ => Error::internal(error),
    }
}

/// A store that cannot be reached may be later.
fn failed(error: object_store::Error) -> Error {
    Error::from(error::BUSY).source(error)
}
