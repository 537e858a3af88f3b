DO $$
DECLARE
    was text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'notifications_kind_check');
BEGIN
    DELETE FROM notifications WHERE kind = 'task_reminder';
    ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
    EXECUTE 'ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check '
        || replace(was, ', ''task_reminder''::text', '');
END $$;
DROP TABLE calendar_feeds, taggings, tags, task_reminders, task_links, tasks, activity_links, activities;
DROP FUNCTION forget_records, task_reminders_settle, task_due, task_links_settle, activity_links_settle, linked;
