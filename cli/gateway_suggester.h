#ifndef EVALLOOP_CLI_GATEWAY_SUGGESTER_H_
#define EVALLOOP_CLI_GATEWAY_SUGGESTER_H_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/peers.h"
#include "cli/terminal.h"
#include "platform/http/client.h"
#include "replay/typed_line.h"

namespace evalloop::cli {

// An editor of the gateway: POST /v1/completions at each cursor, then
// POST /v1/feedback with what the developer did. Calls that find no gateway (or
// no model behind it) are made again for kPatience. Thread-safe; `client` and
// `terminal` outlive it.
class GatewaySuggester final : public replay::Suggester {
 public:
  struct Options {
    std::string gateway_url;  // Without /v1.
    std::string model;        // "evalloop/NAME", "evalloop/NAME@V", or a model.
    std::string repository;
    std::string user;
    std::string session;
    // Ask for answers from the index at the commit stood at, which embedded
    // models have: also after one was restarted.
    bool pin_index = false;
  };

  GatewaySuggester(Options options, http::Client& client, Terminal& terminal);

  // The commit that the developers' working trees stand on. Not during a
  // request.
  void StandAt(std::string commit) { commit_ = std::move(commit); }

  absl::StatusOr<replay::Suggestion> Suggest(
      const replay::Cursor& cursor) override;
  absl::Status Report(const replay::TypingEvent& event) override;

  // The version of the prompt's revision that the gateway answers with now.
  // NotFound: the gateway doesn't know the prompt or label (yet).
  absl::StatusOr<std::uint32_t> RevisionInForce();

  // Completions that were answered with an id: as many outcomes follow.
  std::int64_t answered() const { return answered_; }

 private:
  absl::StatusOr<http::ClientResponse> Post(std::string_view path,
                                            std::string body);
  absl::StatusOr<http::ClientResponse> Complete(const replay::Cursor& cursor);
  absl::Status Tell(const replay::TypingEvent& event, std::string_view kind,
                    bool with_text);

  const Options options_;
  const std::string token_ = OwnToken();
  http::Client& client_;
  Terminal& terminal_;
  std::string commit_;
  std::atomic<std::int64_t> answered_ = 0;
};

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_GATEWAY_SUGGESTER_H_
