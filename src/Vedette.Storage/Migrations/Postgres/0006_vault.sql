-- Files of events. The content lies beside the database; a row names its file, and a file without a row counts for nothing.
CREATE TABLE "vault_document" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,
    "sha256" TEXT COLLATE "C" NOT NULL,
    "md5" TEXT COLLATE "C" NOT NULL,
    "size" BIGINT NOT NULL,
    "mime_type" TEXT COLLATE "C" NOT NULL,
    "names" TEXT COLLATE "C" NOT NULL,
    "contains" TEXT COLLATE "C" NOT NULL,
    "file" TEXT COLLATE "C" NOT NULL,
    "attachments" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "vault_document_tenant_id_hash" ON "vault_document" ("tenant_id", "hash");
CREATE UNIQUE INDEX "vault_document_file" ON "vault_document" ("file");

CREATE TABLE "container_attachment" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "container_id" BIGINT NOT NULL,
    "vault_document_id" BIGINT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "metadata" TEXT COLLATE "C" NOT NULL,
    "created_via" TEXT COLLATE "C" NOT NULL,
    "task_id" BIGINT,
    "user_id" BIGINT,
    "playbook_run_id" BIGINT
);
CREATE INDEX "container_attachment_by_container_id" ON "container_attachment" ("container_id");
CREATE INDEX "container_attachment_by_vault_document_id" ON "container_attachment" ("vault_document_id");
