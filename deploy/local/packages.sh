# What the system must have; sourced by ./dev.
# shellcheck shell=bash

# missing_packages: those of packages.txt that are not installed.
missing_packages() {
  local package command wanted=() installed
  while read -r package command; do
    [[ -z $package || $package == \#* ]] && continue
    [[ $command ]] && command -v "$command" >/dev/null && continue
    wanted+=("$package")
  done <"$LOCAL_DIR/packages.txt"
  # It fails where it has never heard of one of them, and tells of the others.
  installed=$( (dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' \
    "${wanted[@]}" 2>/dev/null || true) | sed -n 's/^ii *//p')
  printf '%s\n' "${wanted[@]}" | grep -vxF -f <(echo "$installed") || true
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# install_packages: installs what is missing. Quick when nothing is.
install_packages() {
  local missing list log
  command -v dpkg-query >/dev/null || fail $EXIT_INFRASTRUCTURE \
    "this is no Debian: install the packages of deploy/local/packages.txt by hand (Debian 12 is the supported system)"
  list=$(missing_packages)
  [[ $list ]] || return 0
  mapfile -t missing <<<"$list"
  say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  ((EUID == 0)) || command -v sudo >/dev/null || fail $EXIT_INFRASTRUCTURE \
    "missing packages and no sudo: as root, run: apt-get install --no-install-recommends ${missing[*]}"
  if [[ " ${missing[*]} " == *" postgresql-15 "* ]]; then
    # Its installation would start a server of its own on port 5432.
    as_root mkdir -p /etc/postgresql-common
    grep -qs '^create_main_cluster *= *false' /etc/postgresql-common/createcluster.conf ||
      echo 'create_main_cluster = false' |
        as_root tee -a /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  log=$(mktemp)
  # One step a line, so that a wait of minutes shows that it moves.
  if ! { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y \
      --no-install-recommends -o Dpkg::Options::=--force-confold \
      -o DPkg::Lock::Timeout=300 "${missing[@]}"; } 2>&1 </dev/null |
    tee "$log" | awk '/^(Get:|Setting up)/ {
      if (++steps % 25 == 0) { print "  " $0; fflush() } }' >&2; then
    fail $EXIT_INFRASTRUCTURE "apt-get failed: $(grep -m 1 '^E:' "$log" ||
      tail -n 1 "$log") (whole log: $log)"
  fi
  rm -f "$log"
}
