-- Who has a case open, until then: for colleagues to see, never a lock, and cleared away soon after.
CREATE TABLE presence (
    referral UUID NOT NULL REFERENCES referral (id),
    staff UUID NOT NULL REFERENCES staff (id),
    writes BOOLEAN NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (referral, staff)
);
CREATE INDEX presence_ends ON presence (ends_at);
