#include "model_server/domain/evidence.h"

#include <algorithm>
#include <utility>

namespace evalloop::model_server {
namespace {

// What one occurrence in the open file counts when candidates are chosen.
constexpr int kFileWeight = 4;
constexpr std::array<std::int32_t, 3> kSigns = {1, 1, -1};

int SlotOfLength(std::uint32_t length) {
  int slot = 0;
  while (slot + 1 < kOrderCount &&
         kOrders[static_cast<std::size_t>(slot + 1)] <=
             static_cast<int>(length)) {
    ++slot;
  }
  return slot;
}

const std::array<int, kMaxOrder + 1> kSlotOfLength = [] {
  std::array<int, kMaxOrder + 1> slots{};
  for (std::uint32_t length = 0; length <= kMaxOrder; ++length) {
    slots[length] = SlotOfLength(length);
  }
  return slots;
}();

}  // namespace

EvidenceReader::EvidenceReader(const IndexSnapshot& snapshot,
                               const FileMatcher& file,
                               std::uint32_t vocabulary_size)
    : snapshot_(snapshot),
      file_(file),
      segments_{snapshot.base().segment, snapshot.added(), snapshot.removed()},
      net_(vocabulary_size, 0),
      file_count_(vocabulary_size, 0),
      candidate_at_(vocabulary_size, 0) {}

Context EvidenceReader::Start(std::span<const TokenId> tokens) const {
  Context context;
  Context::Lengths* const lengths[] = {&context.base_, &context.added_,
                                       &context.removed_};
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    lengths[i]->at[0] = segments_[i].All();
  }
  const std::size_t skip =
      tokens.size() > kMaxOrder ? tokens.size() - kMaxOrder : 0;
  for (const TokenId token : tokens.subspan(skip)) {
    context = Extend(context, token);
  }
  return context;
}

Context EvidenceReader::Extend(const Context& context, TokenId token) const {
  Context next;
  const Context::Lengths* const from[] = {&context.base_, &context.added_,
                                          &context.removed_};
  Context::Lengths* const to[] = {&next.base_, &next.added_, &next.removed_};
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    to[i]->at[0] = segments_[i].All();
    const int last = std::min(from[i]->longest, kMaxOrder - 1);
    for (int length = 0; length <= last; ++length) {
      const auto at = static_cast<std::size_t>(length);
      const Interval narrowed =
          segments_[i].Narrow(from[i]->at[at], length, token);
      if (narrowed.empty()) break;
      to[i]->at[at + 1] = narrowed;
      to[i]->longest = length + 1;
    }
  }
  next.file_ = file_.Extend(context.file_, token);
  return next;
}

void EvidenceReader::ReadSlot(const Context& context, int slot,
                              SlotTotals& totals) {
  const int depth = kOrders[static_cast<std::size_t>(slot)];
  const Context::Lengths* const lengths[] = {&context.base_, &context.added_,
                                             &context.removed_};
  Slot& found = slots_[static_cast<std::size_t>(slot)];
  found.entries.clear();
  touched_.clear();
  std::int64_t total = 0;
  std::uint32_t distinct = 0;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    found.hot[i] = nullptr;
    if (depth > lengths[i]->longest) continue;
    const Interval interval = lengths[i]->at[static_cast<std::size_t>(depth)];
    if (const HotContext* hot = segments_[i].FindHot(slot, interval)) {
      found.hot[i] = hot;
      total += kSigns[i] * static_cast<std::int64_t>(hot->total);
      distinct = std::max(distinct, hot->distinct);
      continue;
    }
    for (std::uint32_t at = interval.lo; at < interval.hi; ++at) {
      const TokenId token = TokenOf(segments_[i].WordAt(at, depth));
      if (token < kNewline) continue;
      if (net_[token] == 0) touched_.push_back(token);
      net_[token] += kSigns[i];
      total += kSigns[i];
    }
  }
  std::uint32_t own_distinct = 0;
  for (const TokenId token : touched_) {
    const std::int32_t count = std::exchange(net_[token], 0);
    if (count == 0) continue;
    found.entries.push_back({token, count});
    own_distinct += count > 0 ? 1 : 0;
  }
  totals.total = static_cast<float>(std::max<std::int64_t>(total, 0));
  // Words that only the small part has cannot be told from those of a hot
  // context without a search each; there they hardly matter.
  totals.distinct = std::min(
      totals.total, static_cast<float>(std::max(distinct, own_distinct)));
}

