CREATE TABLE "saved_object" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "container_id" INTEGER NOT NULL,
    "playbook_name" TEXT NOT NULL,
    "repository" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "auto_delete" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "saved_object_key" ON "saved_object" ("tenant_id", "key", "container_id", "playbook_name", "repository");
CREATE INDEX "saved_object_by_container_id" ON "saved_object" ("container_id");

ALTER TABLE "playbook_run" ADD COLUMN "asked" TEXT NOT NULL DEFAULT '{}';

CREATE TABLE "prompt" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "container_id" INTEGER NOT NULL,
    "action_run_id" INTEGER NOT NULL,
    "playbook_run_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "user_id" INTEGER,
    "role_id" INTEGER,
    "message" TEXT NOT NULL,
    "questions" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "due_at" INTEGER,
    "closed_at" INTEGER,
    "answered_by" INTEGER,
    "responses" TEXT NOT NULL
) STRICT;
CREATE INDEX "prompt_by_container_id" ON "prompt" ("container_id");
CREATE INDEX "prompt_by_playbook_run_id" ON "prompt" ("playbook_run_id");
CREATE INDEX "prompt_by_status" ON "prompt" ("status");
