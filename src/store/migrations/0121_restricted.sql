-- Who alone may see the cases of a person. No row: whoever works for the service.
CREATE TABLE restriction (
    person UUID NOT NULL REFERENCES person (id),
    staff UUID NOT NULL REFERENCES staff (id),
    PRIMARY KEY (person, staff)
);
-- Who knows a person and has stepped back from their cases, and when. `waits`: nobody else saw them, so it waits.
CREATE TABLE stepped_back (
    person UUID NOT NULL REFERENCES person (id),
    staff UUID NOT NULL REFERENCES staff (id),
    stepped_at BIGINT NOT NULL,
    waits BOOLEAN NOT NULL,
    PRIMARY KEY (person, staff)
);
