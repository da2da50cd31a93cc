#ifndef EVALLOOP_EVALUATOR_TESTING_FAKES_H_
#define EVALLOOP_EVALUATOR_TESTING_FAKES_H_

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "evaluator/domain/ports.h"
#include "evaluator/testing/fake_benchmark_store.h"
#include "evaluator/testing/fake_peers.h"

// The ports' contracts in memory, for one thread. Effects apply at once: these
// tests don't roll back.
namespace evalloop::evaluator {

class FakeRunStore final : public RunStore {
 public:
  absl::StatusOr<Started> Start(base::UnitOfWork&, const Run& run) override {
    for (const Run& other : runs) {
      if (other.request_id == run.request_id) return Started{other, false};
    }
    runs.push_back(run);
    return Started{run, true};
  }
  absl::StatusOr<Run> Get(std::string_view id) override {
    for (const Run& run : runs) {
      if (run.id == id) return run;
    }
    return absl::NotFoundError("no run");
  }
  absl::StatusOr<listing::Page<Run>> List(
      std::string_view, std::string_view,
      const listing::Request& request) override {
    listed = request;
    listing::Page<Run> page{.items = runs};
    if (page.items.size() > request.page_size) {
      page.items.resize(request.page_size);
      page.next_page_token = page.items.back().id;
    }
    return page;
  }
  absl::StatusOr<listing::Page<Row>> ListRows(
      std::string_view id, const listing::Request&) override {
    return listing::Page<Row>{.items = rows[std::string(id)]};
  }
  absl::StatusOr<std::vector<Row>> AllRows(std::string_view id) override {
    std::vector<Row> all = rows[std::string(id)];
    for (Row& row : all) {
      row.raw_text.clear();
      row.shown_text.clear();
      row.findings.clear();
      for (MetricValue& value : row.metrics) value.reason.clear();
    }
    return all;
  }
  absl::Status ReadRows(std::string_view id,
                        const std::function<void(Row)>& take) override {
    const auto all = AllRows(id);
    for (const Row& row : *all) take(row);
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<Row>> RowsAt(
      std::string_view id, std::span<const RowKey> keys) override {
    std::vector<Row> found;
    for (const Row& row : rows[std::string(id)]) {
      for (const RowKey& key : keys) {
        if (key.item_id == row.item_id && key.sample == row.sample) {
          found.push_back(row);
        }
      }
    }
    return found;
  }
  absl::StatusOr<std::optional<Run>> FindAlike(const Run& run) override {
    for (const Run& other : runs) {
      if (other.state != RunState::kCancelled &&
          other.revision.version == run.revision.version &&
          other.benchmark_version == run.benchmark_version &&
          other.mode == run.mode && other.samples == run.samples &&
          other.subset_digest == run.subset_digest &&
          (other.revision.deterministic || other.rescored_run.empty() ||
           !run.scorer_digest.empty()) &&
          (run.scorer_digest.empty() || other.scorer_digest.empty() ||
           other.scorer_digest == run.scorer_digest)) {
        return other;
      }
    }
    return std::nullopt;
  }
  absl::StatusOr<std::vector<RunMean>> MeansOfReruns(const Run&) override {
    return means;
  }
  absl::StatusOr<std::vector<ItemValue>> ItemValues(std::string_view,
                                                    std::uint32_t) override {
    return item_values;
  }
  absl::StatusOr<std::vector<std::string>> ItemsOf(
      std::string_view id) override {
    std::set<std::string> items;
    for (const Row& row : rows[std::string(id)]) items.insert(row.item_id);
    return std::vector<std::string>(items.begin(), items.end());
  }
  absl::StatusOr<std::vector<Row>> RowsOf(
      std::string_view id, std::span<const std::string> items) override {
    std::vector<Row> found;
    for (const Row& row : rows[std::string(id)]) {
      if (std::find(items.begin(), items.end(), row.item_id) != items.end()) {
        found.push_back(row);
      }
    }
    return found;
  }
  absl::StatusOr<RunDetails> Details(std::string_view id) override {
    auto providers = Providers(id);
    if (!providers.ok()) return providers.status();
    return RunDetails{.providers = *std::move(providers)};
  }
  absl::StatusOr<std::vector<std::string>> Providers(
      std::string_view id) override {
    std::set<std::string> said;
    for (const Row& row : rows[std::string(id)]) {
      if (!row.reported_model.empty()) {
        said.insert(row.reported_model + " " + row.system_fingerprint);
      }
    }
    return std::vector<std::string>(said.begin(), said.end());
  }
  absl::Status Record(base::UnitOfWork&, std::string_view,
                      std::span<const Row> scored) override {
    for (const Row& row : scored) rows[row.run_id].push_back(row);
    return absl::OkStatus();
  }
  absl::StatusOr<Run> Cancel(std::string_view id) override {
    for (Run& run : runs) {
      if (run.id == id) {
        run.state = RunState::kCancelled;
        return run;
      }
    }
    return absl::NotFoundError("no run");
  }
  absl::StatusOr<std::vector<RowKey>> Reopen(base::UnitOfWork&,
                                             std::string_view id) override {
    std::vector<RowKey> keys;
    for (const Row& row : rows[std::string(id)]) {
      if (!row.scored) keys.push_back({row.item_id, row.sample});
    }
    for (Run& run : runs) {
      if (run.id == id && !keys.empty()) run.state = RunState::kRunning;
    }
    return keys;
  }

  listing::Request listed;  // As runs were asked for last.
  std::vector<RunMean> means;
  std::vector<ItemValue> item_values;
  std::vector<Run> runs;
  std::map<std::string, std::vector<Row>> rows;
};

class FakeGateStore final : public GateStore {
 public:
  explicit FakeGateStore(FakeRunStore& runs) : runs_(runs) {}

