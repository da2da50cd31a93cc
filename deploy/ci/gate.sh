#!/bin/sh
# A prompt's gate with curl and jq alone:
#
#   gate.sh PROMPT REVISION.json BENCHMARK [POLICY.json]
#
# Pushes the revision as a draft, gates it against a baseline, prints how the
# two compare and ends with the contract's code: 0 passed, 1 regressed, 2 usage
# or bad input, 3 infrastructure, 4 not allowed, 5 inconclusive, 124 timed out.
# Where it passed, stdout's last line is PROMPT@VERSION and the gate's id.
#
#   EVALLOOP_PROMPT_ENGINE_URL   JSON over HTTP; http://127.0.0.1:8101
#   EVALLOOP_EVALUATOR_URL       the same; http://127.0.0.1:8102
#   EVALLOOP_AUTH_TOKEN          API key or CI token; none: no authentication
#   EVALLOOP_BASELINE            label; production
#   EVALLOOP_SUBSET              full, smoke or holdout; full
#   EVALLOOP_PUBLISH             true: publish what passed
#   EVALLOOP_MESSAGE             why, for the prompt's history
#   EVALLOOP_GATE_SECONDS        for the verdict; 7200
#   EVALLOOP_REQUEST_ID          this job, the same for each attempt at it; that
#                                of GitHub or GitLab, else random
set -eu
umask 077

fail() { # fail CODE WORDS
  echo "gate.sh: $2" >&2
  exit "$1"
}

[ $# -eq 3 ] || [ $# -eq 4 ] ||
  fail 2 "usage: gate.sh PROMPT REVISION.json BENCHMARK [POLICY.json]"
for tool in curl jq sha256sum; do
  command -v "$tool" >/dev/null || fail 3 "$tool is not installed"
done
prompt=$1 revision=$2 benchmark=$3 policy=${4:-}
prompts=${EVALLOOP_PROMPT_ENGINE_URL:-http://127.0.0.1:8101}/v1/prompts
evaluator=${EVALLOOP_EVALUATOR_URL:-http://127.0.0.1:8102}/v1

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A file, so that no token stands in the list of processes. All calls may be
# made again: they read, or bring a request id.
cat >"$folder/curl" <<END
silent
show-error
connect-timeout = 5
max-time = 60
retry = 3
retry-connrefused
header = "content-type: application/json"
header = "x-server-timeout: 50"
END
case ${EVALLOOP_AUTH_TOKEN:-} in
  '') ;;
  *[!A-Za-z0-9._~+/=-]*) fail 2 "EVALLOOP_AUTH_TOKEN is no token" ;;
  *) printf 'header = "authorization: Bearer %s"\n' "$EVALLOOP_AUTH_TOKEN" \
    >>"$folder/curl" ;;
esac

# The ids of this job's requests: a job that is tried again finds the version
# and the gate of its first attempt, and gets no other draw.
job=${EVALLOOP_REQUEST_ID:-}
[ -n "$job" ] || job=${GITHUB_RUN_ID:+$GITHUB_REPOSITORY/$GITHUB_RUN_ID/$GITHUB_JOB}
[ -n "$job" ] || job=${CI_PIPELINE_ID:+$CI_PROJECT_ID/$CI_PIPELINE_ID/$CI_JOB_NAME}
[ -n "$job" ] || job=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
id_of() { printf '%s\n%s' "$job" "$1" | sha256sum | cut -c1-32; }

# call VERB URL [BODY]: the answer stands in $folder/answer; an error ends the
# script with its code and the service's words.
call() {
  printf '%s' "${3:-}" >"$folder/body"
  : >"$folder/answer"
  ended=0
  status=$(curl --config "$folder/curl" --request "$1" \
    ${3:+--data-binary "@$folder/body"} \
    --header "x-request-id: $(id_of "$1 $2 ${3:-}")" \
    --output "$folder/answer" --write-out '%{http_code}' "$2") || ended=$?
  case $ended in
    0) ;;
    28) fail 124 "$2 did not answer in time" ;;
    *) fail 3 "$2 can't be reached" ;;
  esac
  case $status in
    200) return ;;
    408 | 504) code=124 ;;
    401 | 403) code=4 ;;
    429 | 499 | 5*) code=3 ;;
    4*) code=2 ;;
    *) code=3 ;;
  esac
  words=$(jq -r '.error.message' "$folder/answer" 2>/dev/null) || words=
  fail "$code" "${words:-$2 answered $status}"
}
answer() { jq -r "$1" "$folder/answer"; }

