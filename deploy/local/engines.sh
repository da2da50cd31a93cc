#!/usr/bin/env bash
# The local engines: one PostgreSQL 15 and one Kafka broker, both private to a
# state folder and on loopback.
#
#   deploy/local/engines.sh start|stop|status STATE
#
# start is idempotent, recovers what a kill -9 left behind, waits until both
# answer and writes STATE/engines.env (EVALLOOP_DATABASE_URL,
# EVALLOOP_KAFKA_BROKERS). Ports are free ones, kept from start to start;
# EVALLOOP_POSTGRES_PORT and EVALLOOP_KAFKA_PORT ask for others. An engine that
# EVALLOOP_DATABASE_URL or EVALLOOP_KAFKA_BROKERS names is used, not started.
# EVALLOOP_TEMPORARY=1 trades durability against power loss for speed.
# EVALLOOP_MOCK_BROKER names the program to fall back to where the Maven
# repository can't be reached. Exit codes: 0, 2 usage, 3 an engine failed.
set -euo pipefail
LOCAL_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR
source "$LOCAL_DIR/common.sh"
source "$LOCAL_DIR/postgres.sh"
source "$LOCAL_DIR/kafka.sh"

# What the user named, before a script reads what engines.env says.
readonly GIVEN_DATABASE_URL=${EVALLOOP_DATABASE_URL:-}
readonly GIVEN_KAFKA_BROKERS=${EVALLOOP_KAFKA_BROKERS:-}

# kept_port STATE ENGINE: its port at the last start, else a free one.
kept_port() { cat "$1/$2.port" 2>/dev/null || free_port; }

keep_port() { echo "$3" >"$1/$2.port"; }

engines_start() {
  local state=$1 postgres_port kafka_port database_url
  mkdir -p "$state" 2>/dev/null || fail $EXIT_INFRASTRUCTURE \
    "can't make the state folder $state (set EVALLOOP_HOME to another)"
  state=$(cd "$state" && pwd)
  need_space "$state" 512
  exec 9>"$state/lock"
  flock -w 120 9 || fail $EXIT_INFRASTRUCTURE \
    "another ./dev has been starting the engines in $state for two minutes"

  postgres_port=${EVALLOOP_POSTGRES_PORT:-$(kept_port "$state" postgres)}
  kafka_port=${EVALLOOP_KAFKA_PORT:-$(kept_port "$state" kafka)}
  if [[ $GIVEN_DATABASE_URL ]]; then
    database_url=$GIVEN_DATABASE_URL
  else
    postgres_start "$state" "$postgres_port" "${EVALLOOP_POSTGRES_PORT:-}"
    keep_port "$state" postgres "$POSTGRES_PORT_USED"
    database_url=postgresql://$POSTGRES_USER@127.0.0.1:$POSTGRES_PORT_USED/evalloop
  fi
  if [[ $GIVEN_KAFKA_BROKERS ]]; then
    KAFKA_BROKERS_USED=$GIVEN_KAFKA_BROKERS
  elif mock_broker_pid "$state" >/dev/null || ! kafka_fetch; then
    [[ -x ${EVALLOOP_MOCK_BROKER:-} ]] || fail $EXIT_INFRASTRUCTURE \
      "no Kafka: let Maven reach its repository, or set EVALLOOP_KAFKA_BROKERS to a running 3.9 broker"
    say "Falling back to an in-memory broker: good for a look, events are lost when it stops"
    mock_broker_start "$state"
  else
    kafka_start "$state" "$kafka_port" "${EVALLOOP_KAFKA_PORT:-}"
    KAFKA_BROKERS_USED=127.0.0.1:$KAFKA_PORT_USED
    keep_port "$state" kafka "$KAFKA_PORT_USED"
  fi
  {
    echo "EVALLOOP_DATABASE_URL=$database_url"
    echo "EVALLOOP_KAFKA_BROKERS=$KAFKA_BROKERS_USED"
  } >"$state/engines.env.new"
  mv "$state/engines.env.new" "$state/engines.env"
  exec 9>&-
}

engines_stop() {
  [[ -d $1 ]] || return 0
  local state
  state=$(cd "$1" && pwd)
  kafka_stop "$state"
  postgres_stop "$state"
  rm -f "$state/engines.env"
}

# engine_status NAME GIVEN ADDRESS PID: one line; 1 if it is down.
engine_status() {
  if [[ $2 ]]; then
    printf '%-15s given   %s\n' "$1" "${2##*@}"
  elif [[ $4 ]]; then
    printf '%-15s up      pid %-8s  %s\n' "$1" "$4" "$3"
  else
    printf '%-15s down\n' "$1"
    return 1
  fi
}

# engines_status STATE: one line an engine; 1 if one is down.
engines_status() {
  local state down=0 database='' brokers='' pid
  state=$(cd "$1" 2>/dev/null && pwd) || state=$1
  if [[ -r $state/engines.env ]]; then
    database=$(sed -n 's/^EVALLOOP_DATABASE_URL=//p' "$state/engines.env")
    brokers=$(sed -n 's/^EVALLOOP_KAFKA_BROKERS=//p' "$state/engines.env")
  fi
  pid=$(postgres_pid "$(postgres_data "$state")") || true
  engine_status postgres "$GIVEN_DATABASE_URL" "$database" "$pid" || down=1
  pid=$(kafka_pid "$state") || pid=$(mock_broker_pid "$state") || true
  engine_status kafka "$GIVEN_KAFKA_BROKERS" "$brokers" "$pid" || down=1
  return $down
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  case ${1:-} in
    start | stop | status)
      [[ ${2:-} ]] || fail $EXIT_USAGE "which state folder? engines.sh $1 STATE"
      "engines_$1" "$2"
      ;;
    *) fail $EXIT_USAGE "usage: engines.sh start|stop|status STATE" ;;
  esac
fi
