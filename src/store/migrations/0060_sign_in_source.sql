-- From where a failure came, as a keyed index: a browser that is known, or an address. None for codes.
ALTER TABLE sign_in_failure ADD COLUMN source BYTEA;
