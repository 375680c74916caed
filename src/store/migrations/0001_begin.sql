-- Times are microseconds since 1970. A column that ends in _sealed is sealed; every other column is plain, and none
-- of them holds words, names or numbers of people.

CREATE TABLE address (
    id UUID PRIMARY KEY,
    channel TEXT NOT NULL,
    lookup BYTEA NOT NULL UNIQUE,
    handle_sealed BYTEA NOT NULL,
    textable BOOLEAN NOT NULL,
    opted_out BOOLEAN NOT NULL,
    sequence BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE person (
    id UUID PRIMARY KEY,
    service TEXT NOT NULL,
    language TEXT NOT NULL,
    speaks_sealed BYTEA,
    hold BOOLEAN NOT NULL,
    texts_unsafe BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE person_address (
    person UUID NOT NULL REFERENCES person (id),
    address UUID NOT NULL REFERENCES address (id),
    last_used_at BIGINT NOT NULL,
    PRIMARY KEY (person, address)
);
CREATE INDEX person_address_by_address ON person_address (address, last_used_at);

CREATE TABLE revision (
    id TEXT NOT NULL,
    conversation TEXT NOT NULL,
    flow TEXT NOT NULL,
    wording TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (conversation, id)
);

CREATE TABLE session (
    id UUID PRIMARY KEY,
    person UUID NOT NULL REFERENCES person (id),
    address UUID NOT NULL REFERENCES address (id),
    channel TEXT NOT NULL,
    service TEXT NOT NULL,
    conversation TEXT NOT NULL,
    revision TEXT NOT NULL,
    status TEXT NOT NULL,
    version BIGINT NOT NULL,
    state_sealed BYTEA,
    started_at BIGINT NOT NULL,
    heard_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX session_live ON session (person, channel) WHERE status = 'live';
CREATE INDEX session_by_person ON session (person, started_at);

CREATE TABLE inbound (
    id UUID PRIMARY KEY,
    channel TEXT NOT NULL,
    provider_lookup BYTEA NOT NULL,
    address UUID NOT NULL REFERENCES address (id),
    sequence BIGINT NOT NULL,
    service TEXT NOT NULL,
    person UUID REFERENCES person (id),
    session UUID REFERENCES session (id),
    kind TEXT NOT NULL,
    network TEXT,
    sealed_for UUID NOT NULL,
    body_sealed BYTEA,
    sent_at BIGINT,
    received_at BIGINT NOT NULL,
    provider_id_sealed BYTEA NOT NULL,
    copy_due_at BIGINT,
    copy_tries SMALLINT NOT NULL DEFAULT 0,
    UNIQUE (channel, provider_lookup)
);
CREATE INDEX inbound_by_address ON inbound (address, received_at);
CREATE INDEX inbound_by_person ON inbound (person, received_at);
CREATE INDEX inbound_by_session ON inbound (session);
CREATE INDEX inbound_copies ON inbound (copy_due_at) WHERE copy_due_at IS NOT NULL;

CREATE TABLE referral (
    id UUID PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    person UUID NOT NULL REFERENCES person (id),
    service TEXT NOT NULL,
    practice TEXT,
    status TEXT NOT NULL,
    owner UUID,
    version BIGINT NOT NULL,
    reply_due BOOLEAN NOT NULL,
    waiting_since BIGINT,
    opened_at BIGINT NOT NULL,
    promised_on BIGINT,
    updated_at BIGINT NOT NULL,
    closed_at BIGINT,
    ending TEXT
);
CREATE UNIQUE INDEX referral_open ON referral (person) WHERE closed_at IS NULL;
CREATE INDEX referral_queue ON referral (service, opened_at) WHERE closed_at IS NULL;

CREATE TABLE outbox (
    id UUID PRIMARY KEY,
    address UUID NOT NULL REFERENCES address (id),
    sequence BIGINT NOT NULL,
    person UUID REFERENCES person (id),
    session UUID REFERENCES session (id),
    referral UUID REFERENCES referral (id),
    author TEXT NOT NULL,
    purpose TEXT NOT NULL,
    urgency SMALLINT NOT NULL,
    message_keys TEXT NOT NULL,
    sealed_for UUID NOT NULL,
    body_sealed BYTEA,
    parts SMALLINT NOT NULL,
    state TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    expires_at BIGINT,
    attempts INTEGER NOT NULL,
    leased_until BIGINT,
    lease_token UUID,
    provider_id TEXT,
    delivery TEXT,
    error_code TEXT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    leased_at BIGINT,
    looks SMALLINT NOT NULL DEFAULT 0,
    again BOOLEAN NOT NULL DEFAULT FALSE,
    escalated_at BIGINT,
    copy_due_at BIGINT,
    copy_tries SMALLINT NOT NULL DEFAULT 0
);
-- The same order as the claim's: with 130,000 rows due, 3 ms instead of 200.
CREATE INDEX outbox_ready ON outbox (urgency, due_at, sequence) WHERE state = 'ready';
CREATE INDEX outbox_ready_by_address ON outbox (address, urgency, sequence) WHERE state = 'ready';
CREATE INDEX outbox_in_doubt ON outbox (address) WHERE state = 'in-doubt';
-- One text in flight per address, whatever two workers believe at the same moment.
CREATE UNIQUE INDEX outbox_in_flight ON outbox (address) WHERE state IN ('leased', 'attempting');
-- Texts that have left and of which nothing is known yet: the next one to the same address waits a little.
CREATE INDEX outbox_unreported ON outbox (address, sent_at) WHERE state = 'sent' AND delivery = 'sent';
CREATE INDEX outbox_by_address ON outbox (address, created_at);
CREATE INDEX outbox_by_person ON outbox (person, created_at);
CREATE INDEX outbox_by_session ON outbox (session);
CREATE INDEX outbox_by_provider ON outbox (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX outbox_expiry ON outbox (expires_at) WHERE state = 'ready';
CREATE INDEX outbox_by_time ON outbox (created_at);
CREATE INDEX outbox_unconfirmed ON outbox (created_at) WHERE urgency <= 1 AND escalated_at IS NULL;
CREATE INDEX outbox_copies ON outbox (copy_due_at) WHERE copy_due_at IS NOT NULL;

CREATE TABLE concern (
    id UUID PRIMARY KEY,
    person UUID NOT NULL REFERENCES person (id),
    session UUID REFERENCES session (id),
    inbound UUID REFERENCES inbound (id),
    service TEXT NOT NULL,
    category TEXT NOT NULL,
    rule TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    words_sealed BYTEA NOT NULL,
    raised_at BIGINT NOT NULL,
    alerted_at BIGINT,
    acknowledged_at BIGINT,
    acknowledged_by UUID,
    done_sealed BYTEA
);
CREATE INDEX concern_open ON concern (service, raised_at) WHERE acknowledged_at IS NULL;
CREATE INDEX concern_by_person ON concern (person, raised_at);

CREATE TABLE deadline (
    id UUID PRIMARY KEY,
    session UUID NOT NULL REFERENCES session (id),
    kind TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    done BOOLEAN NOT NULL
);
CREATE INDEX deadline_due ON deadline (due_at) WHERE NOT done;
CREATE INDEX deadline_by_session ON deadline (session) WHERE NOT done;

CREATE TABLE handover (
    id UUID PRIMARY KEY,
    session UUID NOT NULL REFERENCES session (id),
    referral UUID NOT NULL REFERENCES referral (id),
    person UUID NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL,
    version BIGINT NOT NULL,
    summary_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (session, referral)
);
CREATE INDEX handover_by_referral ON handover (referral, created_at);

CREATE TABLE note (
    id UUID PRIMARY KEY,
    referral UUID NOT NULL REFERENCES referral (id),
    author UUID NOT NULL,
    body_sealed BYTEA NOT NULL,
    written_at BIGINT NOT NULL
);
CREATE INDEX note_by_referral ON note (referral, written_at);

CREATE TABLE consent (
    id UUID PRIMARY KEY,
    person UUID NOT NULL REFERENCES person (id),
    session UUID NOT NULL REFERENCES session (id),
    step TEXT NOT NULL,
    value TEXT NOT NULL,
    text_sealed BYTEA NOT NULL,
    given_at BIGINT NOT NULL
);
CREATE INDEX consent_by_person ON consent (person, given_at);

CREATE TABLE staff (
    id UUID PRIMARY KEY,
    lookup BYTEA NOT NULL UNIQUE,
    email_sealed BYTEA NOT NULL,
    name_sealed BYTEA NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    second_factor_sealed BYTEA,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE staff_service (
    staff UUID NOT NULL REFERENCES staff (id),
    service TEXT NOT NULL,
    PRIMARY KEY (staff, service)
);

CREATE TABLE staff_session (
    token_hash BYTEA PRIMARY KEY,
    staff UUID NOT NULL REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX staff_session_by_staff ON staff_session (staff);

CREATE TABLE sign_in_failure (
    id UUID PRIMARY KEY,
    lookup BYTEA NOT NULL,
    failed_at BIGINT NOT NULL
);
CREATE INDEX sign_in_failure_by_lookup ON sign_in_failure (lookup, failed_at);

CREATE TABLE set_up_link (
    token_hash BYTEA PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value_sealed BYTEA NOT NULL
);

CREATE TABLE idempotency (
    token TEXT NOT NULL,
    staff UUID NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (staff, token)
);

CREATE TABLE audit (
    number BIGINT PRIMARY KEY,
    happened_at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject_kind, subject);

-- The last number that was given out, so that the numbers have no gaps.
CREATE TABLE audit_counter (
    name TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO audit_counter (name, last) VALUES ('audit', 0);

-- Who does what only one node may do, and until when.
CREATE TABLE singleton (
    name TEXT PRIMARY KEY,
    holder UUID NOT NULL,
    held_until BIGINT NOT NULL
);
