#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_PLACEMENT_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_PLACEMENT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "code_analysis/language.h"
#include "prompt_engine/domain/agreement.h"
#include "prompt_engine/domain/line_index.h"
#include "replay/counted_lines.h"

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

// Closer than this two centralities are alike: half of the 0.1 by which the
// similarity of a line of ten tokens moves with one token changed.
inline constexpr double kAlike = 0.05;

// A variant's own text is among those that it is held against, and so is a
// completion's where a developer wrote it: both are counted in one way.
// Nothing with variants of fewer than two authors. `variants` have weights.
std::optional<Placement> PlaceAmong(std::string_view line,
                                    std::span<const Variant> variants,
                                    code_analysis::Language language);

// A line that a commit added.
struct AddedPlace {
  const replay::AddedRun* run = nullptr;
  const replay::AddedLine* line = nullptr;
  std::uint32_t position = 0;  // Of the commit.
  std::string commit;
  std::string author;
  absl::Time author_time;
  absl::Time commit_time;
};

// A group of variants with their weights, and which of them is agreed on.
struct VariantGroup {
  std::vector<Variant> variants;
  std::optional<std::size_t> agreed;
};

// How the same code was written by others.
class VariantSource {
 public:
  virtual ~VariantSource() = default;
  // What stands at `place` among the others up to its commit; nothing later is
  // seen.
  virtual absl::StatusOr<VariantGroup> GroupOf(const AddedPlace& place) = 0;
};

// Groups by what stands above a line in the same file and by likeness, as
// benchmark items of class `line` do. Not thread-safe.
class LineVariants final : public VariantSource {
 public:
  explicit LineVariants(LineIndex& index) : index_(index) {}

  absl::StatusOr<VariantGroup> GroupOf(const AddedPlace& place) override;

 private:
  absl::StatusOr<double> Chance(std::uint32_t until,
                                code_analysis::Language language);

  LineIndex& index_;
  // What chance gives changes little with a few commits more.
  std::vector<std::pair<code_analysis::Language, double>> chance_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_PLACEMENT_H_
