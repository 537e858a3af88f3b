DROP INDEX users_queue_idx;
DROP TABLE queue_members, shares;
