-- Put aside until then, and why: a word of a closed list. Whoever writes, or has a concern raised, is no longer aside.
ALTER TABLE referral ADD COLUMN later_until BIGINT;
ALTER TABLE referral ADD COLUMN later_reason TEXT;
-- Which colleague gave it to its owner, who has not opened it since, and when.
ALTER TABLE referral ADD COLUMN given_by UUID;
ALTER TABLE referral ADD COLUMN given_at BIGINT;
-- When the last text was made of those that did not arrive and that somebody has dealt with.
ALTER TABLE referral ADD COLUMN undelivered_seen BIGINT;
CREATE INDEX referral_later ON referral (later_until) WHERE later_until IS NOT NULL;
CREATE INDEX referral_closed ON referral (closed_at) WHERE closed_at IS NOT NULL;
-- Texts that did not arrive, or were too late to be sent: few, and asked for by every list.
CREATE INDEX outbox_undelivered ON outbox (person, created_at)
 WHERE state IN ('gave-up', 'expired') OR delivery = 'undelivered';
