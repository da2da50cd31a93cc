# The real helm, for the tests of the chart; sourced by ./dev and by the test.
# shellcheck shell=bash

readonly HELM_VERSION=3.19.5

helm_cache() { echo "${XDG_CACHE_HOME:-$HOME/.cache}/evalloop/helm-$HELM_VERSION"; }

# helm_program: prints the path of a helm 3. Returns 4 where there is none and
# no Go to build one, 1 where it was not or could not be built.
helm_program() {
  local found
  if found=$(command -v helm) && [[ $("$found" version --short 2>/dev/null) == v3* ]]; then
    echo "$found"
  elif [[ -x $(helm_cache)/helm ]]; then
    echo "$(helm_cache)/helm"
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

# build_helm: builds it with Go, once. What goes wrong is told and left to the
# chart's test, which is then skipped with its reason.
build_helm() {
  local code=0 log
  helm_program >/dev/null || code=$?
  ((code == 1)) || return 0
  say "Building helm $HELM_VERSION with Go (once, some minutes)"
  mkdir -p "$(helm_cache)"
  log=$(helm_cache)/build.log
  GOBIN=$(helm_cache) GOFLAGS=-mod=mod timeout 900 \
    go install "helm.sh/helm/v3/cmd/helm@v$HELM_VERSION" >"$log" 2>&1 </dev/null ||
    say "Go could not build helm: $(grep -v '^go: downloading' "$log" | head -n 1) (log: $log)"
}
