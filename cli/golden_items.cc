#include "cli/golden_items.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/exec_files.h"
#include "cli/human_eval_items.h"
#include "cli/message_file.h"
#include "cli/names.h"
#include "platform/base/reason.h"
#include "platform/http/json.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;

constexpr std::string_view kFields[] = {
    "id",     "task",     "language", "path",   "prefix",     "suffix",
    "agreed", "variants", "criteria", "tests",  "tags",       "class",
    "symbol", "date",     "author",   "commit", "repository", "line"};

absl::Status Wrong(std::string_view field, std::string_view what,
                   std::string_view remedy) {
  return base::FieldError(field, what, remedy);
}

// Reads the fields of one item; the first that is wrong stops it.
class Reader {
 public:
  explicit Reader(const boost::json::object& object) : object_(object) {}

  void Text(std::string_view field, std::string& out, bool required = false) {
    const boost::json::value* const value = Find(object_, field);
    if (value == nullptr) {
      if (required) Fail(field, "is missing", "every item has one");
      return;
    }
    if (!value->is_string()) {
      Fail(field, "is no text", "write it in quotes");
      return;
    }
    out = std::string(value->get_string());
    if (required && out.empty()) Fail(field, "is empty", "every item has one");
  }

  template <class Add>
  void Texts(std::string_view field, Add add) {
    const boost::json::value* const value = Find(object_, field);
    if (value == nullptr) return;
    if (!value->is_array()) {
      Fail(field, "is no list", "write a list of texts");
      return;
    }
    for (std::size_t i = 0; i < value->get_array().size(); ++i) {
      const boost::json::value& one = value->get_array()[i];
      if (!one.is_string()) {
        Fail(fmt::format("{}[{}]", field, i), "is no text",
             "write it in quotes");
        return;
      }
      add(std::string(one.get_string()));
    }
  }

  void Line(v1::Item& item) {
    const boost::json::value* const value = Find(object_, "line");
    if (value == nullptr) return;
    boost::json::error_code error;
    const auto line = value->to_number<std::uint32_t>(error);
    if (error || line == 0) {
      Fail("line", "is no line's number", "count from 1");
      return;
    }
    item.mutable_location()->set_line(line);
  }

  void Date(v1::Item& item) {
    std::string text;
    Text("date", text);
    if (text.empty()) return;
    const auto date = ParseDate(text);
    if (!date.ok()) {
      Fail("date", fmt::format("\"{}\" is none", text),
           "write it as 2026-11-30, or RFC 3339");
      return;
    }
    *item.mutable_author_time() =
        TimeUtil::NanosecondsToTimestamp(absl::ToUnixNanos(*date));
  }

  void Tests(v1::HiddenTests& tests) {
    const boost::json::value* const value = Find(object_, "tests");
    if (value == nullptr) return;
    if (!value->is_object()) {
      Fail("tests", "is no object", "write {program: ..., entry_point: ...}");
      return;
    }
    Reader inner(value->get_object());
    inner.Text("program", *tests.mutable_program(), /*required=*/true);
    inner.Text("entry_point", *tests.mutable_entry_point(), /*required=*/true);
    if (!inner.status_.ok()) {
      Fail("tests." + base::FieldOf(inner.status_).value_or(""), "is no text",
           "a program and the function under test");
    }
  }

  void Known() {
    for (const auto& member : object_) {
      const std::string_view key(member.key().data(), member.key().size());
      if (std::find(std::begin(kFields), std::end(kFields), key) !=
          std::end(kFields)) {
        continue;
      }
      Fail(key, "is unknown",
           fmt::format("an item has {}", fmt::join(kFields, ", ")));
      return;
    }
  }

  const absl::Status& status() const { return status_; }

 private:
  static const boost::json::value* Find(const boost::json::object& object,
                                        std::string_view field) {
    const auto* const value = object.if_contains(field);
    return value == nullptr || value->is_null() ? nullptr : value;
  }

  void Fail(std::string_view field, std::string_view what,
            std::string_view remedy) {
    if (status_.ok()) status_ = Wrong(field, what, remedy);
  }

  const boost::json::object& object_;
  absl::Status status_;
};

