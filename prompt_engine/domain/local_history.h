#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_LOCAL_HISTORY_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_LOCAL_HISTORY_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "prompt_engine/domain/written_history.h"

namespace evalloop::prompt_engine {

struct LocalHistoryRequest {
  std::string path;  // Of a git repository on this machine.
  // Commits made at this moment or later, and what follows the last one before,
  // are not looked at. Absent: all.
  std::optional<absl::Time> until;
  int threads = 2;
  std::function<void(std::uint32_t done, std::uint32_t total)> on_progress;
};

// The key of pseudonyms where nobody keeps a secret: of the first commit's sha,
// so that the same repository gives the same pseudonyms everywhere. It keeps
// names out of what is handed on; who has the repository has the names anyway,
// and can tell which pseudonym is whose.
std::string PublicAuthorKey(std::string_view first_sha);

// What developers wrote, read from git alone, without a database. Empty where
// no commit is old enough. Errors as Repository::Open.
absl::StatusOr<WrittenHistory> ReadLocalHistory(
    const LocalHistoryRequest& request);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_LOCAL_HISTORY_H_
