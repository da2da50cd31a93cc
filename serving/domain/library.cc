#include "serving/domain/library.h"

#include <functional>

#include "fmt/format.h"
#include "platform/base/reason.h"

namespace evalloop::serving {

void Library::Put(Revision revision) {
  auto shared = std::make_shared<const Revision>(std::move(revision));
  {
    std::unique_lock lock(mu_);
    by_digest_[shared->digest] = shared;
    revisions_[{shared->prompt, shared->version}] = shared;
  }
  changed_.notify_all();
}

void Library::Move(const LabelMove& move) {
  {
    std::unique_lock lock(mu_);
    const auto [label, fresh] = labels_.try_emplace({move.prompt, move.label});
    if (!fresh && move.sequence <= label->second.sequence) return;
    label->second = Label{move.version, move.sequence};
  }
  changed_.notify_all();
}

void Library::RemoveLabel(std::string_view prompt, std::string_view label) {
  std::unique_lock lock(mu_);
  labels_.erase({std::string(prompt), std::string(label)});
}

void Library::Put(Model model) {
  auto shared = std::make_shared<const Model>(std::move(model));
  {
    std::unique_lock lock(mu_);
    models_[shared->name] = shared;
  }
  changed_.notify_all();
}

void Library::RemoveModel(std::string_view name) {
  std::unique_lock lock(mu_);
  if (const auto found = models_.find(name); found != models_.end()) {
    models_.erase(found);
  }
}

// Calls `find` under the lock, now and after each change, until it answers
// something or patience ends.
template <typename Find>
auto Library::WaitFor(std::chrono::milliseconds patience,
                      const Find& find) const {
  const auto until = std::chrono::steady_clock::now() + patience;
  std::shared_lock lock(mu_);
  auto found = find();
  if (found || patience.count() <= 0) return found;
  // Names that nobody knows must not tie up every worker.
  if (waiting_.fetch_add(1) < kMaxWaiting) {
    while (!found) {
      const auto woken = changed_.wait_until(lock, until);
      found = find();
      if (woken == std::cv_status::timeout) break;
    }
  }
  waiting_.fetch_sub(1);
  return found;
}

RevisionPtr Library::FindRevision(const RevisionSelector& selector) const {
  if (!selector.digest.empty()) {
    const auto found = by_digest_.find(selector.digest);
    if (found == by_digest_.end()) return nullptr;
    if (!selector.prompt.empty() && found->second->prompt != selector.prompt) {
      return nullptr;
    }
    return found->second;
  }
  std::uint32_t version = selector.version;
  if (version == 0) {
    const auto label = labels_.find(
        {selector.prompt,
         selector.label.empty() ? std::string(kProduction) : selector.label});
    if (label == labels_.end()) return nullptr;
    version = label->second.version;
  }
  const auto found = revisions_.find({selector.prompt, version});
  return found == revisions_.end() ? nullptr : found->second;
}

absl::StatusOr<RevisionPtr> Library::Resolve(
    const RevisionSelector& selector,
    std::chrono::milliseconds patience) const {
  if (selector.prompt.empty() && selector.digest.empty()) {
    return base::FieldError("revision.prompt", "is required");
  }
  RevisionPtr found = WaitFor(patience, [&] { return FindRevision(selector); });
  if (found) return found;
  std::string what;
  if (!selector.digest.empty()) {
    what = fmt::format("no revision with digest {}", selector.digest);
  } else if (selector.version != 0) {
    what = fmt::format("prompt {} has no version {}", selector.prompt,
                       selector.version);
  } else {
    what =
        fmt::format("prompt {} has no label {}", selector.prompt,
                    selector.label.empty() ? kProduction
                                           : std::string_view(selector.label));
  }
  return base::WithReason(absl::NotFoundError(what), "REVISION_NOT_FOUND");
}

absl::StatusOr<ModelPtr> Library::FindModel(
    std::string_view name, std::chrono::milliseconds patience) const {
  ModelPtr found = WaitFor(patience, [&]() -> ModelPtr {
    const auto at = models_.find(name);
    return at == models_.end() ? nullptr : at->second;
  });
  if (found && !found->retired) return found;
  return base::WithReason(
      absl::NotFoundError(
          found ? fmt::format("model {} is retired", name)
                : fmt::format("no model {}; `evalloop model add` makes one "
                              "known",
                              name)),
      "MODEL_NOT_FOUND");
}

std::vector<ModelPtr> Library::Models() const {
  std::shared_lock lock(mu_);
  std::vector<ModelPtr> models;
  for (const auto& [name, model] : models_) {
    if (!model->retired) models.push_back(model);
  }
  return models;
}

std::vector<std::string> Library::Prompts() const {
  std::shared_lock lock(mu_);
  std::vector<std::string> prompts;
  for (const auto& [key, label] : labels_) {
    if (prompts.empty() || prompts.back() != key.first) {
      prompts.push_back(key.first);
    }
  }
  return prompts;
}

}  // namespace evalloop::serving
