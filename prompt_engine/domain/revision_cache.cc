#include "prompt_engine/domain/revision_cache.h"

#include <mutex>

namespace evalloop::prompt_engine {
namespace {

std::string Key(char kind, std::string_view prompt, std::string_view name) {
  std::string key;
  key.reserve(prompt.size() + name.size() + 2);
  key += kind;
  key += prompt;
  key += '\0';  // No name holds one.
  key += name;
  return key;
}

std::string LabelKey(std::string_view prompt, std::string_view label) {
  return Key('l', prompt, label);
}

// The key of a selector that names no version.
std::string KeyOf(const RevisionSelector& selector) {
  if (!selector.digest.empty()) {
    return Key('d', selector.prompt, selector.digest);
  }
  return LabelKey(selector.prompt, selector.label.empty()
                                       ? kProduction
                                       : std::string_view(selector.label));
}

bool NamesVersion(const RevisionSelector& selector) {
  return selector.digest.empty() && selector.version != 0;
}

std::size_t BytesOf(const Revision& revision) {
  return revision.content.bytes.size() + revision.content.json.size() +
         revision.message.size();
}

}  // namespace

std::shared_ptr<const Revision> RevisionCache::Find(
    const RevisionSelector& selector) const {
  std::shared_lock lock(mu_);
  if (NamesVersion(selector)) {
    const auto found = revisions_.find({selector.prompt, selector.version});
    return found == revisions_.end() ? nullptr : found->second;
  }
  const auto name = names_.find(KeyOf(selector));
  if (name == names_.end() || name->second.until < clock_.Now()) return nullptr;
  const auto found = revisions_.find(name->second.of);
  return found == revisions_.end() ? nullptr : found->second;
}

RevisionCache::Ticket RevisionCache::Now() const {
  std::shared_lock lock(mu_);
  return forgotten_;
}

void RevisionCache::Put(const RevisionSelector& selector,
                        const Revision& revision, Ticket ticket) {
  auto shared = std::make_shared<const Revision>(revision);
  const std::size_t bytes = BytesOf(revision);
  if (bytes > limits_.max_bytes) return;
  std::unique_lock lock(mu_);
  if (ticket != forgotten_) return;
  if (revisions_.size() >= limits_.max_revisions ||
      bytes_ + bytes > limits_.max_bytes ||
      names_.size() >= limits_.max_names) {
    Clear();
  }
  const Version version(revision.prompt, revision.version);
  if (revisions_.try_emplace(version, std::move(shared)).second) {
    bytes_ += bytes;
  }
  if (NamesVersion(selector)) return;
  const absl::Time until = selector.digest.empty()
                               ? clock_.Now() + limits_.max_label_age
                               : absl::InfiniteFuture();
  names_.insert_or_assign(KeyOf(selector), Name{version, until});
}

void RevisionCache::ForgetLabel(std::string_view prompt,
                                std::string_view label) {
  std::unique_lock lock(mu_);
  ++forgotten_;
  names_.erase(LabelKey(prompt, label));
}

void RevisionCache::ForgetRevision(std::string_view prompt,
                                   std::uint32_t version) {
  std::unique_lock lock(mu_);
  ++forgotten_;
  names_.erase(LabelKey(prompt, kLatest));
  const auto found = revisions_.find({std::string(prompt), version});
  if (found == revisions_.end()) return;
  bytes_ -= BytesOf(*found->second);
  revisions_.erase(found);
}

void RevisionCache::Clear() {
  revisions_.clear();
  names_.clear();
  bytes_ = 0;
}

}  // namespace evalloop::prompt_engine
