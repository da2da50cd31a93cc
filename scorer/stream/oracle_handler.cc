#include "scorer/stream/oracle_handler.h"

#include <algorithm>
#include <vector>

#include "evalloop/v1/events.pb.h"
#include "platform/base/ids.h"
#include "protos/timestamps.h"

namespace evalloop::scorer {
namespace {

constexpr int kAttempts = 3;
constexpr std::size_t kMostSurvivors = 20;

void Write(const OracleReport& report, v1::OracleReport& message) {
  if (report.mutation_score.has_value()) {
    message.set_mutation_score(*report.mutation_score);
  }
  message.set_killed(static_cast<std::uint32_t>(report.killed));
  message.set_unknown(static_cast<std::uint32_t>(report.unknown));
  message.set_reason(std::string(report.reason));
  message.set_survived(static_cast<std::uint32_t>(report.survivors.size()));
  const std::size_t told = std::min(report.survivors.size(), kMostSurvivors);
  for (std::size_t i = 0; i < told; ++i) {
    v1::Survivor& survivor = *message.add_survivors();
    survivor.set_line(report.survivors[i].line);
    survivor.set_change(report.survivors[i].change);
  }
}

}  // namespace

OracleReport OracleHandler::Check(const FunctionalCase& right,
                                  std::size_t below) const {
  OracleOptions options = options_;
  options.below = below;
  OracleReport last;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto report = CheckOracle(tests_, right, options);
    if (report.ok()) {
      last = *std::move(report);
      if (last.reason != "infrastructure") return last;
      continue;
    }
    switch (report.status().code()) {
      case absl::StatusCode::kFailedPrecondition:
        last.reason = "no_sandbox";
        return last;
      case absl::StatusCode::kInvalidArgument:
        last.reason = "no_test_runner";
        return last;
      default:
        last.reason = "infrastructure";
    }
  }
  return last;
}

absl::Status OracleHandler::Handle(
    base::UnitOfWork& work, std::span<const kafka::Record* const> fresh) {
  std::vector<base::OutgoingEvent> events;
  for (const kafka::Record* const record : fresh) {
    v1::Event event;
    if (!event.ParseFromString(record->payload) || event.event_id().empty() ||
        !event.has_oracle_task()) {
      return absl::InvalidArgumentError("payload is no oracle_task");
    }
    const v1::OracleTask& task = event.oracle_task();
    const std::string completion = task.solution() + task.suffix();
    const OracleReport report =
        Check({.language = code_analysis::ParseLanguage(task.language()),
               .prompt = task.prefix(),
               .completion = completion,
               .tests = task.tests().program(),
               .entry_point = task.tests().entry_point()},
              task.suffix().size());
    v1::Event told;
    told.set_event_id(base::DerivedId(event.event_id(), "oracle.checked"));
    told.set_subject(event.subject());
    *told.mutable_occur_time() = v1::ToTimestamp(clock_.Now());
    v1::OracleChecked& checked = *told.mutable_oracle_checked();
    checked.set_benchmark(task.benchmark());
    checked.set_benchmark_version(task.benchmark_version());
    checked.set_item_id(task.item_id());
    Write(report, *checked.mutable_report());
    *checked.mutable_check_time() = told.occur_time();
    events.push_back({.event_id = told.event_id(),
                      .topic = topic_,
                      .key = told.subject(),
                      .payload = told.SerializeAsString()});
  }
  return outbox_.Add(work, events);
}

}  // namespace evalloop::scorer
