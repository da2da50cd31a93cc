# Tools of the tests that Go builds at an exact version: helm for the chart,
# grpcurl for the gRPC surface. Sourced by ./dev and by the tests.
# shellcheck shell=bash

declare -rA GO_TOOL_VERSION=([helm]=3.19.5 [grpcurl]=1.9.3)
declare -rA GO_TOOL_MODULE=(
  [helm]=helm.sh/helm/v3/cmd/helm
  [grpcurl]=github.com/fullstorydev/grpcurl/cmd/grpcurl)

go_tool_cache() {
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/evalloop/$1-${GO_TOOL_VERSION[$1]}"
}

# go_tool_serves TOOL PROGRAM: an installed one will do.
go_tool_serves() {
  case $1 in
    helm) [[ $("$2" version --short 2>/dev/null) == v3* ]] ;;
    *) "$2" --version >/dev/null 2>&1 ;;
  esac
}

# go_tool TOOL: prints its path. Returns 4 where there is none and no Go to
# build one, 1 where it was not or could not be built.
go_tool() {
  local found
  if found=$(command -v "$1") && go_tool_serves "$1" "$found"; then
    echo "$found"
  elif [[ -x $(go_tool_cache "$1")/$1 ]]; then
    echo "$(go_tool_cache "$1")/$1"
  elif go_is_new_enough; then
    return 1
  else
    return 4
  fi
}

# Since 1.21 Go fetches the toolchain that a module asks for.
go_is_new_enough() {
  local version
  version=$(go env GOVERSION 2>/dev/null) || return 1
  [[ $version =~ ^go1\.([0-9]+) ]] && ((BASH_REMATCH[1] >= 21))
}

# build_go_tool TOOL: builds it with Go, once. What goes wrong is told and left
# to the tool's test, which is then skipped with its reason.
build_go_tool() {
  local code=0 log folder version=${GO_TOOL_VERSION[$1]}
  go_tool "$1" >/dev/null || code=$?
  ((code == 1)) || return 0
  say "Building $1 $version with Go (once, some minutes)"
  folder=$(go_tool_cache "$1")
  mkdir -p "$folder"
  log=$folder/build.log
  GOBIN=$folder GOFLAGS=-mod=mod timeout 900 \
    go install "${GO_TOOL_MODULE[$1]}@v$version" >"$log" 2>&1 </dev/null ||
    say "Go could not build $1: $(grep -v '^go: downloading' "$log" | head -n 1) (log: $log)"
}
