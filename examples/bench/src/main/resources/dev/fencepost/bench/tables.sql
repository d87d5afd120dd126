-- The same table three times: as it is, with a column for the token of the row, and protected by the trigger.
CREATE TABLE plain_account (id int PRIMARY KEY, resource text NOT NULL, cents bigint NOT NULL);
CREATE TABLE row_account (id int PRIMARY KEY, resource text NOT NULL, cents bigint NOT NULL, last_token bigint NOT NULL);
CREATE TABLE guarded_account (id int PRIMARY KEY, resource text NOT NULL, cents bigint NOT NULL);
INSERT INTO plain_account SELECT id, 'account/' || id, 0 FROM generate_series(0, 1023) AS id;
INSERT INTO row_account SELECT id, 'account/' || id, 0, 0 FROM generate_series(0, 1023) AS id;
INSERT INTO guarded_account SELECT id, 'account/' || id, 0 FROM generate_series(0, 1023) AS id;
ANALYZE;
