DROP TABLE api_key_secrets, api_keys, sessions, user_roles, roles, team_members, teams, passwords, users, tenants;
