#ifndef EVALLOOP_EVALUATOR_TESTING_FAKE_PEERS_H_
#define EVALLOOP_EVALUATOR_TESTING_FAKE_PEERS_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluator/domain/ports.h"

// The rest of the suite in memory, for one thread.
namespace evalloop::evaluator {

// Counts what was asked for.
class FakeEvents final : public Events {
 public:
  absl::Status AskFor(base::UnitOfWork&, const Run& run,
                      std::span<const Item> items,
                      std::span<const std::uint32_t> samples) override {
    asked[run.id] += items.size() * samples.size();
    for (const Item& item : items) order.push_back(run.id + " " + item.id);
    return absl::OkStatus();
  }
  absl::Status ScoreAgain(base::UnitOfWork&, const Run& run,
                          std::span<const Item>,
                          std::span<const Row> rows) override {
    for (const Row& row : rows) scored_again[run.id].push_back(row);
    return absl::OkStatus();
  }
  absl::Status AskForOracles(base::UnitOfWork&, const Benchmark&,
                             std::span<const Item> items) override {
    for (const Item& item : items) oracles.push_back(item.id);
    return absl::OkStatus();
  }
  absl::Status Decided(base::UnitOfWork&, const Decision& decision) override {
    decided.push_back(decision);
    return absl::OkStatus();
  }

  std::map<std::string, std::size_t> asked;
  std::vector<std::string> order;  // "run item", as they were asked for.
  std::map<std::string, std::vector<Row>> scored_again;  // By run.
  std::vector<std::string> oracles;
  std::vector<Decision> decided;
};

// Cut-offs by model, whatever the snapshot.
class FakeModelStore final : public ModelStore {
 public:
  absl::Status Record(base::UnitOfWork&, std::string_view,
                      const ModelCutoff& cutoff) override {
    cutoffs[cutoff.model] = cutoff.time;
    return absl::OkStatus();
  }
  absl::StatusOr<ModelCutoff> CutoffOf(std::string_view model,
                                       std::string_view) override {
    const auto found = cutoffs.find(model);
    return ModelCutoff{
        .model = std::string(model),
        .time = found == cutoffs.end() ? std::nullopt : found->second};
  }

  std::map<std::string, std::optional<absl::Time>, std::less<>> cutoffs;
};

// One prompt with revisions 1 to `versions`.
class FakePromptLibrary final : public PromptLibrary {
 public:
  absl::StatusOr<RevisionRef> Resolve(const RevisionName& name) override {
    const std::uint32_t version = name.version == 0 ? production : name.version;
    if (version == 0 || version > versions) {
      return absl::NotFoundError("no such revision");
    }
    RevisionRef ref = Ref(version);
    if (const auto at = rubrics.find(version); at != rubrics.end()) {
      ref.rubric = at->second;
    }
    return ref;
  }
  absl::Status Mine(const MineQuery& query,
                    const std::function<void(Item)>& take) override {
    asked_to_mine = query;
    for (const Item& item : mined) take(item);
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<Proposal>> Propose(std::string_view, std::uint32_t,
                                                std::string_view) override {
    return proposals;
  }
  absl::StatusOr<std::vector<ChangeSince>> Diff(std::string_view,
                                                std::uint32_t from,
                                                std::uint32_t to) override {
    return std::vector<ChangeSince>{{.kind = "template",
                                     .field = "template.text",
                                     .from = std::to_string(from),
                                     .to = std::to_string(to)}};
  }
  absl::Status Publish(const RevisionRef& revision, std::string_view,
                       std::string_view) override {
    published.push_back(revision.version);
    return absl::OkStatus();
  }
  absl::Status MoveLabel(const RevisionRef& revision, std::string_view,
                         std::uint32_t expected_version, std::string_view,
                         std::string_view) override {
    if (production == revision.version) return absl::OkStatus();
    if (production != expected_version) return absl::AbortedError("moved");
    production = revision.version;
    return absl::OkStatus();
  }

  static RevisionRef Ref(std::uint32_t version) {
    RevisionRef ref;
    ref.prompt = "complete-line";
    ref.version = version;
    ref.digest = std::to_string(version);
    ref.author = "author of " + ref.digest;
    ref.parent_version = version - 1;
    return ref;
  }

  std::map<std::uint32_t, std::string> rubrics;  // By version.
  std::uint32_t versions = 3;
  std::uint32_t production = 1;
  std::vector<Proposal> proposals;
  std::vector<Item> mined;
  MineQuery asked_to_mine;  // Last.
  std::vector<std::uint32_t> published;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_TESTING_FAKE_PEERS_H_
