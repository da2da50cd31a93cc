#include "cli/mined_row.h"

#include <boost/json.hpp>
#include <cmath>

#include "platform/http/json.h"

namespace evalloop::cli {
namespace {

namespace json = boost::json;

json::string Text(std::string_view text) {
  return json::string(text.data(), text.size());
}

// Six digits tell more than the figures know, and sums of them stay sums.
double Rounded(double value) { return std::round(value * 1e6) / 1e6; }

std::string Date(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

json::array Strings(const std::vector<std::string>& texts) {
  json::array all;
  for (const std::string& text : texts) all.push_back(Text(text));
  return all;
}

json::object VariantOf(const prompt_engine::Variant& variant) {
  json::object out;
  out["text"] = Text(variant.text);
  out["author"] = Text(variant.author);
  out["commit"] = Text(variant.commit);
  out["date"] = Date(variant.author_time);
  out["weight"] = Rounded(variant.weight);
  out["level"] = Text(prompt_engine::NameOf(variant.level));
  out["authorship"] = Rounded(variant.authorship);
  out["survival_days"] = Rounded(variant.survival_days);
  out["alive"] = variant.alive;
  out["recency"] = Rounded(variant.recency);
  out["centrality"] = Rounded(variant.centrality);
  out["fits"] = variant.fits;
  out["path"] = Text(variant.path);
  out["line"] = variant.line;
  return out;
}

}  // namespace

std::string MinedRow(std::string_view repository,
                     const prompt_engine::MinedItem& item) {
  json::object row;
  row["id"] = Text(item.item_id);
  row["repository"] = Text(repository);
  row["commit"] = Text(item.commit);
  row["parent"] = Text(item.parent);
  row["path"] = Text(item.path);
  row["language"] = Text(item.language);
  row["class"] = Text(prompt_engine::NameOf(item.item_class));
  row["prefix"] = Text(item.prefix);
  row["suffix"] = Text(item.suffix);
  row["agreed"] = Text(item.agreed);
  json::array variants;
  for (const auto& variant : item.variants) {
    variants.push_back(VariantOf(variant));
  }
  row["variants"] = std::move(variants);
  if (item.agreement) {
    row["agreement"] = Rounded(*item.agreement);
  } else {
    row["agreement"] = nullptr;
  }
  row["contested"] = item.contested;
  row["seen"] = item.seen;
  row["tags"] = Strings(item.tags);
  row["date"] = Date(item.author_time);
  row["author"] = Text(item.author);
  row["task"] = Text(prompt_engine::NameOf(item.task));
  row["line"] = item.line;
  row["end_line"] = item.end_line;
  row["symbol"] = Text(item.symbol);
  row["committed"] = Text(item.committed);
  row["explanation"] = Text(item.explanation);
  row["criteria"] = Strings(item.criteria);
  row["canary"] = Text(item.canary);
  if (!item.tests.program.empty()) {
    row["tests"] = {{"program", Text(item.tests.program)},
                    {"entry_point", Text(item.tests.entry_point)}};
  }
  return http::JsonText(row);
}

}  // namespace evalloop::cli
