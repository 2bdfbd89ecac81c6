-- The first schema. A table is a row type of the engine, a column a property, both in snake_case.
-- The same as for SQLite, and text compares by its bytes as there.
-- Times are microseconds since 1970 in UTC, booleans 0 or 1, enums their numbers. Values always come from the row: no defaults here,
-- so that there is one place that says what a new row holds. All names are quoted: group, user, comment and others are SQL's words.

-- Ids are handed out in blocks, so that a row has its id before it is on disk.
CREATE TABLE "id_block" (
    "name" TEXT COLLATE "C" PRIMARY KEY,
    "next" BIGINT NOT NULL
);

CREATE TABLE "container" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "label" TEXT COLLATE "C" NOT NULL,
    "description" TEXT COLLATE "C" NOT NULL,
    "container_type" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "severity" TEXT COLLATE "C" NOT NULL,
    "sensitivity" TEXT COLLATE "C" NOT NULL,
    "source_data_identifier" TEXT COLLATE "C" NOT NULL,
    "asset_id" BIGINT NOT NULL,
    "ingest_app_id" BIGINT,
    "owner_id" BIGINT,
    "role_id" BIGINT,
    "start_time" BIGINT,
    "end_time" BIGINT,
    "open_time" BIGINT,
    "due_time" BIGINT,
    "close_time" BIGINT,
    "closing_owner_id" BIGINT,
    "closing_run_id" BIGINT,
    "kill_chain" TEXT COLLATE "C",
    "tags" TEXT COLLATE "C" NOT NULL,
    "data" TEXT COLLATE "C" NOT NULL,
    "custom_fields" TEXT COLLATE "C" NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,
    "artifact_count" BIGINT NOT NULL,
    "artifact_counter" BIGINT NOT NULL,
    "artifact_update_time" BIGINT,
    "in_case" BIGINT NOT NULL,
    "parent_container_id" BIGINT,
    "group_key" TEXT COLLATE "C",
    "grouped_into_id" BIGINT,
    "alert_count" BIGINT NOT NULL,
    "first_seen_at" BIGINT,
    "last_seen_at" BIGINT,
    "created_by" BIGINT
);
CREATE UNIQUE INDEX "container_tenant_id_asset_id_source_data_identifier" ON "container" ("tenant_id", "asset_id", "source_data_identifier");
CREATE INDEX "container_by_updated_at" ON "container" ("updated_at");
CREATE INDEX "container_by_status" ON "container" ("status");
-- Few events are in a case: those alone are indexed.
CREATE INDEX "container_by_parent_container_id" ON "container" ("parent_container_id") WHERE "parent_container_id" IS NOT NULL;
CREATE INDEX "container_by_label" ON "container" ("label");

CREATE TABLE "artifact" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "container_id" BIGINT NOT NULL,
    "number" BIGINT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "label" TEXT COLLATE "C" NOT NULL,
    "severity" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C",
    "source_data_identifier" TEXT COLLATE "C" NOT NULL,
    "cef" TEXT COLLATE "C" NOT NULL,
    "cef_types" TEXT COLLATE "C" NOT NULL,
    "data" TEXT COLLATE "C" NOT NULL,
    "description" TEXT COLLATE "C",
    "kill_chain" TEXT COLLATE "C",
    "start_time" BIGINT,
    "end_time" BIGINT,
    "tags" TEXT COLLATE "C" NOT NULL,
    "owner_id" BIGINT,
    "ingest_app_id" BIGINT,
    "asset_id" BIGINT,
    "parent_container_id" BIGINT,
    "parent_artifact_id" BIGINT,
    "playbook_run_id" BIGINT,
    "hash" TEXT COLLATE "C" NOT NULL,
    "dedupe_key" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX "artifact_container_id_dedupe_key" ON "artifact" ("container_id", "dedupe_key");
CREATE INDEX "artifact_by_container_id_number" ON "artifact" ("container_id", "number");

CREATE TABLE "group" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "label" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "container_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "last_seen_at" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "group_tenant_id_label_key" ON "group" ("tenant_id", "label", "key");
CREATE INDEX "group_by_container_id" ON "group" ("container_id");

