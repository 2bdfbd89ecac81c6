ALTER TABLE "playbook" ADD COLUMN "trigger" TEXT COLLATE "C" NOT NULL DEFAULT 'artifact_created';
ALTER TABLE "trigger" ADD COLUMN "kind" TEXT COLLATE "C" NOT NULL DEFAULT 'artifact_created';
ALTER TABLE "token" ADD COLUMN "sealed" TEXT COLLATE "C";
