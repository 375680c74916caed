-- That a link worker rang, visited or wrote to somebody, and what came of it; the note is sealed with the person's key.
CREATE TABLE contact (
    id UUID PRIMARY KEY,
    referral UUID NOT NULL REFERENCES referral (id),
    staff UUID NOT NULL,
    kind TEXT NOT NULL,
    result TEXT NOT NULL,
    note_sealed BYTEA,
    made_at BIGINT NOT NULL
);
CREATE INDEX contact_by_referral ON contact (referral, made_at);
