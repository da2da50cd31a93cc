#ifndef EVALLOOP_EVALUATOR_DOMAIN_BENCHMARKS_H_
#define EVALLOOP_EVALUATOR_DOMAIN_BENCHMARKS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "evaluator/domain/ports.h"

namespace evalloop::evaluator {

// Benchmarks that somebody brings. Thread-safe.
class Benchmarks {
 public:
  // All references outlive this object.
  Benchmarks(BenchmarkStore& store, Events& events,
             base::Transactor& transactor)
      : store_(store), events_(events), transactor_(transactor) {}

  // Stores `items` as the next version of `name` and has their hidden tests
  // checked. Items come with an id that is unique among them; the stored one is
  // derived from it and the name. An item without a commit is one of its own.
  // The same items again are the same version; tests that could not be checked
  // are checked again. InvalidArgument names the field.
  absl::StatusOr<Benchmark> Import(std::string_view name,
                                   std::vector<Item> items,
                                   std::string_view changelog);

 private:
  absl::Status AskForOracles(const Benchmark& benchmark);

  BenchmarkStore& store_;
  Events& events_;
  base::Transactor& transactor_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_BENCHMARKS_H_
