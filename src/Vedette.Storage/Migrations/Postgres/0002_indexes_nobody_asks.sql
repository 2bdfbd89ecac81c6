-- Effect keys are random: each insert dirtied another page of the index, and a key is only ever read from its row.
DROP INDEX "action_result_by_effect_key";
DROP INDEX "action_result_by_state";
DROP INDEX "action_result_by_app_run_id";
