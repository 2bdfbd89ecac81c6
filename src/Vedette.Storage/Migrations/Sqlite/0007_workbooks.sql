CREATE TABLE "workbook_template" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "is_default" INTEGER NOT NULL,
    "is_note_required" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "creator_id" INTEGER
) STRICT;
CREATE UNIQUE INDEX "workbook_template_tenant_id_name" ON "workbook_template" ("tenant_id", "name");

CREATE TABLE "workbook_phase_template" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "template_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL
) STRICT;
CREATE INDEX "workbook_phase_template_by_template_id" ON "workbook_phase_template" ("template_id");

CREATE TABLE "workbook_task_template" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "template_id" INTEGER NOT NULL,
    "phase_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "description" TEXT NOT NULL,
    "owner_id" INTEGER,
    "role_id" INTEGER,
    "suggestions" TEXT NOT NULL,
    "is_note_required" INTEGER NOT NULL,
    "sla" INTEGER
) STRICT;
CREATE INDEX "workbook_task_template_by_phase_id" ON "workbook_task_template" ("phase_id");
CREATE INDEX "workbook_task_template_by_template_id" ON "workbook_task_template" ("template_id");

CREATE TABLE "workbook_phase" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "container_id" INTEGER NOT NULL,
    "template_id" INTEGER,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "start_time" INTEGER,
    "end_time" INTEGER
) STRICT;
CREATE INDEX "workbook_phase_by_container_id" ON "workbook_phase" ("container_id");

CREATE TABLE "workbook_task" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "container_id" INTEGER NOT NULL,
    "phase_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "description" TEXT NOT NULL,
    "owner_id" INTEGER,
    "role_id" INTEGER,
    "suggestions" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "is_note_required" INTEGER NOT NULL,
    "sla" INTEGER,
    "start_time" INTEGER,
    "end_time" INTEGER
) STRICT;
CREATE INDEX "workbook_task_by_container_id" ON "workbook_task" ("container_id");
CREATE INDEX "workbook_task_by_phase_id" ON "workbook_task" ("phase_id");

ALTER TABLE "container" ADD COLUMN "current_phase_id" INTEGER;
ALTER TABLE "container" ADD COLUMN "workflow_name" TEXT NOT NULL DEFAULT '';
