#ifndef EVALLOOP_CLI_LOOP_TRAFFIC_H_
#define EVALLOOP_CLI_LOOP_TRAFFIC_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/peers.h"
#include "cli/terminal.h"
#include "code_analysis/history.h"
#include "platform/http/client.h"
#include "replay/replayer.h"

namespace evalloop::cli {

// A window of history typed through the gateway.
struct TypedWindow {
  std::vector<replay::CommitTally> commits;
  // Completions that were answered; as many outcomes follow.
  std::int64_t answered = 0;
};

// The developers of one repository, at the gateway. All arguments outlive it.
class LoopTraffic {
 public:
  LoopTraffic(Peers& peers, Terminal& terminal,
              const code_analysis::Repository& repository, std::string name,
              replay::ReplayOptions options)
      : peers_(peers),
        terminal_(terminal),
        repository_(repository),
        name_(std::move(name)),
        options_(std::move(options)) {}

  // Types `commits` once with each of `models` (gateway model strings), commit
  // by commit and model by model, so that all of them meet the same index and
  // the same day. `lines`: how many a model types, for the progress line that
  // begins with `what`; at most `max_lines` where that isn't 0.
  absl::StatusOr<std::vector<TypedWindow>> Type(
      std::span<const code_analysis::CommitInfo> commits,
      const std::vector<std::string>& models, std::string_view session,
      std::string_view what, std::int64_t lines, std::int64_t max_lines = 0);

  // Types `commits` as live traffic of `prompt`'s production revision and waits
  // until every outcome of it is in. Returns lines a second, all that follows
  // from a line included; absent where there was none to type.
  absl::StatusOr<std::optional<double>> TypeLive(
      std::span<const code_analysis::CommitInfo> commits,
      std::string_view prompt, std::string_view session, std::string_view what,
      std::int64_t lines, std::int64_t max_lines = 0);

  // Waits until the gateway answers `model` with revision `version`: a moved
  // label reaches it within a second. DeadlineExceeded after 30 seconds.
  absl::Status AwaitRevision(std::string_view model, std::uint32_t version);

  // Waits until prompt_engine holds `completions` outcomes of `session`.
  // DeadlineExceeded after three minutes without one more.
  absl::Status AwaitOutcomes(std::string_view prompt, std::string_view session,
                             std::int64_t completions, std::string_view what);

 private:
  Peers& peers_;
  Terminal& terminal_;
  const code_analysis::Repository& repository_;
  const std::string name_;
  const replay::ReplayOptions options_;
  http::Client client_{HttpOptions()};
};

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_LOOP_TRAFFIC_H_
