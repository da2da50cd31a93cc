#ifndef EVALLOOP_MODEL_SERVER_TESTING_TINY_MODEL_H_
#define EVALLOOP_MODEL_SERVER_TESTING_TINY_MODEL_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model_server/domain/frozen_base.h"
#include "model_server/domain/index_snapshot.h"

namespace evalloop::model_server::testing {

// A base of files given as (path, text), in path order.
inline std::shared_ptr<const FrozenBase> BaseOf(
    const std::vector<std::pair<std::string, std::string>>& files,
    std::string commit = "base") {
  FrozenBaseBuilder builder;
  for (const auto& [path, text] : files) builder.AddFile(path, text);
  return std::move(builder).Freeze("repository", std::move(commit),
                                   Parameters::Default());
}

inline std::shared_ptr<const IndexSnapshot> IndexOf(
    const std::vector<std::pair<std::string, std::string>>& files) {
  return IndexSnapshot::OfBase(BaseOf(files));
}

}  // namespace evalloop::model_server::testing

#endif  // EVALLOOP_MODEL_SERVER_TESTING_TINY_MODEL_H_
