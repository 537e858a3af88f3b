ALTER TABLE api_key_secrets DROP COLUMN previous_hash;
ALTER TABLE api_keys DROP COLUMN addresses, DROP COLUMN previous_hint, DROP COLUMN previous_expires_at;
ALTER TABLE sessions DROP COLUMN address;
ALTER TABLE users DROP COLUMN kind, DROP COLUMN email_verified_at;
ALTER TABLE tenants DROP COLUMN require_second_factor;
