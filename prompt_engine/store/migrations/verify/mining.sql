-- Verify prompt_engine:mining on pg

BEGIN;

SELECT kind, patch_id FROM prompt_engine.git_commit WHERE false;
SELECT moved FROM prompt_engine.changed_line WHERE false;
SELECT position, number, text FROM prompt_engine.code_piece WHERE false;
SELECT position, path, kind FROM prompt_engine.changed_file WHERE false;
SELECT end_position, position FROM prompt_engine.line_end WHERE false;
SELECT path, origins FROM prompt_engine.file_state WHERE false;

ROLLBACK;
