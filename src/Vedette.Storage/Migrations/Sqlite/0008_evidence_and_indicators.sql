CREATE TABLE "evidence" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "container_id" INTEGER NOT NULL,
    "object_id" INTEGER NOT NULL,
    "content_type" TEXT NOT NULL,
    "user_id" INTEGER
) STRICT;
CREATE UNIQUE INDEX "evidence_container_id_content_type_object_id" ON "evidence" ("container_id", "content_type", "object_id");

CREATE TABLE "indicator" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "value" TEXT NOT NULL,
    "value_hash" TEXT NOT NULL,
    "contains" TEXT NOT NULL,
    "fields" TEXT NOT NULL,
    "tags" TEXT NOT NULL,
    "earliest_time" INTEGER NOT NULL,
    "latest_time" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "indicator_tenant_id_value_hash" ON "indicator" ("tenant_id", "value_hash");
CREATE INDEX "indicator_by_latest_time" ON "indicator" ("latest_time");

CREATE TABLE "indicator_artifact" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "indicator_id" INTEGER NOT NULL,
    "artifact_id" INTEGER NOT NULL,
    "container_id" INTEGER NOT NULL,
    "field" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "indicator_artifact_indicator_id_artifact_id_field" ON "indicator_artifact" ("indicator_id", "artifact_id", "field");
CREATE INDEX "indicator_artifact_by_artifact_id" ON "indicator_artifact" ("artifact_id");
CREATE INDEX "indicator_artifact_by_container_id" ON "indicator_artifact" ("container_id");

-- What is in the outbox from before is done: indicators are made of what comes from now on.
ALTER TABLE "trigger" ADD COLUMN "indicated" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "trigger" ADD COLUMN "artifact_id" INTEGER;
CREATE INDEX "trigger_to_indicate" ON "trigger" ("id") WHERE "indicated" = 0;
