//! Where messages to devices and to telephones go.
use super::Reader;
use platform::gateway::Settings;

/// By the names of the variables.
pub(super) fn of(read: &mut Reader, url: &str, secret: &str) -> Settings {
    let settings = Settings { url: read.text(url), secret: read.text(secret) };
    if settings.url.is_some() && settings.key().is_none() {
        read.faults.push(format!("{secret}: {url} needs whsec_ and at least 24 bytes in base64 behind it"));
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
            ("https://sms.example.com", secret, 0),
            ("https://sms.example.com", "", 1),
            ("https://sms.example.com", "whsec_c2hvcnQ=", 1),
            ("https://sms.example.com", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1),
        ] {
            let vars = [("GUANXI_SMS_URL", url), ("GUANXI_SMS_SECRET", secret)];
            let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let mut reader = Reader { vars: vars.into(), faults: Vec::new() };
            let settings = of(&mut reader, "GUANXI_SMS_URL", "GUANXI_SMS_SECRET");
            assert_eq!(reader.faults.len(), faults, "{url} {secret}: {:?}", reader.faults);
            assert!(!format!("{settings:?}").contains("MfKQ"));
        }
    }
}
