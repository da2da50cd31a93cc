#include "cli/human_eval_items.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "platform/http/json.h"

namespace evalloop::cli {
namespace {

absl::StatusOr<v1::Item> ItemOf(const std::string& line) {
  const auto object = http::ParseJsonObject(line);
  if (!object.ok()) return object.status();
  v1::Item item;
  absl::Status wrong;
  const auto take = [&](std::string_view key, std::string& target) {
    const auto text = http::GetString(*object, key);
    if (text.ok()) {
      target = *text;
    } else if (wrong.ok()) {
      wrong = text.status();
    }
  };
  take("task_id", *item.mutable_item_id());
  take("prompt", *item.mutable_prefix());
  take("test", *item.mutable_tests()->mutable_program());
  take("entry_point", *item.mutable_tests()->mutable_entry_point());
  if (!wrong.ok()) return wrong;
  const auto solution = http::FindString(*object, "canonical_solution");
  if (!solution.ok()) return solution.status();
  item.set_agreed(solution->value_or(""));
  const auto language = http::FindString(*object, "language");
  if (!language.ok()) return language.status();
  item.mutable_location()->set_language(language->value_or("python"));
  // The task's name would tell a model which public set it is from.
  item.mutable_location()->set_path(
      item.location().language() == "python" ? "solution.py" : "solution");
  item.set_class_("body");
  item.set_task("generation");
  item.add_tags("generation");
  item.add_tags("task:" + item.item_id());
  return item;
}

}  // namespace

absl::StatusOr<std::vector<v1::Item>> HumanEvalItems(
    const std::vector<std::string>& lines) {
  std::vector<v1::Item> items;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto item = ItemOf(lines[i]);
    if (!item.ok()) {
      return absl::InvalidArgumentError(fmt::format(
          "line {}: {}", i + 1, std::string(item.status().message())));
    }
    items.push_back(*std::move(item));
  }
  return items;
}

}  // namespace evalloop::cli
