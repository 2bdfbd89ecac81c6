-- What was delivered to a run stands in its row: one page less for each turn, and a name that is asked for again can be taken out.
ALTER TABLE "playbook_run" ADD COLUMN "completed" TEXT COLLATE "C" NOT NULL DEFAULT '{}';
-- The messages of a run are few, and the unique index finds them.
DROP INDEX "message_by_run_id_taken_by";
