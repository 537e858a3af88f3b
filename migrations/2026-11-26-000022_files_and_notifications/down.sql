DROP TABLE followers, notifications, notification_preferences, notification_cursors;
DROP TABLE files, file_removals;
DROP FUNCTION remove_file_object;