CREATE TABLE "note" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "container_id" BIGINT NOT NULL,
    "title" TEXT COLLATE "C" NOT NULL,
    "content" TEXT COLLATE "C" NOT NULL,
    "note_type" TEXT COLLATE "C" NOT NULL,
    "note_format" TEXT COLLATE "C" NOT NULL,
    "author_id" BIGINT,
    "phase_id" BIGINT,
    "task_id" BIGINT,
    "artifact_id" BIGINT,
    "playbook_run_id" BIGINT
);
CREATE INDEX "note_by_container_id" ON "note" ("container_id");

CREATE TABLE "comment" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "container_id" BIGINT NOT NULL,
    "comment" TEXT COLLATE "C" NOT NULL,
    "author_id" BIGINT,
    "playbook_run_id" BIGINT
);
CREATE INDEX "comment_by_container_id" ON "comment" ("container_id");

CREATE TABLE "pin" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "container_id" BIGINT NOT NULL,
    "name" TEXT COLLATE "C",
    "message" TEXT COLLATE "C" NOT NULL,
    "data" TEXT COLLATE "C" NOT NULL,
    "pin_type" TEXT COLLATE "C" NOT NULL,
    "pin_style" TEXT COLLATE "C" NOT NULL,
    "author_id" BIGINT,
    "playbook_id" BIGINT,
    "playbook_run_id" BIGINT
);
CREATE INDEX "pin_by_container_id" ON "pin" ("container_id");

CREATE TABLE "trigger" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "container_id" BIGINT NOT NULL,
    "user_id" BIGINT NOT NULL,
    "up_to" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "handled" BIGINT NOT NULL
);
CREATE INDEX "trigger_by_container_id" ON "trigger" ("container_id");
-- The outbox is read by what is not handled yet: an index of those alone stays small.
CREATE INDEX "trigger_waiting" ON "trigger" ("handled", "id") WHERE "handled" = 0;

CREATE TABLE "request_key" (
    "id" BIGINT PRIMARY KEY,
    "key" TEXT COLLATE "C" NOT NULL,
    "digest" TEXT COLLATE "C" NOT NULL,
    "status" BIGINT NOT NULL,
    "answer" TEXT COLLATE "C" NOT NULL,
    "created_at" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "request_key_key" ON "request_key" ("key");
CREATE INDEX "request_key_by_created_at" ON "request_key" ("created_at");

CREATE TABLE "action_run" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "container_id" BIGINT,
    "playbook_id" BIGINT,
    "playbook_run_id" BIGINT,
    "action" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "message" TEXT COLLATE "C" NOT NULL,
    "targets" TEXT COLLATE "C" NOT NULL,
    "callback" TEXT COLLATE "C",
    "handle" TEXT COLLATE "C",
    "loop_state" TEXT COLLATE "C",
    "user_id" BIGINT,
    "channel" BIGINT NOT NULL,
    "caused_by" TEXT COLLATE "C" NOT NULL,
    "start_after" BIGINT,
    "ended_at" BIGINT,
    "simulated" BIGINT NOT NULL
);
CREATE INDEX "action_run_by_playbook_run_id" ON "action_run" ("playbook_run_id");
CREATE INDEX "action_run_by_status" ON "action_run" ("status");
CREATE INDEX "action_run_by_container_id" ON "action_run" ("container_id");

CREATE TABLE "app_run" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "action_run_id" BIGINT NOT NULL,
    "container_id" BIGINT,
    "playbook_run_id" BIGINT,
    "action" TEXT COLLATE "C" NOT NULL,
    "app_id" BIGINT NOT NULL,
    "app_name" TEXT COLLATE "C" NOT NULL,
    "app_version" TEXT COLLATE "C" NOT NULL,
    "asset_id" BIGINT NOT NULL,
    "asset_version" BIGINT NOT NULL,
    "user_id" BIGINT,
    "status" TEXT COLLATE "C" NOT NULL,
    "message" TEXT COLLATE "C" NOT NULL,
    "result_summary" TEXT COLLATE "C" NOT NULL,
    "started_at" BIGINT,
    "ended_at" BIGINT,
    "exception" BIGINT NOT NULL
);
CREATE INDEX "app_run_by_action_run_id" ON "app_run" ("action_run_id");
CREATE INDEX "app_run_by_container_id" ON "app_run" ("container_id");

