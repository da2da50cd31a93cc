#ifndef EVALLOOP_CODE_ANALYSIS_HISTORY_POOL_H_
#define EVALLOOP_CODE_ANALYSIS_HISTORY_POOL_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "code_analysis/history.h"

namespace evalloop::code_analysis {

struct HistoryPoolOptions {
  int threads = 2;
  // Numbers that one thread takes at a time, the last one first: neighbours
  // read the same objects, and packs hold older ones as differences to newer
  // ones.
  std::size_t chunk = 64;
  // While results that wait for their turn hold more, as `work` says, no chunk
  // is begun but the next one to be taken.
  std::size_t max_waiting_bytes = std::size_t{32} << 20;
  Limits limits;
};

// Work on `count` things of the repository at `path`, by number, on several
// threads, each with a Repository of its own. `work` is called on those
// threads, in any order; `take` on the caller's, in order. The first error of
// either, in order, ends it and is returned; what was begun is waited for.
// Prefer ForEachOf.
absl::Status RunInOrder(
    std::string_view path, const HistoryPoolOptions& options, std::size_t count,
    const std::function<absl::StatusOr<std::size_t>(
        const Repository&, std::size_t number, std::size_t slot)>& work,
    const std::function<absl::Status(std::size_t number, std::size_t slot)>&
        take);

// The slots that RunInOrder uses: numbers from 0 to this, each with one result
// at a time.
std::size_t SlotsOf(const HistoryPoolOptions& options);

// What `work` makes of each number, given to `take` in order. `bytes_of` says
// about how much memory a result holds.
template <typename Result>
absl::Status ForEachOf(
    std::string_view path, const HistoryPoolOptions& options, std::size_t count,
    const std::function<absl::StatusOr<Result>(const Repository&, std::size_t)>&
        work,
    const std::function<std::size_t(const Result&)>& bytes_of,
    const std::function<absl::Status(std::size_t, Result)>& take) {
  const auto results =
      std::make_unique<absl::StatusOr<Result>[]>(SlotsOf(options));
  return RunInOrder(
      path, options, count,
      [&](const Repository& repository, std::size_t number,
          std::size_t slot) -> absl::StatusOr<std::size_t> {
        results[slot] = work(repository, number);
        if (!results[slot].ok()) return results[slot].status();
        return bytes_of(*results[slot]);
      },
      [&](std::size_t number, std::size_t slot) {
        Result result = *std::move(results[slot]);
        results[slot] = absl::UnknownError("taken");
        return take(number, std::move(result));
      });
}

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_HISTORY_POOL_H_
