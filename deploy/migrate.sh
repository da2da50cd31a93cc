#!/usr/bin/env bash
# Brings every schema of the database at EVALLOOP_DATABASE_URL (or in the file
# that EVALLOOP_DATABASE_URL_FILE names) up to date. Idempotent. Exit codes: 0,
# 2 no database named, 3 it failed.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source-path=SCRIPTDIR
source "$ROOT/deploy/local/common.sh"
source "$ROOT/deploy/local/migrations.sh"

if [[ ${EVALLOOP_DATABASE_URL_FILE:-} ]]; then
  EVALLOOP_DATABASE_URL=$(<"$EVALLOOP_DATABASE_URL_FILE")
fi
[[ ${EVALLOOP_DATABASE_URL:-} ]] || fail $EXIT_USAGE \
  "set EVALLOOP_DATABASE_URL or EVALLOOP_DATABASE_URL_FILE"
migrate "$EVALLOOP_DATABASE_URL"
say "Every schema is up to date"
