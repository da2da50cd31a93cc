# Shared by every script of the local stack; sourced, never run.
# shellcheck shell=bash

# Exit codes are those of the command line: see `evalloop --help`.
readonly EXIT_USAGE=2
readonly EXIT_INFRASTRUCTURE=3

# say WORDS: one line of progress. Talk goes to stderr, data to stdout.
say() { printf '%s\n' "$*" >&2; }

# fail CODE WORDS: one line on what is wrong and what to do; ends the script.
fail() {
  local code=$1
  shift
  printf 'error: %s\n' "$*" >&2
  exit "$code"
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port: a port that nobody listens on, below the range from which the
# kernel takes the local ends of outgoing connections.
free_port() {
  local port
  for _ in {1..200}; do
    port=$((20000 + RANDOM % 12000))
    if ! port_taken "$port"; then
      echo "$port"
      return
    fi
  done
  fail $EXIT_INFRASTRUCTURE "no free port between 20000 and 32000 on 127.0.0.1"
}

# pid_of FILE MARK: prints the process id in FILE if that process lives and its
# command line holds MARK. A pid file that outlived its process, whose number
# may be another's by now, counts as nothing.
pid_of() {
  local pid
  [[ -r $1 ]] && read -r pid <"$1" && [[ $pid =~ ^[0-9]+$ ]] || return 1
  [[ -r /proc/$pid/cmdline ]] || return 1
  [[ $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null) == *"$2"* ]] || return 1
  echo "$pid"
}

# wait_until SECONDS COMMAND...: runs COMMAND every 0.1 s until it succeeds.
wait_until() {
  local left=$(($1 * 10))
  shift
  until "$@"; do
    ((left-- > 0)) || return 1
    sleep 0.1
  done
}

# gone PID: ended, be it that nobody has collected it yet.
gone() { ! grep -qsE '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status"; }

# stop_pid PID SECONDS: asks with SIGTERM, after SECONDS insists with SIGKILL.
stop_pid() {
  kill -TERM "$1" 2>/dev/null || return 0
  if ! wait_until "$2" gone "$1"; then
    kill -KILL "$1" 2>/dev/null || true
    wait_until 5 gone "$1" || true
  fi
}

# need_space FOLDER MEGABYTES: stops early and clearly where a full disk would
# otherwise show as a database's stack trace.
need_space() {
  local free
  free=$(df --output=avail -m "$1" | tail -n 1)
  ((free >= $2)) || fail $EXIT_INFRASTRUCTURE \
    "disk full: ${free// /} MB left for $1, $2 MB are needed"
}
