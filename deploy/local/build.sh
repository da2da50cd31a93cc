# Configuring and compiling; sourced by ./dev.
# shellcheck shell=bash

readonly PRESETS=(dev asan tsan release)

check_preset() {
  [[ " ${PRESETS[*]} " == *" $1 "* ]] || fail $EXIT_USAGE \
    "no preset called '$1': one of ${PRESETS[*]}"
}

# build PRESET [TARGET...]: configures when needed, compiles what changed.
build() {
  local preset=$1 log
  shift
  need_space "$ROOT" 2048
  if [[ ! -f $ROOT/build/$preset/build.ninja ]]; then
    say "Configuring build/$preset"
    mkdir -p "$ROOT/build"
    log=$ROOT/build/configure-$preset.log
    (cd "$ROOT" && cmake --preset "$preset") >"$log" 2>&1 || {
      rm -f "$ROOT/build/$preset/build.ninja"
      grep -A 12 -m 1 'CMake Error' "$log" >&2 || tail -n 5 "$log" >&2
      fail $EXIT_INFRASTRUCTURE "cmake could not configure (whole log: $log)"
    }
  fi
  say "Building build/$preset"
  NINJA_STATUS='[%f/%t %es] ' ninja -C "$ROOT/build/$preset" "$@" >&2 ||
    fail 1 "the build failed: the compiler's words are above"
}
