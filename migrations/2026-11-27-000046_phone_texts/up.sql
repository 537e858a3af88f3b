-- whose phone numbers are that do not say their country: ISO 3166-1, of two letters; of a form, where it is not the tenant's
ALTER TABLE tenants ADD COLUMN phone_region text CHECK (phone_region ~ '^[A-Z]{2}$');
ALTER TABLE forms ADD COLUMN phone_region text CHECK (phone_region ~ '^[A-Z]{2}$');

-- what the number beside it was given as; null where that was not kept
ALTER TABLE accounts ADD COLUMN phone_text text;
ALTER TABLE contacts ADD COLUMN phone_text text;
ALTER TABLE leads ADD COLUMN phone_text text;
ALTER TABLE lead_covers ADD COLUMN phone_text text;

ALTER TABLE verifications
    -- when the mail server or the gateway has taken it
    ADD COLUMN sent_at timestamptz,
    -- since when it is not sent again, and the code of the error
    ADD COLUMN failed_at timestamptz,
    ADD COLUMN failure text;
