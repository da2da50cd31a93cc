#ifndef EVALLOOP_CODE_ANALYSIS_CODEBLEU_STATES_H_
#define EVALLOOP_CODE_ANALYSIS_CODEBLEU_STATES_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace evalloop::code_analysis {

// Where each variable last got a value: variable number -> token numbers, in
// order and each once. A copy costs nothing; writing to one copies the 32
// values around. Numbers are below the size given.
class FlowStates {
 public:
  using Sources = std::shared_ptr<const std::vector<std::uint32_t>>;

  explicit FlowStates(std::size_t variables)
      : chunks_(std::make_shared<Chunks>((variables + kChunk - 1) / kChunk)) {}

  // Null where it has none.
  const Sources& Get(std::uint32_t variable) const {
    static const Sources none;
    const auto& chunk = (*chunks_)[variable / kChunk];
    return chunk == nullptr ? none : (*chunk)[variable % kChunk];
  }

  void Set(std::uint32_t variable, Sources sources) {
    if (chunks_.use_count() > 1) chunks_ = std::make_shared<Chunks>(*chunks_);
    auto& chunk = (*chunks_)[variable / kChunk];
    if (chunk == nullptr) {
      chunk = std::make_shared<Chunk>();
    } else if (chunk.use_count() > 1) {
      chunk = std::make_shared<Chunk>(*chunk);
    }
    (*chunk)[variable % kChunk] = std::move(sources);
  }

  // What either has.
  void Merge(const FlowStates& other) {
    for (std::size_t c = 0; c < chunks_->size(); ++c) {
      if ((*other.chunks_)[c] == nullptr ||
          (*other.chunks_)[c] == (*chunks_)[c]) {
        continue;
      }
      for (std::size_t i = 0; i < kChunk; ++i) {
        const auto variable = static_cast<std::uint32_t>(c * kChunk + i);
        const Sources theirs = other.Get(variable);
        const Sources ours = Get(variable);
        if (theirs == nullptr || theirs == ours) continue;
        if (ours == nullptr) {
          Set(variable, theirs);
          continue;
        }
        std::vector<std::uint32_t> both;
        std::set_union(ours->begin(), ours->end(), theirs->begin(),
                       theirs->end(), std::back_inserter(both));
        Set(variable, std::make_shared<const std::vector<std::uint32_t>>(both));
      }
    }
  }

 private:
  static constexpr std::size_t kChunk = 32;
  using Chunk = std::array<Sources, kChunk>;
  using Chunks = std::vector<std::shared_ptr<Chunk>>;
  std::shared_ptr<Chunks> chunks_;
};

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_CODEBLEU_STATES_H_
