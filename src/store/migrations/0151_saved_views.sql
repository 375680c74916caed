-- Folders and filters that somebody keeps under a name. Name and filters are words and choices of staff, sealed like
-- settings.
CREATE TABLE saved_view (
    id UUID PRIMARY KEY,
    staff UUID NOT NULL REFERENCES staff (id),
    shared BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    body_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX saved_view_by_staff ON saved_view (staff, created_at);
