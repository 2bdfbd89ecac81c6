-- Playbooks live in Git: the repositories, the commit that a playbook is of, the one that waits for somebody, and what was in force before.
CREATE TABLE "repository" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "uri" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "host_key" TEXT NOT NULL,
    "read_only" INTEGER NOT NULL,
    "disabled" INTEGER NOT NULL,
    "follow" INTEGER NOT NULL,
    "most_reach" INTEGER NOT NULL,
    "every_minutes" INTEGER NOT NULL,
    "head" TEXT NOT NULL,
    "remote_head" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "notes" TEXT NOT NULL,
    "pulled_at" INTEGER
) STRICT;
CREATE UNIQUE INDEX "repository_tenant_id_name" ON "repository" ("tenant_id", "name");

CREATE TABLE "playbook_version" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "playbook_id" INTEGER NOT NULL,
    "commit_id" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "source_hash" TEXT NOT NULL,
    "metadata" TEXT NOT NULL,
    "user_id" INTEGER,
    "created_at" INTEGER NOT NULL
) STRICT;
CREATE INDEX "playbook_version_by_playbook_id" ON "playbook_version" ("playbook_id");

ALTER TABLE "playbook" ADD COLUMN "path" TEXT NOT NULL DEFAULT '';
ALTER TABLE "playbook" ADD COLUMN "commit_id" TEXT NOT NULL DEFAULT '';
ALTER TABLE "playbook" ADD COLUMN "candidate" TEXT NOT NULL DEFAULT '';
ALTER TABLE "playbook" ADD COLUMN "candidate_reason" TEXT NOT NULL DEFAULT '';
ALTER TABLE "playbook" ADD COLUMN "app_versions" TEXT NOT NULL DEFAULT '{}';
