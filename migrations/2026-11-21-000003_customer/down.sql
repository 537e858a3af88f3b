DROP TABLE memberships, contact_points, contacts, accounts;
DROP EXTENSION btree_gin;
