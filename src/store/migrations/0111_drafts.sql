-- What a link worker has typed on a case and neither sent nor kept yet, sealed with the key of the person whose case it is:
-- one of each kind, and gone when it is sent, kept or thrown away.
CREATE TABLE draft (
    staff UUID NOT NULL,
    referral UUID NOT NULL REFERENCES referral (id),
    kind TEXT NOT NULL,
    body_sealed BYTEA NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (staff, referral, kind)
);
CREATE INDEX draft_by_referral ON draft (referral);
