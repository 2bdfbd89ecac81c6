-- What was delivered to a run stands in its row: one page less for each turn, and a name that is asked for again can be taken out.
ALTER TABLE "playbook_run" ADD COLUMN "completed" TEXT NOT NULL DEFAULT '{}';
UPDATE "playbook_run" SET "completed" = json_object(
    'actions', (SELECT json_group_array("name") FROM "run_value" WHERE "run_id" = "playbook_run"."id" AND "kind" = 'actions'),
    'functions', (SELECT json_group_array("name") FROM "run_value" WHERE "run_id" = "playbook_run"."id" AND "kind" = 'functions'),
    'playbooks', (SELECT json_group_array("name") FROM "run_value" WHERE "run_id" = "playbook_run"."id" AND "kind" = 'playbooks'))
WHERE "id" IN (SELECT "run_id" FROM "run_value");
DELETE FROM "run_value" WHERE "kind" IN ('actions', 'functions', 'playbooks');

-- The messages of a run are few, and the unique index finds them.
DROP INDEX "message_by_run_id_taken_by";
