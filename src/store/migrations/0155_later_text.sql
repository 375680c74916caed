-- What a link worker wrote and is to be sent at a time of its own, sealed with the key of the person whose case it is. It goes
-- into the outbox when it leaves, in one transaction with the end of its row here; what cannot leave stays, with the time
-- and the reason, until somebody has seen to it.
CREATE TABLE later_text (
    id UUID PRIMARY KEY,
    referral UUID NOT NULL REFERENCES referral (id),
    sealed_for UUID NOT NULL,
    staff UUID NOT NULL,
    body_sealed BYTEA NOT NULL,
    due_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    waited_since BIGINT,
    written_at BIGINT NOT NULL,
    stopped_at BIGINT,
    why TEXT
);
CREATE INDEX later_text_by_referral ON later_text (referral);
