ALTER TABLE verifications DROP COLUMN failure, DROP COLUMN failed_at, DROP COLUMN sent_at;
ALTER TABLE lead_covers DROP COLUMN phone_text;
ALTER TABLE leads DROP COLUMN phone_text;
ALTER TABLE contacts DROP COLUMN phone_text;
ALTER TABLE accounts DROP COLUMN phone_text;
ALTER TABLE forms DROP COLUMN phone_region;
ALTER TABLE tenants DROP COLUMN phone_region;
