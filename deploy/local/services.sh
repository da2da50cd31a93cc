# The services as processes of this machine; sourced by ./dev.
# shellcheck shell=bash
#
# State: $EVALLOOP_HOME/run/SERVICE.pid, $EVALLOOP_HOME/log/SERVICE.log.

# In the order of starting: whoever is asked starts before who asks.
readonly SERVICES=(model_server prompt_engine scorer serving evaluator trainer_bridge)

# service_ports SERVICE: "KIND PORT" a line. EVALLOOP_SERVING_HTTP_PORT=8081
# ./dev up, for one, changes a port.
service_ports() {
  local kind port variable ports=''
  case $1 in
    prompt_engine) ports='grpc 50051 json 8101 admin 9101' ;;
    evaluator) ports='grpc 50052 json 8102 admin 9102' ;;
    scorer) ports='grpc 50053 json 8103 admin 9103' ;;
    serving) ports='grpc 50054 json 8104 admin 9104 http 8080' ;;
    trainer_bridge) ports='grpc 50055 json 8105 admin 9105' ;;
    model_server) ports='http 8090 admin 9106' ;;
  esac
  # shellcheck disable=SC2086
  set -- "$1" $ports
  local service=${1^^}
  shift
  while (($#)); do
    kind=$1 port=$2
    variable=EVALLOOP_${service}_${kind^^}_PORT
    echo "$kind ${!variable:-$port}"
    shift 2
  done
}

service_port() { service_ports "$1" | sed -n "s/^$2 //p"; }

# service_scheme KIND: by what an HTTP port of that kind is called.
service_scheme() {
  if [[ -z ${EVALLOOP_HTTP_TLS_CERTIFICATE_FILE:-} ]] ||
    [[ $1 == admin && ${EVALLOOP_ADMIN_TLS:-true} == false ]]; then
    echo http
  else
    echo https
  fi
}

# stack_environment: exports what every process of the stack reads. The names
# are those of deploy/config.schema.json.
stack_environment() {
  local service variable
  if [[ -r $EVALLOOP_HOME/engines.env ]]; then
    set -a
    # shellcheck disable=SC1091
    source "$EVALLOOP_HOME/engines.env"
    set +a
  fi
  export EVALLOOP_HOME
  export EVALLOOP_TOPIC_PREFIX=${EVALLOOP_TOPIC_PREFIX:-evalloop}
  export EVALLOOP_LISTEN_ADDRESS=${EVALLOOP_LISTEN_ADDRESS:-127.0.0.1}
  export EVALLOOP_ARTEFACT_DIR=${EVALLOOP_ARTEFACT_DIR:-$EVALLOOP_HOME/artefacts}
  export EVALLOOP_SPOOL_DIR=${EVALLOOP_SPOOL_DIR:-$EVALLOOP_HOME/spool}
  export EVALLOOP_COMPLETION_KEY_FILE=${EVALLOOP_COMPLETION_KEY_FILE:-$EVALLOOP_HOME/completion.key}
  for service in prompt_engine evaluator scorer serving trainer_bridge; do
    variable=EVALLOOP_${service^^}_ADDRESS
    [[ ${!variable:-} ]] ||
      export "$variable=127.0.0.1:$(service_port $service grpc)"
  done
  export EVALLOOP_CHECKOUT_ROOTS=${EVALLOOP_CHECKOUT_ROOTS:-/}
  export EVALLOOP_GATEWAY_URL=${EVALLOOP_GATEWAY_URL:-$(service_scheme http)://127.0.0.1:$(service_port serving http)}
  export EVALLOOP_MODEL_SERVER_URL=${EVALLOOP_MODEL_SERVER_URL:-$(service_scheme http)://127.0.0.1:$(service_port model_server http)}
}

# prepare_home: the folders and the key that signs completion ids.
prepare_home() {
  mkdir -p "$EVALLOOP_HOME"/{run,log} "$EVALLOOP_ARTEFACT_DIR" "$EVALLOOP_SPOOL_DIR"
  [[ -s $EVALLOOP_COMPLETION_KEY_FILE ]] && return
  (umask 077 && head -c 32 /dev/urandom | base64 >"$EVALLOOP_COMPLETION_KEY_FILE.new")
  mv "$EVALLOOP_COMPLETION_KEY_FILE.new" "$EVALLOOP_COMPLETION_KEY_FILE"
}

service_pid() { pid_of "$EVALLOOP_HOME/run/$1.pid" "$BIN/$1"; }

service_log_line() {
  grep -E '"level":"(error|critical)"|[Ee]rror' "$EVALLOOP_HOME/log/$1.log" |
    tail -n 1 | cut -c 1-400
}

service_start() {
  local service=$1 kind port settings=()
  while read -r kind port; do
    port_taken "$port" && fail $EXIT_INFRASTRUCTURE \
      "port $port ($service, $kind) is taken: free it or set EVALLOOP_${service^^}_${kind^^}_PORT"
    settings+=("EVALLOOP_${kind^^}_PORT=$port")
  done < <(service_ports "$service")
  say "Starting $service ($(service_ports "$service" | paste -sd ',' | sed 's/,/, /g'))"
  env "${settings[@]}" setsid "$BIN/$service" \
    >>"$EVALLOOP_HOME/log/$service.log" 2>&1 </dev/null 9>&- &
  echo $! >"$EVALLOOP_HOME/run/$service.pid"
}

service_ready() {
  local url
  url=$(service_scheme admin)://127.0.0.1:$(service_port "$1" admin)/readyz
  curl -sf -m 2 -o /dev/null \
    ${EVALLOOP_HTTP_TLS_CA_FILE:+--cacert "$EVALLOOP_HTTP_TLS_CA_FILE"} "$url"
}

# service_settled SERVICE: ready, or dead.
service_settled() {
  service_ready "$1" || gone "$(<"$EVALLOOP_HOME/run/$1.pid")"
}

# service_await SERVICE: returns once it is ready.
service_await() {
  local log=$EVALLOOP_HOME/log/$1.log
  wait_until 180 service_settled "$1" || fail $EXIT_INFRASTRUCTURE \
    "$1 was not ready after 180 seconds (log: $log)"
  service_ready "$1" || fail $EXIT_INFRASTRUCTURE \
    "$1 did not start: $(service_log_line "$1") (log: $log)"
}

# services_start: starts those that are down or run an older build.
services_start() {
  local service pid started=()
  for service in "${SERVICES[@]}"; do
    if pid=$(service_pid "$service"); then
      [[ $BIN/$service -nt $EVALLOOP_HOME/run/$service.pid ]] || continue
      say "Stopping $service, which runs an older build"
      stop_pid "$pid" 15
    fi
    service_start "$service"
    started+=("$service")
  done
  for service in "${started[@]}"; do service_await "$service"; done
}

# services_stop: those who ask stop before who is asked.
services_stop() {
  local index service pid
  for ((index = ${#SERVICES[@]} - 1; index >= 0; --index)); do
    service=${SERVICES[index]}
    if pid=$(service_pid "$service"); then
      say "Stopping $service"
      stop_pid "$pid" 15
    fi
    rm -f "$EVALLOOP_HOME/run/$service.pid"
  done
}

# services_status: one line a service with its addresses; 1 if one is down.
services_status() {
  local service pid kind port state addresses down=0
  for service in "${SERVICES[@]}"; do
    addresses=''
    while read -r kind port; do
      case $kind in
        grpc) addresses+="  grpc 127.0.0.1:$port" ;;
        *) addresses+="  $kind $(service_scheme "$kind")://127.0.0.1:$port" ;;
      esac
    done < <(service_ports "$service")
    if ! pid=$(service_pid "$service"); then
      printf '%-15s down                %s\n' "$service" "$addresses"
      down=1
      continue
    fi
    state=up
    service_ready "$service" || { state=unready; down=1; }
    printf '%-15s %-7s pid %-8s%s\n' "$service" $state "$pid" "$addresses"
  done
  return $down
}
