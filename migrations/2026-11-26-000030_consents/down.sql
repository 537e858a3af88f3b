DROP TABLE verifications;
DROP TABLE form_submissions;
DROP TABLE forms;
