-- Files of events. The content lies beside the database; a row names its file, and a file without a row counts for nothing.
CREATE TABLE "vault_document" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "md5" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "mime_type" TEXT NOT NULL,
    "names" TEXT NOT NULL,
    "contains" TEXT NOT NULL,
    "file" TEXT NOT NULL,
    "attachments" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "vault_document_tenant_id_hash" ON "vault_document" ("tenant_id", "hash");
CREATE UNIQUE INDEX "vault_document_file" ON "vault_document" ("file");

CREATE TABLE "container_attachment" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "container_id" INTEGER NOT NULL,
    "vault_document_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "metadata" TEXT NOT NULL,
    "created_via" TEXT NOT NULL,
    "task_id" INTEGER,
    "user_id" INTEGER,
    "playbook_run_id" INTEGER
) STRICT;
CREATE INDEX "container_attachment_by_container_id" ON "container_attachment" ("container_id");
CREATE INDEX "container_attachment_by_vault_document_id" ON "container_attachment" ("vault_document_id");
