//! What is sent: codes, and the tokens of links; and what is kept of them.
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use kernel::page::{Mark, Seal};
use kernel::{TenantId, VerificationId};
use platform::random;
use sha2::{Digest, Sha256};
use uuid::Uuid;

const PREFIX: &str = "gxv_";

/// Six digits that follow from the verification for whoever has the secret of the server, and for nobody else: what is
/// sent once more after a crash is what has come already.
pub fn code(seal: &Seal, id: VerificationId) -> String {
    let mark = Mark { keys: Vec::new(), id: id.0 };
    let digest = Sha256::digest(seal.close(&format!("code of verification {id}"), &mark).as_bytes());
    let figure = digest.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    format!("{:06}", figure % 1_000_000)
}

/// Of so few digits nobody makes them out who has the table alone: it is signed with what the server keeps elsewhere.
pub fn of_code(seal: &Seal, id: VerificationId, code: &str) -> Vec<u8> {
    let mark = Mark { keys: Vec::new(), id: id.0 };
    of_secret(seal.close(&format!("verification {id} {code}"), &mark).as_bytes())
}

/// A token that is drawn, and what is kept of it.
pub fn token(tenant: TenantId, id: VerificationId) -> (String, Vec<u8>) {
    let secret: [u8; 32] = random::bytes();
    let token = [tenant.0.as_bytes().as_slice(), id.0.as_bytes(), &secret].concat();
    (format!("{PREFIX}{}", BASE64.encode(token)), of_secret(&secret))
}

/// What a token says, and what is kept of it.
pub fn read(token: &str) -> Option<(TenantId, VerificationId, Vec<u8>)> {
    let bytes = BASE64.decode(token.strip_prefix(PREFIX)?).ok()?;
    let (tenant, rest) = bytes.split_first_chunk::<16>()?;
    let (id, secret) = rest.split_first_chunk::<16>()?;
    (secret.len() == 32).then(|| (Uuid::from_bytes(*tenant).into(), Uuid::from_bytes(*id).into(), of_secret(secret)))
}

fn of_secret(secret: &[u8]) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

#[cfg(test)]
mod tests {
    use super::{code, of_code};
    use kernel::VerificationId;
    use kernel::page::Seal;

    #[test]
    fn a_code_is_the_same_whenever_it_is_sent_and_another_for_each() {
        let (seal, other, id) = (Seal::new(b"one secret"), Seal::new(b"another"), VerificationId::new());
        let first = code(&seal, id);
        assert!(first.len() == 6 && first.bytes().all(|digit| digit.is_ascii_digit()), "{first}");
        assert_eq!(code(&seal, id), first);
        let many: Vec<String> = (0..20).map(|_| code(&seal, VerificationId::new())).collect();
        assert!(many.iter().any(|one| *one != first) && many.iter().any(|one| *one != many[0]));
        assert_ne!(of_code(&seal, id, &first), of_code(&other, id, &first));
    }
}