CREATE TABLE "action_result" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "app_run_id" BIGINT NOT NULL,
    "action_run_id" BIGINT NOT NULL,
    "asset_id" BIGINT NOT NULL,
    "container_id" BIGINT,
    "position" BIGINT NOT NULL,
    "state" BIGINT NOT NULL,
    "reach" BIGINT NOT NULL,
    "settling" BIGINT NOT NULL,
    "effect_key" TEXT COLLATE "C" NOT NULL,
    "attempt" BIGINT NOT NULL,
    "parameter" TEXT COLLATE "C" NOT NULL,
    "target" TEXT COLLATE "C" NOT NULL,
    "decision" TEXT COLLATE "C" NOT NULL,
    "started_at" BIGINT,
    "send_by" BIGINT,
    "answered_by" BIGINT,
    "ended_at" BIGINT,
    "status" TEXT COLLATE "C" NOT NULL,
    "message" TEXT COLLATE "C" NOT NULL,
    "summary" TEXT COLLATE "C" NOT NULL,
    "data" TEXT COLLATE "C" NOT NULL,
    "state_before" TEXT COLLATE "C",
    "undoes_id" BIGINT,
    "undone_by_id" BIGINT,
    "simulated" BIGINT NOT NULL
);
CREATE INDEX "action_result_by_app_run_id" ON "action_result" ("app_run_id");
CREATE INDEX "action_result_by_action_run_id" ON "action_result" ("action_run_id");
CREATE INDEX "action_result_by_container_id" ON "action_result" ("container_id");
CREATE INDEX "action_result_by_effect_key" ON "action_result" ("effect_key");
-- What is not settled is looked for at start and by the settler, by any set of states: an index of some states would serve one set only.
CREATE INDEX "action_result_by_state" ON "action_result" ("state");

CREATE TABLE "app" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "app_guid" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "app_version" TEXT COLLATE "C" NOT NULL,
    "product_vendor" TEXT COLLATE "C" NOT NULL,
    "product_name" TEXT COLLATE "C" NOT NULL,
    "publisher" TEXT COLLATE "C" NOT NULL,
    "description" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "disabled" BIGINT NOT NULL,
    "manifest" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX "app_app_guid" ON "app" ("app_guid");

CREATE TABLE "asset" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "app_id" BIGINT NOT NULL,
    "description" TEXT COLLATE "C" NOT NULL,
    "product_vendor" TEXT COLLATE "C" NOT NULL,
    "product_name" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "tags" TEXT COLLATE "C" NOT NULL,
    "disabled" BIGINT NOT NULL,
    "configuration" TEXT COLLATE "C" NOT NULL,
    "secrets" TEXT COLLATE "C" NOT NULL,
    "concurrency" BIGINT,
    "last_test" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX "asset_tenant_id_name" ON "asset" ("tenant_id", "name");
CREATE INDEX "asset_by_app_id" ON "asset" ("app_id");

CREATE TABLE "playbook" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "repository" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "active" BIGINT NOT NULL,
    "disabled" BIGINT NOT NULL,
    "draft_mode" BIGINT NOT NULL,
    "position" BIGINT NOT NULL,
    "labels" TEXT COLLATE "C" NOT NULL,
    "tags" TEXT COLLATE "C" NOT NULL,
    "category" TEXT COLLATE "C" NOT NULL,
    "description" TEXT COLLATE "C" NOT NULL,
    "playbook_type" TEXT COLLATE "C" NOT NULL,
    "input_spec" TEXT COLLATE "C" NOT NULL,
    "output_spec" TEXT COLLATE "C" NOT NULL,
    "python_version" TEXT COLLATE "C" NOT NULL,
    "source_hash" TEXT COLLATE "C" NOT NULL,
    "metadata" TEXT COLLATE "C" NOT NULL,
    "passed_validation" BIGINT NOT NULL,
    "validation_message" TEXT COLLATE "C" NOT NULL,
    "run_as_id" BIGINT,
    "latest_editor_id" BIGINT
);
CREATE UNIQUE INDEX "playbook_repository_name" ON "playbook" ("repository", "name");

