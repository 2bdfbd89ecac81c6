-- The first schema. A table is a row type of the engine, a column a property, both in snake_case.
-- Times are microseconds since 1970 in UTC, booleans 0 or 1, enums their numbers. Values always come from the row: no defaults here,
-- so that there is one place that says what a new row holds. All names are quoted: group, user, comment and others are SQL's words.

-- Ids are handed out in blocks, so that a row has its id before it is on disk.
CREATE TABLE "id_block" (
    "name" TEXT PRIMARY KEY,
    "next" INTEGER NOT NULL
) STRICT;

CREATE TABLE "container" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "container_type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "sensitivity" TEXT NOT NULL,
    "source_data_identifier" TEXT NOT NULL,
    "asset_id" INTEGER NOT NULL,
    "ingest_app_id" INTEGER,
    "owner_id" INTEGER,
    "role_id" INTEGER,
    "start_time" INTEGER,
    "end_time" INTEGER,
    "open_time" INTEGER,
    "due_time" INTEGER,
    "close_time" INTEGER,
    "closing_owner_id" INTEGER,
    "closing_run_id" INTEGER,
    "kill_chain" TEXT,
    "tags" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "custom_fields" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "artifact_count" INTEGER NOT NULL,
    "artifact_counter" INTEGER NOT NULL,
    "artifact_update_time" INTEGER,
    "in_case" INTEGER NOT NULL,
    "parent_container_id" INTEGER,
    "group_key" TEXT,
    "grouped_into_id" INTEGER,
    "alert_count" INTEGER NOT NULL,
    "first_seen_at" INTEGER,
    "last_seen_at" INTEGER,
    "created_by" INTEGER
) STRICT;
CREATE UNIQUE INDEX "container_tenant_id_asset_id_source_data_identifier" ON "container" ("tenant_id", "asset_id", "source_data_identifier");
CREATE INDEX "container_by_updated_at" ON "container" ("updated_at");
CREATE INDEX "container_by_status" ON "container" ("status");
CREATE INDEX "container_by_parent_container_id" ON "container" ("parent_container_id");
CREATE INDEX "container_by_label" ON "container" ("label");

CREATE TABLE "artifact" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "container_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "type" TEXT,
    "source_data_identifier" TEXT NOT NULL,
    "cef" TEXT NOT NULL,
    "cef_types" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "description" TEXT,
    "kill_chain" TEXT,
    "start_time" INTEGER,
    "end_time" INTEGER,
    "tags" TEXT NOT NULL,
    "owner_id" INTEGER,
    "ingest_app_id" INTEGER,
    "asset_id" INTEGER,
    "parent_container_id" INTEGER,
    "parent_artifact_id" INTEGER,
    "playbook_run_id" INTEGER,
    "hash" TEXT NOT NULL,
    "dedupe_key" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "artifact_container_id_dedupe_key" ON "artifact" ("container_id", "dedupe_key");
CREATE INDEX "artifact_by_container_id_number" ON "artifact" ("container_id", "number");

CREATE TABLE "group" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "label" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "container_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "last_seen_at" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "group_tenant_id_label_key" ON "group" ("tenant_id", "label", "key");
CREATE INDEX "group_by_container_id" ON "group" ("container_id");

CREATE TABLE "note" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "container_id" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "note_type" TEXT NOT NULL,
    "note_format" TEXT NOT NULL,
    "author_id" INTEGER,
    "phase_id" INTEGER,
    "task_id" INTEGER,
    "artifact_id" INTEGER,
    "playbook_run_id" INTEGER
) STRICT;
CREATE INDEX "note_by_container_id" ON "note" ("container_id");

CREATE TABLE "comment" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "container_id" INTEGER NOT NULL,
    "comment" TEXT NOT NULL,
    "author_id" INTEGER,
    "playbook_run_id" INTEGER
) STRICT;
CREATE INDEX "comment_by_container_id" ON "comment" ("container_id");

CREATE TABLE "pin" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "container_id" INTEGER NOT NULL,
    "name" TEXT,
    "message" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "pin_type" TEXT NOT NULL,
    "pin_style" TEXT NOT NULL,
    "author_id" INTEGER,
    "playbook_id" INTEGER,
    "playbook_run_id" INTEGER
) STRICT;
CREATE INDEX "pin_by_container_id" ON "pin" ("container_id");

