#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_MINED_ITEM_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_MINED_ITEM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "prompt_engine/domain/agreement.h"
#include "prompt_engine/domain/commit.h"

namespace evalloop::prompt_engine {

// What a model is asked to do.
enum class TaskType : std::uint8_t {
  kCompletion,  // What stands at the cursor.
  kGeneration,  // The body of a function, from its comment and head.
  kReview,      // What is wrong with code that a later commit mended.
  kSearch,      // Where the code is that a commit's words are about.
};

std::string_view NameOf(ItemClass item_class);  // "line", "tail" ...
std::string_view NameOf(TaskType task);
// InvalidArgument names the field `classes` or `tasks` and what there is.
absl::StatusOr<ItemClass> ParseItemClass(std::string_view name);
absl::StatusOr<TaskType> ParseTaskType(std::string_view name);

struct MineRequest {
  std::string repository;           // As ingested; part of the items' ids.
  std::string after_commit;         // Full sha; empty: from the first.
  std::string until_commit;         // Full sha, included; empty: to the newest.
  std::optional<absl::Time> since;  // Commits made before give no items.
  std::uint32_t max_items = 0;      // 0: all.
  std::vector<ItemClass> classes;   // Of completions; none: line.
  std::vector<TaskType> tasks;      // None: completion.
};

// The repository's own tests of a function, as one program.
struct MinedTests {
  std::string program;  // Empty: there are none.
  std::string entry_point;
};

// One row of a benchmark: what a developer added, and what stood around it
// before the commit. See docs/formats/mined-item.schema.json.
struct MinedItem {
  std::string item_id;  // Derived from repository, commit, path, line and kind.
  TaskType task = TaskType::kCompletion;
  ItemClass item_class = ItemClass::kLine;
  std::string commit;
  std::string parent;
  std::string path;
  std::string language;
  std::uint32_t line = 0;  // Of the first token, from 1, in the new file; of
                           // kReview and kSearch in the old one.
  std::uint32_t end_line = 0;  // Of the last one.
  std::string symbol;          // The function around, as far as it is known.
  // kCompletion, kGeneration: up to the cursor. kReview: the code to look at.
  // kSearch: the query.
  std::string prefix;
  std::string suffix;
  std::string committed;
  std::string agreed;             // The agreed output, or what was committed.
  std::vector<Variant> variants;  // The committed text is the first.
  std::optional<double> agreement;
  bool contested = false;
  bool seen = false;  // The same tokens stood in the repository before.
  std::string author;
  absl::Time author_time;
  std::vector<std::string> tags;  // "kind:value" or a word, sorted.
  std::string explanation;
  std::string canary;
  std::vector<std::string> criteria;  // Yes or no questions; yes is good.
  MinedTests tests;                   // See RepositoryTests::AddTo.
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_MINED_ITEM_H_
