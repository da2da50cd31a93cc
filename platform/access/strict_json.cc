#include "platform/access/strict_json.h"

#include <boost/json/basic_parser_impl.hpp>
#include <set>
#include <string>
#include <vector>

namespace evalloop::access {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 8;

// Sees the names of each object go by; ends the parse at one that comes twice.
class NameWatcher {
 public:
  constexpr static std::size_t max_object_size = std::size_t(-1);
  constexpr static std::size_t max_array_size = std::size_t(-1);
  constexpr static std::size_t max_key_size = std::size_t(-1);
  constexpr static std::size_t max_string_size = std::size_t(-1);
  using Code = boost::system::error_code;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) {
    names_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, Code&) {
    names_.pop_back();
    return true;
  }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(std::size_t, Code&) { return true; }
  bool on_key_part(json::string_view part, std::size_t, Code&) {
    name_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, Code& error) {
    name_.append(part.data(), part.size());
    const bool fresh = names_.back().insert(std::move(name_)).second;
    name_.clear();
    if (!fresh) error = json::error::syntax;
    return fresh;
  }
  bool on_string_part(json::string_view, std::size_t, Code&) { return true; }
  bool on_string(json::string_view, std::size_t, Code&) { return true; }
  bool on_number_part(json::string_view, Code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, Code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, Code&) { return true; }
  bool on_double(double, json::string_view, Code&) { return true; }
  bool on_bool(bool, Code&) { return true; }
  bool on_null(Code&) { return true; }
  bool on_comment_part(json::string_view, Code&) { return true; }
  bool on_comment(json::string_view, Code&) { return true; }

 private:
  std::string name_;
  std::vector<std::set<std::string>> names_;
};

}  // namespace

absl::StatusOr<json::object> ParseStrictObject(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::system::error_code error;
  json::basic_parser<NameWatcher> watcher(options);
  const std::size_t read =
      watcher.write_some(false, text.data(), text.size(), error);
  if (error || read != text.size()) {
    return absl::InvalidArgumentError("not strict JSON");
  }
  json::value value = json::parse(json::string_view(text.data(), text.size()),
                                  error, {}, options);
  if (error || !value.is_object()) {
    return absl::InvalidArgumentError("not a JSON object");
  }
  return std::move(value.as_object());
}

}  // namespace evalloop::access