  absl::StatusOr<std::vector<Watched>> WatchedSince(absl::Time) override {
    return watched;
  }

  absl::StatusOr<Gate> Start(const Gate& gate) override {
    for (const Gate& other : gates) {
      if (other.request_id == gate.request_id) return other;
    }
    gates.push_back(gate);
    return gate;
  }
  absl::StatusOr<Gate> Get(std::string_view id) override {
    for (const Gate& gate : gates) {
      if (gate.id == id) return gate;
    }
    return absl::NotFoundError("no gate");
  }
  absl::StatusOr<listing::Page<Gate>> List(std::string_view,
                                           const listing::Request&) override {
    return listing::Page<Gate>{.items = gates};
  }
  absl::StatusOr<std::vector<Gate>> Decidable() override {
    std::vector<Gate> due;
    for (const Gate& gate : gates) {
      const auto candidate = runs_.Get(gate.candidate_run);
      const auto baseline = runs_.Get(gate.baseline_run);
      if (gate.decision.verdict == Verdict::kUndecided && candidate.ok() &&
          baseline.ok() && candidate->state != RunState::kRunning &&
          baseline->state != RunState::kRunning &&
          Ended(gate.candidate_confirm) && Ended(gate.baseline_confirm)) {
        due.push_back(gate);
      }
    }
    return due;
  }
  absl::Status Advance(const Gate& moved) override {
    for (Gate& gate : gates) {
      if (gate.id == moved.id) gate = moved;
    }
    return absl::OkStatus();
  }
  absl::Status Decide(std::string_view id,
                      const GateOutcome& outcome) override {
    for (Gate& gate : gates) {
      if (gate.id == id) gate.decision = outcome.decision;
    }
    outcomes[std::string(id)] = outcome;
    return absl::OkStatus();
  }
  absl::StatusOr<Gate> SignOff(std::string_view id, const RowSignOff& sign_off,
                               const GateOutcome& outcome) override {
    for (Gate& gate : gates) {
      if (gate.id != id) continue;
      gate.sign_offs.push_back(sign_off);
      gate.decision = outcome.decision;
      outcomes[std::string(id)] = outcome;
      return gate;
    }
    return absl::NotFoundError("no gate");
  }
  absl::StatusOr<std::optional<Gate>> LastPassed(std::string_view prompt,
                                                 std::string_view,
                                                 absl::Time before) override {
    std::optional<Gate> last;
    for (const Gate& gate : gates) {
      if (gate.prompt == prompt && gate.start_time < before &&
          gate.decision.verdict == Verdict::kPassed) {
        last = gate;
      }
    }
    return last;
  }
  absl::StatusOr<Gate> Override(std::string_view id, std::string_view reason,
                                std::string_view) override {
    for (Gate& gate : gates) {
      if (gate.id != id) continue;
      gate.decision.verdict = Verdict::kOverridden;
      gate.override_reason = reason;
      return gate;
    }
    return absl::NotFoundError("no gate");
  }
  absl::StatusOr<std::uint32_t> BeginTurn(
      std::string_view request_id, std::string_view,
      std::uint32_t production_version) override {
    return turns_.emplace(request_id, production_version).first->second;
  }
  absl::StatusOr<bool> AddDecision(base::UnitOfWork&,
                                   const Decision& decision) override {
    for (const Decision& other : decisions) {
      if (other.id == decision.id) return false;
    }
    decisions.push_back(decision);
    return true;
  }
  absl::StatusOr<listing::Page<Decision>> ListDecisions(
      std::string_view, const listing::Request&) override {
    return listing::Page<Decision>{.items = decisions};
  }

  std::vector<Watched> watched;
  std::vector<Gate> gates;
  std::vector<Decision> decisions;
  std::map<std::string, GateOutcome> outcomes;  // By gate.

 private:
  bool Ended(const std::string& run) {
    if (run.empty()) return true;
    const auto found = runs_.Get(run);
    return found.ok() && found->state != RunState::kRunning;
  }

  FakeRunStore& runs_;
  std::map<std::string, std::uint32_t, std::less<>> turns_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_TESTING_FAKES_H_
