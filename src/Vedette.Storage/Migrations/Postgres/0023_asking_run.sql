ALTER TABLE "action_run" ADD COLUMN "asking_run_id" BIGINT;
UPDATE "action_run" SET "asking_run_id" = "playbook_run_id";
