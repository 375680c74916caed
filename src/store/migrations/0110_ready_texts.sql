-- Texts that a service keeps ready for its link workers. Title and text are words of staff, sealed like settings.
CREATE TABLE ready_text (
    id UUID PRIMARY KEY,
    service TEXT NOT NULL,
    version BIGINT NOT NULL,
    title_sealed BYTEA NOT NULL,
    text_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX ready_text_by_service ON ready_text (service, created_at);
