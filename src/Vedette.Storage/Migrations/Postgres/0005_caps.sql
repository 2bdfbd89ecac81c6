-- What a run and those it started have asked for and written: capped, and counted where it is written.
ALTER TABLE "playbook_run" ADD COLUMN "targets_asked" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "playbook_run" ADD COLUMN "writes_started" BIGINT NOT NULL DEFAULT 0;
-- Changes of the last hour are counted in the commit that starts one more; what reads or records is not in it.
CREATE INDEX "action_result_changes_by_started_at" ON "action_result" ("started_at") WHERE "reach" >= 2;
