#include "code_analysis/repository_names.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "fmt/format.h"

namespace evalloop::code_analysis {
namespace {

// About 200 MB.
constexpr std::size_t kMaxNames = 2'000'000;
constexpr std::size_t kMaxNameBytes = 200;

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool NamesDependencies(std::string_view file) {
  for (const std::string_view known :
       {"requirements", "pyproject.toml", "setup.py", "setup.cfg", "Pipfile",
        "environment.y", "package.json", "go.mod", "Cargo.toml", "pom.xml",
        "build.gradle", "Gemfile", "CMakeLists.txt", "WORKSPACE"}) {
    if (file.substr(0, known.size()) == known) return true;
  }
  return false;
}

}  // namespace

void RepositoryNames::AddWords(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && !full_) {
    while (at < text.size() && !IsWord(text[at])) ++at;
    const std::size_t begin = at;
    while (at < text.size() && IsWord(text[at])) ++at;
    if (at > begin && at - begin <= kMaxNameBytes) {
      names_.emplace(text.substr(begin, at - begin));
      full_ = names_.size() > kMaxNames;
    }
  }
}

void RepositoryNames::Add(std::string_view path, std::string_view text) {
  AddWords(path);
  AddWords(text);
}

absl::StatusOr<RepositoryNames> ReadRepositoryNames(
    const std::string& folder, const RepositoryLimits& limits) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return absl::NotFoundError(fmt::format("no folder {}", folder));
  }
  RepositoryNames names;
  std::size_t files = 0;
  std::size_t bytes = 0;
  std::string text;
  fs::recursive_directory_iterator walk(
      folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && walk != fs::recursive_directory_iterator();
       walk.increment(error)) {
    const fs::directory_entry& entry = *walk;
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    const fs::file_status status = entry.symlink_status(ignored);
    if (fs::is_directory(status)) {
      if (name.front() == '.' || name == "node_modules") {
        walk.disable_recursion_pending();
      }
      continue;
    }
    if (!fs::is_regular_file(status)) continue;
    if (LanguageOfPath(name) == Language::kUnknown &&
        !NamesDependencies(name)) {
      continue;
    }
    const std::uintmax_t size = entry.file_size(ignored);
    if (ignored || size > limits.file_bytes) continue;
    bytes += size;
    if (++files > limits.files || bytes > limits.all_bytes) {
      return absl::ResourceExhaustedError(
          fmt::format("{} holds more than {} files or {} bytes of source",
                      folder, limits.files, limits.all_bytes));
    }
    std::ifstream file(entry.path(), std::ios::binary);
    text.resize(size);
    file.read(text.data(), static_cast<std::streamsize>(size));
    text.resize(static_cast<std::size_t>(file.gcount()));
    names.Add(entry.path().lexically_relative(folder).generic_string(), text);
  }
  if (error) {
    return absl::UnavailableError(
        fmt::format("can't read {}: {}", folder, error.message()));
  }
  return names;
}

}  // namespace evalloop::code_analysis
