//! What a visitor is shown of a form, in one language.
use ::customer::form::{Form, FormField, FormText};
use kernel::{FormId, Language};
use serde::Serialize;
use utoipa::ToSchema;

/// A form to be filled in.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-bbbb-7000-8000-00000000000a", "language": "en", "least_seconds": 2, "token": "q4Zk…",
    "fields": [{"key": "mail", "kind": "email", "label": "E-mail", "is_required": true, "options": [],
                "max_length": null, "wording": null}]
}))]
pub struct FormSchema {
    pub id: FormId,
    pub language: String,
    pub fields: Vec<OpenField>,
    /// the answers are taken after so many seconds
    pub least_seconds: i32,
    /// goes with the answers: once, within a day
    pub token: String,
}

/// A question.
#[derive(Serialize, ToSchema)]
#[schema(as = OpenFormField)]
pub struct OpenField {
    pub key: String,
    #[schema(example = "email")]
    pub kind: String,
    pub label: String,
    pub is_required: bool,
    pub options: Vec<OpenOption>,
    pub max_length: Option<u32>,
    /// what is agreed to, word for word: to be shown beside the box
    pub wording: Option<String>,
}

/// A choice.
#[derive(Serialize, ToSchema)]
#[schema(as = OpenFormOption)]
pub struct OpenOption {
    pub key: String,
    pub label: String,
}

/// What a visitor reads when it is done.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"message": "Thank you!", "redirect_url": null, "is_pending": true}))]
pub struct FormReceipt {
    pub message: Option<String>,
    pub redirect_url: Option<String>,
    /// a letter has to be answered
    pub is_pending: bool,
}

fn told(text: &FormText, language: Language) -> Option<String> {
    text.told(language).map(|(_, text)| text.to_owned())
}

impl FormSchema {
    pub fn of(form: &Form, language: Language, token: String) -> Self {
        let field = |field: &FormField| OpenField {
            key: field.key.clone(),
            kind: field.kind.clone(),
            label: told(&field.label, language).unwrap_or_else(|| field.key.clone()),
            is_required: field.is_required,
            options: field
                .options
                .iter()
                .map(|option| OpenOption {
                    key: option.key.clone(),
                    label: told(&option.label, language).unwrap_or_else(|| option.key.clone()),
                })
                .collect(),
            max_length: field.max_length,
            wording: field.consent.as_ref().and_then(|agreed| told(&agreed.wording, language)),
        };
        Self {
            id: form.id,
            language: language.tag().to_owned(),
            fields: form.fields.0.iter().map(field).collect(),
            least_seconds: form.least_seconds,
            token,
        }
    }
}

impl FormReceipt {
    pub fn of(form: &Form, language: Language) -> Self {
        Self {
            message: told(&form.thank_you.0, language),
            redirect_url: form.redirect_url.clone(),
            is_pending: form.has_double_opt_in,
        }
    }
}
