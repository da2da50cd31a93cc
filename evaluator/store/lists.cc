#include "evaluator/store/lists.h"

namespace evalloop::evaluator {
namespace {

using listing::Field;
using listing::Key;
using listing::Type;

constexpr char kSubsets[] = "full smoke rows holdout";
constexpr char kModes[] = "once typed";
constexpr char kPurposes[] = "asked gate look rows baseline rescore";
constexpr char kStates[] = "running finished cancelled";
constexpr char kTasks[] = "completion generation review search";
constexpr char kVerdicts[] =
    "undecided passed regressed inconclusive overridden";

constexpr Field kRunFields[] = {
    {.name = "run_id", .sql = "r.run_id"},
    {.name = "prompt", .sql = "r.prompt"},
    {.name = "revision_version",
     .type = Type::kInteger,
     .sql = "r.revision_version"},
    {.name = "revision_digest", .sql = "r.revision_digest"},
    {.name = "model", .sql = "r.model"},
    {.name = "model_snapshot", .sql = "r.model_snapshot"},
    {.name = "benchmark", .sql = "r.benchmark"},
    {.name = "benchmark_version",
     .type = Type::kInteger,
     .sql = "r.benchmark_version"},
    {.name = "subset",
     .type = Type::kWord,
     .sql = "r.subset",
     .words = kSubsets,
     .prefix = "SUBSET_"},
    {.name = "mode",
     .type = Type::kWord,
     .sql = "r.mode",
     .words = kModes,
     .prefix = "RUN_MODE_"},
    {.name = "state",
     .type = Type::kWord,
     .sql = "r.state",
     .words = kStates,
     .prefix = "STATE_"},
    {.name = "samples", .type = Type::kInteger, .sql = "r.samples"},
    {.name = "scorer_digest", .sql = "r.scorer_digest"},
    {.name = "index_commit", .sql = "r.index_commit"},
    {.name = "author", .sql = "r.author"},
    {.name = "purpose",
     .type = Type::kWord,
     .sql = "r.purpose",
     .words = kPurposes},
    {.name = "rescored_run_id", .sql = "r.rescored_run", .nullable = true},
    {.name = "start_time", .type = Type::kTime, .sql = "r.start_time"},
    {.name = "finish_time",
     .type = Type::kTime,
     .sql = "r.finish_time",
     .nullable = true},
    {.name = "rows", .type = Type::kInteger, .sql = "r.rows"},
    {.name = "scored",
     .type = Type::kInteger,
     .sql = "(SELECT count(*) FROM run_rows x WHERE x.run_id = r.run_id AND "
            "x.state = 'scored')"},
    {.name = "failed",
     .type = Type::kInteger,
     .sql = "(SELECT count(*) FROM run_rows x WHERE x.run_id = r.run_id AND "
            "x.state = 'failed')"},
    {.name = "cost_micros",
     .type = Type::kInteger,
     .sql = "(SELECT coalesce(sum(x.cost_micros), 0)::bigint FROM run_rows x "
            "WHERE x.run_id = r.run_id)"},
};
constexpr Key kRunOrder[] = {
    {.sql = "r.start_time", .type = Type::kTime, .descending = true},
    {.sql = "r.run_id", .descending = true}};

constexpr Field kRowFields[] = {
    {.name = "item_id", .sql = "w.item_id"},
    {.name = "sample", .type = Type::kInteger, .sql = "w.sample"},
    {.name = "scored", .type = Type::kBoolean, .sql = "(w.state = 'scored')"},
    {.name = "failed", .type = Type::kBoolean, .sql = "(w.state = 'failed')"},
    {.name = "valid", .type = Type::kBoolean, .sql = kRowIsValid},
    {.name = "shown",
     .type = Type::kBoolean,
     .sql = "w.shown",
     .nullable = true},
    {.name = "metrics.",
     .type = Type::kNumber,
     .sql = "metric_value(w.metrics, w.metric_values, w.composite, w.tally, "
            "{})",
     .nullable = true},
    {.name = "composite",
     .type = Type::kNumber,
     .sql = "w.composite",
     .nullable = true},
    {.name = "findings",
     .type = Type::kTexts,
     .sql = "coalesce(w.finding_rules, ARRAY[]::text[])"},
    {.name = "raw_text",
     .sql = "w.raw_text",
     .nullable = true,
     .sortable = false},
    {.name = "shown_text",
     .sql = "w.shown_text",
     .nullable = true,
     .sortable = false},
    {.name = "infrastructure_error",
     .sql = "w.infrastructure_error",
     .nullable = true,
     .sortable = false},
    {.name = "cost_micros", .type = Type::kInteger, .sql = "w.cost_micros"},
    {.name = "prompt_tokens", .type = Type::kInteger, .sql = "w.prompt_tokens"},
    {.name = "completion_tokens",
     .type = Type::kInteger,
     .sql = "w.completion_tokens"},
    {.name = "total_ms",
     .type = Type::kMilliseconds,
     .sql = "w.total_ms",
     .nullable = true},
    {.name = "first_token_ms",
     .type = Type::kMilliseconds,
     .sql = "w.first_token_ms",
     .nullable = true},
    {.name = "reported_model", .sql = "w.reported_model"},
    {.name = "system_fingerprint", .sql = "w.system_fingerprint"},
    {.name = "item.repository", .sql = "i.repository"},
    {.name = "item.path", .sql = "i.path"},
    {.name = "item.language", .sql = "i.language"},
    {.name = "item.commit", .sql = "i.commit"},
    {.name = "item.task",
     .type = Type::kWord,
     .sql = "i.task",
     .words = kTasks},
    {.name = "item.class", .sql = "i.item_class"},
    {.name = "item.tags", .type = Type::kTexts, .sql = "i.tags"},
    {.name = "item.author", .sql = "i.author"},
    {.name = "item.author_time", .type = Type::kTime, .sql = "i.author_time"},
    {.name = "item.agreement",
     .type = Type::kNumber,
     .sql = "i.agreement",
     .nullable = true},
    {.name = "item.contested", .type = Type::kBoolean, .sql = "i.contested"},
    {.name = "item.seen", .type = Type::kBoolean, .sql = "i.seen"},
    {.name = "run.run_id", .sql = "r.run_id"},
    {.name = "run.prompt", .sql = "r.prompt"},
    {.name = "run.revision_version",
     .type = Type::kInteger,
     .sql = "r.revision_version"},
    {.name = "run.revision_digest", .sql = "r.revision_digest"},
    {.name = "run.model", .sql = "r.model"},
    {.name = "run.model_snapshot", .sql = "r.model_snapshot"},
    {.name = "run.benchmark", .sql = "r.benchmark"},
    {.name = "run.benchmark_version",
     .type = Type::kInteger,
     .sql = "r.benchmark_version"},
    {.name = "run.subset",
     .type = Type::kWord,
     .sql = "r.subset",
     .words = kSubsets,
     .prefix = "SUBSET_"},
    {.name = "run.mode",
     .type = Type::kWord,
     .sql = "r.mode",
     .words = kModes,
     .prefix = "RUN_MODE_"},
    {.name = "run.state",
     .type = Type::kWord,
     .sql = "r.state",
     .words = kStates,
     .prefix = "STATE_"},
    {.name = "run.samples", .type = Type::kInteger, .sql = "r.samples"},
    {.name = "run.scorer_digest", .sql = "r.scorer_digest"},
    {.name = "run.index_commit", .sql = "r.index_commit"},
    {.name = "run.author", .sql = "r.author"},
    {.name = "run.purpose",
     .type = Type::kWord,
     .sql = "r.purpose",
     .words = kPurposes},
    {.name = "run.start_time", .type = Type::kTime, .sql = "r.start_time"},
    {.name = "run.finish_time",
     .type = Type::kTime,
     .sql = "r.finish_time",
     .nullable = true},
};
constexpr Key kRowOrder[] = {{.sql = "w.item_id"},
                             {.sql = "w.sample", .type = Type::kInteger}};

constexpr Field kItemFields[] = {
    {.name = "item_id", .sql = "i.item_id"},
    {.name = "repository", .sql = "i.repository"},
    {.name = "path", .sql = "i.path"},
    {.name = "language", .sql = "i.language"},
    {.name = "commit", .sql = "i.commit"},
    {.name = "line", .type = Type::kInteger, .sql = "i.line"},
    {.name = "end_line", .type = Type::kInteger, .sql = "i.end_line"},
    {.name = "symbol", .sql = "i.symbol"},
    {.name = "task", .type = Type::kWord, .sql = "i.task", .words = kTasks},
    {.name = "class", .sql = "i.item_class"},
    {.name = "tags", .type = Type::kTexts, .sql = "i.tags"},
    {.name = "author", .sql = "i.author"},
    {.name = "author_time", .type = Type::kTime, .sql = "i.author_time"},
    {.name = "agreed", .sql = "i.agreed", .sortable = false},
    {.name = "agreement",
     .type = Type::kNumber,
     .sql = "i.agreement",
     .nullable = true},
    {.name = "contested", .type = Type::kBoolean, .sql = "i.contested"},
    {.name = "seen", .type = Type::kBoolean, .sql = "i.seen"},
    {.name = "criteria", .type = Type::kTexts, .sql = "i.criteria"},
    {.name = "holdout", .type = Type::kBoolean, .sql = "i.holdout"},
    {.name = "archived",
     .type = Type::kBoolean,
     .sql = "(a.item_id IS NOT NULL)"},
    {.name = "tested", .type = Type::kBoolean, .sql = "(i.tests <> '')"},
    {.name = "quarantined", .type = Type::kBoolean, .sql = kItemIsQuarantined},
    {.name = "mutation_score",
     .type = Type::kNumber,
     .sql = "o.mutation_score",
     .nullable = true},
};
constexpr Key kItemOrder[] = {
    {.sql = "i.benchmark_version", .type = Type::kInteger, .descending = true},
    {.sql = "i.ordinal", .type = Type::kInteger}};

constexpr Field kBenchmarkFields[] = {
    {.name = "name", .sql = "b.name"},
    {.name = "version", .type = Type::kInteger, .sql = "b.version"},
    {.name = "repository", .sql = "b.repository"},
    {.name = "after_commit", .sql = "b.after_commit"},
    {.name = "until_commit", .sql = "b.until_commit"},
    {.name = "items", .type = Type::kInteger, .sql = "b.items"},
    {.name = "agreed", .type = Type::kInteger, .sql = "b.agreed"},
    {.name = "contested", .type = Type::kInteger, .sql = "b.contested"},
    {.name = "tested", .type = Type::kInteger, .sql = "b.tested"},
    {.name = "archived",
     .type = Type::kInteger,
     .sql = "(SELECT count(*) FROM archived_items a WHERE a.benchmark = b.name "
            "AND a.archived_in <= b.version)"},
    {.name = "rotated_from", .type = Type::kInteger, .sql = "b.rotated_from"},
    {.name = "digest", .sql = "b.digest"},
    {.name = "changelog", .sql = "b.changelog", .sortable = false},
    {.name = "create_time", .type = Type::kTime, .sql = "b.create_time"},
};
constexpr Key kBenchmarkOrder[] = {
    {.sql = "b.create_time", .type = Type::kTime, .descending = true},
    {.sql = "b.name"},
    {.sql = "b.version", .type = Type::kInteger, .descending = true}};

constexpr Field kGateFields[] = {
    {.name = "gate_id", .sql = "g.gate_id"},
    {.name = "prompt", .sql = "g.prompt"},
    {.name = "candidate_version",
     .type = Type::kInteger,
     .sql = "g.candidate_version"},
    {.name = "baseline_version",
     .type = Type::kInteger,
     .sql = "g.baseline_version"},
    {.name = "candidate_run_id", .sql = "g.candidate_run"},
    {.name = "baseline_run_id", .sql = "g.baseline_run"},
    {.name = "benchmark", .sql = "c.benchmark"},
    {.name = "benchmark_version",
     .type = Type::kInteger,
     .sql = "c.benchmark_version"},
    {.name = "subset",
     .type = Type::kWord,
     .sql = "c.subset",
     .words = kSubsets,
     .prefix = "SUBSET_"},
    {.name = "mode",
     .type = Type::kWord,
     .sql = "c.mode",
     .words = kModes,
     .prefix = "RUN_MODE_"},
    {.name = "verdict",
     .type = Type::kWord,
     .sql = "g.verdict",
     .words = kVerdicts,
     .prefix = "VERDICT_KIND_"},
    {.name = "warns", .type = Type::kBoolean, .sql = "g.warns"},
    {.name = "looks", .type = Type::kInteger, .sql = "g.looks"},
    {.name = "samples", .type = Type::kInteger, .sql = "g.samples"},
    {.name = "author", .sql = "g.author"},
    {.name = "override_author", .sql = "g.override_author"},
    {.name = "override_reason", .sql = "g.override_reason", .sortable = false},
    {.name = "start_time", .type = Type::kTime, .sql = "g.start_time"},
    {.name = "decide_time",
     .type = Type::kTime,
     .sql = "g.decide_time",
     .nullable = true},
    {.name = "minimum_detectable_effect",
     .type = Type::kNumber,
     .sql = "g.minimum_detectable_effect",
     .nullable = true},
};
constexpr Key kGateOrder[] = {
    {.sql = "g.start_time", .type = Type::kTime, .descending = true},
    {.sql = "g.gate_id", .descending = true}};

constexpr Field kDecisionFields[] = {
    {.name = "decision_id", .sql = "d.decision_id"},
    {.name = "prompt", .sql = "d.prompt"},
    {.name = "kind", .sql = "d.kind"},
    {.name = "from_version", .type = Type::kInteger, .sql = "d.from_version"},
    {.name = "to_version", .type = Type::kInteger, .sql = "d.to_version"},
    {.name = "verdict",
     .type = Type::kWord,
     .sql = "d.verdict",
     .words = kVerdicts,
     .prefix = "VERDICT_KIND_"},
    {.name = "applied", .type = Type::kBoolean, .sql = "d.applied"},
    {.name = "reason", .sql = "d.reason", .sortable = false},
    {.name = "gain", .type = Type::kNumber, .sql = "d.gain"},
    {.name = "gain_metric", .sql = "d.gain_metric"},
    {.name = "gate_id", .sql = "d.gate_id"},
    {.name = "decide_time", .type = Type::kTime, .sql = "d.decide_time"},
};
constexpr Key kDecisionOrder[] = {
    {.sql = "d.decide_time", .type = Type::kTime, .descending = true},
    {.sql = "d.decision_id", .descending = true}};

constexpr Key kFlipOrder[] = {
    {.sql = "f.unsteadiness", .type = Type::kNumber, .descending = true},
    {.sql = "f.item_id"}};

}  // namespace

const listing::List kRunList = {
    .name = "runs", .fields = kRunFields, .order = kRunOrder};
const listing::List kRowList = {
    .name = "rows", .fields = kRowFields, .order = kRowOrder, .unique = 2};
const listing::List kItemList = {
    .name = "items", .fields = kItemFields, .order = kItemOrder};
const listing::List kBenchmarkList = {.name = "benchmarks",
                                      .fields = kBenchmarkFields,
                                      .order = kBenchmarkOrder,
                                      .unique = 2};
const listing::List kGateList = {
    .name = "gates", .fields = kGateFields, .order = kGateOrder};
const listing::List kDecisionList = {
    .name = "decisions", .fields = kDecisionFields, .order = kDecisionOrder};
const listing::List kFlipList = {
    .name = "flips", .fields = {}, .order = kFlipOrder};

}  // namespace evalloop::evaluator
