#include "serving/store/postgres_completion_store.h"

#include <map>
#include <optional>
#include <pqxx/pqxx>
#include <utility>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"
#include "serving/store/completion_rows.h"

namespace evalloop::serving {
namespace {

const char kFeedbackColumns[] =
    "completion_id, kind, text, elapsed_ms, give_time";

}  // namespace

absl::Status PostgresCompletionStore::PutCompletions(
    base::UnitOfWork& work, std::span<const Completion> completions) {
  if (completions.empty()) return absl::OkStatus();
  // One statement can't touch a row twice: of an intent and its result in one
  // batch only the result counts.
  std::map<std::string_view, const Completion*> by_id;
  for (const Completion& completion : completions) {
    const auto [at, fresh] = by_id.try_emplace(completion.id, &completion);
    if (!fresh && at->second->error == kNoResult) at->second = &completion;
  }
  std::vector<const Completion*> rows;
  rows.reserve(by_id.size());
  for (const auto& [id, completion] : by_id) rows.push_back(completion);
  return postgres::Guard([&] { InsertCompletions(postgres::Of(work), rows); });
}

absl::Status PostgresCompletionStore::PutFeedback(
    base::UnitOfWork& work, std::span<const Feedback> feedback) {
  if (feedback.empty()) return absl::OkStatus();
  std::vector<std::string> event_ids;
  std::vector<std::string> completion_ids;
  std::vector<std::string> kinds;
  std::vector<std::optional<std::string>> texts;
  std::vector<std::optional<double>> elapsed;
  std::vector<absl::Time> give_times;
  for (const Feedback& one : feedback) {
    event_ids.push_back(FeedbackEventId(one));
    completion_ids.push_back(one.completion_id);
    kinds.emplace_back(NameOf(one.kind));
    texts.push_back(one.text);
    elapsed.push_back(one.elapsed_ms);
    give_times.push_back(one.give_time);
  }
  return postgres::Guard([&] {
    postgres::Of(work).exec_params(
        "INSERT INTO feedback (event_id, completion_id, kind, text, "
        "elapsed_ms, give_time) SELECT * FROM unnest($1::text[], $2::text[], "
        "$3::text[], $4::text[], $5::float8[], $6::timestamptz[]) "
        "ON CONFLICT (event_id) DO NOTHING",
        postgres::TextArray(event_ids), postgres::TextArray(completion_ids),
        postgres::TextArray(kinds), postgres::TextArray(texts),
        postgres::DoubleArray(elapsed), postgres::TimestampArray(give_times));
  });
}

absl::StatusOr<std::vector<Settled>> PostgresCompletionStore::Settle(
    base::UnitOfWork& work, std::span<const std::string> ids) {
  const std::string id_array = postgres::TextArray(ids);
  return postgres::Guard([&] {
    pqxx::transaction_base& tx = postgres::Of(work);
    // The insert waits for whoever holds the same id, in one order for all; the
    // statements after it then see what the other has committed.
    tx.exec_params(
        "INSERT INTO settlements (completion_id) "
        "SELECT DISTINCT id FROM unnest($1::text[]) AS id ORDER BY id "
        "ON CONFLICT (completion_id) DO NOTHING",
        id_array);
    tx.exec_params(
        "SELECT 1 FROM settlements WHERE completion_id = ANY ($1::text[]) "
        "AND settle_time IS NULL ORDER BY completion_id FOR UPDATE",
        id_array);
    const pqxx::result met = tx.exec_params(
        fmt::format(
            "WITH first AS (SELECT DISTINCT ON (completion_id) completion_id, "
            "event_id FROM feedback WHERE completion_id = ANY ($1::text[]) "
            "AND kind <> 'shown' "
            "ORDER BY completion_id, give_time, event_id) "
            "UPDATE settlements AS s SET feedback_event_id = first.event_id, "
            "settle_time = now() FROM first JOIN completions AS c "
            "USING (completion_id) WHERE s.completion_id = first.completion_id "
            "AND s.settle_time IS NULL AND c.error <> '{}' "
            "RETURNING s.completion_id, s.feedback_event_id",
            kNoResult),
        id_array);
    std::vector<Settled> settled;
    if (met.empty()) return settled;
    std::vector<std::string> met_ids;
    std::vector<std::string> event_ids;
    for (const pqxx::row& row : met) {
      met_ids.push_back(row[0].as<std::string>());
      event_ids.push_back(row[1].as<std::string>());
    }
    std::map<std::string, Feedback> feedback;
    for (const pqxx::row& row :
         tx.exec_params(fmt::format("SELECT {} FROM feedback "
                                    "WHERE event_id = ANY ($1::text[])",
                                    kFeedbackColumns),
                        postgres::TextArray(event_ids))) {
      Feedback one = FeedbackOf(row);
      feedback.emplace(one.completion_id, std::move(one));
    }
    for (const pqxx::row& row : tx.exec_params(
             fmt::format("SELECT {} FROM completions WHERE completion_id = "
                         "ANY ($1::text[]) ORDER BY serve_time, completion_id",
                         kCompletionColumns),
             postgres::TextArray(met_ids))) {
      Completion completion = CompletionOf(row);
      Feedback given = feedback.at(completion.id);
      settled.push_back({std::move(completion), std::move(given)});
    }
    return settled;
  });
}

absl::StatusOr<StoredCompletion> PostgresCompletionStore::Get(
    std::string_view id) {
  return postgres::ReadOnly(
      pool_,
      [&](pqxx::transaction_base& tx) -> absl::StatusOr<StoredCompletion> {
        const std::string key(id);
        const pqxx::result rows = tx.exec_params(
            fmt::format("SELECT {} FROM completions WHERE completion_id = $1",
                        kCompletionColumns),
            key);
        if (rows.empty()) {
          return base::WithReason(
              absl::NotFoundError("no such completion, or not stored yet"),
              "COMPLETION_NOT_FOUND");
        }
        StoredCompletion stored;
        stored.completion = CompletionOf(rows[0]);
        for (const pqxx::row& row : tx.exec_params(
                 fmt::format("SELECT {} FROM feedback WHERE completion_id = $1 "
                             "ORDER BY give_time, event_id",
                             kFeedbackColumns),
                 key)) {
          stored.feedback.push_back(FeedbackOf(row));
        }
        return stored;
      });
}

absl::StatusOr<std::vector<Completion>> PostgresCompletionStore::List(
    const CompletionFilter& filter, const CompletionCursor& before,
    std::int64_t limit) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const bool first = before.serve_time == absl::InfiniteFuture();
    const pqxx::result rows = tx.exec_params(
        fmt::format("SELECT {} FROM completions "
                    "WHERE ($1 = '' OR prompt = $1) "
                    "AND ($2 = '' OR session = $2) "
                    "AND ($3 = '' OR repository = $3) "
                    "AND ($4 OR (serve_time, completion_id) < "
                    "($5::timestamptz, $6)) "
                    "ORDER BY serve_time DESC, completion_id DESC LIMIT $7",
                    kCompletionColumns),
        filter.prompt, filter.session, filter.repository, first,
        postgres::Timestamp(first ? absl::UnixEpoch() : before.serve_time),
        before.id, limit);
    std::vector<Completion> completions;
    for (const pqxx::row& row : rows) completions.push_back(CompletionOf(row));
    return completions;
  });
}

}  // namespace evalloop::serving
