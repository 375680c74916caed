-- What link workers said of the themes of a case, beside what the rules found. Rows are added, never changed: the last
-- about a theme counts. The version is that of the case over which it was said, so that the order is theirs.
CREATE TABLE theme_correction (
    referral UUID NOT NULL REFERENCES referral (id),
    version BIGINT NOT NULL,
    theme TEXT NOT NULL,
    correction TEXT NOT NULL,
    staff UUID NOT NULL,
    corrected_at BIGINT NOT NULL,
    PRIMARY KEY (referral, version, theme)
);
