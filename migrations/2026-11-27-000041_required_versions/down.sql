ALTER TABLE tenants DROP COLUMN requires_if_match;
