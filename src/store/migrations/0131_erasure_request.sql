-- Who asked to have their information deleted: by when they have to be answered, and whether the leads were told in time.
CREATE TABLE erasure_request (
    referral UUID PRIMARY KEY REFERENCES referral (id),
    asked_at BIGINT NOT NULL,
    answer_by BIGINT NOT NULL,
    told_at BIGINT
);
CREATE INDEX erasure_request_untold ON erasure_request (answer_by) WHERE told_at IS NULL;
