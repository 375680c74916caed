-- When somebody signed in last: their sessions are cleared away.
ALTER TABLE staff ADD COLUMN signed_in_at BIGINT;
UPDATE staff SET signed_in_at = (SELECT MAX(t.created_at) FROM staff_session t WHERE t.staff = staff.id);
