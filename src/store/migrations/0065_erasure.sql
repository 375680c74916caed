-- Who was erased, and when: opaque ids, also of people whom this database does not know since it was restored from an
-- older copy. Rows are added, never changed.
CREATE TABLE erasure (
    person UUID PRIMARY KEY,
    erased_at BIGINT NOT NULL
);
