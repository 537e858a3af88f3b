DROP TABLE files, file_removals;
DROP FUNCTION remove_file_object;
