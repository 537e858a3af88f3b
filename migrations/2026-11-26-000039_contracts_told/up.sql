-- That a contract is about to end is told once for each last day that it has.

-- the last day of which that was told
ALTER TABLE contracts ADD COLUMN told_end_on date;

-- what is about to end and was not told, of all tenants
CREATE INDEX contracts_expiring_idx ON contracts (end_on)
    WHERE status IN ('signed', 'active') AND deleted_at IS NULL AND told_end_on IS DISTINCT FROM end_on;