std::int32_t EvidenceReader::HotCount(const Slot& slot, int depth,
                                      TokenId token) const {
  std::int32_t count = 0;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    if (slot.hot[i] == nullptr) continue;
    const Interval interval{slot.hot[i]->lo, slot.hot[i]->hi};
    count +=
        kSigns[i] * static_cast<std::int32_t>(
                        segments_[i].Narrow(interval, depth, token).size());
  }
  return count;
}

void EvidenceReader::AddCandidate(TokenId token, Evidence& evidence) {
  if (candidate_at_[token] != 0) return;
  evidence.candidates.push_back(token);
  candidate_at_[token] = static_cast<std::uint32_t>(evidence.candidates.size());
}

void EvidenceReader::Choose(int slot, std::size_t per_order, std::size_t all,
                            absl::FunctionRef<bool(TokenId)> allowed,
                            Evidence& evidence) {
  const Slot& found = slots_[static_cast<std::size_t>(slot)];
  const int depth = kOrders[static_cast<std::size_t>(slot)];
  std::vector<Entry> scored;
  const auto add = [&](TokenId token, std::int32_t count) {
    if (allowed(token)) {
      scored.push_back({token, count + kFileWeight * file_count_[token]});
    }
  };
  for (const Entry& entry : found.entries) net_[entry.token] = entry.count;
  for (const Entry& entry : found.entries) {
    add(entry.token, entry.count + HotCount(found, depth, entry.token));
  }
  for (const HotContext* hot : found.hot) {
    if (hot == nullptr) continue;
    for (const TokenId token : hot->top) {
      if (token >= kNewline && net_[token] == 0) {
        net_[token] = HotCount(found, depth, token);
        touched_.push_back(token);
        add(token, net_[token]);
      }
    }
  }
  for (const TokenId token : file_touched_) {
    if (net_[token] == 0) add(token, 0);
  }
  if (slot == 0) {
    for (const TokenId token : file_.top()) {
      if (net_[token] == 0 && file_count_[token] == 0) {
        add(token, static_cast<std::int32_t>(file_.CountOf(token)));
      }
    }
  }
  for (const Entry& entry : found.entries) net_[entry.token] = 0;
  for (const TokenId token : touched_) net_[token] = 0;
  touched_.clear();

  const auto kept =
      static_cast<std::ptrdiff_t>(std::min(scored.size(), per_order));
  std::partial_sort(scored.begin(), scored.begin() + kept, scored.end(),
                    [](const Entry& a, const Entry& b) {
                      return a.count != b.count ? a.count > b.count
                                                : a.token < b.token;
                    });
  for (std::ptrdiff_t i = 0; i < kept; ++i) {
    if (evidence.candidates.size() >= all) return;
    const Entry& entry = scored[static_cast<std::size_t>(i)];
    if (entry.count > 0) AddCandidate(entry.token, evidence);
  }
}

