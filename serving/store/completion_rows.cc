#include "serving/store/completion_rows.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/values.h"

namespace evalloop::serving {
namespace {

using OptionalInts = std::vector<std::optional<std::int64_t>>;

// A column of the insert: its name, the type of its parameter's elements, and
// how the value comes out of an element (arrays travel as text, as unnest would
// flatten an array of arrays).
struct Column {
  std::string_view name;
  std::string_view type;
  std::string_view cast = "";
};

constexpr std::array<Column, 36> kColumns = {{
    {"completion_id", "text"},
    {"prompt", "text"},
    {"revision_version", "bigint"},
    {"revision_digest", "text"},
    {"model", "text"},
    {"model_snapshot", "text"},
    {"arm", "text"},
    {"propensity", "float8"},
    {"repository", "text"},
    {"path", "text"},
    {"language", "text"},
    {"commit", "text"},
    {"line", "bigint"},
    {"col", "bigint"},
    {"user_name", "text"},
    {"session", "text"},
    {"raw_text", "text"},
    {"token_texts", "text", "::text[]"},
    {"token_log_probabilities", "text", "::float8[]"},
    {"token_orders", "text", "::bigint[]"},
    {"token_supports", "text", "::bigint[]"},
    {"shown", "boolean"},
    {"shown_text", "text"},
    {"shown_probability", "float8"},
    {"hidden_reason", "text"},
    {"prompt_tokens", "bigint"},
    {"completion_tokens", "bigint"},
    {"cost_micros", "bigint"},
    {"first_token_ms", "float8"},
    {"total_ms", "float8"},
    {"index_commit", "text"},
    {"finish_reason", "text"},
    {"serve_time", "timestamptz"},
    {"typed_chars_before", "bigint"},
    {"typed_tokens_before", "bigint"},
    {"error", "text"},
}};

std::string InsertStatement() {
  std::string names;
  std::string values;
  std::string parameters;
  std::string updates;
  int place = 0;
  for (const Column& column : kColumns) {
    const std::string_view comma = place == 0 ? "" : ", ";
    ++place;
    names += fmt::format("{}{}", comma, column.name);
    values += fmt::format("{}{}{}", comma, column.name, column.cast);
    parameters += fmt::format("{}${}::{}[]", comma, place, column.type);
    updates +=
        fmt::format("{}{} = excluded.{}", comma, column.name, column.name);
  }
  return fmt::format(
      "INSERT INTO completions ({0}) SELECT {1} FROM unnest({2}) AS row ({0}) "
      "ON CONFLICT (completion_id) DO UPDATE SET {3} "
      "WHERE completions.error = '{4}' AND excluded.error <> '{4}'",
      names, values, parameters, updates, kNoResult);
}

template <typename Get>
std::string Texts(std::span<const Completion* const> rows, const Get& get) {
  std::vector<std::string> values;
  values.reserve(rows.size());
  for (const Completion* row : rows) values.push_back(get(*row));
  return postgres::TextArray(values);
}

template <typename Get>
std::string Ints(std::span<const Completion* const> rows, const Get& get) {
  std::vector<std::int64_t> values;
  values.reserve(rows.size());
  for (const Completion* row : rows) {
    values.push_back(static_cast<std::int64_t>(get(*row)));
  }
  return postgres::IntArray(values);
}

template <typename Get>
std::string Doubles(std::span<const Completion* const> rows, const Get& get) {
  std::vector<std::optional<double>> values;
  values.reserve(rows.size());
  for (const Completion* row : rows) values.push_back(get(*row));
  return postgres::DoubleArray(values);
}

std::string TokenTexts(const Completion& completion) {
  std::vector<std::string> values;
  for (const auto& token : completion.tokens) values.push_back(token.text);
  return postgres::TextArray(values);
}

std::string TokenLogProbabilities(const Completion& completion) {
  std::vector<double> values;
  for (const auto& token : completion.tokens) {
    values.push_back(token.log_probability);
  }
  return postgres::DoubleArray(values);
}

std::string TokenCounts(const Completion& completion,
                        std::optional<std::uint32_t> CompletionToken::*count) {
  OptionalInts values;
  for (const auto& token : completion.tokens) values.push_back(token.*count);
  return postgres::IntArray(values);
}

std::optional<std::uint32_t> CountOf(const std::optional<double>& value) {
  if (!value) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

std::uint32_t UintOf(const pqxx::field& field) {
  return static_cast<std::uint32_t>(field.as<std::int64_t>());
}

}  // namespace

const char* const kCompletionColumns =
    "completion_id, prompt, revision_version, revision_digest, model, "
    "model_snapshot, arm, propensity, repository, path, language, commit, "
    "line, col, user_name, session, raw_text, token_texts, "
    "token_log_probabilities, token_orders, token_supports, shown, shown_text, "
    "shown_probability, hidden_reason, prompt_tokens, completion_tokens, "
    "cost_micros, first_token_ms, total_ms, index_commit, finish_reason, "
    "serve_time, typed_chars_before, typed_tokens_before, error";

Completion CompletionOf(const pqxx::row& row) {
  const auto text = [&row](const char* name) {
    return row[name].as<std::string>();
  };
  Completion completion;
  completion.id = text("completion_id");
  completion.prompt = text("prompt");
  completion.revision_version = UintOf(row["revision_version"]);
  completion.revision_digest = text("revision_digest");
  completion.model = text("model");
  completion.model_snapshot = text("model_snapshot");
  completion.arm = text("arm");
  completion.propensity = row["propensity"].as<double>();
  completion.location = {.repository = text("repository"),
                         .path = text("path"),
                         .language = text("language"),
                         .commit = text("commit"),
                         .line = UintOf(row["line"]),
                         .column = UintOf(row["col"])};
  completion.user = text("user_name");
  completion.session = text("session");
  completion.raw_text = text("raw_text");
  const auto texts = postgres::TextsOf(row["token_texts"]);
  const auto log_probabilities =
      postgres::DoublesOf(row["token_log_probabilities"]);
  const auto orders = postgres::DoublesOf(row["token_orders"]);
  const auto supports = postgres::DoublesOf(row["token_supports"]);
  if (log_probabilities.size() != texts.size() ||
      orders.size() != texts.size() || supports.size() != texts.size()) {
    throw std::runtime_error("token arrays of unlike lengths");
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CompletionToken token;
    token.text = texts[i];
    token.log_probability = log_probabilities[i].value_or(0);
    token.order = CountOf(orders[i]);
    token.support = CountOf(supports[i]);
    completion.tokens.push_back(std::move(token));
  }
  completion.shown = row["shown"].as<bool>();
  completion.shown_text = text("shown_text");
  completion.shown_probability = postgres::DoubleOf(row["shown_probability"]);
  completion.hidden_reason = text("hidden_reason");
  completion.usage.prompt_tokens = UintOf(row["prompt_tokens"]);
  completion.usage.completion_tokens = UintOf(row["completion_tokens"]);
  completion.usage.cost_micros = row["cost_micros"].as<std::int64_t>();
  completion.usage.first_token_ms = postgres::DoubleOf(row["first_token_ms"]);
  completion.usage.total_ms = row["total_ms"].as<double>();
  completion.index_commit = text("index_commit");
  completion.finish_reason = text("finish_reason");
  completion.serve_time = postgres::TimeOf(row["serve_time"]);
  completion.typed_chars_before = UintOf(row["typed_chars_before"]);
  completion.typed_tokens_before = UintOf(row["typed_tokens_before"]);
  completion.error = text("error");
  return completion;
}

Feedback FeedbackOf(const pqxx::row& row) {
  Feedback feedback;
  feedback.completion_id = row["completion_id"].as<std::string>();
  const auto kind = ParseFeedbackKind(row["kind"].as<std::string>());
  if (!kind) throw std::runtime_error("feedback of an unknown kind");
  feedback.kind = *kind;
  if (!row["text"].is_null()) feedback.text = row["text"].as<std::string>();
  feedback.elapsed_ms = postgres::DoubleOf(row["elapsed_ms"]);
  feedback.give_time = postgres::TimeOf(row["give_time"]);
  return feedback;
}

void InsertCompletions(pqxx::transaction_base& tx,
                       std::span<const Completion* const> completions) {
  static const std::string* const statement =
      new std::string(InsertStatement());
  using C = Completion;
  const auto rows = completions;
  std::vector<bool> shown;
  std::vector<absl::Time> serve_times;
  for (const C* row : rows) {
    shown.push_back(row->shown);
    serve_times.push_back(row->serve_time);
  }
  tx.exec_params(
      *statement, Texts(rows, [](const C& c) { return c.id; }),
      Texts(rows, [](const C& c) { return c.prompt; }),
      Ints(rows, [](const C& c) { return c.revision_version; }),
      Texts(rows, [](const C& c) { return c.revision_digest; }),
      Texts(rows, [](const C& c) { return c.model; }),
      Texts(rows, [](const C& c) { return c.model_snapshot; }),
      Texts(rows, [](const C& c) { return c.arm; }),
      Doubles(rows, [](const C& c) { return c.propensity; }),
      Texts(rows, [](const C& c) { return c.location.repository; }),
      Texts(rows, [](const C& c) { return c.location.path; }),
      Texts(rows, [](const C& c) { return c.location.language; }),
      Texts(rows, [](const C& c) { return c.location.commit; }),
      Ints(rows, [](const C& c) { return c.location.line; }),
      Ints(rows, [](const C& c) { return c.location.column; }),
      Texts(rows, [](const C& c) { return c.user; }),
      Texts(rows, [](const C& c) { return c.session; }),
      Texts(rows, [](const C& c) { return c.raw_text; }),
      Texts(rows, TokenTexts), Texts(rows, TokenLogProbabilities),
      Texts(rows,
            [](const C& c) { return TokenCounts(c, &CompletionToken::order); }),
      Texts(
          rows,
          [](const C& c) { return TokenCounts(c, &CompletionToken::support); }),
      postgres::BoolArray(shown),
      Texts(rows, [](const C& c) { return c.shown_text; }),
      Doubles(rows, [](const C& c) { return c.shown_probability; }),
      Texts(rows, [](const C& c) { return c.hidden_reason; }),
      Ints(rows, [](const C& c) { return c.usage.prompt_tokens; }),
      Ints(rows, [](const C& c) { return c.usage.completion_tokens; }),
      Ints(rows, [](const C& c) { return c.usage.cost_micros; }),
      Doubles(rows, [](const C& c) { return c.usage.first_token_ms; }),
      Doubles(rows, [](const C& c) { return c.usage.total_ms; }),
      Texts(rows, [](const C& c) { return c.index_commit; }),
      Texts(rows, [](const C& c) { return c.finish_reason; }),
      postgres::TimestampArray(serve_times),
      Ints(rows, [](const C& c) { return c.typed_chars_before; }),
      Ints(rows, [](const C& c) { return c.typed_tokens_before; }),
      Texts(rows, [](const C& c) { return c.error; }));
}

}  // namespace evalloop::serving
