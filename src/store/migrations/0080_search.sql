-- By what people with a case are found: keyed hashes of the beginnings of their names, numbers, postcodes and
-- references, 16 bytes each. They go when the person is erased.
CREATE TABLE search_key (
    hash BYTEA NOT NULL,
    person UUID NOT NULL REFERENCES person (id),
    PRIMARY KEY (hash, person)
);
CREATE INDEX search_key_by_person ON search_key (person);
