-- By what a case is filtered beside its plain columns: keyed hashes of its themes, as corrected, and of the access needs,
-- 16 bytes each. They go when the person is erased.
CREATE TABLE case_facet (
    referral UUID NOT NULL REFERENCES referral (id),
    hash BYTEA NOT NULL,
    PRIMARY KEY (referral, hash)
);
-- Whoever is found by nothing is made findable anew when the tables are up to date, and with them their facets.
DELETE FROM search_key;
