# The reference implementations that tests and benches compare with, from PyPI
# by a lock with hashes. Sourced by ./dev and by the tests.
# shellcheck shell=bash

PYTHON_LOCK=$(dirname "${BASH_SOURCE[0]}")/python/requirements.txt

python_tools_folder() {
  local digest
  digest=$(sha256sum <"$PYTHON_LOCK")
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/evalloop/python-${digest:0:16}"
}

# python_tools: prints the Python that has them all; 4 where nobody could make
# it.
python_tools() {
  local folder
  folder=$(python_tools_folder)
  [[ -e $folder/complete ]] || return 4
  echo "$folder/bin/python"
}

# build_python_tools: makes the virtual environment, once. What goes wrong is
# told and left to the tests that need it, which are then skipped with their
# reason.
build_python_tools() {
  local folder log lock
  python_tools >/dev/null && return
  folder=$(python_tools_folder)
  say "Fetching the Python reference implementations with pip (once, a minute)"
  mkdir -p "$folder"
  log=$folder/build.log
  exec {lock}>"$folder/lock"
  flock "$lock"
  if ! python_tools >/dev/null; then
    # rouge-score comes as source: Debian's setuptools, which venv installs,
    # builds it before the lock's own setuptools is there.
    { /usr/bin/python3 -m venv "$folder" &&
      timeout 900 "$folder/bin/python" -m pip install --no-input \
        --disable-pip-version-check --require-hashes --no-deps \
        --no-build-isolation -r "$PYTHON_LOCK" &&
      touch "$folder/complete"; } >"$log" 2>&1 </dev/null ||
      say "pip could not fetch them: $(grep -m 1 '^ERROR' "$log" || tail -n 1 "$log") (log: $log)"
  fi
  exec {lock}>&-
}
