//! An article that is made of what a case was answered: a draft, for whoever answers the next time, or for all who read.
use super::{KbArticle, NewKbArticle, create};
use crate::case::message::{self, AGENT, CaseMessage, PUBLIC};
use crate::case::{self, Case};
use crate::locale::{is_locale, is_slug};
use kernel::{CaseId, Code, Ctx, Error, Fault, KbCategoryId, KbPortalId, Kind, Noun, Result, Tidy, error, text, tidy};
use platform::Conn;
use platform::custom::Custom;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

pub const UNANSWERED: Code = Code::new(
    "kb_case_unanswered",
    Kind::Conflict,
    "There is nothing to make an article of: the case has neither a resolution nor an answer that the caller sees.",
);

/// What an article is made of that a case was answered with.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "case_id": "0192f0c1-aaaa-7000-8000-000000000001", "portal_id": "0192f0c1-8b8b-7000-8000-000000000001",
    "slug": "damp-tea"
}))]
pub struct KbCaseArticle {
    pub case_id: CaseId,
    pub portal_id: KbPortalId,
    /// a category of the same portal
    pub category_id: Option<KbCategoryId>,
    #[validate(length(min = 1, max = 100), custom(function = "is_slug"))]
    #[schema(min_length = 1, max_length = 100, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub slug: String,
    /// the subject of the case, unless said otherwise
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 300)]
    pub title: Option<String>,
    /// the default one of the portal, unless said otherwise
    #[validate(length(min = 2, max = 35), custom(function = "is_locale"))]
    #[schema(min_length = 2, max_length = 35, example = "zh-Hans")]
    pub locale: Option<String>,
}

impl Tidy for KbCaseArticle {
    fn tidy(&mut self) {
        tidy::trim(&mut self.slug);
        self.title.iter_mut().for_each(tidy::trim);
    }
}

/// A draft of the resolution, else of the last answer that the customer got; as far as the caller sees either.
pub fn from_case(conn: &mut Conn, ctx: &Ctx, new: &KbCaseArticle) -> Result<KbArticle> {
    let case = match case::find(conn, ctx, new.case_id) {
        Err(error) if error.code == error::NOT_FOUND => {
            let fault = Fault::new("/case_id", error::UNKNOWN_REFERENCE.name, text!("there is no such record"));
            return Err(Error::from(error::UNKNOWN_REFERENCE).fault(fault));
        }
        found => found?,
    };
    let hides = |noun: &str, field: &str| ctx.grants.hides(noun, field);
    let resolution = case.resolution.clone().filter(|_| !hides(Case::NAME, "resolution"));
    let body = match resolution.filter(|text| !text.trim().is_empty()) {
        Some(text) => text,
        None if hides(CaseMessage::NAME, "body") => return Err(UNANSWERED.into()),
        None => {
            let said = message::of(conn, ctx, case.id)?;
            let answer = said.into_iter().rfind(|one| one.author_kind == AGENT && one.visibility == PUBLIC);
            answer.ok_or(UNANSWERED)?.body
        }
    };
    let subject = Some(case.subject.clone()).filter(|_| !hides(Case::NAME, "subject"));
    let title = new.title.clone().or(subject).unwrap_or_else(|| new.slug.clone());
    let article = NewKbArticle {
        id: None,
        portal_id: new.portal_id,
        category_id: new.category_id,
        slug: new.slug.clone(),
        title: title.chars().take(300).collect(),
        is_public: true,
        position: 0,
        case_id: Some(case.id),
        locale: new.locale.clone(),
        summary: None,
        body: Some(body.chars().take(100_000).collect()),
        custom: Custom::default(),
    };
    create(conn, ctx, &article)
}
