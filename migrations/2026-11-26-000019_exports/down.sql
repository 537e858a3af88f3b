DROP TABLE job_schedules, exports;
DROP INDEX jobs_due_idx, jobs_held_idx, jobs_waiting_idx;
ALTER TABLE jobs DROP COLUMN priority, DROP COLUMN turn;
CREATE INDEX jobs_due_idx ON jobs (run_at) WHERE status IN ('queued', 'running');
