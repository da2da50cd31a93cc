#!/usr/bin/env bash
# The local engines: one PostgreSQL 15 and one Kafka broker, both private to a
# state folder and on loopback.
#
#   deploy/local/engines.sh start|stop|status STATE
#
# start is idempotent, recovers what a kill -9 left behind, waits until both
# answer and writes STATE/engines.env (EVALLOOP_DATABASE_URL,
# EVALLOOP_KAFKA_BROKERS). Ports are free ones, kept from start to start;
# EVALLOOP_POSTGRES_PORT and EVALLOOP_KAFKA_PORT ask for others.
# EVALLOOP_TEMPORARY=1 trades durability against power loss for speed.
# EVALLOOP_MOCK_BROKER names the program to fall back to where the Maven
# repository can't be reached. Exit codes: 0, 2 usage, 3 an engine failed.
set -euo pipefail
LOCAL_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR
source "$LOCAL_DIR/common.sh"
source "$LOCAL_DIR/postgres.sh"
source "$LOCAL_DIR/kafka.sh"

# kept_port STATE NAME: the port that NAME had at the last start, else a free one.
kept_port() {
  local kept=''
  [[ -r $1/ports ]] && kept=$(sed -n "s/^$2=//p" "$1/ports")
  [[ $kept ]] || kept=$(free_port)
  echo "$kept"
}

engines_start() {
  local state=$1 postgres_port kafka_port
  mkdir -p "$state" 2>/dev/null || fail $EXIT_INFRASTRUCTURE \
    "can't make the state folder $state (set EVALLOOP_HOME to another)"
  state=$(cd "$state" && pwd)
  need_space "$state" 512
  exec 9>"$state/lock"
  flock -w 120 9 || fail $EXIT_INFRASTRUCTURE \
    "another ./dev has been starting the engines in $state for two minutes"

  postgres_port=${EVALLOOP_POSTGRES_PORT:-$(kept_port "$state" postgres)}
  kafka_port=${EVALLOOP_KAFKA_PORT:-$(kept_port "$state" kafka)}
  postgres_start "$state" "$postgres_port" "${EVALLOOP_POSTGRES_PORT:-}"
  if mock_broker_pid "$state" >/dev/null || ! kafka_fetch; then
    [[ -x ${EVALLOOP_MOCK_BROKER:-} ]] || fail $EXIT_INFRASTRUCTURE \
      "no Kafka: let Maven reach its repository, or set EVALLOOP_KAFKA_BROKERS to a running 3.9 broker"
    say "Falling back to an in-memory broker: good for a look, events are lost when it stops"
    mock_broker_start "$state"
  else
    kafka_start "$state" "$kafka_port" "${EVALLOOP_KAFKA_PORT:-}"
    KAFKA_BROKERS_USED=127.0.0.1:$KAFKA_PORT_USED
    printf 'postgres=%s\nkafka=%s\n' "$POSTGRES_PORT_USED" "$KAFKA_PORT_USED" \
      >"$state/ports"
  fi
  {
    echo "EVALLOOP_DATABASE_URL=postgresql://$POSTGRES_USER@127.0.0.1:$POSTGRES_PORT_USED/evalloop"
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

# engines_status STATE: one line an engine; 1 if one is down.
engines_status() {
  local state pid down=0
  state=$(cd "$1" 2>/dev/null && pwd) || state=$1
  if pid=$(postgres_pid "$(postgres_data "$state")"); then
    echo "postgres        up    pid $pid  $(sed -n 's/^EVALLOOP_DATABASE_URL=//p' "$state/engines.env")"
  else
    echo "postgres        down"
    down=1
  fi
  if pid=$(kafka_pid "$state") || pid=$(mock_broker_pid "$state"); then
    echo "kafka           up    pid $pid  $(sed -n 's/^EVALLOOP_KAFKA_BROKERS=//p' "$state/engines.env")"
  else
    echo "kafka           down"
    down=1
  fi
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
