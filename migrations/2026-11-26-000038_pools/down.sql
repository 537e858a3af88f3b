DELETE FROM verifications WHERE contact_id IS NULL;
ALTER TABLE verifications DROP COLUMN email, DROP COLUMN lead_id,
    ALTER COLUMN contact_id SET NOT NULL, ALTER COLUMN contact_point_id SET NOT NULL;
ALTER TABLE form_submissions DROP COLUMN waiting, DROP COLUMN lead_id;
UPDATE forms SET makes = 'contact', status = 'archived' WHERE makes = 'lead';
ALTER TABLE forms DROP CONSTRAINT forms_makes_check, ADD CONSTRAINT forms_makes_check CHECK (makes IN ('contact'));

-- What was covered is in the open again.
UPDATE leads SET email = c.email, phone = c.phone, display_name = coalesce(c.display_name, leads.display_name)
FROM lead_covers AS c WHERE c.tenant_id = leads.tenant_id AND c.lead_id = leads.id;
DROP TABLE pool_events, lead_covers;
ALTER TABLE leads DROP COLUMN is_masked, DROP COLUMN pooled_at, DROP COLUMN pool_id;
DROP TABLE pools;
