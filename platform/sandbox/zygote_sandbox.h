#ifndef EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_SANDBOX_H_
#define EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_SANDBOX_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/sandbox/sandbox.h"

namespace evalloop::sandbox {

// The fast tier. A template is a pool of sandbox_zygote processes (one child a
// time each; as many as there are starts at once), which live in namespaces of
// their own. Each start is cloned from one into a fresh process namespace and
// finds /tmp as new; all other namespaces are the zygote's, where nothing is,
// and the filter keeps programs from leaving anything there (README.md). There
// is no /proc, no exec and no socket with a name.
// Jobs run in `programs`.
class ZygoteSandbox final : public Sandbox {
 public:
  // `launcher` is the path of sandbox_zygote.
  ZygoteSandbox(std::string launcher, std::unique_ptr<Sandbox> programs);

  std::string_view tier() const override { return "zygote"; }
  absl::StatusOr<JobResult> Run(const Job& job) override;
  absl::StatusOr<std::unique_ptr<Process>> Start(
      const Job& job, const std::vector<int>& fds) override;
  absl::StatusOr<std::unique_ptr<PythonTemplate>> Prepare(
      std::string_view source) override;

 private:
  const std::string launcher_;
  const std::unique_ptr<Sandbox> programs_;
};

// The path of sandbox_zygote: EVALLOOP_SANDBOX_ZYGOTE, or beside this
// program, or in the bin folder beside this program's. NOT_FOUND without.
absl::StatusOr<std::string> FindLauncher();

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_SANDBOX_H_
