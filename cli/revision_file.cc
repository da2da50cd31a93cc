#include "cli/revision_file.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "cli/message_file.h"
#include "cli/report_text.h"
#include "platform/base/reason.h"
#include "platform/http/json.h"

namespace evalloop::cli {
namespace {

namespace json = boost::json;

absl::StatusOr<std::string> ReadText(const std::string& field,
                                     const std::filesystem::path& folder,
                                     std::string_view name) {
  const std::filesystem::path named(name);
  if (name.empty() || named.is_absolute()) {
    return base::FieldError(field, fmt::format("is \"{}\"", name),
                            "name a file relative to the revision's own");
  }
  const std::filesystem::path path = folder / named;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return base::FieldError(
        field, fmt::format("names {}, which is no file", path.string()),
        "name one that is there");
  }
  if (std::filesystem::file_size(path, error) > kMostTextFileBytes || error) {
    return base::FieldError(field,
                            fmt::format("names {}, which is over {} bytes",
                                        path.string(), kMostTextFileBytes),
                            "shorten it");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return base::FieldError(
        field, fmt::format("names {}, which can't be read", path.string()),
        "see to its permissions");
  }
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!IsUtf8(text)) {
    return base::FieldError(
        field, fmt::format("names {}, which is no UTF-8", path.string()),
        "convert it");
  }
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

// Replaces `from`, the name of a file, by `to`, its text.
absl::Status TakeFile(json::object& object, const std::string& where,
                      std::string_view from, std::string_view to,
                      const std::filesystem::path& folder) {
  const auto found = object.find(from);
  if (found == object.end()) return absl::OkStatus();
  const std::string field = fmt::format("{}{}", where, from);
  if (object.contains(to)) {
    return base::FieldError(field, fmt::format("stands beside {}", to),
                            "give one of them");
  }
  if (!found->value().is_string()) {
    return base::FieldError(field, "is no text", "name a file");
  }
  auto text = ReadText(field, folder, found->value().as_string());
  if (!text.ok()) return text.status();
  object.erase(found);
  object[to] = *std::move(text);
  return absl::OkStatus();
}

absl::Status TakeFiles(json::value& value,
                       const std::filesystem::path& folder) {
  if (!value.is_object()) return absl::OkStatus();
  json::object& content = value.as_object();
  if (auto s =
          TakeFile(content, "", "system_prompt_file", "system_prompt", folder);
      !s.ok()) {
    return s;
  }
  if (json::value* const form = content.if_contains("template");
      form != nullptr && form->is_object()) {
    if (auto s =
            TakeFile(form->as_object(), "template.", "file", "text", folder);
        !s.ok()) {
      return s;
    }
  }
  json::value* const includes = content.if_contains("includes");
  if (includes == nullptr || !includes->is_array()) return absl::OkStatus();
  json::array& list = includes->as_array();
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!list[i].is_object()) continue;
    if (auto s = TakeFile(list[i].as_object(), fmt::format("includes[{}].", i),
                          "file", "text", folder);
        !s.ok()) {
      return s;
    }
  }
  return absl::OkStatus();
}

// Whether a block says the text as it is. One that begins with a blank would
// need its indentation told, and a block has no escapes.
bool FitsBlock(std::string_view text) {
  if (text.find('\n') == std::string_view::npos) return false;
  if (text.front() == ' ' || text.front() == '\n') return false;
  return Visible(text) == text;
}

void PutBlock(std::string_view text, int indent, std::string& out) {
  // What follows the last line that is not empty: "-" nothing, "" one line
  // break, "+" more.
  const bool ends = text.ends_with('\n');
  out += !ends ? " |-\n" : (text.ends_with("\n\n") ? " |+\n" : " |\n");
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!line.empty()) {
      out.append(static_cast<std::size_t>(indent), ' ');
      out += line;
    }
    out += '\n';
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
}

void PutValue(const json::value& value, int indent, std::string& out);

void PutMembers(const json::object& object, int indent, std::string& out) {
  bool first = true;
  for (const auto& [name, value] : object) {
    if (!first) out.append(static_cast<std::size_t>(indent), ' ');
    first = false;
    out += std::string_view(name);
    out += ':';
    PutValue(value, indent + 2, out);
  }
}

// Behind "name:" or "-", with what ends the line.
void PutValue(const json::value& value, int indent, std::string& out) {
  if (value.is_object() && !value.as_object().empty()) {
    out += '\n';
    out.append(static_cast<std::size_t>(indent), ' ');
    PutMembers(value.as_object(), indent, out);
  } else if (value.is_array() && !value.as_array().empty()) {
    out += '\n';
    for (const json::value& element : value.as_array()) {
      out.append(static_cast<std::size_t>(indent), ' ');
      out += '-';
      if (element.is_object() && !element.as_object().empty()) {
        out += ' ';
        PutMembers(element.as_object(), indent + 2, out);
      } else {
        PutValue(element, indent + 2, out);
      }
    }
  } else if (value.is_string() && FitsBlock(value.as_string())) {
    PutBlock(value.as_string(), indent, out);
  } else {
    // JSON's texts and empty lists are YAML's too.
    out += ' ';
    out += http::JsonText(value);
    out += '\n';
  }
}

}  // namespace

absl::StatusOr<v1::RevisionContent> ReadRevisionFile(const std::string& path) {
  auto value = ReadValueFile(path);
  if (!value.ok()) return value.status();
  if (auto s = TakeFiles(*value, std::filesystem::path(path).parent_path());
      !s.ok()) {
    return s;
  }
  v1::RevisionContent content;
  if (auto s = FillMessage(*value, path, &content); !s.ok()) return s;
  return content;
}

std::string RevisionYaml(const v1::RevisionContent& content) {
  const json::object object = ObjectOf(content);
  std::string out;
  if (!object.empty()) PutMembers(object, 0, out);
  return out;
}

}  // namespace evalloop::cli
