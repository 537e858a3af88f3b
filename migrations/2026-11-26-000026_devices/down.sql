DROP INDEX notifications_push_idx;
ALTER TABLE notifications DROP COLUMN push_at;
DELETE FROM notifications WHERE kind = 'mentioned';
ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check
    CHECK (kind IN ('assigned', 'shared', 'ended', 'disabled', 'followed'));
DROP TABLE devices;
ALTER TABLE file_removals DROP COLUMN kept_until;
ALTER TABLE files DROP COLUMN etag;
