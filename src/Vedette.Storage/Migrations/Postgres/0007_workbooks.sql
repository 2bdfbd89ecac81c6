CREATE TABLE "workbook_template" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "description" TEXT COLLATE "C" NOT NULL,
    "is_default" BIGINT NOT NULL,
    "is_note_required" BIGINT NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "creator_id" BIGINT
);
CREATE UNIQUE INDEX "workbook_template_tenant_id_name" ON "workbook_template" ("tenant_id", "name");

CREATE TABLE "workbook_phase_template" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "template_id" BIGINT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "position" BIGINT NOT NULL
);
CREATE INDEX "workbook_phase_template_by_template_id" ON "workbook_phase_template" ("template_id");

CREATE TABLE "workbook_task_template" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "template_id" BIGINT NOT NULL,
    "phase_id" BIGINT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "position" BIGINT NOT NULL,
    "description" TEXT COLLATE "C" NOT NULL,
    "owner_id" BIGINT,
    "role_id" BIGINT,
    "suggestions" TEXT COLLATE "C" NOT NULL,
    "is_note_required" BIGINT NOT NULL,
    "sla" BIGINT
);
CREATE INDEX "workbook_task_template_by_phase_id" ON "workbook_task_template" ("phase_id");
CREATE INDEX "workbook_task_template_by_template_id" ON "workbook_task_template" ("template_id");

CREATE TABLE "workbook_phase" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "container_id" BIGINT NOT NULL,
    "template_id" BIGINT,
    "name" TEXT COLLATE "C" NOT NULL,
    "position" BIGINT NOT NULL,
    "start_time" BIGINT,
    "end_time" BIGINT
);
CREATE INDEX "workbook_phase_by_container_id" ON "workbook_phase" ("container_id");

CREATE TABLE "workbook_task" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "container_id" BIGINT NOT NULL,
    "phase_id" BIGINT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "position" BIGINT NOT NULL,
    "description" TEXT COLLATE "C" NOT NULL,
    "owner_id" BIGINT,
    "role_id" BIGINT,
    "suggestions" TEXT COLLATE "C" NOT NULL,
    "status" BIGINT NOT NULL,
    "is_note_required" BIGINT NOT NULL,
    "sla" BIGINT,
    "start_time" BIGINT,
    "end_time" BIGINT
);
CREATE INDEX "workbook_task_by_container_id" ON "workbook_task" ("container_id");
CREATE INDEX "workbook_task_by_phase_id" ON "workbook_task" ("phase_id");

ALTER TABLE "container" ADD COLUMN "current_phase_id" BIGINT;
ALTER TABLE "container" ADD COLUMN "workflow_name" TEXT COLLATE "C" NOT NULL DEFAULT '';
