//! What the lists of a provider may hold.
use kernel::rule;
use validator::ValidationError;

/// Words as RFC 6749 allows in a scope.
fn is_word(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    (1..=200).contains(&text.len()) && text.bytes().all(good)
}

pub fn are_words(words: &[String]) -> Result<(), ValidationError> {
    if words.iter().all(|word| is_word(word)) { Ok(()) } else { Err(rule!("words", "are words without spaces")) }
}

pub fn are_scopes(scopes: &[String]) -> Result<(), ValidationError> {
    are_words(scopes)?;
    let named = scopes.iter().any(|scope| scope == "openid");
    if named { Ok(()) } else { Err(rule!("scopes", "name `openid` at least")) }
}

pub fn are_domains(domains: &[String]) -> Result<(), ValidationError> {
    let good = |domain: &String| {
        let label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
        let known = domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
        domain.len() <= 253 && domain.contains('.') && known && domain.split('.').all(label)
    };
    if domains.iter().all(good) { Ok(()) } else { Err(rule!("domain", "are domains such as example.cn")) }
}

/// Where a browser may be sent: by TLS, or to the machine that it runs on.
pub fn are_addresses(addresses: &[String]) -> Result<(), ValidationError> {
    let good = |text: &String| {
        let Ok(url) = url::Url::parse(text) else { return false };
        let local = ["localhost", "127.0.0.1", "[::1]"].contains(&url.host_str().unwrap_or_default());
        let scheme = url.scheme() == "https" || (url.scheme() == "http" && local);
        text.len() <= 500 && scheme && url.fragment().is_none() && url.username().is_empty() && !text.contains('*')
    };
    let rule = rule!("address", "are addresses with https, or of this machine, without fragment");
    if addresses.iter().all(good) { Ok(()) } else { Err(rule) }
}
