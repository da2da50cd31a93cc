#include "prompt_engine/store/outcome_rows.h"

#include <vector>

#include "platform/postgres/arrays.h"

namespace evalloop::prompt_engine {
namespace {

std::vector<completion_policy::ModelToken> TokensOf(const std::string& raw_text,
                                                    const pqxx::row& row) {
  const auto ends = postgres::IntsOf(row["token_ends"]);
  const auto logs = postgres::DoublesOf(row["log_probabilities"]);
  const auto orders = postgres::IntsOf(row["orders"]);
  const auto supports = postgres::IntsOf(row["supports"]);
  std::vector<completion_policy::ModelToken> tokens;
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    completion_policy::ModelToken& token = tokens.emplace_back();
    token.text = raw_text.substr(begin, ends[i] - begin);
    token.log_probability = logs[i].value_or(0);
    if (orders[i] != kNotTold) {
      token.order = static_cast<std::uint32_t>(orders[i]);
    }
    if (supports[i] != kNotTold) {
      token.support = static_cast<std::uint32_t>(supports[i]);
    }
    begin = ends[i];
  }
  return tokens;
}

}  // namespace

Outcome OutcomeOf(const pqxx::row& row) {
  Outcome outcome;
  outcome.completion_id = row["completion_id"].as<std::string>();
  outcome.prompt = row["prompt"].as<std::string>();
  outcome.revision_version = row["revision_version"].as<std::uint32_t>();
  outcome.model = row["model"].as<std::string>();
  outcome.session = row["session"].as<std::string>();
  outcome.repository = row["repository"].as<std::string>();
  outcome.path = row["path"].as<std::string>();
  outcome.language = row["language"].as<std::string>();
  outcome.commit = row["commit"].as<std::string>();
  outcome.line = row["line"].as<std::uint32_t>();
  outcome.column = row["column"].as<std::uint32_t>();
  outcome.typed_tokens = row["typed_tokens"].as<std::uint32_t>();
  outcome.typed_characters = row["typed_chars"].as<std::uint32_t>();
  outcome.raw_text = row["raw_text"].as<std::string>();
  outcome.tokens = TokensOf(outcome.raw_text, row);
  outcome.shown = row["shown"].as<bool>();
  outcome.shown_text = row["shown_text"].as<std::string>();
  outcome.kind = static_cast<FeedbackKind>(row["kind"].as<int>());
  if (!row["text"].is_null()) outcome.text = row["text"].as<std::string>();
  outcome.serve_time = postgres::TimeOf(row["served_at"]);
  if (!row["settled_at"].is_null()) {
    outcome.settle_time = postgres::TimeOf(row["settled_at"]);
  }
  return outcome;
}

}  // namespace evalloop::prompt_engine
