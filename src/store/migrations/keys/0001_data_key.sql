-- One random key per person or address, wrapped by a key that is derived from the secret key.
-- It lives apart from what it seals: deleting a row here makes every copy of that person's words unreadable.
CREATE TABLE data_key (
    owner UUID PRIMARY KEY,
    wrapped BYTEA NOT NULL
);
