-- Whom the retention time does not erase, and why.
CREATE TABLE retention_hold (
    person UUID PRIMARY KEY REFERENCES person (id),
    staff UUID NOT NULL,
    why_sealed BYTEA NOT NULL,
    held_at BIGINT NOT NULL
);
