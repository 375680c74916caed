-- Who is away, from when until when, and which colleague covers for them. It ends by its time. One for each account at most.
CREATE TABLE absence (
    staff UUID PRIMARY KEY REFERENCES staff (id),
    begins_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    cover UUID REFERENCES staff (id)
);
