//! A content that comes along with what is said of it, in one request: examined while it comes, so that it need not be
//! read again.
use super::kind::HEAD;
use super::objects::{Examined, Incoming, Objects, full};
use kernel::{Error, FileId, Result, TenantId, error};
use object_store::buffered::BufWriter;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use uuid::Uuid;

/// So much is read at once of what was set aside.
const PIECE: usize = 256 << 10;
/// What goes to a bucket at once: less than that is one request.
const AT_ONCE: usize = 8 << 20;

/// What has come so far.
pub struct Whole {
    object: Uuid,
    to: To,
    hash: Sha256,
    found: Examined,
}

/// On its way to the folder, or set aside until it goes to the bucket: a file without a name, which goes with its process.
enum To {
    Folder(Incoming),
    Bucket(tokio::fs::File),
}

/// A content that is here, and what puts it in its place.
pub struct Brought {
    pub object: Uuid,
    pub found: Examined,
    pub(super) keep: Box<dyn FnOnce() -> Result<()> + Send>,
}

impl Whole {
    pub fn begin(objects: &Objects, tenant: TenantId) -> Result<Self> {
        let object = FileId::new().0;
        let to = match objects.is_bucket() {
            true => To::Bucket(tokio::fs::File::from_std(tempfile::tempfile().map_err(full)?)),
            false => To::Folder(objects.receive(tenant, object)?),
        };
        Ok(Self { object, to, hash: Sha256::new(), found: Examined::default() })
    }

    pub fn object(&self) -> Uuid {
        self.object
    }

    pub fn size(&self) -> i64 {
        self.found.size
    }

    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        self.found.size = self.found.size.saturating_add(i64::try_from(bytes.len()).unwrap_or(i64::MAX));
        let room = HEAD.saturating_sub(self.found.head.len());
        self.found.head.extend(bytes.iter().take(room));
        match &mut self.to {
            To::Folder(incoming) => incoming.write(bytes).await,
            To::Bucket(file) => file.write_all(bytes).await.map_err(full),
        }
    }

    /// What it is. A bucket has it then; to a folder it goes with what is written down of it.
    pub async fn end(mut self, objects: &Objects, tenant: TenantId) -> Result<Brought> {
        self.found.sha256 = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let keep: Box<dyn FnOnce() -> Result<()> + Send> = match self.to {
            To::Folder(incoming) => Box::new(incoming.end().await?),
            To::Bucket(file) => {
                sent(file, objects, tenant, self.object).await?;
                Box::new(|| Ok(()))
            }
        };
        Ok(Brought { object: self.object, found: self.found, keep })
    }
}

async fn sent(mut file: tokio::fs::File, objects: &Objects, tenant: TenantId, object: Uuid) -> Result<()> {
    let unreached = |error: std::io::Error| Error::from(error::BUSY).source(error);
    file.rewind().await.map_err(full)?;
    let writer = BufWriter::with_capacity(Arc::clone(&objects.store), objects.place(tenant, object), AT_ONCE);
    let (mut upload, mut piece) = (writer.with_max_concurrency(2), vec![0; PIECE]);
    loop {
        match file.read(&mut piece).await.map_err(full)? {
            0 => return upload.shutdown().await.map_err(unreached),
            read => upload.write_all(piece.get(..read).unwrap_or_default()).await.map_err(unreached)?,
        }
    }
}
