#include "scorer/execution/local_checkouts.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace evalloop::scorer {
namespace {

// Repositories of thousands of names each would fill the memory.
constexpr std::size_t kMaxCheckouts = 16;

std::optional<std::filesystem::path> Real(const std::filesystem::path& path) {
  std::error_code error;
  auto real = std::filesystem::canonical(path, error);
  if (error || !std::filesystem::is_directory(real, error)) return std::nullopt;
  return real;
}

bool LiesIn(const std::filesystem::path& path,
            const std::filesystem::path& root) {
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end())
             .first == root.end();
}

}  // namespace

LocalCheckouts::LocalCheckouts(std::vector<std::string> roots,
                               std::chrono::seconds max_age)
    : roots_(std::move(roots)), max_age_(max_age) {}

std::shared_ptr<const code_analysis::RepositoryNames> LocalCheckouts::NamesIn(
    std::string_view repository) {
  if (repository.empty()) return nullptr;
  const std::lock_guard lock(mutex_);
  const auto known = read_.find(repository);
  if (known != read_.end() && Clock::now() - known->second.time < max_age_) {
    return known->second.names;
  }
  if (known == read_.end() && read_.size() >= kMaxCheckouts) read_.clear();
  Read read{.names = nullptr, .time = Clock::now()};
  const auto path = Real(repository);
  const bool allowed =
      path.has_value() &&
      std::any_of(roots_.begin(), roots_.end(), [&](const std::string& root) {
        const auto real = Real(root);
        return real.has_value() && LiesIn(*path, *real);
      });
  if (allowed) {
    auto names = code_analysis::ReadRepositoryNames(path->string());
    if (names.ok()) {
      read.names = std::make_shared<const code_analysis::RepositoryNames>(
          *std::move(names));
    }
  }
  return read_.insert_or_assign(std::string(repository), std::move(read))
      .first->second.names;
}

}  // namespace evalloop::scorer
