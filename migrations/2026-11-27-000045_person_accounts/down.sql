DROP TABLE import_links;
DELETE FROM restrictions r WHERE EXISTS (
    SELECT FROM accounts a WHERE a.tenant_id = r.tenant_id AND a.id = r.record_id AND a.is_person);
DROP INDEX restrictions_request_key;
CREATE UNIQUE INDEX restrictions_request_key ON restrictions (tenant_id, request_id);
-- The version before would undo one half of such a merge alone: what is needed to undo it goes.
DELETE FROM merge_moves m USING merges g
    WHERE g.tenant_id = m.tenant_id AND g.id = m.merge_id AND g.other_winner_id IS NOT NULL;
UPDATE merges SET status = 'final', changes = '[]', move_count = 0
    WHERE other_winner_id IS NOT NULL AND status = 'done';
ALTER TABLE merges DROP COLUMN other_loser_ids, DROP COLUMN other_winner_id;
ALTER TABLE accounts DROP COLUMN is_person, DROP COLUMN person_id;
