#ifndef EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_LIBRARY_STORE_H_
#define EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_LIBRARY_STORE_H_

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "platform/testing/fake_transactor.h"
#include "prompt_engine/domain/library_store.h"

namespace evalloop::prompt_engine {

// Keeps the port's contract in memory. Writes apply at once and are not rolled
// back; FakeTransactor runs one body at a time.
class FakeLibraryStore final : public LibraryStore {
 public:
  absl::StatusOr<std::optional<std::uint32_t>> LockPrompt(
      base::UnitOfWork&, std::string_view prompt,
      std::optional<absl::Time> create_time) override {
    const auto found = prompts_.find(std::string(prompt));
    if (found != prompts_.end()) return found->second.latest_version;
    if (!create_time) return std::nullopt;
    PromptSummary& added = prompts_[std::string(prompt)];
    added.name = prompt;
    added.create_time = *create_time;
    return 0;
  }
  absl::StatusOr<std::optional<Revision>> FindVersion(
      base::UnitOfWork&, std::string_view prompt,
      std::uint32_t version) override {
    return FindIf([&](const Revision& r) {
      return r.prompt == prompt && r.version == version;
    });
  }
  absl::StatusOr<std::optional<Revision>> FindDigest(
      base::UnitOfWork&, std::string_view prompt,
      std::string_view digest) override {
    return FindIf([&](const Revision& r) {
      return (prompt.empty() || r.prompt == prompt) && r.digest == digest;
    });
  }
  absl::StatusOr<std::optional<Revision>> FindRequest(
      base::UnitOfWork&, std::string_view prompt, std::string_view request_id,
      absl::Time since) override {
    const auto id = std::pair(std::string(prompt), std::string(request_id));
    const auto found = requests_.find(id);
    if (found == requests_.end()) return std::nullopt;
    return FindIf([&](const Revision& r) {
      return r.prompt == prompt && r.version == found->second &&
             r.create_time > since;
    });
  }
  absl::Status AddRevision(base::UnitOfWork&, const Revision& revision,
                           std::string_view request_id) override {
    revisions_.push_back(revision);
    prompts_[revision.prompt].latest_version = revision.version;
    requests_[{revision.prompt, std::string(request_id)}] = revision.version;
    return absl::OkStatus();
  }
  absl::Status SetPublication(base::UnitOfWork&, std::string_view prompt,
                              std::uint32_t version,
                              const Publication& publication) override {
    for (Revision& revision : revisions_) {
      if (revision.prompt == prompt && revision.version == version) {
        revision.publication = publication;
      }
    }
    return absl::OkStatus();
  }
  absl::StatusOr<std::optional<Label>> FindLabel(
      base::UnitOfWork&, std::string_view prompt,
      std::string_view label) override {
    const auto found = labels_.find({std::string(prompt), std::string(label)});
    if (found == labels_.end()) return std::nullopt;
    return found->second;
  }
  absl::Status PutLabel(base::UnitOfWork&, const Label& label) override {
    labels_[{label.prompt, label.label}] = label;
    return absl::OkStatus();
  }
  absl::Status AddHistory(base::UnitOfWork&, std::string_view prompt,
                          const HistoryEntry& entry) override {
    history_.emplace_back(std::string(prompt), entry);
    history_.back().second.id = static_cast<std::int64_t>(history_.size());
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<HistoryEntry>> MovesOf(base::UnitOfWork&,
                                                    std::string_view prompt,
                                                    std::string_view label,
                                                    int) override {
    std::vector<HistoryEntry> moves;
    for (const auto& [name, entry] : history_) {
      if (name == prompt && entry.label == label &&
          (entry.act == kMoved || entry.act == kRolledBack)) {
        moves.push_back(entry);
      }
    }
    return moves;
  }
  // Lists know pages, whose token is the last one's key; no filter, no order.
  absl::StatusOr<listing::Page<PromptSummary>> ListPrompts(
      base::UnitOfWork&, const listing::Request& request) override {
    std::vector<PromptSummary> list;
    for (const auto& [name, prompt] : prompts_) {
      if (name <= request.page_token) continue;
      list.push_back(prompt);
      for (const auto& [key, label] : labels_) {
        if (key.first == name) list.back().labels.push_back(label);
      }
    }
    return Cut(std::move(list), request,
               [](const PromptSummary& prompt) { return prompt.name; });
  }
  absl::StatusOr<listing::Page<Revision>> ListRevisions(
      base::UnitOfWork&, std::string_view prompt,
      const listing::Request& request) override {
    std::vector<Revision> list;
    for (auto r = revisions_.rbegin(); r != revisions_.rend(); ++r) {
      if (r->prompt == prompt && Follows(r->version, request)) {
        list.push_back(*r);
      }
    }
    return Cut(std::move(list), request, [](const Revision& revision) {
      return std::to_string(revision.version);
    });
  }
  absl::StatusOr<listing::Page<HistoryEntry>> ListHistory(
      base::UnitOfWork&, std::string_view prompt,
      const listing::Request& request) override {
    std::vector<HistoryEntry> list;
    for (auto e = history_.rbegin(); e != history_.rend(); ++e) {
      if (e->first == prompt && Follows(e->second.id, request)) {
        list.push_back(e->second);
      }
    }
    return Cut(std::move(list), request, [](const HistoryEntry& entry) {
      return std::to_string(entry.id);
    });
  }

 private:
  static bool Follows(std::int64_t key, const listing::Request& request) {
    return request.page_token.empty() || key < std::stoll(request.page_token);
  }

  template <class T, class KeyOf>
  static listing::Page<T> Cut(std::vector<T> list,
                              const listing::Request& request, KeyOf key_of) {
    listing::Page<T> page{.items = std::move(list)};
    if (page.items.size() > request.page_size) {
      page.items.resize(request.page_size);
      page.next_page_token = key_of(page.items.back());
    }
    return page;
  }

  template <typename Test>
  std::optional<Revision> FindIf(Test test) const {
    const auto found = std::find_if(revisions_.begin(), revisions_.end(), test);
    if (found == revisions_.end()) return std::nullopt;
    return *found;
  }

  std::map<std::string, PromptSummary> prompts_;
  std::vector<Revision> revisions_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> requests_;
  std::map<std::pair<std::string, std::string>, Label> labels_;
  std::vector<std::pair<std::string, HistoryEntry>> history_;
};

// Remembers what others were told.
class FakeLibraryEvents final : public LibraryEvents {
 public:
  absl::Status RevisionStored(base::UnitOfWork&,
                              const Revision& revision) override {
    revisions.push_back(revision);
    return absl::OkStatus();
  }
  absl::Status LabelMoved(base::UnitOfWork&, const Label& label) override {
    labels.push_back(label);
    return absl::OkStatus();
  }

  std::vector<Revision> revisions;
  std::vector<Label> labels;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_LIBRARY_STORE_H_
