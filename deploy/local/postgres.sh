# A private PostgreSQL 15 cluster on loopback; sourced by engines.sh.
# shellcheck shell=bash

readonly POSTGRES_BIN=/usr/lib/postgresql/15/bin
readonly POSTGRES_USER=app

# PostgreSQL refuses to run as root.
as_postgres() {
  if ((EUID == 0)); then
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups -- "$@")
  else
    (cd / && "$@")
  fi
}

# postgres_data STATE: the data folder. Root's home, for one, can't be entered
# by the database's user; then the data lies under the system's state folder.
postgres_data() {
  if ((EUID != 0)) || as_postgres test -x "$1"; then
    echo "$1/postgres"
  else
    echo "/var/lib/evalloop/$(basename "$1")-$(printf %s "$1" | cksum | cut -d' ' -f1)/postgres"
  fi
}

postgres_pid() { pid_of "$1/postmaster.pid" "$1"; }

# postgres_log_line LOG: the line that says why the server did not start.
postgres_log_line() {
  grep -E 'FATAL|PANIC|ERROR|could not' "$1" 2>/dev/null | tail -n 1
}

# postgres_init DATA: makes the cluster whole or not at all.
postgres_init() {
  local data=$1 half=$1.new sync=()
  [[ ${EVALLOOP_TEMPORARY:-} ]] && sync=(--no-sync)
  rm -rf "$half"
  if ((EUID == 0)); then
    install -d -m 755 "$(dirname "$data")"
    install -d -m 700 -o postgres -g postgres "$half"
  else
    install -d -m 700 "$half"
  fi
  say "Creating the PostgreSQL cluster in $data"
  local output
  output=$(as_postgres "$POSTGRES_BIN/initdb" -D "$half" -U $POSTGRES_USER \
    -A trust -E UTF8 --locale=C.UTF-8 "${sync[@]}" 2>&1) ||
    { rm -rf "$half"
      fail $EXIT_INFRASTRUCTURE "initdb failed: $(tail -n 1 <<<"$output")"; }
  mv "$half" "$data"
}

# postgres_launch DATA PORT LOG
postgres_launch() {
  local settings="-c listen_addresses=127.0.0.1 -c port=$2
    -c unix_socket_directories='' -c max_connections=200
    -c shared_buffers=128MB -c timezone=UTC -c log_timezone=UTC
    -c password_encryption=scram-sha-256"
  # Temporary clusters are thrown away with their tests.
  [[ ${EVALLOOP_TEMPORARY:-} ]] && settings+=" -c fsync=off"
  as_postgres "$POSTGRES_BIN/pg_ctl" -D "$1" -w -t 180 -s -l "$3" \
    -o "${settings//$'\n'/ }" start >/dev/null 2>&1 </dev/null 9>&-
}

# postgres_start STATE PORT FIXED: starts the cluster unless it runs, and makes
# the database. FIXED says that PORT was asked for by name. Sets
# POSTGRES_PORT_USED.
postgres_start() {
  local data log port=$2 fixed=$3
  [[ -x $POSTGRES_BIN/postgres ]] || fail $EXIT_INFRASTRUCTURE \
    "PostgreSQL 15 is missing: apt-get install postgresql-15"
  ((EUID != 0)) || getent passwd postgres >/dev/null || fail \
    $EXIT_INFRASTRUCTURE "the system user 'postgres' is missing: apt-get install postgresql-15"
  data=$(postgres_data "$1")
  [[ $data == "$1"/* ]] ||
    say "PostgreSQL's user can't enter $1: its data lies in $data"
  [[ -f $data/PG_VERSION ]] || postgres_init "$data"

  if postgres_pid "$data" >/dev/null; then
    POSTGRES_PORT_USED=$(sed -n 4p "$data/postmaster.pid")
    return
  fi
  # Left by a killed server; its number may belong to another process now.
  rm -f "$data/postmaster.pid"
  log=$data/server.log
  : >"$log"
  ((EUID != 0)) || chown postgres:postgres "$log"
  for _ in 1 2 3 4 5; do
    if port_taken "$port"; then
      [[ $fixed ]] && fail $EXIT_INFRASTRUCTURE \
        "port $port for PostgreSQL is taken: free it or set EVALLOOP_POSTGRES_PORT"
      port=$(free_port)
    fi
    say "Starting PostgreSQL 15 on 127.0.0.1:$port"
    if postgres_launch "$data" "$port" "$log"; then
      POSTGRES_PORT_USED=$port
      postgres_database "$port"
      return
    fi
    # Children of a killed server hold its shared memory for a moment.
    sleep 1
  done
  fail $EXIT_INFRASTRUCTURE \
    "PostgreSQL did not start: $(postgres_log_line "$log") (log: $log)"
}

postgres_database() {
  local url="postgresql://$POSTGRES_USER@127.0.0.1:$1/postgres"
  if [[ -z $(psql -XAtq "$url" -c \
    "SELECT 1 FROM pg_database WHERE datname = 'evalloop'") ]]; then
    psql -XAtq "$url" -c 'CREATE DATABASE evalloop' >/dev/null
  fi
}

postgres_stop() {
  local data
  data=$(postgres_data "$1")
  postgres_pid "$data" >/dev/null || return 0
  say "Stopping PostgreSQL"
  as_postgres "$POSTGRES_BIN/pg_ctl" -D "$data" -w -t 30 -s -m fast stop ||
    as_postgres "$POSTGRES_BIN/pg_ctl" -D "$data" -w -t 10 -s -m immediate stop
}