# take FILE AS: the JSON object of a file, on one line in $folder/AS.
take() {
  jq -ces 'if length == 1 and (.[0] | type) == "object" then .[0]
    else error("no JSON object") end' "$1" >"$folder/$2" 2>/dev/null ||
    fail 2 "$1 is no file with a JSON object"
}

# 1. Create: a draft. The same content is the same version.
take "$revision" content
body=$(jq -c --arg message "${EVALLOOP_MESSAGE:-}" \
  --arg id "$(id_of "push $prompt $(cat "$folder/content")")" \
  '{content: ., message: $message, request_id: $id}' "$folder/content")
name=$(jq -rn --arg name "$prompt" '$name | @uri')
call POST "$prompts/$name/revisions" "$body"
version=$(answer .revision.version)
echo "$prompt@$version $(answer 'if .created then "is new" else "was there" end')" >&2

# 2. Start: the gate makes the runs that it needs.
subset=SUBSET_$(printf '%s' "${EVALLOOP_SUBSET:-full}" | tr '[:lower:]' '[:upper:]')
echo '{}' >"$folder/policy"
[ -z "$policy" ] || take "$policy" policy
body=$(jq -c --arg prompt "$prompt" --argjson version "$version" \
  --arg baseline "${EVALLOOP_BASELINE:-production}" \
  --arg benchmark "$benchmark" --arg subset "$subset" \
  '{candidate: {prompt: $prompt, version: $version},
    baseline_revision: {prompt: $prompt, label: $baseline},
    benchmark: $benchmark, subset: $subset}
   + if . == {} then {} else {policy: .} end' "$folder/policy")
body=$(printf '%s' "$body" | jq -c --arg id "$(id_of "gate $body")" \
  '. + {request_id: $id}')
call POST "$evaluator/gates" "$body"
gate=$(answer .gate.gate_id)

# 3. Poll, until there is a verdict.
end=$(($(date +%s) + ${EVALLOOP_GATE_SECONDS:-7200}))
call GET "$evaluator/gates/$gate"
while [ "$(answer .gate.verdict)" = VERDICT_KIND_UNSPECIFIED ]; do
  [ "$(date +%s)" -lt "$end" ] || fail 124 "gate $gate has no verdict yet"
  sleep 2
  call GET "$evaluator/gates/$gate"
done
cp "$folder/answer" "$folder/gate"
verdict=$(answer .gate.verdict)
warns=$(answer .gate.warns)
answer '.gate.findings[] | select(.verdict != "VERDICT_KIND_PASSED")
  | "\(.metric) \(.demand): \(.detail)"'

# 4. Compare: both sides, metric by metric, with the interval of the difference.
body=$(jq -c '.gate | {baseline_run_id, candidate_run_id}' "$folder/gate")
call POST "$evaluator/runs:compare" "$body"
answer '.comparison.deltas[] | "\(.metric): \(.baseline) -> \(.candidate), " +
  "\(.delta.value) [\(.delta.lower // "?"), \(.delta.upper // "?")]"'

# 5. Decide. Only what passed is published, and the label staging follows.
case $verdict in
  VERDICT_KIND_PASSED | VERDICT_KIND_OVERRIDDEN) ;;
  VERDICT_KIND_REGRESSED) fail 1 "$prompt@$version is worse: gate $gate" ;;
  *)
    [ "$warns" = true ] ||
      fail 5 "gate $gate can't tell: the evidence does not suffice"
    echo "gate.sh: inconclusive, which the policy lets pass" >&2
    ;;
esac
if [ "${EVALLOOP_PUBLISH:-}" = true ] && [ "$verdict" != VERDICT_KIND_INCONCLUSIVE ]; then
  body=$(jq -c '.gate | {gate_id, verdict}' "$folder/gate")
  call POST "$prompts/$name/revisions/$version:publish" "$body"
  echo "$prompt@$version is published" >&2
fi
echo "$prompt@$version $gate"