CREATE TABLE "playbook_run" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "container_id" BIGINT NOT NULL,
    "playbook_id" BIGINT NOT NULL,
    "playbook_name" TEXT COLLATE "C" NOT NULL,
    "repository" TEXT COLLATE "C" NOT NULL,
    "source_hash" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "message" TEXT COLLATE "C" NOT NULL,
    "trigger_id" BIGINT,
    "position" BIGINT NOT NULL,
    "parent_run_id" BIGINT,
    "user_id" BIGINT NOT NULL,
    "owner_id" BIGINT,
    "scope" TEXT COLLATE "C" NOT NULL,
    "scope_from" BIGINT NOT NULL,
    "scope_to" BIGINT NOT NULL,
    "inputs" TEXT COLLATE "C" NOT NULL,
    "outputs" TEXT COLLATE "C" NOT NULL,
    "started_at" BIGINT,
    "ended_at" BIGINT,
    "turns" BIGINT NOT NULL,
    "tries" BIGINT NOT NULL,
    "pending" BIGINT NOT NULL,
    "finishing" BIGINT NOT NULL,
    "discontinued" BIGINT NOT NULL,
    "waiting_for" TEXT COLLATE "C" NOT NULL,
    "waiting_since" BIGINT,
    "action_limit" BIGINT NOT NULL,
    "actions_asked" BIGINT NOT NULL,
    "simulated" BIGINT NOT NULL
);
CREATE INDEX "playbook_run_by_status" ON "playbook_run" ("status");
CREATE INDEX "playbook_run_by_container_id" ON "playbook_run" ("container_id");
CREATE INDEX "playbook_run_by_parent_run_id" ON "playbook_run" ("parent_run_id");
CREATE INDEX "playbook_run_by_trigger_id" ON "playbook_run" ("trigger_id");

