-- Who has signed on for duty, and until when. Signing off brings the end forward.
CREATE TABLE duty (
    id UUID PRIMARY KEY,
    service TEXT NOT NULL,
    staff UUID NOT NULL REFERENCES staff (id),
    began_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX duty_by_service ON duty (service, ends_at);
CREATE INDEX duty_by_staff ON duty (staff, ends_at);

-- The phone on which somebody who works here is told of concerns: an address like any other, its number sealed there.
CREATE TABLE staff_phone (
    staff UUID PRIMARY KEY REFERENCES staff (id),
    address UUID NOT NULL REFERENCES address (id)
);

-- The clock of a concern: from when it counts, which steps of the service's duty were taken (one bit each), and when to
-- look again; nothing where no step is left.
ALTER TABLE concern ADD COLUMN duty_from BIGINT;
ALTER TABLE concern ADD COLUMN duty_taken BIGINT NOT NULL DEFAULT 0;
ALTER TABLE concern ADD COLUMN duty_due_at BIGINT;
-- They could not be reached, and are tried again then.
ALTER TABLE concern ADD COLUMN try_at BIGINT;
-- It was no concern after all, as whoever acknowledged it said.
ALTER TABLE concern ADD COLUMN was_false BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE concern SET duty_from = raised_at, duty_due_at = raised_at WHERE acknowledged_at IS NULL;
CREATE INDEX concern_clock ON concern (duty_due_at) WHERE acknowledged_at IS NULL AND duty_due_at IS NOT NULL;
CREATE INDEX concern_by_time ON concern (raised_at);

-- Who was told of a concern, and by which text. No staff: there was nobody to tell. No text: they have given no phone.
CREATE TABLE told (
    id UUID PRIMARY KEY,
    concern UUID NOT NULL REFERENCES concern (id),
    place BIGINT NOT NULL,
    who TEXT NOT NULL,
    staff UUID REFERENCES staff (id),
    outbox UUID REFERENCES outbox (id),
    told_at BIGINT NOT NULL,
    failed_at BIGINT
);
CREATE INDEX told_by_concern ON told (concern, place);
CREATE INDEX told_open ON told (told_at) WHERE outbox IS NOT NULL AND failed_at IS NULL;

-- What was tried about a concern that stays open.
CREATE TABLE concern_try (
    id UUID PRIMARY KEY,
    concern UUID NOT NULL REFERENCES concern (id),
    staff UUID NOT NULL,
    what_sealed BYTEA NOT NULL,
    tried_at BIGINT NOT NULL
);
CREATE INDEX concern_try_by_concern ON concern_try (concern, tried_at);
