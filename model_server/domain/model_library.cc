#include "model_server/domain/model_library.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "code_analysis/history.h"
#include "model_server/domain/index_builder.h"
#include "platform/base/text.h"

namespace evalloop::model_server {
namespace {

constexpr std::string_view kNamePrefix = "ngram-";
constexpr std::size_t kNameDigits = 12;
constexpr std::size_t kFewestDigits = 8;

absl::Status Unknown(std::string_view commit, std::string_view why) {
  std::string text("the index has no commit ");
  text += commit;
  text += ": ";
  text += why;
  return absl::FailedPreconditionError(text);
}

// The digits that a name means; empty for a name of another shape.
std::string_view DigitsOf(std::string_view name) {
  if (name.starts_with(kNamePrefix)) name.remove_prefix(kNamePrefix.size());
  const bool hex =
      name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return hex && name.size() >= kFewestDigits && name.size() <= 64
             ? name
             : std::string_view();
}

absl::Status NoModel(std::string_view name) {
  return absl::NotFoundError("no model " + std::string(name));
}

}  // namespace

Model::Model(std::string digest, std::shared_ptr<const FrozenBase> base)
    : digest_(std::move(digest)),
      base_(std::move(base)),
      repository_(base_->repository),
      following_(IndexSnapshot::OfBase(base_)) {}

std::string Model::name() const {
  return std::string(kNamePrefix) + digest_.substr(0, kNameDigits);
}

std::shared_ptr<const IndexSnapshot> Model::Find(
    std::optional<std::string_view> commit) {
  const std::lock_guard lock(mutex_);
  if (!commit || following_->commit() == *commit) return following_;
  const auto found = std::find_if(
      recent_.begin(), recent_.end(),
      [&](const auto& snapshot) { return snapshot->commit() == *commit; });
  if (found == recent_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found);
  return recent_.front();
}

void Model::Keep(std::shared_ptr<const IndexSnapshot> snapshot, bool follow) {
  const std::lock_guard lock(mutex_);
  if (follow) {
    following_ = std::move(snapshot);
    return;
  }
  if (snapshot == following_) return;
  recent_.remove(snapshot);
  recent_.push_front(std::move(snapshot));
  // The following one is one of those held.
  while (recent_.size() > kMaxSnapshots - 1) recent_.pop_back();
}

absl::StatusOr<std::shared_ptr<const IndexSnapshot>> Model::Build(
    const std::string& repository, std::string_view commit) {
  auto opened = code_analysis::Repository::Open(repository);
  if (!opened.ok()) return opened.status();
  auto sha = opened->ResolveCommit(commit);
  if (!sha.ok()) return sha.status();
  if (auto held = Find(*sha)) return held;
  if (*sha == base_->commit) return IndexSnapshot::OfBase(base_);
  return MoveIndex(*opened, *Find(std::nullopt), *sha);
}

absl::StatusOr<std::shared_ptr<const IndexSnapshot>> Model::FindOrBuild(
    std::string_view commit) {
  if (auto held = Find(commit)) return held;
  const std::lock_guard building(building_);
  std::string repository;
  {
    const std::lock_guard lock(mutex_);
    repository = repository_;
  }
  auto built = Build(repository, commit);
  if (!built.ok()) {
    return Unknown(commit, base::S(built.status().message()));
  }
  Keep(*built, /*follow=*/false);
  return built;
}

absl::StatusOr<std::shared_ptr<const IndexSnapshot>> Model::Index(
    const std::string& repository, std::string_view commit, bool follow) {
  const std::lock_guard building(building_);
  auto built = Build(repository, commit);
  if (!built.ok()) return built;
  {
    const std::lock_guard lock(mutex_);
    repository_ = repository;
  }
  Keep(*built, follow);
  return built;
}

std::shared_ptr<Model> ModelLibrary::FindLoaded(std::string_view name) {
  const std::string_view digits = DigitsOf(name);
  if (digits.empty()) return nullptr;
  const std::lock_guard lock(mutex_);
  const auto begins = [&](const std::shared_ptr<Model>& model) {
    return model->digest().starts_with(digits);
  };
  const auto found = std::find_if(recent_.begin(), recent_.end(), begins);
  if (found == recent_.end() ||
      std::any_of(std::next(found), recent_.end(), begins)) {
    return nullptr;
  }
  recent_.splice(recent_.begin(), recent_, found);
  return recent_.front();
}

absl::StatusOr<std::shared_ptr<Model>> ModelLibrary::FindOrLoad(
    std::string_view name) {
  if (auto loaded = FindLoaded(name)) return loaded;
  const std::string_view digits = DigitsOf(name);
  if (digits.empty()) return NoModel(name);
  const std::lock_guard loading(loading_);
  if (auto loaded = FindLoaded(name)) return loaded;
  std::string digest(digits);
  if (digits.size() < 64) {
    auto digests = store_.List();
    if (!digests.ok()) return digests.status();
    std::erase_if(*digests, [&](const std::string& each) {
      return !each.starts_with(digits);
    });
    if (digests->empty()) return NoModel(name);
    if (digests->size() > 1) {
      return absl::InvalidArgumentError("several models begin with " +
                                        std::string(digits));
    }
    digest = digests->front();
  }
  auto base = store_.Load(digest);
  if (!base.ok()) return base.status();
  auto model = std::make_shared<Model>(digest, *std::move(base));
  const std::lock_guard lock(mutex_);
  recent_.push_front(model);
  while (recent_.size() > kMaxModels) recent_.pop_back();
  return model;
}

absl::StatusOr<std::vector<std::string>> ModelLibrary::List() {
  return store_.List();
}

std::size_t ModelLibrary::loaded() const {
  const std::lock_guard lock(mutex_);
  return recent_.size();
}

}  // namespace evalloop::model_server
