-- When somebody who works here last did anything with a case. Nothing: not since it came.
ALTER TABLE referral ADD COLUMN acted_at BIGINT;
UPDATE referral SET acted_at = updated_at;
