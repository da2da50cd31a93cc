# ./dev test; sourced by ./dev.
# shellcheck shell=bash

# Where the engines of a test run live; removed with it.
TEST_STATE=''

# stop_leftovers: ends engines whose test run was killed and could not.
stop_leftovers() {
  local folder owner
  for folder in "${TMPDIR:-/tmp}"/evalloop-test.*; do
    [[ -r $folder/owner ]] || continue
    owner=$(<"$folder/owner")
    [[ -d /proc/$owner ]] && continue
    engines_stop "$folder"
    rm -rf "$folder"
  done
}

end_tests() {
  local code=$?
  trap - EXIT INT TERM
  if [[ $TEST_STATE ]]; then
    engines_stop "$TEST_STATE" 2>/dev/null || true
    rm -rf "$TEST_STATE"
  fi
  exit "$code"
}

# start_test_engines: real engines on free ports, unless the environment names
# some, with every schema deployed.
start_test_engines() {
  stop_leftovers
  TEST_STATE=$(mktemp -d "${TMPDIR:-/tmp}/evalloop-test.XXXXXX")
  chmod 755 "$TEST_STATE"
  echo $$ >"$TEST_STATE/owner"
  trap end_tests EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  EVALLOOP_TEMPORARY=1 engines_start "$TEST_STATE"
  set -a
  # shellcheck disable=SC1091
  source "$TEST_STATE/engines.env"
  set +a
  migrate "$EVALLOOP_DATABASE_URL"
}

# sanitizer_settings PRESET
sanitizer_settings() {
  [[ $1 == dev ]] || export EVALLOOP_TEST_PATIENCE=4
  case $1 in
    asan)
      export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1
      export LSAN_OPTIONS=suppressions=$ROOT/tools/lsan.supp:print_suppressions=0
      export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
      ;;
    tsan)
      # Debian's gRPC is not instrumented: without both of these TSan reports
      # its insides and nothing else.
      export TSAN_OPTIONS="ignore_noninstrumented_modules=1 halt_on_error=0 suppressions=$ROOT/tools/tsan.supp"
      ;;
  esac
}

# run_tests LABEL PRESET
run_tests() {
  local label=$1 preset=$2 selection=() wrapper=()
  build "$preset"
  case $label in
    rpc) ;;
    unit) build_python_tools ;;
    loop)
      build_go_tool grpcurl
      start_test_engines
      ;;
    *)
      build_python_tools
      build_go_tool helm
      build_go_tool grpcurl
      start_test_engines
      ;;
  esac
  [[ $label == all ]] || selection=(-L "^$label\$")
  sanitizer_settings "$preset"
  # TSan's shadow memory and a kernel that randomizes addresses widely collide.
  if [[ $preset == tsan ]] && setarch -R true 2>/dev/null; then
    wrapper=(setarch -R)
  fi
  export EVALLOOP_BUILD_DIR=$ROOT/build/$preset
  if [[ -z ${EVALLOOP_TEST_DATA:-} && -d $ROOT/../shared/data ]]; then
    EVALLOOP_TEST_DATA=$(cd "$ROOT/../shared/data" && pwd)
    export EVALLOOP_TEST_DATA
  fi
  say "Testing ($label, $preset)"
  # Tests of the loop run one at a time: cmake/EvalloopTargets.cmake.
  cd "$ROOT"
  "${wrapper[@]}" ctest --preset "$preset" -j "$(nproc)" \
    --no-tests=error "${selection[@]}"
}
