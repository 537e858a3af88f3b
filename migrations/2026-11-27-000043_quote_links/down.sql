DO $$
DECLARE
    was text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'notifications_kind_check');
BEGIN
    DELETE FROM notifications WHERE kind IN ('approval_requested', 'approval_decided');
    ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
    EXECUTE 'ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check '
        || replace(was, ', ''approval_requested''::text, ''approval_decided''::text', '');
END $$;
DROP TRIGGER rotting_changed ON stages;
DROP TRIGGER rotting_archived ON activities;
DROP TRIGGER rotting_gone ON activity_links;
DROP TRIGGER rotting_made ON activity_links;
DROP FUNCTION rotting_mark_of_stage, rotting_mark_of_activity, rotting_mark;
DROP TABLE rotting_marks;
ALTER TABLE opportunities DROP COLUMN rotting_told_at, DROP COLUMN is_rotten, DROP COLUMN rots_at;
-- what was handed over is a letter that nobody was sent; what was revoked stays over
UPDATE quote_links SET expires_at = least(expires_at, revoked_at) WHERE revoked_at IS NOT NULL;
ALTER TABLE quote_links DROP COLUMN revoked_at, DROP COLUMN revoked_by, DROP COLUMN kind;
DROP TABLE quote_approvals;
ALTER TABLE quotes
    DROP COLUMN approval_reason, DROP COLUMN approval_decided_at, DROP COLUMN approval_decided_by,
    DROP COLUMN approval_requested_at, DROP COLUMN approval_requested_by, DROP COLUMN approval_status;
UPDATE webhook_endpoints SET filter = regexp_replace(filter, '(["''])in_review\1', '\1in_approval\1', 'g')
    WHERE filter LIKE '%in_review%';
UPDATE segments SET filter = regexp_replace(filter, '(["''])in_review\1', '\1in_approval\1', 'g')
    WHERE filter LIKE '%in_review%';
UPDATE views SET filter = regexp_replace(filter, '(["''])in_review\1', '\1in_approval\1', 'g')
    WHERE filter LIKE '%in_review%';
DROP TRIGGER in_review ON quotes;
DROP FUNCTION quote_in_review;
ALTER TABLE quotes DROP CONSTRAINT quotes_status_check;
UPDATE quotes SET status = 'in_approval' WHERE status = 'in_review';
ALTER TABLE quotes ADD CONSTRAINT quotes_status_check
    CHECK (status IN ('draft', 'in_approval', 'approved', 'sent', 'accepted', 'rejected', 'expired', 'superseded'));
