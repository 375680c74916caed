-- As whom somebody else is one and the same, as a link worker said: the one whose case stays. Nobody, where they are on
-- their own; never somebody who is another themselves.
ALTER TABLE person ADD COLUMN same_as UUID;
CREATE INDEX person_by_same ON person (same_as) WHERE same_as IS NOT NULL;
-- The case in which this one goes on, since a link worker said that both are of one person.
ALTER TABLE referral ADD COLUMN merged_into UUID;
CREATE INDEX referral_by_merged ON referral (merged_into) WHERE merged_into IS NOT NULL;
-- Who looks like whom and is not, as a link worker said. The smaller id stands first.
CREATE TABLE not_same (
    person UUID NOT NULL REFERENCES person (id),
    other UUID NOT NULL REFERENCES person (id),
    staff UUID NOT NULL,
    said_at BIGINT NOT NULL,
    PRIMARY KEY (person, other)
);
