#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_INDEX_BUILDER_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_INDEX_BUILDER_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "code_analysis/history.h"
#include "model_server/domain/index_snapshot.h"

namespace evalloop::model_server {

// Reads the tree of `commit` into a base with default parameters. NotFound: no
// such commit; FailedPrecondition: it holds no file that the model reads;
// ResourceExhausted: over 2^28 tokens.
absl::StatusOr<std::shared_ptr<const FrozenBase>> BuildBase(
    const code_analysis::Repository& repository, std::string name,
    const std::string& commit);

// The snapshot at `to`, a full sha of any commit of the repository. Where `to`
// follows `from` on the first-parent chain only the files changed since are
// read; else the whole tree is compared with the base. Nothing of a later
// commit is in the result. NotFound: no such commit.
absl::StatusOr<std::shared_ptr<const IndexSnapshot>> MoveIndex(
    const code_analysis::Repository& repository, const IndexSnapshot& from,
    const std::string& to);

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_INDEX_BUILDER_H_
