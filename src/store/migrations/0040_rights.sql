-- The last half minute whose code of the second factor was taken: no code is taken twice.
ALTER TABLE staff ADD COLUMN second_factor_step BIGINT;

-- What lets somebody in who has lost their second factor. Each goes when it is used.
CREATE TABLE recovery_code (
    staff UUID NOT NULL REFERENCES staff (id),
    code_hash BYTEA NOT NULL,
    PRIMARY KEY (staff, code_hash)
);

-- Whose password was right, and whose code is still to come.
CREATE TABLE sign_in_ticket (
    token_hash BYTEA PRIMARY KEY,
    staff UUID NOT NULL REFERENCES staff (id),
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_in_ticket_by_staff ON sign_in_ticket (staff);

-- The kind of browser, such as `Firefox on Windows`: a word of a closed list.
ALTER TABLE staff_session ADD COLUMN device TEXT;

-- Links that make an account, one for each e-mail address at most. No staff: made at the terminal.
CREATE TABLE invitation (
    id UUID PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    lookup BYTEA NOT NULL UNIQUE,
    email_sealed BYTEA NOT NULL,
    role TEXT NOT NULL,
    invited_by UUID REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE invitation_service (
    invitation UUID NOT NULL REFERENCES invitation (id),
    service TEXT NOT NULL,
    PRIMARY KEY (invitation, service)
);
