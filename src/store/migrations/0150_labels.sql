-- The labels of a service: words of staff, sealed like settings. One that is retired stays on the cases that have it.
CREATE TABLE label (
    id UUID PRIMARY KEY,
    service TEXT NOT NULL,
    version BIGINT NOT NULL,
    name_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    retired_at BIGINT
);
CREATE INDEX label_by_service ON label (service, created_at);
-- Which case has which of them, who put it on, and when. They go when the person is erased.
CREATE TABLE case_label (
    referral UUID NOT NULL REFERENCES referral (id),
    label UUID NOT NULL REFERENCES label (id),
    staff UUID NOT NULL,
    put_at BIGINT NOT NULL,
    PRIMARY KEY (referral, label)
);
CREATE INDEX case_label_by_label ON case_label (label);
