-- The ledger only grows: leaves and checkpoints are never changed or removed, and a leaf's number is the next one.
-- The owner of the tables can drop these triggers; what is then changed is found by the tree and its signed checkpoints.
CREATE FUNCTION hallpass_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0];
END $$;
--> statement-breakpoint
CREATE FUNCTION hallpass_next_leaf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM events) THEN
    RAISE EXCEPTION 'events are numbered without gaps';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION hallpass_one_deployment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM deployment) THEN
    RAISE EXCEPTION 'a deployment has one id';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION hallpass_refuse('events only grow');
--> statement-breakpoint
CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION hallpass_refuse('events only grow');
--> statement-breakpoint
CREATE TRIGGER events_next BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION hallpass_next_leaf();
--> statement-breakpoint
-- A text may be erased (deleted), never put in another's place: its number is the primary key.
CREATE TRIGGER event_texts_no_update BEFORE UPDATE ON event_texts FOR EACH ROW EXECUTE FUNCTION hallpass_refuse('texts are erased, not changed');
--> statement-breakpoint
CREATE TRIGGER checkpoints_no_change BEFORE UPDATE OR DELETE ON checkpoints FOR EACH ROW EXECUTE FUNCTION hallpass_refuse('checkpoints only grow');
--> statement-breakpoint
CREATE TRIGGER checkpoints_no_truncate BEFORE TRUNCATE ON checkpoints FOR EACH STATEMENT EXECUTE FUNCTION hallpass_refuse('checkpoints only grow');
--> statement-breakpoint
CREATE TRIGGER deployment_once BEFORE INSERT ON deployment FOR EACH ROW EXECUTE FUNCTION hallpass_one_deployment();
--> statement-breakpoint
CREATE TRIGGER deployment_no_change BEFORE UPDATE OR DELETE ON deployment FOR EACH ROW EXECUTE FUNCTION hallpass_refuse('a deployment has one id');
--> statement-breakpoint
CREATE TRIGGER deployment_no_truncate BEFORE TRUNCATE ON deployment FOR EACH STATEMENT EXECUTE FUNCTION hallpass_refuse('a deployment has one id');
--> statement-breakpoint
INSERT INTO ledger_head (id, size, hashes) VALUES (1, 0, '[]');
--> statement-breakpoint
INSERT INTO counters (name, value) VALUES ('clock', 0), ('epoch', 0), ('freeze', 0);
--> statement-breakpoint
-- Epochs of leases: a row that counts would make all replicas that claim wait for one another.
CREATE SEQUENCE lease_epochs;
--> statement-breakpoint
-- Rows that change all the time: room on their pages, and swept up often, or looking for due work would wade through the dead.
ALTER TABLE counters SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01);
--> statement-breakpoint
ALTER TABLE ledger_head SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01);
--> statement-breakpoint
ALTER TABLE queues SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01);
--> statement-breakpoint
ALTER TABLE leases SET (autovacuum_vacuum_scale_factor = 0.01);
--> statement-breakpoint
ALTER TABLE jobs SET (autovacuum_vacuum_scale_factor = 0.01);
