#ifndef EVALLOOP_PLATFORM_SANDBOX_BUBBLEWRAP_SANDBOX_H_
#define EVALLOOP_PLATFORM_SANDBOX_BUBBLEWRAP_SANDBOX_H_

#include <linux/filter.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/sandbox/sandbox.h"

namespace evalloop::sandbox {

// The reference tier: Debian's bwrap builds each sandbox anew (about 7 ms, and
// a Python start). A run belongs to the thread that started it: when that
// thread ends, so does the run.
class BubblewrapSandbox final : public Sandbox {
 public:
  // UNAVAILABLE: bwrap, setpriv or prlimit is missing, or no filter.
  static absl::StatusOr<std::unique_ptr<BubblewrapSandbox>> Open();

  std::string_view tier() const override { return "bubblewrap"; }
  absl::StatusOr<JobResult> Run(const Job& job) override;
  absl::StatusOr<std::unique_ptr<Process>> Start(
      const Job& job, const std::vector<int>& fds) override;
  absl::StatusOr<std::unique_ptr<PythonTemplate>> Prepare(
      std::string_view source) override;

 private:
  explicit BubblewrapSandbox(std::string filter) : filter_(std::move(filter)) {}

  const std::string filter_;  // As bwrap reads it.
};

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_BUBBLEWRAP_SANDBOX_H_
