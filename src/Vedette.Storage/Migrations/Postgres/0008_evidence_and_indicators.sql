CREATE TABLE "evidence" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "container_id" BIGINT NOT NULL,
    "object_id" BIGINT NOT NULL,
    "content_type" TEXT COLLATE "C" NOT NULL,
    "user_id" BIGINT
);
CREATE UNIQUE INDEX "evidence_container_id_content_type_object_id" ON "evidence" ("container_id", "content_type", "object_id");

CREATE TABLE "indicator" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL,
    "value_hash" TEXT COLLATE "C" NOT NULL,
    "contains" TEXT COLLATE "C" NOT NULL,
    "fields" TEXT COLLATE "C" NOT NULL,
    "tags" TEXT COLLATE "C" NOT NULL,
    "earliest_time" BIGINT NOT NULL,
    "latest_time" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "indicator_tenant_id_value_hash" ON "indicator" ("tenant_id", "value_hash");
CREATE INDEX "indicator_by_latest_time" ON "indicator" ("latest_time");

CREATE TABLE "indicator_artifact" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "indicator_id" BIGINT NOT NULL,
    "artifact_id" BIGINT NOT NULL,
    "container_id" BIGINT NOT NULL,
    "field" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX "indicator_artifact_indicator_id_artifact_id_field" ON "indicator_artifact" ("indicator_id", "artifact_id", "field");
CREATE INDEX "indicator_artifact_by_artifact_id" ON "indicator_artifact" ("artifact_id");
CREATE INDEX "indicator_artifact_by_container_id" ON "indicator_artifact" ("container_id");

-- What is in the outbox from before is done: indicators are made of what comes from now on.
ALTER TABLE "trigger" ADD COLUMN "indicated" BIGINT NOT NULL DEFAULT 1;
ALTER TABLE "trigger" ADD COLUMN "artifact_id" BIGINT;
CREATE INDEX "trigger_to_indicate" ON "trigger" ("id") WHERE "indicated" = 0;
