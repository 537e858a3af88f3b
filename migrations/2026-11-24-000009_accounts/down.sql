DROP TABLE links;
DROP TABLE login_failures;
