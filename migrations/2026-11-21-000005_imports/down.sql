DROP TABLE import_errors, import_records, imports;
