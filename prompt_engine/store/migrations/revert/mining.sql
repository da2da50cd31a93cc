-- Revert prompt_engine:mining from pg

BEGIN;

DROP TABLE prompt_engine.file_state;
DROP TABLE prompt_engine.line_end;
DROP TABLE prompt_engine.changed_file;
DROP TABLE prompt_engine.code_piece;
ALTER TABLE prompt_engine.changed_line DROP COLUMN moved;
ALTER TABLE prompt_engine.git_commit
  DROP COLUMN kind, DROP COLUMN is_merge, DROP COLUMN files_generated,
  DROP COLUMN renames, DROP COLUMN patch_id, DROP COLUMN inverse_patch_id;

COMMIT;
