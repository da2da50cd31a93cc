#ifndef EVALLOOP_SERVING_DOMAIN_LIBRARY_H_
#define EVALLOOP_SERVING_DOMAIN_LIBRARY_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "serving/domain/model.h"
#include "serving/domain/revision.h"

namespace evalloop::serving {

using RevisionPtr = std::shared_ptr<const Revision>;
using ModelPtr = std::shared_ptr<const Model>;

// Everything that can be asked for, in memory: revisions, labels and models as
// the compacted topics tell them. Thread-safe; readers don't wait for each
// other.
class Library {
 public:
  static constexpr int kMaxWaiting = 16;

  void Put(Revision revision);
  // A move that isn't newer than the last known one of its label is ignored.
  void Move(const LabelMove& move);
  void RemoveLabel(std::string_view prompt, std::string_view label);
  void Put(Model model);
  void RemoveModel(std::string_view name);

  // The revision that `selector` names. Labels, revisions and models travel on
  // topics of their own, so one can be ahead of another: an unknown one is
  // waited for, at most `patience`, then NotFound; at once when kMaxWaiting
  // others wait already. InvalidArgument: neither prompt nor digest.
  absl::StatusOr<RevisionPtr> Resolve(const RevisionSelector& selector,
                                      std::chrono::milliseconds patience) const;

  // NotFound for an unknown or retired one; waits like Resolve.
  absl::StatusOr<ModelPtr> FindModel(std::string_view name,
                                     std::chrono::milliseconds patience) const;

  // By name; retired ones are left out.
  std::vector<ModelPtr> Models() const;

  // Prompts with at least one label, by name.
  std::vector<std::string> Prompts() const;

 private:
  struct Label {
    std::uint32_t version = 0;
    std::uint64_t sequence = 0;
  };
  using Pair = std::pair<std::string, std::string>;

  RevisionPtr FindRevision(const RevisionSelector& selector) const;
  template <typename Find>
  auto WaitFor(std::chrono::milliseconds patience, const Find& find) const;

  mutable std::shared_mutex mu_;
  mutable std::condition_variable_any changed_;
  mutable std::atomic<int> waiting_{0};
  std::map<std::pair<std::string, std::uint32_t>, RevisionPtr> revisions_;
  std::map<std::string, RevisionPtr, std::less<>> by_digest_;
  std::map<Pair, Label> labels_;
  std::map<std::string, ModelPtr, std::less<>> models_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_LIBRARY_H_
