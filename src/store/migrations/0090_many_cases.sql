-- A person's cases, whatever became of them: for their page, for search, and for the list, which asks whether a case is
-- their newest.
CREATE INDEX referral_by_person ON referral (person, opened_at);
