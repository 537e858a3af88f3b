DROP FUNCTION tally_moment(text);
DROP FUNCTION tally_day(text);
DROP TABLE report_runs;
DROP TABLE report_schedules;
DROP TABLE dashboards;
DROP TABLE reports;
