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