CREATE TABLE "message" (
    "id" BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    "run_id" BIGINT NOT NULL,
    "message_id" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "payload" TEXT COLLATE "C" NOT NULL,
    "taken_by" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "message_run_id_message_id" ON "message" ("run_id", "message_id");
CREATE INDEX "message_by_run_id_taken_by" ON "message" ("run_id", "taken_by");

CREATE TABLE "turn" (
    "id" BIGINT PRIMARY KEY,
    "run_id" BIGINT NOT NULL,
    "number" BIGINT NOT NULL,
    "message_id" TEXT COLLATE "C" NOT NULL,
    "function" TEXT COLLATE "C" NOT NULL,
    "started_at" BIGINT NOT NULL,
    "ended_at" BIGINT NOT NULL,
    "outcome" TEXT COLLATE "C" NOT NULL,
    "record" BYTEA NOT NULL
);
CREATE UNIQUE INDEX "turn_run_id_number" ON "turn" ("run_id", "number");

CREATE TABLE "open_turn" (
    "id" BIGINT PRIMARY KEY,
    "run_id" BIGINT NOT NULL,
    "number" BIGINT NOT NULL,
    "record" BYTEA NOT NULL
);
CREATE UNIQUE INDEX "open_turn_run_id_number" ON "open_turn" ("run_id", "number");

CREATE TABLE "run_value" (
    "id" BIGINT PRIMARY KEY,
    "run_id" BIGINT NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX "run_value_run_id_kind_name" ON "run_value" ("run_id", "kind", "name");

CREATE TABLE "run_log" (
    "id" BIGINT PRIMARY KEY,
    "run_id" BIGINT NOT NULL,
    "container_id" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "level" BIGINT NOT NULL,
    "message" TEXT COLLATE "C" NOT NULL
);
CREATE INDEX "run_log_by_run_id" ON "run_log" ("run_id");
CREATE INDEX "run_log_by_container_id" ON "run_log" ("container_id");

CREATE TABLE "saved_value" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL,
    "updated_at" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "saved_value_tenant_id_key" ON "saved_value" ("tenant_id", "key");

CREATE TABLE "blob" (
    "id" BIGINT PRIMARY KEY,
    "hash" TEXT COLLATE "C" NOT NULL,
    "content" BYTEA NOT NULL,
    "length" BIGINT NOT NULL,
    "held" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "blob_hash" ON "blob" ("hash");

CREATE TABLE "user" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "username" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "email" TEXT COLLATE "C" NOT NULL,
    "first_name" TEXT COLLATE "C" NOT NULL,
    "last_name" TEXT COLLATE "C" NOT NULL,
    "title" TEXT COLLATE "C" NOT NULL,
    "time_zone" TEXT COLLATE "C" NOT NULL,
    "is_active" BIGINT NOT NULL,
    "password_hash" TEXT COLLATE "C",
    "must_change_password" BIGINT NOT NULL,
    "allowed_ips" TEXT COLLATE "C" NOT NULL,
    "default_label" TEXT COLLATE "C",
    "roles" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX "user_username" ON "user" ("username");

CREATE TABLE "role" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "description" TEXT COLLATE "C" NOT NULL,
    "immutable" BIGINT NOT NULL,
    "permissions" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX "role_tenant_id_name" ON "role" ("tenant_id", "name");

CREATE TABLE "token" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "user_id" BIGINT NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "labels" TEXT COLLATE "C" NOT NULL,
    "allowed_ips" TEXT COLLATE "C" NOT NULL,
    "ends_at" BIGINT,
    "last_used_at" BIGINT,
    "revoked" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "token_hash" ON "token" ("hash");
CREATE INDEX "token_by_user_id" ON "token" ("user_id");

CREATE TABLE "session" (
    "id" BIGINT PRIMARY KEY,
    "user_id" BIGINT NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,
    "csrf_hash" TEXT COLLATE "C" NOT NULL,
    "created_at" BIGINT NOT NULL,
    "ends_at" BIGINT NOT NULL,
    "ended" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "session_hash" ON "session" ("hash");
CREATE INDEX "session_by_user_id" ON "session" ("user_id");

CREATE TABLE "custom_list" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "content" TEXT COLLATE "C" NOT NULL,
    "latest_editor_id" BIGINT
);
CREATE UNIQUE INDEX "custom_list_tenant_id_name" ON "custom_list" ("tenant_id", "name");

CREATE TABLE "severity" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "color" TEXT COLLATE "C" NOT NULL,
    "position" BIGINT NOT NULL,
    "is_default" BIGINT NOT NULL,
    "disabled" BIGINT NOT NULL,
    "sla_minutes" BIGINT
);
CREATE UNIQUE INDEX "severity_tenant_id_name" ON "severity" ("tenant_id", "name");

CREATE TABLE "status" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "status_type" TEXT COLLATE "C" NOT NULL,
    "position" BIGINT NOT NULL,
    "is_default" BIGINT NOT NULL,
    "disabled" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "status_tenant_id_name" ON "status" ("tenant_id", "name");

CREATE TABLE "label" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "version" BIGINT NOT NULL,
    "group_fields" TEXT COLLATE "C" NOT NULL,
    "group_window_minutes" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "label_tenant_id_name" ON "label" ("tenant_id", "name");

CREATE TABLE "setting" (
    "id" BIGINT PRIMARY KEY,
    "name" TEXT COLLATE "C" NOT NULL,
    "version" BIGINT NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL,
    "updated_at" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "setting_name" ON "setting" ("name");

CREATE TABLE "audit" (
    "id" BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    "number" BIGINT NOT NULL,
    "chain" TEXT COLLATE "C" NOT NULL,
    "at" BIGINT NOT NULL,
    "tenant_id" BIGINT NOT NULL,
    "user_id" BIGINT,
    "on_behalf_of_id" BIGINT,
    "channel" BIGINT NOT NULL,
    "caused_by" TEXT COLLATE "C" NOT NULL,
    "address" TEXT COLLATE "C" NOT NULL,
    "act" TEXT COLLATE "C" NOT NULL,
    "object" TEXT COLLATE "C" NOT NULL,
    "object_id" BIGINT,
    "container_id" BIGINT,
    "content" TEXT COLLATE "C" NOT NULL,
    "content_hash" TEXT COLLATE "C" NOT NULL,
    "previous_hash" TEXT COLLATE "C" NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX "audit_chain_number" ON "audit" ("chain", "number");
CREATE INDEX "audit_by_container_id" ON "audit" ("container_id");
CREATE INDEX "audit_by_at" ON "audit" ("at");
-- The record only grows. Retention may empty a content; its digest stays, so that the chain holds.
CREATE FUNCTION vedette_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;
CREATE TRIGGER "audit_is_kept" BEFORE DELETE ON "audit"
    FOR EACH ROW EXECUTE FUNCTION vedette_refuse('The audit trail is never deleted from.');
CREATE TRIGGER "audit_is_not_emptied" BEFORE TRUNCATE ON "audit"
    FOR EACH STATEMENT EXECUTE FUNCTION vedette_refuse('The audit trail is never deleted from.');
CREATE TRIGGER "audit_is_fixed" BEFORE UPDATE OF "id", "number", "chain", "at", "tenant_id", "user_id", "on_behalf_of_id", "channel", "caused_by", "address", "act", "object", "object_id", "container_id", "content_hash", "previous_hash", "hash" ON "audit"
    FOR EACH ROW EXECUTE FUNCTION vedette_refuse('The audit trail is never changed.');
CREATE TRIGGER "audit_content_is_only_emptied" BEFORE UPDATE OF "content" ON "audit"
    FOR EACH ROW WHEN (NEW."content" <> '{}') EXECUTE FUNCTION vedette_refuse('The content of an audit row is only ever emptied.');

-- What the filters need, so that they find the same as on SQLite.
-- Small letters sign by sign: a sigma at the end of a word is one like all others, and an I with a dot, for which there is no small sign, stays.
CREATE FUNCTION vedette_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(lower(translate($1, 'Σİ', U&'\03C3\FDD3') COLLATE "und-x-icu"), U&'\FDD3', 'İ') COLLATE "C"
$$;

-- A place in a text of JSON; nothing where the text is no JSON, the place is not there, or null is there. Keys lead into objects only.
-- A NUL that JSON escapes becomes what the store writes for one.
CREATE FUNCTION vedette_at(doc text, keys text[]) RETURNS json LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    place json;
    key text;
BEGIN
    IF strpos(doc, '\u0000') > 0 THEN
        doc := regexp_replace(doc, '(?<!\\)((?:\\\\)*)\\u0000', '\1' || U&'\FDD0\FDD1', 'g');
    END IF;
    place := doc::json;
    FOREACH key IN ARRAY keys LOOP
        IF json_typeof(place) IS DISTINCT FROM 'object' THEN
            RETURN NULL;
        END IF;
        place := place -> key;
    END LOOP;
    RETURN CASE WHEN json_typeof(place) <> 'null' THEN place END;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;

CREATE FUNCTION vedette_text(json) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE json_typeof($1) WHEN 'string' THEN $1 #>> '{}' WHEN 'object' THEN $1::text WHEN 'array' THEN $1::text END COLLATE "C"
$$;

CREATE FUNCTION vedette_number(json) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE json_typeof($1) WHEN 'number' THEN ($1 #>> '{}')::numeric WHEN 'boolean' THEN CASE WHEN $1::text = 'true' THEN 1 ELSE 0 END END
$$;

-- Whatever it is, as text: truths are 1 and 0.
CREATE FUNCTION vedette_words(json) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE json_typeof($1) WHEN 'boolean' THEN vedette_number($1)::text ELSE $1 #>> '{}' END COLLATE "C"
$$;

-- Whether a list has the element, or what is no list has it inside. Not sensitive to case where it folds.
CREATE FUNCTION vedette_has(doc text, keys text[], wanted text, folds boolean) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    place json := vedette_at(doc, keys);
BEGIN
    IF json_typeof(place) = 'array' THEN
        RETURN EXISTS (SELECT 1 FROM json_array_elements(place) AS e(v)
            WHERE CASE WHEN folds THEN vedette_fold(vedette_words(v)) = vedette_fold(wanted) ELSE vedette_text(v) = wanted END);
    END IF;
    RETURN CASE WHEN folds THEN strpos(vedette_fold(vedette_words(place)), vedette_fold(wanted)) ELSE strpos(vedette_words(place), wanted) END > 0;
END $$;
CREATE FUNCTION vedette_has(doc text, keys text[], wanted numeric, folds boolean) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    place json := vedette_at(doc, keys);
BEGIN
    IF json_typeof(place) = 'array' THEN
        RETURN NOT folds AND EXISTS (SELECT 1 FROM json_array_elements(place) AS e(v) WHERE vedette_number(v) = wanted);
    END IF;
    RETURN strpos(vedette_words(place), wanted::text) > 0;
END $$;

-- A part of a time that is kept in microseconds, in UTC; whole seconds, downwards also before 1970.
CREATE FUNCTION vedette_part(part text, at bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT date_part(part, to_timestamp(floor($2 / 1000000.0)) AT TIME ZONE 'UTC')::bigint
$$;
