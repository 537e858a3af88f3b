DROP TABLE verifications;
DROP TABLE form_submissions;
DROP TABLE forms;
DROP VIEW effective_consents;
DROP TABLE consent_states;
DROP TABLE consents;
DROP FUNCTION consents_stand;