absl::StatusOr<v1::Item> ItemOf(const boost::json::object& object) {
  v1::Item item;
  Reader read(object);
  read.Known();
  read.Text("id", *item.mutable_item_id(), /*required=*/true);
  read.Text("task", *item.mutable_task());
  if (item.task().empty()) item.set_task("completion");
  v1::Location& location = *item.mutable_location();
  const bool search = item.task() == "search";
  read.Text("language", *location.mutable_language(), !search);
  read.Text("path", *location.mutable_path());
  read.Text("repository", *location.mutable_repository());
  read.Line(item);
  read.Text("prefix", *item.mutable_prefix(), /*required=*/true);
  read.Text("suffix", *item.mutable_suffix());
  read.Text("agreed", *item.mutable_agreed());
  read.Texts("criteria",
             [&](std::string text) { item.add_criteria(std::move(text)); });
  read.Texts("tags", [&](std::string text) { item.add_tags(std::move(text)); });
  read.Text("class", *item.mutable_class_());
  read.Text("symbol", *item.mutable_symbol());
  read.Text("author", *item.mutable_author());
  read.Text("commit", *item.mutable_commit());
  read.Date(item);
  read.Tests(*item.mutable_tests());
  read.Texts("variants", [&](std::string text) {
    item.add_variants()->set_text(std::move(text));
  });
  if (!read.status().ok()) return read.status();
  if (item.tests().program().empty()) item.clear_tests();
  if (item.agreed().empty() && !item.has_tests() && item.criteria().empty()) {
    return Wrong("agreed", "is missing, and so are tests and criteria",
                 "say what a good answer is");
  }
  if (item.variants_size() > 0) {
    // All that the author takes: none of them was agreed on against the others.
    if (item.agreed().empty()) item.set_agreed(item.variants(0).text());
    item.set_contested(true);
    item.set_explanation(fmt::format(
        "written by hand, {} outputs are right",
        item.variants_size() + (object.contains("agreed") ? 1 : 0)));
  }
  return item;
}

absl::Status At(std::string_view where, const absl::Status& status) {
  return base::WithField(absl::InvalidArgumentError(fmt::format(
                             "{}: {}", where, std::string(status.message()))),
                         base::FieldOf(status).value_or("file"));
}

bool IsYaml(const std::string& path) {
  return path.ends_with(".yaml") || path.ends_with(".yml");
}

}  // namespace

absl::StatusOr<std::vector<v1::Item>> GoldenItems(
    const std::vector<std::string>& lines) {
  std::vector<v1::Item> items;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string where = fmt::format("line {}", i + 1);
    const auto object = http::ParseJsonObject(lines[i]);
    if (!object.ok()) return At(where, object.status());
    auto item = ItemOf(*object);
    if (!item.ok()) return At(where, item.status());
    items.push_back(*std::move(item));
  }
  return items;
}

absl::StatusOr<std::vector<v1::Item>> GoldenItemsOfYaml(
    const std::string& path) {
  const auto values = ReadListFile(path, "items");
  if (!values.ok()) return values.status();
  std::vector<v1::Item> items;
  for (const PlacedValue& value : *values) {
    const std::string where =
        fmt::format("line {}, item {}", value.line, items.size() + 1);
    if (!value.value.is_object()) {
      return At(where, Wrong("items", "is no object", "write its fields"));
    }
    auto item = ItemOf(value.value.get_object());
    if (!item.ok()) return At(where, item.status());
    items.push_back(*std::move(item));
  }
  return items;
}

absl::StatusOr<std::vector<v1::Item>> ReadItemsFile(
    const std::string& path, std::optional<absl::Time> date) {
  absl::StatusOr<std::vector<v1::Item>> items;
  if (IsYaml(path)) {
    items = GoldenItemsOfYaml(path);
  } else {
    const auto lines = ReadLines(path);
    if (!lines.ok()) return lines.status();
    // Only problems in HumanEval's form have a task_id.
    const auto first = lines->empty() ? absl::StatusOr<boost::json::object>()
                                      : http::ParseJsonObject(lines->front());
    items = first.ok() && first->contains("task_id") ? HumanEvalItems(*lines)
                                                     : GoldenItems(*lines);
  }
  if (!items.ok() || !date.has_value()) return items;
  for (v1::Item& item : *items) {
    if (item.has_author_time()) continue;
    *item.mutable_author_time() =
        TimeUtil::NanosecondsToTimestamp(absl::ToUnixNanos(*date));
  }
  return items;
}

std::string BenchmarkNameOf(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  for (const std::string_view ending :
       {".gz", ".jsonl", ".json", ".yaml", ".yml"}) {
    if (name.ends_with(ending)) name.resize(name.size() - ending.size());
  }
  return name;
}

}  // namespace evalloop::cli
