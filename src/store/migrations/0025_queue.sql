-- The open list asks for the open concerns of everybody at once. What is open is little; what was ever raised is not.
CREATE INDEX concern_open_by_person ON concern (person, raised_at) WHERE acknowledged_at IS NULL;
-- Nothing reads referrals by this order any more: those with open concerns stand first.
DROP INDEX referral_queue;
