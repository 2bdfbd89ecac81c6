-- Playbooks live in Git: the repositories, the commit that a playbook is of, the one that waits for somebody, and what was in force before.
CREATE TABLE "repository" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "uri" TEXT COLLATE "C" NOT NULL,
    "branch" TEXT COLLATE "C" NOT NULL,
    "username" TEXT COLLATE "C" NOT NULL,
    "secret" TEXT COLLATE "C" NOT NULL,
    "host_key" TEXT COLLATE "C" NOT NULL,
    "read_only" BIGINT NOT NULL,
    "disabled" BIGINT NOT NULL,
    "follow" BIGINT NOT NULL,
    "most_reach" BIGINT NOT NULL,
    "every_minutes" BIGINT NOT NULL,
    "head" TEXT COLLATE "C" NOT NULL,
    "remote_head" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "message" TEXT COLLATE "C" NOT NULL,
    "notes" TEXT COLLATE "C" NOT NULL,
    "pulled_at" BIGINT
);
CREATE UNIQUE INDEX "repository_tenant_id_name" ON "repository" ("tenant_id", "name");

CREATE TABLE "playbook_version" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "playbook_id" BIGINT NOT NULL,
    "commit_id" TEXT COLLATE "C" NOT NULL,
    "path" TEXT COLLATE "C" NOT NULL,
    "source_hash" TEXT COLLATE "C" NOT NULL,
    "metadata" TEXT COLLATE "C" NOT NULL,
    "user_id" BIGINT,
    "created_at" BIGINT NOT NULL
);
CREATE INDEX "playbook_version_by_playbook_id" ON "playbook_version" ("playbook_id");

ALTER TABLE "playbook" ADD COLUMN "path" TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE "playbook" ADD COLUMN "commit_id" TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE "playbook" ADD COLUMN "candidate" TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE "playbook" ADD COLUMN "candidate_reason" TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE "playbook" ADD COLUMN "app_versions" TEXT COLLATE "C" NOT NULL DEFAULT '{}';
