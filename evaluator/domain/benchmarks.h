#ifndef EVALLOOP_EVALUATOR_DOMAIN_BENCHMARKS_H_
#define EVALLOOP_EVALUATOR_DOMAIN_BENCHMARKS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "evaluator/domain/ports.h"

namespace evalloop::evaluator {

// What a benchmark is to be made of.
struct BuildRequest {
  std::string name;
  std::string repository;
  std::string after_commit;
  std::string until_commit;
  std::uint32_t max_items = 0;  // Up to 100,000; 0: 1000.
  std::string changelog;
  std::vector<std::string> classes;  // Of kItemClasses; none: line.
  std::vector<std::string> tasks;    // Of task::kAll; none: completion.
  double holdout_share = 0;          // Of each stratum, in [0, 0.5].
};

// How a benchmark is to go on.
struct RotateRequest {
  std::string name;
  double share = 0;  // Of the items that are archived, in (0, 1]; 0: 0.2.
  std::string until_commit;  // Empty: the newest ingested.
  std::string changelog;     // Empty: what was done, in words.
};

// Makes benchmark versions: of commits, of what somebody brings, and of the
// version before. Thread-safe.
class Benchmarks {
 public:
  // All references outlive this object.
  Benchmarks(PromptLibrary& library, BenchmarkStore& store, Events& events,
             base::Transactor& transactor)
      : library_(library),
        store_(store),
        events_(events),
        transactor_(transactor) {}

  // Mines and stores the next version; the same items are the same version.
  // Tests that were found are checked, and judge nothing before.
  // InvalidArgument names the field; FailedPrecondition NOTHING_MINED.
  absl::StatusOr<Benchmark> Build(const BuildRequest& request);

  // Stores `items` as the next version of `name` and has their hidden tests
  // checked. Items come with an id that is unique among them; the stored one is
  // derived from it and the name. An item without a commit is one of its own.
  // The same items again are the same version; tests that could not be checked
  // are checked again. InvalidArgument names the field.
  absl::StatusOr<Benchmark> Import(std::string_view name,
                                   std::vector<Item> items,
                                   std::string_view changelog);

  // Archives the oldest items of the newest version and stores the next one
  // with as many fresh ones, mined as the others were, from later commits;
  // what stays keeps its id. With fewer fresh ones fewer are archived; without
  // any the newest version is returned as it is. FailedPrecondition
  // NOT_MINED: it was imported; Aborted: somebody was faster.
  absl::StatusOr<Benchmark> Rotate(const RotateRequest& request);

 private:
  // Stores the next version and asks for the oracles of its tests.
  absl::StatusOr<Benchmark> Store(const Benchmark& benchmark,
                                  std::span<const Item> items,
                                  std::span<const std::string> archived);
  absl::Status AskForOracles(const Benchmark& benchmark);
  absl::StatusOr<std::vector<Item>> AllItems(const Benchmark& benchmark);

  PromptLibrary& library_;
  BenchmarkStore& store_;
  Events& events_;
  base::Transactor& transactor_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_BENCHMARKS_H_
