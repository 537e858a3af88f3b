DELETE FROM server_secrets WHERE name IN ('audit_sign', 'audit_digest');
ALTER TABLE server_secrets DROP CONSTRAINT server_secrets_name_check;
ALTER TABLE server_secrets ADD CONSTRAINT server_secrets_name_check CHECK (name IN ('token', 'cursor'));
DROP FUNCTION erase_audit_details;
DROP TABLE audit_sealing, audit_erasures, audit_checkpoints, audit_chain;
DROP INDEX audit_log_object_idx, audit_log_xact_idx;
ALTER TABLE audit_log
    DROP COLUMN xact,
    DROP COLUMN details,
    DROP COLUMN address,
    DROP COLUMN session_id,
    DROP COLUMN version,
    DROP COLUMN noun;
