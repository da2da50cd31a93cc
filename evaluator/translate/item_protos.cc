// Benchmarks and their items, to and from protos.
#include <string>
#include <utility>

#include "evaluator/translate/translate.h"
#include "protos/timestamps.h"

namespace evalloop::evaluator {
namespace {

// MinedVariant and ItemVariant have these in common.
template <class Message>
Variant VariantOf(const Message& message) {
  return {.text = message.text(),
          .author = message.author(),
          .weight = message.weight(),
          .commit = message.commit(),
          .author_time = v1::FromTimestamp(message.author_time()),
          .authorship = message.authorship(),
          .survival_days = message.survival_days(),
          .alive = message.alive(),
          .level = message.level(),
          .centrality = message.centrality()};
}

std::string TaskOf(const std::string& name) {
  return name.empty() ? std::string(task::kCompletion) : name;
}

// MinedItem and Item have these in common.
template <class Message>
void TakeCommon(const Message& item, Item& out) {
  out.id = item.item_id();
  out.commit = item.commit();
  out.prefix = item.prefix();
  out.suffix = item.suffix();
  out.agreed = item.agreed();
  for (const auto& variant : item.variants()) {
    out.variants.push_back(VariantOf(variant));
  }
  if (item.has_agreement()) out.agreement = item.agreement();
  out.contested = item.contested();
  out.seen = item.seen();
  out.item_class = item.class_();
  out.tags.assign(item.tags().begin(), item.tags().end());
  out.author = item.author();
  out.author_time = v1::FromTimestamp(item.author_time());
  out.task = TaskOf(item.task());
  out.end_line = item.end_line();
  out.symbol = item.symbol();
  out.explanation = item.explanation();
  out.canary = item.canary();
  out.criteria.assign(item.criteria().begin(), item.criteria().end());
  out.tests = {item.tests().program(), item.tests().entry_point()};
}

v1::ItemVariant ToProto(const Variant& variant) {
  v1::ItemVariant out;
  out.set_text(variant.text);
  out.set_author(variant.author);
  out.set_weight(variant.weight);
  out.set_commit(variant.commit);
  if (variant.author_time > absl::UnixEpoch()) {
    *out.mutable_author_time() = v1::ToTimestamp(variant.author_time);
  }
  out.set_authorship(variant.authorship);
  out.set_survival_days(variant.survival_days);
  out.set_alive(variant.alive);
  out.set_level(variant.level);
  out.set_centrality(variant.centrality);
  return out;
}

void AddSubset(v1::Subset subset, const Manifest::Part& part,
               v1::Benchmark& out) {
  v1::SubsetSize& added = *out.add_subsets();
  added.set_subset(subset);
  added.set_items(part.items);
  added.set_digest(part.digest);
}

}  // namespace

Item FromProto(const v1::MinedItem& item) {
  Item out;
  TakeCommon(item, out);
  out.repository = item.repository();
  out.path = item.path();
  out.language = item.language();
  out.parent = item.parent();
  out.line = item.line();
  out.committed = item.committed();
  return out;
}

Item FromProto(const v1::Item& item) {
  Item out;
  TakeCommon(item, out);
  out.repository = item.location().repository();
  out.path = item.location().path();
  out.language = item.location().language();
  out.parent = item.location().commit();
  out.line = item.location().line();
  return out;
}

v1::Location LocationOf(const Item& item) {
  v1::Location out;
  out.set_repository(item.repository);
  out.set_path(item.path);
  out.set_language(item.language);
  out.set_commit(item.parent);
  out.set_line(item.line);
  return out;
}

v1::Benchmark ToProto(const Benchmark& benchmark) {
  v1::Benchmark out;
  out.set_name(benchmark.name);
  out.set_version(benchmark.version);
  out.set_repository(benchmark.repository);
  out.set_after_commit(benchmark.after_commit);
  out.set_until_commit(benchmark.until_commit);
  out.set_items(benchmark.items);
  out.set_agreed(benchmark.agreed);
  out.set_contested(benchmark.contested);
  out.set_digest(benchmark.digest);
  out.set_changelog(benchmark.changelog);
  *out.mutable_create_time() = v1::ToTimestamp(benchmark.create_time);
  out.set_tested(benchmark.tested);
  out.set_checked(benchmark.checked);
  out.set_quarantined(benchmark.quarantined);
  if (benchmark.mutation_score.has_value()) {
    out.set_mutation_score(*benchmark.mutation_score);
  }
  out.set_archived(benchmark.archived);
  out.set_rotated_from(benchmark.rotated_from);
  return out;
}

void AddManifest(const Manifest& manifest, v1::Benchmark& out) {
  AddSubset(v1::SUBSET_FULL, manifest.full, out);
  if (manifest.smoke) AddSubset(v1::SUBSET_SMOKE, *manifest.smoke, out);
  if (manifest.holdout) AddSubset(v1::SUBSET_HOLDOUT, *manifest.holdout, out);
  for (const MixShare& share : manifest.mix) {
    v1::ShareOf& added = *out.add_mix();
    added.set_dimension(share.dimension);
    added.set_name(share.name);
    added.set_items(share.items);
  }
  if (manifest.oldest) {
    *out.mutable_oldest_item_time() = v1::ToTimestamp(*manifest.oldest);
  }
  if (manifest.newest) {
    *out.mutable_newest_item_time() = v1::ToTimestamp(*manifest.newest);
  }
}

v1::Item ToProto(const Item& item) {
  v1::Item out;
  out.set_item_id(item.id);
  *out.mutable_location() = LocationOf(item);
  out.set_prefix(item.prefix);
  out.set_suffix(item.suffix);
  out.set_agreed(item.agreed);
  for (const Variant& variant : item.variants) {
    *out.add_variants() = ToProto(variant);
  }
  if (item.agreement.has_value()) out.set_agreement(*item.agreement);
  out.set_contested(item.contested);
  out.set_seen(item.seen);
  out.set_class_(item.item_class);
  for (const std::string& tag : item.tags) out.add_tags(tag);
  out.set_commit(item.commit);
  out.set_author(item.author);
  if (item.Dated()) {
    *out.mutable_author_time() = v1::ToTimestamp(item.author_time);
  }
  out.set_canary(item.canary);
  out.set_archived(item.archived);
  if (!item.tests.program.empty()) {
    *out.mutable_tests() = ToProto(item.tests);
  }
  if (item.oracle.has_value()) {
    *out.mutable_oracle() = ToProto(*item.oracle);
    out.set_quarantined(item.Quarantined());
  }
  out.set_task(item.task);
  out.set_explanation(item.explanation);
  for (const std::string& question : item.criteria) out.add_criteria(question);
  out.set_symbol(item.symbol);
  out.set_holdout(item.holdout);
  out.set_end_line(item.end_line);
  return out;
}

}  // namespace evalloop::evaluator
