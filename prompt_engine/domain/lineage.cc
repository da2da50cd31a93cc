#include "prompt_engine/domain/lineage.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace evalloop::prompt_engine {
namespace {

// In memory, where files can be loaded again: 48 MB.
constexpr std::size_t kMostLinesKept = 4'000'000;

// Numbers as in protobuf's varints.
void Put(std::string& out, std::uint32_t number) {
  for (; number >= 0x80; number >>= 7) {
    out += static_cast<char>(number | 0x80);
  }
  out += static_cast<char>(number);
}

// Nullopt at the end of what there is.
std::optional<std::uint32_t> Get(std::string_view& in) {
  std::uint32_t number = 0;
  for (int shift = 0; shift < 35 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    number |= static_cast<std::uint32_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return number;
  }
  return std::nullopt;
}

// What one commit does, kept apart until all of its files were looked at: a
// line that moved is taken from a file as it was before.
struct Applied {
  std::vector<LineOrigin> before;
  std::vector<LineOrigin> after;
  std::vector<bool> kept;  // Of `before`: stands, or moved to somewhere.
};

}  // namespace

std::uint32_t Lineage::IdOf(std::string_view path) {
  const auto [found, added] = ids_.try_emplace(
      std::string(path), static_cast<std::uint32_t>(paths_.size()));
  if (added) paths_.emplace_back(path);
  return found->second;
}

Lineage::Origins* Lineage::Find(const std::string& path) {
  if (const auto found = files_.find(path); found != files_.end()) {
    return &found->second;
  }
  if (!load_ || changed_.count(path) != 0) return nullptr;
  const auto saved = load_(path);
  if (!saved) return nullptr;
  return &files_.emplace(path, Parse(*saved)).first->second;
}

std::vector<LineEnd> Lineage::Apply(std::uint32_t position,
                                    const std::vector<LineageStep>& steps) {
  std::vector<Applied> applied(steps.size());
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const LineageStep& step = steps[s];
    Applied& file = applied[s];
    if (!step.old_path.empty()) {
      if (const Origins* there = Find(step.old_path)) file.before = *there;
    }
    // Not the file that we knew: it was out of sight for a while.
    if (file.before.size() != step.old_lines) {
      file.before.assign(step.old_lines, {});
    }
    file.kept.assign(step.old_lines, true);
    if (step.path.empty()) file.kept.assign(step.old_lines, false);
    for (const auto& hunk : step.hunks) {
      for (std::uint32_t i = 0; i < hunk.old_lines; ++i) {
        file.kept[hunk.old_start - 1 + i] = false;
      }
    }
  }

  std::vector<LineEnd> ends;
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const LineageStep& step = steps[s];
    if (step.path.empty()) continue;
    Applied& file = applied[s];
    file.after.reserve(step.new_lines);
    const std::uint32_t id = IdOf(step.path);
    std::size_t old_line = 0;  // From 0.
    auto stored = step.stored.begin();
    auto move = step.moves.begin();
    for (const auto& hunk : step.hunks) {
      const std::size_t start =
          hunk.old_lines == 0 ? hunk.old_start : hunk.old_start - 1;
      while (old_line < start) file.after.push_back(file.before[old_line++]);
      old_line += hunk.old_lines;
      for (std::uint32_t i = 0; i < hunk.new_lines; ++i) {
        const std::uint32_t line = hunk.new_start + i;
        LineOrigin origin;
        if (move != step.moves.end() && move->line == line) {
          Applied& from = applied[move->from_step];
          origin = from.before[move->from_line - 1];
          from.kept[move->from_line - 1] = true;
          ++move;
        }
        const bool is_stored = stored != step.stored.end() && *stored == line;
        if (is_stored) ++stored;
        if (is_stored && origin.line == 0) origin = {position, line, id};
        file.after.push_back(origin);
      }
    }
    while (old_line < file.before.size()) {
      file.after.push_back(file.before[old_line++]);
    }
  }

  for (std::size_t s = 0; s < steps.size(); ++s) {
    const LineageStep& step = steps[s];
    const Applied& file = applied[s];
    for (std::size_t i = 0; i < file.kept.size(); ++i) {
      const LineOrigin& origin = file.before[i];
      if (file.kept[i] || origin.line == 0) continue;
      LineEnd& end = ends.emplace_back();
      end.position = origin.position;
      end.path = paths_[origin.path];
      end.line = origin.line;
      const auto hunk = std::find_if(
          step.hunks.begin(), step.hunks.end(), [&](const auto& h) {
            return h.old_start <= i + 1 && i + 1 < h.old_start + h.old_lines;
          });
      if (hunk == step.hunks.end() || hunk->old_lines != hunk->new_lines) {
        continue;
      }
      const auto next =
          static_cast<std::uint32_t>(hunk->new_start + i + 1 - hunk->old_start);
      const LineOrigin& successor = file.after[next - 1];
      if (successor.position == position && successor.line == next) {
        end.next_path = step.path;
        end.next_line = next;
      }
    }
  }
  // Two files may have swapped their names: first all go, then all come.
  for (const LineageStep& step : steps) {
    if (step.old_path.empty()) continue;
    files_.erase(step.old_path);
    changed_[step.old_path] = true;
  }
  for (std::size_t s = 0; s < steps.size(); ++s) {
    if (steps[s].path.empty()) continue;
    files_[steps[s].path] = std::move(applied[s].after);
    changed_[steps[s].path] = true;
  }
  std::sort(ends.begin(), ends.end(), [](const LineEnd& a, const LineEnd& b) {
    return std::tie(a.position, a.path, a.line) <
           std::tie(b.position, b.path, b.line);
  });
  // A line may have come to stand twice; it ends when the first of them does.
  ends.erase(std::unique(ends.begin(), ends.end(),
                         [](const LineEnd& a, const LineEnd& b) {
                           return a.position == b.position &&
                                  a.path == b.path && a.line == b.line;
                         }),
             ends.end());
  return ends;
}

