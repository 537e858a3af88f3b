-- What is sealed cannot be opened here: secrets that the server can make anew go, and with them the factors, which
-- their users add again.
DROP TABLE account_identifiers, contact_identifiers;
DELETE FROM factors WHERE (tenant_id, id) IN (SELECT tenant_id, factor_id FROM factor_secrets WHERE secret IS NULL);
ALTER TABLE factor_secrets
    DROP CONSTRAINT factor_secrets_check, DROP COLUMN sealed_key_id, DROP COLUMN sealed, ALTER COLUMN secret SET NOT NULL;
DELETE FROM server_secrets WHERE secret IS NULL;
ALTER TABLE server_secrets
    DROP CONSTRAINT server_secrets_check, DROP COLUMN sealed_key_id, DROP COLUMN sealed, ALTER COLUMN secret SET NOT NULL;
DROP TABLE data_keys;
