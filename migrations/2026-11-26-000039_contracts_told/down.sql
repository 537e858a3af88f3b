ALTER TABLE contracts DROP COLUMN told_end_on;
