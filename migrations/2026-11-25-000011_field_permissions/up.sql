-- What a role holds back of the records that it opens: object, field, and what may be done with it.
ALTER TABLE roles ADD COLUMN fields jsonb NOT NULL DEFAULT '[]';
