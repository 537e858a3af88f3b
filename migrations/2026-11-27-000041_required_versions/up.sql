-- whether a change of one record has to say which version it was made on
ALTER TABLE tenants ADD COLUMN requires_if_match boolean NOT NULL DEFAULT false;
