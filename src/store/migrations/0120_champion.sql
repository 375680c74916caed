-- Which volunteer champion helps with a case, who asked them to, and when. The case stays with its link worker.
CREATE TABLE lent (
    referral UUID PRIMARY KEY REFERENCES referral (id),
    champion UUID NOT NULL REFERENCES staff (id),
    lent_by UUID NOT NULL REFERENCES staff (id),
    lent_at BIGINT NOT NULL
);
CREATE INDEX lent_by_champion ON lent (champion);
