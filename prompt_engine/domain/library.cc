#include "prompt_engine/domain/library.h"

#include <fmt/format.h>

#include "platform/base/crypto.h"
#include "platform/base/reason.h"
#include "prompt_engine/domain/library_errors.h"

namespace evalloop::prompt_engine {
namespace {

constexpr absl::Duration kRequestMemory = absl::Hours(24);

}  // namespace

absl::StatusOr<Pushed> Library::Push(const PushRequest& request) {
  if (auto bad = CheckName("prompt", request.prompt, kMaxPromptName);
      !bad.ok()) {
    return bad;
  }
  if (auto bad = CheckWords("message", request.message); !bad.ok()) return bad;
  if (request.content.model.empty()) {
    return base::FieldError("content.model.name", "is empty",
                            "name a model that serving knows");
  }
  const auto content = codec_.Encode(request.content);
  if (!content.ok()) return content.status();
  Pushed pushed;
  const absl::Status status =
      transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
        return PushIn(work, request, *content, pushed);
      });
  if (pushed.created) {
    cache_.ForgetRevision(request.prompt, pushed.revision.version);
  }
  if (!status.ok()) return status;
  return pushed;
}

absl::Status Library::PushIn(base::UnitOfWork& work, const PushRequest& request,
                             const EncodedContent& content, Pushed& pushed) {
  const absl::Time now = clock_.Now();
  const auto latest = store_.LockPrompt(work, request.prompt, now);
  if (!latest.ok()) return latest.status();
  const std::string digest = base::Sha256Hex(content.bytes);

  std::optional<Revision> there;
  if (!request.request_id.empty()) {
    auto found = store_.FindRequest(work, request.prompt, request.request_id,
                                    now - kRequestMemory);
    if (!found.ok()) return found.status();
    there = *std::move(found);
  }
  if (!there) {
    auto found = store_.FindDigest(work, request.prompt, digest);
    if (!found.ok()) return found.status();
    there = *std::move(found);
  }
  if (there) {
    pushed = {*std::move(there), false};
    return absl::OkStatus();
  }
  if (request.parent_version > latest->value_or(0)) {
    return NoRevision(request.prompt, request.parent_version);
  }
  Revision& revision = pushed.revision;
  revision = {};
  revision.prompt = request.prompt;
  revision.version = latest->value_or(0) + 1;
  revision.digest = digest;
  revision.content = content;
  revision.message = request.message;
  revision.author = request.author;
  revision.parent_version = request.parent_version;
  revision.create_time = now;
  pushed.created = true;
  if (auto s = store_.AddRevision(work, revision, request.request_id);
      !s.ok()) {
    return s;
  }
  HistoryEntry entry;
  entry.time = now;
  entry.act = kPushed;
  entry.from_version = request.parent_version;
  entry.to_version = revision.version;
  entry.author = request.author;
  entry.reason = request.message;
  if (auto s = store_.AddHistory(work, request.prompt, entry); !s.ok()) {
    return s;
  }
  return events_.RevisionStored(work, revision);
}

absl::StatusOr<Revision> Library::Resolve(const RevisionSelector& selector) {
  if (selector.digest.empty()) {
    if (auto bad =
            CheckName("revision.prompt", selector.prompt, kMaxPromptName);
        !bad.ok()) {
      return bad;
    }
  }
  if (const auto known = cache_.Find(selector)) return *known;
  const RevisionCache::Ticket ticket = cache_.Now();
  absl::StatusOr<Revision> revision = absl::UnknownError("not run");
  const absl::Status status = transactor_.Run([&](base::UnitOfWork& work) {
    revision = ResolveIn(work, selector);
    return revision.status();
  });
  if (!status.ok()) return status;
  cache_.Put(selector, *revision, ticket);
  return revision;
}

absl::StatusOr<Revision> Library::ResolveIn(base::UnitOfWork& work,
                                            const RevisionSelector& selector) {
  if (!selector.digest.empty()) {
    auto found = store_.FindDigest(work, selector.prompt, selector.digest);
    if (!found.ok()) return found.status();
    if (*found) return **std::move(found);
    return Missing("REVISION_NOT_FOUND",
                   fmt::format("a revision with digest {}", selector.digest));
  }
  std::uint32_t version = selector.version;
  const std::string_view label =
      selector.label.empty() ? kProduction : std::string_view(selector.label);
  if (version == 0 && label == kLatest) {
    auto newest = store_.ListRevisions(work, selector.prompt, {.page_size = 1});
    if (!newest.ok()) return newest.status();
    if (!newest->items.empty()) return newest->items.front();
    return Missing("PROMPT_NOT_FOUND",
                   fmt::format("prompt {}", selector.prompt));
  }
  if (version == 0) {
    const auto found = store_.FindLabel(work, selector.prompt, label);
    if (!found.ok()) return found.status();
    if (!*found) {
      return Missing("LABEL_NOT_FOUND", fmt::format("label {} of prompt {}",
                                                    label, selector.prompt));
    }
    version = (*found)->version;
  }
  auto found = store_.FindVersion(work, selector.prompt, version);
  if (!found.ok()) return found.status();
  if (!*found) return NoRevision(selector.prompt, version);
  return **std::move(found);
}

absl::StatusOr<RevisionContent> Library::ContentOf(
    const Revision& revision) const {
  return codec_.Decode(revision.content.bytes);
}

absl::Status Library::LockPrompt(base::UnitOfWork& work,
                                 std::string_view prompt) {
  const auto locked = store_.LockPrompt(work, prompt, std::nullopt);
  if (!locked.ok()) return locked.status();
  if (*locked) return absl::OkStatus();
  return Missing("PROMPT_NOT_FOUND", fmt::format("prompt {}", prompt));
}

absl::StatusOr<listing::Page<PromptSummary>> Library::ListPrompts(
    const listing::Request& request) {
  listing::Page<PromptSummary> page;
  const absl::Status status = transactor_.Run([&](base::UnitOfWork& work) {
    auto found = store_.ListPrompts(work, request);
    if (found.ok()) page = *std::move(found);
    return found.status();
  });
  if (!status.ok()) return status;
  return page;
}

absl::StatusOr<listing::Page<Revision>> Library::ListRevisions(
    std::string_view prompt, const listing::Request& request) {
  listing::Page<Revision> page;
  const absl::Status status = transactor_.Run([&](base::UnitOfWork& work) {
    auto found = store_.ListRevisions(work, prompt, request);
    if (found.ok()) page = *std::move(found);
    return found.status();
  });
  if (!status.ok()) return status;
  return page;
}

absl::StatusOr<listing::Page<HistoryEntry>> Library::ListHistory(
    std::string_view prompt, const listing::Request& request) {
  listing::Page<HistoryEntry> page;
  const absl::Status status = transactor_.Run([&](base::UnitOfWork& work) {
    auto found = store_.ListHistory(work, prompt, request);
    if (found.ok()) page = *std::move(found);
    return found.status();
  });
  if (!status.ok()) return status;
  return page;
}

}  // namespace evalloop::prompt_engine
