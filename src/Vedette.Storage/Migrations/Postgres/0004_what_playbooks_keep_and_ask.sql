CREATE TABLE "saved_object" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "container_id" BIGINT NOT NULL,
    "playbook_name" TEXT COLLATE "C" NOT NULL,
    "repository" TEXT COLLATE "C" NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL,
    "auto_delete" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "saved_object_key" ON "saved_object" ("tenant_id", "key", "container_id", "playbook_name", "repository");
CREATE INDEX "saved_object_by_container_id" ON "saved_object" ("container_id");

ALTER TABLE "playbook_run" ADD COLUMN "asked" TEXT COLLATE "C" NOT NULL DEFAULT '{}';

CREATE TABLE "prompt" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "container_id" BIGINT NOT NULL,
    "action_run_id" BIGINT NOT NULL,
    "playbook_run_id" BIGINT NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "user_id" BIGINT,
    "role_id" BIGINT,
    "message" TEXT COLLATE "C" NOT NULL,
    "questions" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "due_at" BIGINT,
    "closed_at" BIGINT,
    "answered_by" BIGINT,
    "responses" TEXT COLLATE "C" NOT NULL
);
CREATE INDEX "prompt_by_container_id" ON "prompt" ("container_id");
CREATE INDEX "prompt_by_playbook_run_id" ON "prompt" ("playbook_run_id");
CREATE INDEX "prompt_by_status" ON "prompt" ("status");
