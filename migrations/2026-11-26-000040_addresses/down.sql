DROP TABLE contact_addresses, account_addresses;