CREATE TABLE "trigger" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "container_id" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "up_to" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "handled" INTEGER NOT NULL
) STRICT;
CREATE INDEX "trigger_by_container_id" ON "trigger" ("container_id");
-- The outbox is read by what is not handled yet: an index of those alone stays small.
CREATE INDEX "trigger_waiting" ON "trigger" ("handled", "id") WHERE "handled" = 0;

CREATE TABLE "request_key" (
    "id" INTEGER PRIMARY KEY,
    "key" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "answer" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "request_key_key" ON "request_key" ("key");
CREATE INDEX "request_key_by_created_at" ON "request_key" ("created_at");

CREATE TABLE "action_run" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "container_id" INTEGER,
    "playbook_id" INTEGER,
    "playbook_run_id" INTEGER,
    "action" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "targets" TEXT NOT NULL,
    "callback" TEXT,
    "handle" TEXT,
    "loop_state" TEXT,
    "user_id" INTEGER,
    "channel" INTEGER NOT NULL,
    "caused_by" TEXT NOT NULL,
    "start_after" INTEGER,
    "ended_at" INTEGER,
    "simulated" INTEGER NOT NULL
) STRICT;
CREATE INDEX "action_run_by_playbook_run_id" ON "action_run" ("playbook_run_id");
CREATE INDEX "action_run_by_status" ON "action_run" ("status");
CREATE INDEX "action_run_by_container_id" ON "action_run" ("container_id");

CREATE TABLE "app_run" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "action_run_id" INTEGER NOT NULL,
    "container_id" INTEGER,
    "playbook_run_id" INTEGER,
    "action" TEXT NOT NULL,
    "app_id" INTEGER NOT NULL,
    "app_name" TEXT NOT NULL,
    "app_version" TEXT NOT NULL,
    "asset_id" INTEGER NOT NULL,
    "asset_version" INTEGER NOT NULL,
    "user_id" INTEGER,
    "status" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "result_summary" TEXT NOT NULL,
    "started_at" INTEGER,
    "ended_at" INTEGER,
    "exception" INTEGER NOT NULL
) STRICT;
CREATE INDEX "app_run_by_action_run_id" ON "app_run" ("action_run_id");
CREATE INDEX "app_run_by_container_id" ON "app_run" ("container_id");

CREATE TABLE "action_result" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "app_run_id" INTEGER NOT NULL,
    "action_run_id" INTEGER NOT NULL,
    "asset_id" INTEGER NOT NULL,
    "container_id" INTEGER,
    "position" INTEGER NOT NULL,
    "state" INTEGER NOT NULL,
    "reach" INTEGER NOT NULL,
    "settling" INTEGER NOT NULL,
    "effect_key" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "parameter" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "started_at" INTEGER,
    "send_by" INTEGER,
    "answered_by" INTEGER,
    "ended_at" INTEGER,
    "status" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "state_before" TEXT,
    "undoes_id" INTEGER,
    "undone_by_id" INTEGER,
    "simulated" INTEGER NOT NULL
) STRICT;
CREATE INDEX "action_result_by_app_run_id" ON "action_result" ("app_run_id");
CREATE INDEX "action_result_by_action_run_id" ON "action_result" ("action_run_id");
CREATE INDEX "action_result_by_container_id" ON "action_result" ("container_id");
CREATE INDEX "action_result_by_effect_key" ON "action_result" ("effect_key");
-- What is not settled is looked for at start and by the settler, by any set of states: an index of some states would serve one set only.
CREATE INDEX "action_result_by_state" ON "action_result" ("state");

CREATE TABLE "app" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "app_guid" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "app_version" TEXT NOT NULL,
    "product_vendor" TEXT NOT NULL,
    "product_name" TEXT NOT NULL,
    "publisher" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "disabled" INTEGER NOT NULL,
    "manifest" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "app_app_guid" ON "app" ("app_guid");

