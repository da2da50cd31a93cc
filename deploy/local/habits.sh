# The developer's habits: status, logs, format, lint, bench, clean; sourced by
# ./dev.
# shellcheck shell=bash

stack_status() {
  local down=0
  engines_status "$EVALLOOP_HOME" || down=1
  services_status || down=1
  return $down
}

# show_logs NAME: follows on a terminal, else prints the end.
show_logs() {
  local log follow=()
  case $1 in
    postgres) log=$(postgres_data "$EVALLOOP_HOME")/server.log ;;
    kafka) log=$EVALLOOP_HOME/kafka/server.log ;;
    *)
      [[ " ${SERVICES[*]} " == *" ${1:-none} "* ]] || fail $EXIT_USAGE \
        "./dev logs SERVICE: one of ${SERVICES[*]} postgres kafka"
      log=$EVALLOOP_HOME/log/$1.log
      ;;
  esac
  [[ -r $log ]] || fail $EXIT_USAGE "$1 has no log yet (./dev up starts it)"
  [[ -t 1 ]] && follow=(-F)
  tail -n 200 "${follow[@]}" "$log"
}

# sources: tracked C++ of our own.
sources() { git -C "$ROOT" ls-files '*.cc' '*.h'; }

format_sources() {
  install_packages
  (cd "$ROOT" && sources | xargs -r clang-format-14 -i)
}

# buf: protos are linted by the locked buf of tools/buf.
buf_lint() {
  local folder=$ROOT/build/buf
  if ! cmp -s "$ROOT/tools/buf/package-lock.json" "$folder/installed.json"; then
    say "Fetching buf with npm"
    mkdir -p "$folder"
    cp "$ROOT"/tools/buf/package{,-lock}.json "$folder"
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >&2 ||
      fail $EXIT_INFRASTRUCTURE "npm could not fetch buf: is the npm registry reachable?"
    cp "$folder/package-lock.json" "$folder/installed.json"
  fi
  (cd "$ROOT" && "$folder"/node_modules/@bufbuild/buf-linux-*/bin/buf lint)
}

# check WORDS COMMAND...: runs one check and remembers whether it failed.
check() {
  local words=$1
  shift
  say "Checking $words"
  "$@" || LINT_FAILED+=("$words")
}

scripts_parse() {
  local script
  while read -r script; do bash -n "$script" || return 1; done < <(
    cd "$ROOT" && git ls-files '*.sh' dev .ci/run | sed "s|^|$ROOT/|")
}

lint_sources() {
  install_packages
  LINT_FAILED=()
  check layers /usr/bin/python3 "$ROOT/tools/check_layers.py" "$ROOT"
  check format bash -c "cd '$ROOT' && git ls-files '*.cc' '*.h' | xargs -r clang-format-14 --dry-run --Werror"
  check protos buf_lint
  check access /usr/bin/python3 "$ROOT/tools/check_access.py" "$ROOT"
  check configuration /usr/bin/python3 "$ROOT/tools/check_config.py" "$ROOT"
  check schemas /usr/bin/python3 "$ROOT/tools/check_schemas.py" "$ROOT"
  check scripts scripts_parse
  ((${#LINT_FAILED[@]} == 0)) || fail 1 "lint failed: ${LINT_FAILED[*]} (./dev format mends the format)"
}

# run_benchmarks [NAME]: those of build/release/bench; NAME also means NAME_*.
run_benchmarks() {
  local name ran='' failed=()
  install_packages
  build release
  for name in "$ROOT"/build/release/bench/*; do
    [[ -f $name && -x $name && (-z $1 || $(basename "$name") == "$1" || $(basename "$name") == "$1"_*) ]] || continue
    say "$(basename "$name")"
    "$name" || failed+=("$(basename "$name")")
    ran=1
  done
  [[ $ran ]] || fail $EXIT_USAGE "no benchmark ${1:+called '$1' }in build/release/bench"
  ((${#failed[@]} == 0)) || fail 1 "did not run to their end: ${failed[*]}; each says why above"
}

clean() {
  case $1 in
    '') rm -rf "$ROOT/build" ;;
    --all)
      stack_environment
      stack_down
      rm -rf "$ROOT/build" "$(postgres_data "$EVALLOOP_HOME")" "$EVALLOOP_HOME"
      ;;
    *) fail $EXIT_USAGE "./dev clean [--all], not '$1'" ;;
  esac
}
