DROP TABLE import_links;
DELETE FROM restrictions r WHERE EXISTS (
    SELECT FROM accounts a WHERE a.tenant_id = r.tenant_id AND a.id = r.record_id AND a.is_person);
DROP INDEX restrictions_request_key;
CREATE UNIQUE INDEX restrictions_request_key ON restrictions (tenant_id, request_id);
ALTER TABLE merges DROP COLUMN other_loser_ids, DROP COLUMN other_winner_id;
ALTER TABLE accounts DROP COLUMN is_person, DROP COLUMN person_id;