CREATE TABLE "asset" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "app_id" INTEGER NOT NULL,
    "description" TEXT NOT NULL,
    "product_vendor" TEXT NOT NULL,
    "product_name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "tags" TEXT NOT NULL,
    "disabled" INTEGER NOT NULL,
    "configuration" TEXT NOT NULL,
    "secrets" TEXT NOT NULL,
    "concurrency" INTEGER,
    "last_test" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "asset_tenant_id_name" ON "asset" ("tenant_id", "name");
CREATE INDEX "asset_by_app_id" ON "asset" ("app_id");

CREATE TABLE "playbook" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "repository" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "active" INTEGER NOT NULL,
    "disabled" INTEGER NOT NULL,
    "draft_mode" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "labels" TEXT NOT NULL,
    "tags" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "playbook_type" TEXT NOT NULL,
    "input_spec" TEXT NOT NULL,
    "output_spec" TEXT NOT NULL,
    "python_version" TEXT NOT NULL,
    "source_hash" TEXT NOT NULL,
    "metadata" TEXT NOT NULL,
    "passed_validation" INTEGER NOT NULL,
    "validation_message" TEXT NOT NULL,
    "run_as_id" INTEGER,
    "latest_editor_id" INTEGER
) STRICT;
CREATE UNIQUE INDEX "playbook_repository_name" ON "playbook" ("repository", "name");

CREATE TABLE "playbook_run" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "container_id" INTEGER NOT NULL,
    "playbook_id" INTEGER NOT NULL,
    "playbook_name" TEXT NOT NULL,
    "repository" TEXT NOT NULL,
    "source_hash" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "trigger_id" INTEGER,
    "position" INTEGER NOT NULL,
    "parent_run_id" INTEGER,
    "user_id" INTEGER NOT NULL,
    "owner_id" INTEGER,
    "scope" TEXT NOT NULL,
    "scope_from" INTEGER NOT NULL,
    "scope_to" INTEGER NOT NULL,
    "inputs" TEXT NOT NULL,
    "outputs" TEXT NOT NULL,
    "started_at" INTEGER,
    "ended_at" INTEGER,
    "turns" INTEGER NOT NULL,
    "tries" INTEGER NOT NULL,
    "pending" INTEGER NOT NULL,
    "finishing" INTEGER NOT NULL,
    "discontinued" INTEGER NOT NULL,
    "waiting_for" TEXT NOT NULL,
    "waiting_since" INTEGER,
    "action_limit" INTEGER NOT NULL,
    "actions_asked" INTEGER NOT NULL,
    "simulated" INTEGER NOT NULL
) STRICT;
CREATE INDEX "playbook_run_by_status" ON "playbook_run" ("status");
CREATE INDEX "playbook_run_by_container_id" ON "playbook_run" ("container_id");
CREATE INDEX "playbook_run_by_parent_run_id" ON "playbook_run" ("parent_run_id");
CREATE INDEX "playbook_run_by_trigger_id" ON "playbook_run" ("trigger_id");

CREATE TABLE "message" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "run_id" INTEGER NOT NULL,
    "message_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" TEXT NOT NULL,
    "taken_by" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "message_run_id_message_id" ON "message" ("run_id", "message_id");
CREATE INDEX "message_by_run_id_taken_by" ON "message" ("run_id", "taken_by");

