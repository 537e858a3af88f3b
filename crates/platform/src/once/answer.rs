//! An answer, as far as it is kept.
use std::collections::BTreeSet;
use uuid::Uuid;

/// Status, the headers that matter, and the body. A body that nobody may keep (`Cache-Control: no-store`) is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
    /// the path of the request, whose ids belong to the answer
    pub path: String,
}

impl Answer {
    /// Every id in the path and in the body, each once: who is erased is found by them.
    pub fn ids(&self) -> Vec<Uuid> {
        let in_path = self.path.as_bytes().split(|byte| *byte == b'/');
        let in_body = self.body.as_deref().unwrap_or_default().split(|byte| *byte == b'"');
        let words = in_path.chain(in_body).filter(|word| word.len() == 36);
        let ids: BTreeSet<Uuid> = words.filter_map(|word| Uuid::try_parse_ascii(word).ok()).collect();
        ids.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Answer;

    #[test]
    fn an_answer_knows_every_id_in_it_once() {
        let [a, b] = ["0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f7"];
        let body =
            format!(r#"{{"id":"{a}","deep":[{{"account_id": "{b}"}}],"id_again":"{a}","no":"{}"}}"#, "x".repeat(36));
        let path = format!("/v1/contacts/{b}/restore");
        let answer = Answer { status: 200, headers: Vec::new(), body: Some(body.into_bytes()), path };
        let ids: Vec<String> = answer.ids().iter().map(ToString::to_string).collect();
        assert_eq!(ids, [a, b]);
    }
}
