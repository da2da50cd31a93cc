#include "completion_policy/includes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "platform/base/reason.h"

namespace evalloop::completion_policy {
namespace {

constexpr std::string_view kOpen = "{{>";
constexpr std::string_view kClose = "}}";

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '/';
}

bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= kMostIncludeName &&
         std::all_of(name.begin(), name.end(), IsNameCharacter);
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Calls `on_text` for what stands between inclusions and `on_name` for each,
// until one of them says that it is enough. Braces that don't close are text.
void Walk(std::string_view text,
          const std::function<bool(std::string_view)>& on_text,
          const std::function<bool(std::string_view)>& on_name) {
  while (true) {
    const std::size_t open = text.find(kOpen);
    const std::size_t close = open == std::string_view::npos
                                  ? std::string_view::npos
                                  : text.find(kClose, open);
    if (close == std::string_view::npos) {
      on_text(text);
      return;
    }
    const std::size_t begin = open + kOpen.size();
    if (!on_text(text.substr(0, open))) return;
    if (!on_name(Trimmed(text.substr(begin, close - begin)))) return;
    text.remove_prefix(close + kClose.size());
  }
}

const Include* Find(std::span<const Include> includes, std::string_view name) {
  for (const Include& include : includes) {
    if (include.name == name) return &include;
  }
  return nullptr;
}

std::string FieldOf(std::string_view name) {
  return fmt::format("includes.{}", name);
}

// One expansion: what is put in so far, and in what it stands.
class Expansion {
 public:
  Expansion(std::string_view field, std::span<const Include> includes)
      : field_(field), includes_(includes) {}

  absl::StatusOr<std::string> Of(std::string_view text) {
    Add(text);
    if (!status_.ok()) return status_;
    return std::move(out_);
  }

 private:
  bool Add(std::string_view text) {
    Walk(
        text,
        [this](std::string_view piece) {
          if (out_.size() + piece.size() > kMostIncludedBytes) {
            return Refuse(fmt::format("has over {} bytes with its includes in",
                                      kMostIncludedBytes),
                          "shorten the includes");
          }
          out_ += piece;
          return true;
        },
        [this](std::string_view name) { return Put(name); });
    return status_.ok();
  }

  bool Put(std::string_view name) {
    const Include* const include = Find(includes_, name);
    if (include == nullptr) {
      return Refuse(
          fmt::format("names the include \"{}\", which is not there", name),
          "give it in includes, or leave {{> ...}} out");
    }
    if (std::find(within_.begin(), within_.end(), name) != within_.end()) {
      return Refuse(fmt::format("stands in a circle: {} -> {}",
                                fmt::join(within_, " -> "), name),
                    "take one of them out");
    }
    if (within_.size() >= static_cast<std::size_t>(kDeepestInclude)) {
      return Refuse(fmt::format("names includes over {} deep", kDeepestInclude),
                    "put the text in where it is named");
    }
    if (++inclusions_ > kMostInclusions) {
      return Refuse(
          fmt::format("puts includes in over {} times", kMostInclusions),
          "name them less often");
    }
    within_.push_back(include->name);
    const bool goes_on = Add(include->text);
    within_.pop_back();
    return goes_on;
  }

  bool Refuse(std::string_view what, std::string_view remedy) {
    status_ = base::FieldError(
        within_.empty() ? std::string(field_) : FieldOf(within_.back()), what,
        remedy);
    return false;
  }

  const std::string_view field_;
  const std::span<const Include> includes_;
  std::string out_;
  std::vector<std::string_view> within_;
  int inclusions_ = 0;
  absl::Status status_;
};

}  // namespace

std::vector<std::string_view> IncludeNames(std::string_view text) {
  std::vector<std::string_view> names;
  Walk(
      text, [](std::string_view) { return true; },
      [&](std::string_view name) {
        names.push_back(name);
        return true;
      });
  return names;
}

std::set<std::string_view> IncludesReached(std::string_view text,
                                           std::span<const Include> includes) {
  std::set<std::string_view> reached;
  std::vector<std::string_view> texts = {text};
  while (!texts.empty()) {
    const std::string_view next = texts.back();
    texts.pop_back();
    for (const std::string_view name : IncludeNames(next)) {
      const Include* const include = Find(includes, name);
      if (include == nullptr || !reached.insert(include->name).second) continue;
      texts.push_back(include->text);
    }
  }
  return reached;
}

absl::Status CheckIncludes(std::span<const Include> includes) {
  if (includes.size() > kMostIncludes) {
    return base::FieldError("includes",
                            fmt::format("has {} entries", includes.size()),
                            fmt::format("keep at most {}", kMostIncludes));
  }
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < includes.size(); ++i) {
    if (!IsName(includes[i].name)) {
      return base::FieldError(
          fmt::format("includes[{}].name", i),
          fmt::format("\"{}\" is not a name", includes[i].name),
          fmt::format("use letters, digits, '.', '_', '-', '/', at most {}",
                      kMostIncludeName));
    }
    if (!names.insert(includes[i].name).second) {
      return base::FieldError(
          fmt::format("includes[{}].name", i),
          fmt::format("{} is there twice", includes[i].name),
          "give each include a name of its own");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> WithIncludes(std::string_view field,
                                         std::string_view text,
                                         std::span<const Include> includes) {
  return Expansion(field, includes).Of(text);
}

}  // namespace evalloop::completion_policy
