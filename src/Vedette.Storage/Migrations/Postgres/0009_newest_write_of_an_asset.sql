-- Whether another system takes the key of a call is told by its newest good answer to such a call: an index of those writes alone, for all that
-- reads (most of what is there) costs nothing by it. A call enters when it is done; its asset and target repeat, so few pages of the index change.
CREATE INDEX "action_result_writes_done" ON "action_result" ("asset_id", "target") WHERE "state" = 4 AND "reach" >= 1;
