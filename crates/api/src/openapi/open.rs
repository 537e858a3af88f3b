//! What is open to anybody, and what is asked as others like.

/// The operations that need nobody to be logged in; a house test holds the list.
pub const OPEN: &[&str] = &[
    "login",
    "pass_second_factor",
    "refresh_session",
    "find_sso_buttons",
    "start_sso_login",
    "finish_sso_login",
    "accept_invitation",
    "request_password_reset",
    "reset_password",
    "verify_email",
    "receive_delivery",
    // the link is signed, and stands for whoever asked for it
    "put_file_content",
    "get_calendar",
    "get_file_content",
    // visitors of the business's own pages, and whoever follows the link of a letter
    "get_form_schema",
    "submit_form",
    "confirm_address",
    // whoever was sent a quote
    "get_offered_quote",
    "get_offered_quote_pdf",
    "accept_offered_quote",
    "reject_offered_quote",
    // whoever got a mail
    "get_unsubscription",
    "confirm_unsubscription",
    "follow_mail_link",
    "get_mail_pixel",
    "get_mail_preferences",
    "update_mail_preferences",
    // whoever reads a knowledge base that is public
    "get_open_kb_portal",
    "list_open_kb_categories",
    "list_open_kb_articles",
    "get_open_kb_article",
    "search_open_kb",
    "rate_open_kb_article",
    // whoever was asked
    "get_open_survey",
    "answer_open_survey",
    "get_liveness",
    "get_readiness",
];

/// Whose addresses are in the hands of others, who put parameters of their own to them: shops that send, programs and
/// caches that fetch a calendar, pages that pass on where a visitor comes from.
pub const TAKES_ANYTHING: &[&str] = &[
    "receive_delivery",
    "get_calendar",
    "get_form_schema",
    "submit_form",
    "get_unsubscription",
    "confirm_unsubscription",
    "follow_mail_link",
    "get_mail_pixel",
];
