#include "evaluator/domain/changes.h"

#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"

namespace evalloop::evaluator {
namespace {

// Revisions on the way from one to the other that are looked at.
constexpr std::size_t kMaxSteps = 20;

void Attribute(const RevisionRef& revision, ChangeSince& change) {
  change.author = revision.author;
  change.time = revision.create_time;
  change.message = revision.message;
  change.version = revision.version;
}

}  // namespace

std::vector<ChangeSince> ChangeFinder::OfRevision(
    const RevisionRef& from, const RevisionRef& to,
    std::vector<std::string>& notes) {
  if (from.digest == to.digest) return {};
  if (from.prompt != to.prompt) {
    return {{.kind = "template",
             .field = "prompt",
             .from = fmt::format("{}@{}", from.prompt, from.version),
             .to = fmt::format("{}@{}", to.prompt, to.version)}};
  }
  auto changes = library_.Diff(to.prompt, from.version, to.version);
  if (!changes.ok()) {
    notes.push_back("what changed in the revision could not be found out: " +
                    std::string(changes.status().message()));
    return {};
  }
  // The way back along parents, newest first.
  std::vector<RevisionRef> way;
  std::uint32_t version = to.version;
  while (version != 0 && version != from.version && way.size() < kMaxSteps) {
    auto step = library_.Resolve({.prompt = to.prompt, .version = version});
    if (!step.ok()) {
      notes.push_back("who changed the revision could not be found out: " +
                      std::string(step.status().message()));
      return *std::move(changes);
    }
    version = step->parent_version;
    way.push_back(*std::move(step));
  }
  if (way.empty()) return *std::move(changes);
  for (ChangeSince& change : *changes) Attribute(way.front(), change);
  // One step, or another branch: the candidate brought everything.
  if (way.size() < 2 || version != from.version) return *std::move(changes);
  for (std::size_t i = way.size(); i-- > 0;) {
    const std::uint32_t parent =
        i + 1 < way.size() ? way[i + 1].version : from.version;
    const auto step = library_.Diff(to.prompt, parent, way[i].version);
    if (!step.ok()) continue;
    for (const ChangeSince& one : *step) {
      for (ChangeSince& change : *changes) {
        if (change.field == one.field) Attribute(way[i], change);
      }
    }
  }
  return *std::move(changes);
}

std::vector<ChangeSince> ChangeFinder::Find(const Run& from, const Run& to,
                                            std::vector<std::string>& notes) {
  std::vector<ChangeSince> changes =
      OfRevision(from.revision, to.revision, notes);
  const auto add = [&](std::string kind, std::string field, std::string was,
                       std::string now) {
    changes.push_back({.kind = std::move(kind),
                       .field = std::move(field),
                       .from = std::move(was),
                       .to = std::move(now)});
  };
  if (from.scorer_digest != to.scorer_digest) {
    add("rubric", "scorer_digest", from.scorer_digest, to.scorer_digest);
  }
  if (from.benchmark_version != to.benchmark_version) {
    add("benchmark", "version", fmt::format("{}", from.benchmark_version),
        fmt::format("{}", to.benchmark_version));
    if (const auto benchmark = runs_.BenchmarkOf(to); benchmark.ok()) {
      changes.back().time = benchmark->create_time;
      changes.back().message = benchmark->changelog;
    }
  }
  if (from.index_commit != to.index_commit) {
    add("index", "index_commit", from.index_commit, to.index_commit);
  }
  const auto before = run_store_.Providers(from.id);
  const auto after = run_store_.Providers(to.id);
  if (before.ok() && after.ok() && !before->empty() && !after->empty() &&
      *before != *after) {
    add("provider", "reported", fmt::format("{}", fmt::join(*before, "; ")),
        fmt::format("{}", fmt::join(*after, "; ")));
  }
  return changes;
}

}  // namespace evalloop::evaluator
