# The services' schemas, deployed with sqitch; sourced by ./dev.
# shellcheck shell=bash

# Each folder is a sqitch project; the platform's comes first.
migration_folders() {
  local folder
  for folder in "$ROOT"/platform/postgres/migrations "$ROOT"/*/store/migrations; do
    [[ -f $folder/sqitch.plan ]] && echo "$folder"
  done
  return 0
}

# deployed_changes URL: "project count" of what stands in the database.
deployed_changes() {
  local registry
  registry=$(psql -XAtq "$1" -c "SELECT to_regclass('sqitch.changes')" 2>/dev/null) ||
    return 1
  [[ $registry ]] || return 0
  psql -XAtq -F ' ' "$1" -c \
    'SELECT project, count(*) FROM sqitch.changes GROUP BY project'
}

# migrate URL: brings every schema up to its plan. Idempotent; where nothing is
# to do, one query finds that out.
migrate() {
  local url=$1 folder project planned deployed output
  deployed=$(deployed_changes "$url") || fail $EXIT_INFRASTRUCTURE \
    "the database does not answer at ${url##*@}"
  while read -r folder; do
    project=$(sed -n 's/^%project=//p' "$folder/sqitch.plan")
    planned=$(grep -cE '^[A-Za-z_]' "$folder/sqitch.plan")
    grep -qxF "$project $planned" <<<"$deployed" && continue
    say "Migrating schema $project"
    output=$(cd "$folder" && SQITCH_FULLNAME=evalloop \
      SQITCH_EMAIL=evalloop@localhost sqitch deploy --verify \
      "db:pg:${url#postgres*:}" 2>&1) || fail $EXIT_INFRASTRUCTURE \
      "migrating $project failed: $(tail -n 1 <<<"$output") (plan: $folder/sqitch.plan)"
  done < <(migration_folders)
}
