-- The newest change of each is looked up every few seconds by every open list.
CREATE INDEX referral_by_update ON referral (updated_at);
CREATE INDEX handover_by_update ON handover (updated_at);
CREATE INDEX concern_by_acknowledgement ON concern (acknowledged_at) WHERE acknowledged_at IS NOT NULL;
