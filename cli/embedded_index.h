#ifndef EVALLOOP_CLI_EMBEDDED_INDEX_H_
#define EVALLOOP_CLI_EMBEDDED_INDEX_H_

#include <chrono>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/peers.h"
#include "cli/terminal.h"
#include "platform/http/client.h"

namespace evalloop::cli {

// The embedded models that a replay talks to: before a commit is typed, their
// indices are brought to its parent, as a company's index follows its commits.
class EmbeddedIndex {
 public:
  // All outlive this object.
  EmbeddedIndex(Peers& peers, http::Client& client, Terminal& terminal)
      : peers_(peers), client_(client), terminal_(terminal) {}

  // Adds the model behind a gateway's model string ("evalloop/NAME@V" or a
  // model's name). False: it is another provider's and has no index.
  // Unavailable when the services don't answer within `patience`.
  absl::StatusOr<bool> Add(std::string_view model_string,
                           std::chrono::seconds patience = kPatience);

  // Brings every added model's index to `commit`.
  absl::Status StandAt(std::string_view repository, std::string_view commit);

  const std::set<std::string>& model_ids() const { return model_ids_; }

 private:
  const std::string token_ = OwnToken();
  Peers& peers_;
  http::Client& client_;
  Terminal& terminal_;
  std::set<std::string> model_ids_;  // As the model server knows them.
};

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_EMBEDDED_INDEX_H_
