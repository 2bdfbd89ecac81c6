ALTER TABLE "playbook" ADD COLUMN "trigger" TEXT NOT NULL DEFAULT 'artifact_created';
ALTER TABLE "trigger" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'artifact_created';
ALTER TABLE "token" ADD COLUMN "sealed" TEXT;