std::map<std::string, std::string> Lineage::TakeChanged() {
  std::map<std::string, std::string> taken;
  for (const auto& [path, _] : changed_) {
    const auto found = files_.find(path);
    taken[path] = found == files_.end() ? "" : Save(found->second);
  }
  changed_.clear();
  // What is asked for again is loaded again.
  if (load_) {
    std::size_t lines = 0;
    for (const auto& [path, origins] : files_) lines += origins.size();
    if (lines > kMostLinesKept) files_.clear();
  }
  return taken;
}

// Paths of the origins, then runs of lines that were written one after the
// other: path, position, line, count.
std::string Lineage::Save(const Origins& origins) const {
  std::map<std::uint32_t, std::uint32_t> local;
  std::string names;
  std::string runs;
  for (std::size_t i = 0; i < origins.size();) {
    const LineOrigin& first = origins[i];
    std::size_t next = i + 1;
    while (next < origins.size() && origins[next].path == first.path &&
           origins[next].position == first.position &&
           origins[next].line ==
               (first.line == 0 ? 0 : first.line + (next - i))) {
      ++next;
    }
    std::uint32_t name = 0;  // 0: of unknown origin.
    if (first.line != 0) {
      const auto [found, added] = local.try_emplace(
          first.path, static_cast<std::uint32_t>(local.size()) + 1);
      name = found->second;
      if (added) {
        Put(names, static_cast<std::uint32_t>(paths_[first.path].size()));
        names += paths_[first.path];
      }
    }
    Put(runs, name);
    if (name != 0) {
      Put(runs, first.position);
      Put(runs, first.line);
    }
    Put(runs, static_cast<std::uint32_t>(next - i));
    i = next;
  }
  std::string out = "1";  // Of this format; never empty.
  Put(out, static_cast<std::uint32_t>(local.size()));
  return out + names + runs;
}

Lineage::Origins Lineage::Parse(std::string_view saved) {
  Origins origins;
  if (saved.empty() || saved.front() != '1') return origins;
  saved.remove_prefix(1);
  std::vector<std::uint32_t> names;
  for (auto left = Get(saved).value_or(0); left > 0; --left) {
    const std::size_t size = Get(saved).value_or(0);
    names.push_back(IdOf(saved.substr(0, size)));
    saved.remove_prefix(std::min(size, saved.size()));
  }
  while (!saved.empty()) {
    const std::uint32_t name = Get(saved).value_or(0);
    LineOrigin origin;
    if (name != 0 && name <= names.size()) {
      origin.path = names[name - 1];
      origin.position = Get(saved).value_or(0);
      origin.line = Get(saved).value_or(0);
    }
    for (auto left = Get(saved).value_or(0); left > 0; --left) {
      origins.push_back(origin);
      if (origin.line != 0) ++origin.line;
    }
  }
  return origins;
}

}  // namespace evalloop::prompt_engine
