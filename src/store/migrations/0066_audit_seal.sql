-- A keyed hash over the line and the hash of the line before; in the counter, that of the last line. Lines that are older
-- than this have none.
ALTER TABLE audit ADD COLUMN seal BYTEA;
ALTER TABLE audit_counter ADD COLUMN seal BYTEA;
