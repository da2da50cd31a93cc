#ifndef EVALLOOP_SCORER_EXECUTION_LOCAL_CHECKOUTS_H_
#define EVALLOOP_SCORER_EXECUTION_LOCAL_CHECKOUTS_H_

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "scorer/domain/checkouts.h"

namespace evalloop::scorer {

// Checkouts on this machine's disk, each read once in a while.
class LocalCheckouts final : public Checkouts {
 public:
  using Clock = std::chrono::steady_clock;

  // Reads only folders that are one of `roots`, or lie in one; symbolic links
  // are followed before that is looked at. A checkout is read again after
  // `max_age`.
  explicit LocalCheckouts(
      std::vector<std::string> roots,
      std::chrono::seconds max_age = std::chrono::seconds(600));

  std::shared_ptr<const code_analysis::RepositoryNames> NamesIn(
      std::string_view repository) override;

 private:
  struct Read {
    std::shared_ptr<const code_analysis::RepositoryNames> names;
    Clock::time_point time;
  };

  const std::vector<std::string> roots_;
  const std::chrono::seconds max_age_;
  std::mutex mutex_;
  std::map<std::string, Read, std::less<>> read_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_LOCAL_CHECKOUTS_H_
