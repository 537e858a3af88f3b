//! The tables of where accounts and contacts are found by post, and the columns that an address is written from.

diesel::table! {
    account_addresses (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        kind -> Text,
        label -> Nullable<Text>,
        recipient -> Nullable<Text>,
        phone -> Nullable<Text>,
        phone_text -> Nullable<Text>,
        country -> Text,
        region -> Nullable<Text>,
        city -> Nullable<Text>,
        district -> Nullable<Text>,
        division_code -> Nullable<Text>,
        street -> Nullable<Text>,
        detail -> Nullable<Text>,
        postal_code -> Nullable<Text>,
        raw_text -> Nullable<Text>,
        is_primary -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    contact_addresses (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        contact_id -> Uuid,
        kind -> Text,
        label -> Nullable<Text>,
        recipient -> Nullable<Text>,
        phone -> Nullable<Text>,
        phone_text -> Nullable<Text>,
        country -> Text,
        region -> Nullable<Text>,
        city -> Nullable<Text>,
        district -> Nullable<Text>,
        division_code -> Nullable<Text>,
        street -> Nullable<Text>,
        detail -> Nullable<Text>,
        postal_code -> Nullable<Text>,
        raw_text -> Nullable<Text>,
        is_primary -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

/// What [`crate::address::Written`] is read from, in its order.
pub mod of_account {
    use super::account_addresses::{city, country, detail, district, postal_code, raw_text, region, street};
    pub type Columns = (country, region, city, district, street, detail, postal_code, raw_text);
    pub const COLUMNS: Columns = (country, region, city, district, street, detail, postal_code, raw_text);
}

/// The same of a contact.
pub mod of_contact {
    use super::contact_addresses::{city, country, detail, district, postal_code, raw_text, region, street};
    pub type Columns = (country, region, city, district, street, detail, postal_code, raw_text);
    pub const COLUMNS: Columns = (country, region, city, district, street, detail, postal_code, raw_text);
}
