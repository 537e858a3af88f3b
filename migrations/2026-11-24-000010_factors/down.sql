DROP TABLE login_challenges, recovery_codes, factor_secrets, factors;