void EvidenceReader::Read(const Context& context, CandidateLimits limits,
                          std::span<const TokenId> also,
                          absl::FunctionRef<bool(TokenId)> allowed,
                          Evidence& evidence) {
  evidence.candidates.clear();
  evidence.totals.fill({});
  for (const TokenId token : also) AddCandidate(token, evidence);

  // What followed in the open file, by the longest context that matches.
  for (auto& events : file_events_) events.clear();
  int longest_file = 0;
  for (const FileMatcher::Match& match : context.file_) {
    const TokenId token = TokenOf(file_.WordAt(match.position));
    if (token < kNewline) continue;
    const int slot = kSlotOfLength[match.length];
    file_events_[static_cast<std::size_t>(slot)].push_back(token);
    longest_file = std::max(longest_file, slot);
  }
  const int longest_index =
      std::max({context.base_.longest, context.added_.longest, 0});
  evidence.slots =
      1 + std::max(longest_file,
                   kSlotOfLength[static_cast<std::size_t>(longest_index)]);

  file_touched_.clear();
  float file_total = 0;
  for (int slot = evidence.slots - 1; slot >= 0; --slot) {
    SlotTotals& totals = evidence.totals[static_cast<std::size_t>(slot)];
    for (const TokenId token : file_events_[static_cast<std::size_t>(slot)]) {
      if (file_count_[token]++ == 0) file_touched_.push_back(token);
      file_total += 1;
    }
    ReadSlot(context, slot, totals);
    if (slot == 0) {
      totals.file_total = static_cast<float>(file_.total());
      totals.file_distinct = static_cast<float>(file_.distinct());
    } else {
      totals.file_total = file_total;
      totals.file_distinct = static_cast<float>(file_touched_.size());
    }
    touched_.clear();
    if (evidence.candidates.size() < limits.all) {
      Choose(slot, limits.per_order, limits.all, allowed, evidence);
    }
  }
  for (const TokenId token : file_touched_) file_count_[token] = 0;

  const std::size_t n = evidence.candidates.size();
  std::vector<float> in_file(n, 0);
  for (int slot = evidence.slots - 1; slot >= 0; --slot) {
    const auto s = static_cast<std::size_t>(slot);
    auto& counts = evidence.counts[s];
    counts.assign(n, {});
    for (const TokenId token : file_events_[s]) {
      if (const auto at = candidate_at_[token]) in_file[at - 1] += 1;
    }
    const Slot& found = slots_[s];
    for (const Entry& entry : found.entries) {
      if (const auto at = candidate_at_[entry.token]) {
        counts[at - 1].index += static_cast<float>(entry.count);
      }
    }
    const bool hot = found.hot[0] || found.hot[1] || found.hot[2];
    for (std::size_t i = 0; i < n; ++i) {
      counts[i].file =
          slot == 0 ? static_cast<float>(file_.CountOf(evidence.candidates[i]))
                    : in_file[i];
      if (hot) {
        counts[i].index += static_cast<float>(
            HotCount(found, kOrders[s], evidence.candidates[i]));
      }
      counts[i].index = std::max(counts[i].index, 0.0F);
    }
  }
  for (const TokenId token : evidence.candidates) candidate_at_[token] = 0;
}

bool EvidenceReader::BlankBeforeLast(const Context& context,
                                     bool fallback) const {
  constexpr std::uint32_t kSample = 15;
  const Context::Lengths* const lengths[] = {&context.base_, &context.added_};
  std::uint32_t longest = 0;
  for (const FileMatcher::Match& match : context.file_) {
    longest = std::max(longest, match.length);
  }
  for (const Context::Lengths* indexed : lengths) {
    longest = std::max(longest, static_cast<std::uint32_t>(indexed->longest));
  }
  if (longest < 2) return fallback;
  std::uint32_t seen = 0;
  std::uint32_t with = 0;
  const auto count = [&](std::uint32_t word) {
    ++seen;
    with += (word & kBlankBefore) != 0 ? 1 : 0;
  };
  for (const FileMatcher::Match& match : context.file_) {
    if (match.length == longest) count(file_.WordAt(match.position - 1));
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if (lengths[i]->longest < static_cast<int>(longest)) continue;
    const Interval interval = lengths[i]->at[longest];
    const std::uint32_t end = interval.lo + std::min(interval.size(), kSample);
    for (std::uint32_t at = interval.lo; at < end; ++at) {
      count(segments_[i].WordAt(at, static_cast<int>(longest) - 1));
    }
  }
  return 2 * with > seen;
}

}  // namespace evalloop::model_server
