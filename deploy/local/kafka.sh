# One real Kafka broker in KRaft mode on loopback; sourced by engines.sh.
# shellcheck shell=bash

readonly KAFKA_VERSION=3.9.1
# Any fixed id will do: the cluster never meets another.
readonly KAFKA_CLUSTER_ID=ZXZhbGxvb3AtbG9jYWwtMA
readonly KAFKA_SOURCES=$LOCAL_DIR/kafka

# The jars are the same for every state folder of this user.
kafka_jars() {
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/evalloop/kafka-$KAFKA_VERSION-$(
    cksum <"$KAFKA_SOURCES/pom.xml" | cut -d' ' -f1)"
}

# kafka_fetch: brings the jars into the cache, whole or not at all. Returns 1
# where the Maven repository can't be reached.
kafka_fetch() {
  local jars half log
  jars=$(kafka_jars)
  [[ -d $jars ]] && return
  command -v mvn >/dev/null || fail $EXIT_INFRASTRUCTURE \
    "Maven, which fetches Kafka's jars, is missing: apt-get install maven"
  say "Fetching Kafka $KAFKA_VERSION from the Maven repository (46 MB, once)"
  mkdir -p "$(dirname "$jars")"
  half=$(mktemp -d "$jars.XXXXXX")
  log=$half.log
  if ! (cd "$half" && mvn -B -q -f "$KAFKA_SOURCES/pom.xml" \
    org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies -DincludeScope=runtime \
    -DoutputDirectory="$half") >"$log" 2>&1 </dev/null; then
    say "The Maven repository did not give Kafka's jars: $(
      grep -m 1 ERROR "$log" | cut -c 1-300)"
    rm -rf "$half" "$log"
    return 1
  fi
  rm -f "$log"
  # Another ./dev may have been faster; its copy is as good.
  mv -T "$half" "$jars" 2>/dev/null || rm -rf "$half"
}

kafka_pid() { pid_of "$1/kafka/pid" "$1/kafka/server.properties"; }

mock_broker_pid() { pid_of "$1/kafka/mock.pid" mock_broker; }

# kafka_java HEAP ARGUMENTS...: replaces this subshell by the JVM, in a session
# of its own: Ctrl-C in ./dev must not reach the broker.
kafka_java() {
  local heap=$1
  shift
  exec setsid java "-Xms$heap" -Xmx384m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError \
    -Djava.awt.headless=true \
    "-Dlog4j.configuration=file:$KAFKA_SOURCES/log4j.properties" \
    -cp "$(kafka_jars)/*" "$@"
}

# kafka_configure FOLDER PORT CONTROLLER_PORT: writes server.properties; formats the log folder
# the first time.
kafka_configure() {
  local output
  sed -e "s|@KAFKA_PORT@|$2|g" -e "s|@CONTROLLER_PORT@|$3|g" \
    -e "s|@LOG_DIR@|$1/log|" "$KAFKA_SOURCES/server.properties.in" \
    >"$1/server.properties"
  [[ -f $1/log/meta.properties ]] && return
  rm -rf "$1/log"
  output=$(kafka_java 32m kafka.tools.StorageTool format \
    -t $KAFKA_CLUSTER_ID -c "$1/server.properties" 2>&1) || fail \
    $EXIT_INFRASTRUCTURE "Kafka could not format $1/log: $(tail -n 1 <<<"$output")"
}

# kafka_settled FOLDER: true once the broker serves, or is dead.
kafka_settled() {
  grep -q 'Kafka Server started' "$1/server.log" || gone "$(<"$1/pid")"
}

# kafka_start STATE PORT FIXED: starts the broker unless it runs. FIXED says
# that PORT was asked for by name. Sets KAFKA_PORT_USED.
kafka_start() {
  local folder=$1/kafka port=$2 fixed=$3
  if kafka_pid "$1" >/dev/null; then
    KAFKA_PORT_USED=$(sed -n 's/^advertised.listeners=.*://p' "$folder/server.properties")
    return
  fi
  command -v java >/dev/null || fail $EXIT_INFRASTRUCTURE \
    "Java, which Kafka runs on, is missing: apt-get install default-jre-headless"
  mkdir -p "$folder"
  for _ in 1 2 3; do
    if port_taken "$port"; then
      [[ $fixed ]] && fail $EXIT_INFRASTRUCTURE \
        "port $port for Kafka is taken: free it or set EVALLOOP_KAFKA_PORT"
      port=$(free_port)
    fi
    kafka_configure "$folder" "$port" "$(free_port)"
    say "Starting Kafka $KAFKA_VERSION on 127.0.0.1:$port"
    : >"$folder/server.log"
    (kafka_java 128m kafka.Kafka "$folder/server.properties") \
      >>"$folder/server.log" 2>&1 </dev/null 9>&- &
    echo $! >"$folder/pid"
    # Seconds on an idle machine; minutes where builds keep the cores.
    wait_until 180 kafka_settled "$folder" || fail $EXIT_INFRASTRUCTURE \
      "Kafka was not ready after 180 seconds: the machine is too busy, or see $folder/server.log"
    if kafka_pid "$1" >/dev/null &&
      grep -q 'Kafka Server started' "$folder/server.log"; then
      KAFKA_PORT_USED=$port
      return
    fi
    # Somebody else was faster at one of its two ports: try others.
    grep -q 'BindException\|Address already in use' "$folder/server.log" || break
  done
  fail $EXIT_INFRASTRUCTURE "Kafka did not start: $(
    grep -E ' (ERROR|FATAL) |Exception' "$folder/server.log" | head -n 1 |
      cut -c 1-300) (log: $folder/server.log)"
}


# mock_broker_start STATE: librdkafka's in-memory cluster in a process of its
# own, for a look where the Maven repository can't be reached. Sets
# KAFKA_BROKERS_USED. Nothing in it outlives it.
mock_broker_start() {
  local folder=$1/kafka
  mkdir -p "$folder"
  if ! mock_broker_pid "$1" >/dev/null; then
    setsid "$EVALLOOP_MOCK_BROKER" >"$folder/mock.out" 2>"$folder/mock.log" \
      </dev/null 9>&- &
    echo $! >"$folder/mock.pid"
    wait_until 10 grep -q ':' "$folder/mock.out" || fail $EXIT_INFRASTRUCTURE \
      "the in-memory broker did not start (log: $folder/mock.log)"
  fi
  KAFKA_BROKERS_USED=$(head -n 1 "$folder/mock.out")
}

kafka_stop() {
  local pid
  if pid=$(kafka_pid "$1"); then
    say "Stopping Kafka"
    stop_pid "$pid" 30
  fi
  if pid=$(mock_broker_pid "$1"); then
    say "Stopping the in-memory broker"
    stop_pid "$pid" 5
  fi
}
