-- What was archived is gone, as it was before; what was given out by territories is given out by nobody.
DELETE FROM exchange_rates WHERE deleted_at IS NOT NULL;
DROP INDEX exchange_rates_day_key;
ALTER TABLE exchange_rates DROP COLUMN search, DROP COLUMN deleted_at;
CREATE UNIQUE INDEX exchange_rates_day_key ON exchange_rates (tenant_id, from_currency, to_currency, valid_on);

DELETE FROM quotas WHERE deleted_at IS NOT NULL;
DROP INDEX quotas_user_period_key, quotas_team_period_key;
ALTER TABLE quotas DROP COLUMN search, DROP COLUMN deleted_at;
CREATE UNIQUE INDEX quotas_user_period_key ON quotas (tenant_id, owner_id, period) WHERE kind = 'user';
CREATE UNIQUE INDEX quotas_team_period_key ON quotas (tenant_id, team_id, period) WHERE kind = 'team';

-- of the pools of one queue one stays, the living one or else the newest, and has the leads of the others; an archived one
-- that leads are of is shut
UPDATE leads AS l SET pool_id = kept.id FROM pools AS p JOIN (
    SELECT DISTINCT ON (tenant_id, queue_id) tenant_id, queue_id, id FROM pools
    ORDER BY tenant_id, queue_id, deleted_at IS NOT NULL, id DESC
) AS kept ON kept.tenant_id = p.tenant_id AND kept.queue_id = p.queue_id
WHERE l.tenant_id = p.tenant_id AND l.pool_id = p.id AND p.id <> kept.id;
DELETE FROM pools AS p WHERE p.deleted_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM leads AS l WHERE l.tenant_id = p.tenant_id AND l.pool_id = p.id);
UPDATE pools SET is_active = false WHERE deleted_at IS NOT NULL;
DROP INDEX pools_queue_idx, pools_queue_key;
ALTER TABLE pools DROP COLUMN search, DROP COLUMN deleted_at;
CREATE UNIQUE INDEX pools_queue_key ON pools (tenant_id, queue_id);

DELETE FROM lead_score_rules WHERE deleted_at IS NOT NULL;
ALTER TABLE lead_score_rules DROP COLUMN search, DROP COLUMN deleted_at;

DELETE FROM assignment_rules WHERE deleted_at IS NOT NULL;
UPDATE assignment_rules SET strategy = 'round_robin', is_active = false WHERE strategy = 'territory';
ALTER TABLE assignment_rules DROP COLUMN territory_id, DROP COLUMN search, DROP COLUMN deleted_at;

DROP TABLE territory_cursors, territories;
ALTER TABLE leads DROP COLUMN city, DROP COLUMN region, DROP COLUMN country, DROP COLUMN industry;
ALTER TABLE tenants DROP COLUMN fiscal_year_start_month;
