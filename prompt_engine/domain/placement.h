#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_PLACEMENT_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_PLACEMENT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "code_analysis/language.h"
#include "prompt_engine/domain/agreement.h"
#include "prompt_engine/domain/commit_store.h"

namespace evalloop::prompt_engine {

// Against the median variant. Numbers are stored: never change one.
enum class Rank : std::uint8_t { kBetter = 1, kLike = 2, kWorse = 3 };

// Where a completion stands among the variants in which developers wrote the
// same code.
struct Placement {
  Rank rank = Rank::kWorse;
  std::uint32_t variants = 0;
  double at_least_as_good = 0;  // Share of the variants, [0, 1].
  // Weighted similarity to all variants, [0, 1]: what stands in the middle of
  // them is what developers agree on.
  double centrality = 0;
  double median_centrality = 0;

  bool operator==(const Placement&) const = default;
};

// Closer than this two centralities are alike: one changed token of ten makes
// three times as much against a variant.
inline constexpr double kAlike = 0.05;

// A variant's own text is among those that it is held against, and so is a
// completion's where a developer wrote it: both are counted in one way.
// Nothing with variants of fewer than two authors. `variants` have weights.
std::optional<Placement> PlaceAmong(std::string_view line,
                                    std::span<const Variant> variants,
                                    code_analysis::Language language);

// A line that a commit added.
struct AddedPlace {
  std::string_view path;
  std::uint32_t line = 0;      // In the new file, from 1.
  std::uint32_t position = 0;  // Of the commit.
};

// The ways in which developers wrote one line, and which of them is agreed on.
struct WeighedVariants {
  std::vector<Variant> variants;
  std::optional<std::size_t> agreed;
};

// How the same code was written by others.
class VariantSource {
 public:
  virtual ~VariantSource() = default;

  // The variants of what stands at `place`, as of its commit: nothing later is
  // seen. None where no line is known there.
  virtual absl::StatusOr<WeighedVariants> Of(const AddedPlace& place) = 0;
};

// The groups that benchmark items of class `line` have, of one file's history:
// to read all files for each completion would take seconds, and who writes the
// same elsewhere says least of this place. Not thread-safe.
class FileVariants final : public VariantSource {
 public:
  FileVariants(CommitStore& commits, std::int64_t repository_id)
      : commits_(commits), repository_id_(repository_id) {}

  absl::StatusOr<WeighedVariants> Of(const AddedPlace& place) override;

 private:
  CommitStore& commits_;
  const std::int64_t repository_id_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_PLACEMENT_H_
