//! Where messages to devices go.
use super::Reader;
use platform::notify::push::Settings;

pub(super) fn of(read: &mut Reader) -> Settings {
    let settings = Settings { url: read.text("GUANXI_PUSH_URL"), secret: read.text("GUANXI_PUSH_SECRET") };
    if settings.url.is_some() && settings.key().is_none() {
        read.faults
            .push("GUANXI_PUSH_SECRET: GUANXI_PUSH_URL needs whsec_ and at least 24 bytes in base64 behind it".into());
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::{Reader, of};

    #[test]
    fn a_gateway_needs_a_secret_that_is_one() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        for (url, secret, faults) in [
            ("", "", 0),
            ("https://push.example.com", secret, 0),
            ("https://push.example.com", "", 1),
            ("https://push.example.com", "whsec_c2hvcnQ=", 1),
            ("https://push.example.com", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1),
        ] {
            let vars = [("GUANXI_PUSH_URL", url), ("GUANXI_PUSH_SECRET", secret)];
            let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let mut reader = Reader { vars: vars.into(), faults: Vec::new() };
            let settings = of(&mut reader);
            assert_eq!(reader.faults.len(), faults, "{url} {secret}: {:?}", reader.faults);
            assert!(!format!("{settings:?}").contains("MfKQ"));
        }
    }
}
