DROP TABLE erasures;
DROP TABLE retention_policies;
DROP TABLE legal_holds;
DROP TABLE restrictions;
DROP TABLE privacy_requests;
