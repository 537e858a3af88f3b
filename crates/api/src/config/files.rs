//! Where files stand, and how much may come.
use super::Reader;
use platform::file::Settings;
use platform::file::objects::Bucket;

pub(super) fn of(read: &mut Reader) -> Settings {
    let largest = read.parsed("GUANXI_FILES_LARGEST", Settings::LARGEST).max(0);
    let quota = read.parsed("GUANXI_FILES_QUOTA", Settings::QUOTA).max(0);
    let bucket = read.text("GUANXI_FILES_URL").and_then(|url| match bucket(read, &url) {
        Ok(bucket) => Some(bucket),
        Err(fault) => {
            read.faults.push(format!("GUANXI_FILES_URL: {fault}"));
            None
        }
    });
    for name in ["GUANXI_FILES_KEY_ID", "GUANXI_FILES_SECRET"] {
        if bucket.is_some() && read.text(name).is_none() {
            read.faults.push(format!("{name}: a bucket needs it, for GUANXI_FILES_URL is set"));
        }
    }
    Settings { largest, quota, bucket }
}

/// `s3://bucket/prefix?region=…&endpoint=…`
fn bucket(read: &Reader, url: &str) -> Result<Bucket, String> {
    let wrong = || format!("{url:?} is not like s3://bucket/prefix?region=eu-central-1&endpoint=https://…");
    let rest = url.strip_prefix("s3://").ok_or_else(wrong)?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
    let (mut region, mut endpoint) = ("us-east-1".to_owned(), None);
    for (key, value) in query.split('&').filter(|pair| !pair.is_empty()).filter_map(|pair| pair.split_once('=')) {
        let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned();
        match key {
            "region" => region = value,
            "endpoint" => endpoint = Some(value.trim_end_matches('/').to_owned()),
            _ => return Err(wrong()),
        }
    }
    if name.is_empty() {
        return Err(wrong());
    }
    let prefix = prefix.trim_matches('/');
    Ok(Bucket {
        name: name.to_owned(),
        prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
        endpoint: endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com")),
        region,
        key_id: read.text("GUANXI_FILES_KEY_ID").unwrap_or_default(),
        secret: read.text("GUANXI_FILES_SECRET").unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Reader, of};

    fn read(url: &str) -> (Reader, platform::file::Settings) {
        let vars = [("GUANXI_FILES_URL", url), ("GUANXI_FILES_KEY_ID", "id"), ("GUANXI_FILES_SECRET", "secret")];
        let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut reader = Reader { vars: vars.into(), faults: Vec::new() };
        let settings = of(&mut reader);
        (reader, settings)
    }

    #[test]
    fn a_bucket_is_read_from_its_address() {
        let (reader, settings) = read("s3://crm/some/where/?region=eu-central-1&endpoint=http%3A%2F%2Fminio:9000/");
        let bucket = settings.bucket.unwrap();
        assert!(reader.faults.is_empty(), "{:?}", reader.faults);
        assert_eq!((bucket.name.as_str(), bucket.prefix.as_str()), ("crm", "some/where/"));
        assert_eq!((bucket.region.as_str(), bucket.endpoint.as_str()), ("eu-central-1", "http://minio:9000"));
        let (_, settings) = read("s3://crm");
        let bucket = settings.bucket.unwrap();
        assert_eq!((bucket.prefix.as_str(), bucket.endpoint.as_str()), ("", "https://s3.us-east-1.amazonaws.com"));
        for wrong in ["crm", "s3://", "https://crm.s3.amazonaws.com", "s3://crm?zone=x"] {
            assert_eq!(read(wrong).0.faults.len(), 1, "{wrong}");
        }
    }
}
