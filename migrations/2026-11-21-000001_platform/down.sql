DROP TABLE jobs, external_refs, audit_log, event_log, server_secrets;
