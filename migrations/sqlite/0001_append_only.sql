-- The ledger only grows: leaves and checkpoints are never changed or removed, and a leaf's number is the next one.
-- A person with the file can drop these triggers; what they then change is found by the tree and its signed checkpoints.
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events only grow'); END;
--> statement-breakpoint
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events only grow'); END;
--> statement-breakpoint
-- INSERT OR REPLACE would remove a row without asking the trigger above.
CREATE TRIGGER events_next BEFORE INSERT ON events WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM events) BEGIN SELECT RAISE(ABORT, 'events are numbered without gaps'); END;
--> statement-breakpoint
-- A text may be erased (deleted), never put in another's place.
CREATE TRIGGER event_texts_no_update BEFORE UPDATE ON event_texts BEGIN SELECT RAISE(ABORT, 'texts are erased, not changed'); END;
--> statement-breakpoint
CREATE TRIGGER event_texts_once BEFORE INSERT ON event_texts WHEN EXISTS (SELECT 1 FROM event_texts WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'texts are erased, not changed'); END;
--> statement-breakpoint
CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints only grow'); END;
--> statement-breakpoint
CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints only grow'); END;
--> statement-breakpoint
CREATE TRIGGER deployment_once BEFORE INSERT ON deployment WHEN EXISTS (SELECT 1 FROM deployment) BEGIN SELECT RAISE(ABORT, 'a deployment has one id'); END;
--> statement-breakpoint
CREATE TRIGGER deployment_no_update BEFORE UPDATE ON deployment BEGIN SELECT RAISE(ABORT, 'a deployment has one id'); END;
--> statement-breakpoint
CREATE TRIGGER deployment_no_delete BEFORE DELETE ON deployment BEGIN SELECT RAISE(ABORT, 'a deployment has one id'); END;
--> statement-breakpoint
INSERT INTO ledger_head (id, size, hashes) VALUES (1, 0, '[]');
--> statement-breakpoint
INSERT INTO counters (name, value) VALUES ('clock', 0), ('epoch', 0), ('freeze', 0);
