# ./dev run and the stack under it; sourced by ./dev.
# shellcheck shell=bash

# stack_up: engines, schemas, services. Idempotent.
stack_up() {
  need_engines
  prepare_home
  services_start
}

# need_engines: engines and schemas, for whoever needs no service.
need_engines() {
  EVALLOOP_MOCK_BROKER=$BIN/mock_broker engines_start "$EVALLOOP_HOME"
  stack_environment
  migrate "$EVALLOOP_DATABASE_URL"
}

stack_down() {
  services_stop
  engines_stop "$EVALLOOP_HOME"
}

is_url() { [[ $1 == *://* || $1 =~ ^[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:.+ ]]; }

# safe_git ARGUMENTS...: git that runs nothing of a stranger's repository and
# never waits for a password.
safe_git() {
  GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND=${GIT_SSH_COMMAND:-ssh -oBatchMode=yes} \
    git -c core.hooksPath=/dev/null -c core.fsmonitor=false \
    -c protocol.ext.allow=never -c http.lowSpeedLimit=1000 \
    -c http.lowSpeedTime=60 -c safe.directory='*' "$@"
}

# fetch_repository URL: prints the folder of a bare clone, kept for next time.
fetch_repository() {
  local url=$1 folder name
  name=$(basename "${url%/}" .git)
  folder=$EVALLOOP_HOME/repositories/${name//[^A-Za-z0-9._-]/_}-$(
    printf %s "$url" | cksum | cut -d' ' -f1).git
  if [[ -d $folder ]]; then
    say "Fetching new commits of $url"
    safe_git -C "$folder" fetch -q --no-tags origin '+refs/heads/*:refs/heads/*' 2>/dev/null ||
      say "The repository can't be reached: going on with the commits fetched before"
  else
    say "Cloning $url"
    mkdir -p "$(dirname "$folder")"
    rm -rf "$folder.new"
    safe_git clone -q --bare --no-tags -- "$url" "$folder.new" >&2 || {
      rm -rf "$folder.new"
      fail $EXIT_INFRASTRUCTURE "can't clone $url"
    }
    mv "$folder.new" "$folder"
  fi
  echo "$folder"
}

# check_repository PATH: prints its absolute path.
check_repository() {
  [[ -e $1 ]] || fail $EXIT_USAGE "$1 does not exist"
  [[ -d $1 ]] && safe_git -C "$1" rev-parse --git-dir >/dev/null 2>&1 ||
    fail $EXIT_USAGE "$1 is not a git repository"
  safe_git -C "$1" rev-parse -q --verify 'HEAD^{commit}' >/dev/null 2>&1 ||
    fail $EXIT_USAGE "the git repository $1 has no commits yet"
  (cd "$1" && pwd)
}

# loop_run [PATH or URL] [--lines N] [--report FILE] [--exit]
loop_run() {
  local source='' leave='' options=() repository code=0
  while (($#)); do
    case $1 in
      --exit) leave=1 ;;
      --lines | --report)
        [[ ${2:-} ]] || fail $EXIT_USAGE "$1 needs a value"
        [[ $1 == --lines && ! $2 =~ ^[1-9][0-9]*$ ]] &&
          fail $EXIT_USAGE "--lines needs a whole number above 0, not '$2'"
        options+=("$1" "$2")
        shift
        ;;
      -*) fail $EXIT_USAGE "./dev run knows no option $1 (see ./dev help)" ;;
      *)
        [[ -z $source ]] || fail $EXIT_USAGE "one repository, not both $source and $1"
        source=$1
        ;;
    esac
    shift
  done
  source=${source:-$ROOT}

  # A wrong path is told before minutes of installing and building.
  command -v git >/dev/null || install_packages
  if is_url "$source"; then
    repository=$(fetch_repository "$source")
  fi
  repository=$(check_repository "${repository:-$source}")

  install_packages
  build release
  stack_up
  services_watched "$BIN/evalloop" loop run --repo "$repository" \
    "${options[@]}" || code=$?
  if [[ $leave ]]; then
    stack_down
  else
    say ''
    say 'The services stay up (./dev down stops them):'
    services_status >&2 || true
  fi
  return $code
}
