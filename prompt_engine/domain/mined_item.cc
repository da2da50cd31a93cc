#include "prompt_engine/domain/mined_item.h"

#include <array>
#include <utility>

#include "platform/base/reason.h"

namespace evalloop::prompt_engine {
namespace {

constexpr std::array<std::pair<std::string_view, ItemClass>, 5> kClasses = {
    {{"line", ItemClass::kLine},
     {"tail", ItemClass::kTail},
     {"statement", ItemClass::kStatement},
     {"block", ItemClass::kBlock},
     {"body", ItemClass::kBody}}};

constexpr std::array<std::pair<std::string_view, TaskType>, 4> kTasks = {
    {{"completion", TaskType::kCompletion},
     {"generation", TaskType::kGeneration},
     {"review", TaskType::kReview},
     {"search", TaskType::kSearch}}};

template <typename Table, typename Value>
std::string_view NameIn(const Table& table, Value value) {
  for (const auto& [name, known] : table) {
    if (known == value) return name;
  }
  return {};
}

template <typename Table>
auto ParseIn(const Table& table, std::string_view field, std::string_view name)
    -> absl::StatusOr<decltype(table.front().second)> {
  std::string all;
  for (const auto& [known, value] : table) {
    if (known == name) return value;
    all += (all.empty() ? "" : ", ") + std::string(known);
  }
  return base::FieldError(
      field, "has \"" + std::string(name.substr(0, 40)) + "\", which is none",
      "choose from " + all);
}

}  // namespace

std::string_view NameOf(ItemClass item_class) {
  return NameIn(kClasses, item_class);
}

std::string_view NameOf(TaskType task) { return NameIn(kTasks, task); }

absl::StatusOr<ItemClass> ParseItemClass(std::string_view name) {
  return ParseIn(kClasses, "classes", name);
}

absl::StatusOr<TaskType> ParseTaskType(std::string_view name) {
  return ParseIn(kTasks, "tasks", name);
}

}  // namespace evalloop::prompt_engine