CREATE TABLE "turn" (
    "id" INTEGER PRIMARY KEY,
    "run_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "message_id" TEXT NOT NULL,
    "function" TEXT NOT NULL,
    "started_at" INTEGER NOT NULL,
    "ended_at" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "record" BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX "turn_run_id_number" ON "turn" ("run_id", "number");

CREATE TABLE "open_turn" (
    "id" INTEGER PRIMARY KEY,
    "run_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "record" BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX "open_turn_run_id_number" ON "open_turn" ("run_id", "number");

CREATE TABLE "run_value" (
    "id" INTEGER PRIMARY KEY,
    "run_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "run_value_run_id_kind_name" ON "run_value" ("run_id", "kind", "name");

CREATE TABLE "run_log" (
    "id" INTEGER PRIMARY KEY,
    "run_id" INTEGER NOT NULL,
    "container_id" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "level" INTEGER NOT NULL,
    "message" TEXT NOT NULL
) STRICT;
CREATE INDEX "run_log_by_run_id" ON "run_log" ("run_id");
CREATE INDEX "run_log_by_container_id" ON "run_log" ("container_id");

CREATE TABLE "saved_value" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "updated_at" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "saved_value_tenant_id_key" ON "saved_value" ("tenant_id", "key");

CREATE TABLE "blob" (
    "id" INTEGER PRIMARY KEY,
    "hash" TEXT NOT NULL,
    "content" BLOB NOT NULL,
    "length" INTEGER NOT NULL,
    "held" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "blob_hash" ON "blob" ("hash");

CREATE TABLE "user" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "username" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "first_name" TEXT NOT NULL,
    "last_name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "is_active" INTEGER NOT NULL,
    "password_hash" TEXT,
    "must_change_password" INTEGER NOT NULL,
    "allowed_ips" TEXT NOT NULL,
    "default_label" TEXT,
    "roles" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "user_username" ON "user" ("username");

CREATE TABLE "role" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "immutable" INTEGER NOT NULL,
    "permissions" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "role_tenant_id_name" ON "role" ("tenant_id", "name");

CREATE TABLE "token" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "labels" TEXT NOT NULL,
    "allowed_ips" TEXT NOT NULL,
    "ends_at" INTEGER,
    "last_used_at" INTEGER,
    "revoked" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "token_hash" ON "token" ("hash");
CREATE INDEX "token_by_user_id" ON "token" ("user_id");

CREATE TABLE "session" (
    "id" INTEGER PRIMARY KEY,
    "user_id" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "csrf_hash" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "ends_at" INTEGER NOT NULL,
    "ended" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "session_hash" ON "session" ("hash");
CREATE INDEX "session_by_user_id" ON "session" ("user_id");

CREATE TABLE "custom_list" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "latest_editor_id" INTEGER
) STRICT;
CREATE UNIQUE INDEX "custom_list_tenant_id_name" ON "custom_list" ("tenant_id", "name");

CREATE TABLE "severity" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "color" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "is_default" INTEGER NOT NULL,
    "disabled" INTEGER NOT NULL,
    "sla_minutes" INTEGER
) STRICT;
CREATE UNIQUE INDEX "severity_tenant_id_name" ON "severity" ("tenant_id", "name");

CREATE TABLE "status" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "status_type" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "is_default" INTEGER NOT NULL,
    "disabled" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "status_tenant_id_name" ON "status" ("tenant_id", "name");

CREATE TABLE "label" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "group_fields" TEXT NOT NULL,
    "group_window_minutes" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "label_tenant_id_name" ON "label" ("tenant_id", "name");

CREATE TABLE "setting" (
    "id" INTEGER PRIMARY KEY,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "value" TEXT NOT NULL,
    "updated_at" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "setting_name" ON "setting" ("name");

CREATE TABLE "audit" (
    "id" INTEGER PRIMARY KEY,
    "number" INTEGER NOT NULL,
    "chain" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "tenant_id" INTEGER NOT NULL,
    "user_id" INTEGER,
    "on_behalf_of_id" INTEGER,
    "channel" INTEGER NOT NULL,
    "caused_by" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "object_id" INTEGER,
    "container_id" INTEGER,
    "content" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "audit_chain_number" ON "audit" ("chain", "number");
CREATE INDEX "audit_by_container_id" ON "audit" ("container_id");
CREATE INDEX "audit_by_at" ON "audit" ("at");
-- The record only grows. Retention may empty a content; its digest stays, so that the chain holds.
CREATE TRIGGER "audit_is_kept" BEFORE DELETE ON "audit"
BEGIN
    SELECT RAISE(ABORT, 'The audit trail is never deleted from.');
END;
CREATE TRIGGER "audit_is_fixed" BEFORE UPDATE OF "id", "number", "chain", "at", "tenant_id", "user_id", "on_behalf_of_id", "channel", "caused_by", "address", "act", "object", "object_id", "container_id", "content_hash", "previous_hash", "hash" ON "audit"
BEGIN
    SELECT RAISE(ABORT, 'The audit trail is never changed.');
END;
CREATE TRIGGER "audit_content_is_only_emptied" BEFORE UPDATE OF "content" ON "audit" WHEN NEW."content" <> '{}'
BEGIN
    SELECT RAISE(ABORT, 'The content of an audit row is only ever emptied.');
END;

