ALTER TABLE sessions DROP COLUMN is_vouched;
DROP TABLE sso_logins, sso_identities, sso_provider_secrets, sso_providers;
