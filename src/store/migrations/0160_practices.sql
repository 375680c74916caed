-- The practices of a service to which an account is kept, and to which somebody who was invited will be. No row for a
-- service: all of it.
CREATE TABLE staff_practice (
    staff UUID NOT NULL REFERENCES staff (id),
    service TEXT NOT NULL,
    practice TEXT NOT NULL,
    PRIMARY KEY (staff, service, practice)
);
CREATE TABLE invitation_practice (
    invitation UUID NOT NULL REFERENCES invitation (id),
    service TEXT NOT NULL,
    practice TEXT NOT NULL,
    PRIMARY KEY (invitation, service, practice)
);
