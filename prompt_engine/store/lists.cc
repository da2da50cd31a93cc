#include "prompt_engine/store/lists.h"

namespace evalloop::prompt_engine {
namespace {

using listing::Field;
using listing::Key;
using listing::Type;

constexpr Field kPromptFields[] = {
    {.name = "name", .sql = "p.name"},
    {.name = "latest_version",
     .type = Type::kInteger,
     .sql = "p.latest_version"},
    {.name = "create_time", .type = Type::kTime, .sql = "p.created_at"},
    {.name = "labels",
     .type = Type::kTexts,
     .sql = "ARRAY(SELECT l.label FROM label l WHERE l.prompt = p.name)"},
};
constexpr Key kPromptOrder[] = {{.sql = "p.name"}};

constexpr Field kRevisionFields[] = {
    {.name = "version", .type = Type::kInteger, .sql = "v.version"},
    {.name = "digest", .sql = "v.digest"},
    {.name = "model",
     .sql = "(v.content_json->'model'->>'name')",
     .nullable = true},
    {.name = "message", .sql = "v.message", .sortable = false},
    {.name = "author", .sql = "v.author"},
    {.name = "parent_version",
     .type = Type::kInteger,
     .sql = "v.parent_version"},
    {.name = "create_time", .type = Type::kTime, .sql = "v.created_at"},
    {.name = "published",
     .type = Type::kBoolean,
     .sql = "(v.published_at IS NOT NULL)"},
    {.name = "publish_time",
     .type = Type::kTime,
     .sql = "v.published_at",
     .nullable = true},
    {.name = "gate_id", .sql = "v.gate_id", .nullable = true},
    {.name = "verdict",
     .type = Type::kWord,
     // In the order of the domain's Verdict.
     .sql = "((ARRAY['none', 'passed', 'regressed', 'inconclusive', "
            "'overridden'])[coalesce(v.verdict, 0) + 1])",
     .words = "none passed regressed inconclusive overridden",
     .prefix = "VERDICT_KIND_"},
};
constexpr Key kRevisionOrder[] = {
    {.sql = "v.version", .type = Type::kInteger, .descending = true}};

constexpr Field kHistoryFields[] = {
    {.name = "time", .type = Type::kTime, .sql = "h.at"},
    {.name = "act",
     .type = Type::kWord,
     .sql = "h.act",
     .words = "pushed published moved rolled_back protected unprotected"},
    {.name = "label", .sql = "h.label"},
    {.name = "from_version", .type = Type::kInteger, .sql = "h.from_version"},
    {.name = "to_version", .type = Type::kInteger, .sql = "h.to_version"},
    {.name = "author", .sql = "h.author"},
    {.name = "reason", .sql = "h.reason", .sortable = false},
};
constexpr Key kHistoryOrder[] = {
    {.sql = "h.id", .type = Type::kInteger, .descending = true}};

}  // namespace

const listing::List kPromptList = {
    .name = "prompts", .fields = kPromptFields, .order = kPromptOrder};
const listing::List kRevisionList = {
    .name = "revisions", .fields = kRevisionFields, .order = kRevisionOrder};
const listing::List kHistoryList = {
    .name = "history", .fields = kHistoryFields, .order = kHistoryOrder};

}  // namespace evalloop::prompt_engine
