#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "platform/base/reason.h"
#include "platform/base/statistics.h"
#include "platform/listing/condition.h"
#include "platform/listing/filter.h"
#include "platform/listing/page_token.h"
#include "platform/listing/query.h"

// Filters and tokens come from anybody. Texts grown from good ones by chance,
// from a seed, so that a failure comes again; under ASan and UBSan too.
namespace evalloop::listing {
namespace {

constexpr int kRounds = 60'000;

constexpr Field kFields[] = {
    {.name = "a", .sql = "a"},
    {.name = "state", .type = Type::kWord, .sql = "s", .words = "x y"},
    {.name = "tags", .type = Type::kTexts, .sql = "t"},
    {.name = "n", .type = Type::kInteger, .sql = "n", .nullable = true},
    {.name = "ms", .type = Type::kMilliseconds, .sql = "ms"},
    {.name = "at", .type = Type::kTime, .sql = "at"},
    {.name = "m.", .type = Type::kNumber, .sql = "m({})"},
};
constexpr Key kOrder[] = {{.sql = "a"}};
constexpr List kList = {.name = "list", .fields = kFields, .order = kOrder};

const std::vector<std::string>& Seeds() {
  static const std::vector<std::string> seeds = {
      "a = 1 AND (state:x OR -tags:\"two words\") NOT n >= -5",
      R"(a = "quo\"ted\\" OR a = 'single*' AND m.exact_match < 0.5)",
      "((((a = *b*))))",
      "at >= 2026-07-01T00:00:00Z AND at < 2026-10-01 AND ms > 1.5s",
      "tags:* state != STATE_X",
      "NOT(NOT(a=1))"};
  return seeds;
}

const std::vector<std::string>& Pieces() {
  static const std::vector<std::string> pieces = {
      "(",        ")",         "\"",   "'",  "\\", "*",
      "-",        ":",         "=",    "!=", "<=", ">",
      " AND ",    " OR ",      "NOT ", "a",  ".",  "m.x",
      "\xc3\xa9", "\xff",      "\n",   "\0", "$1", "999999999999999999999",
      "1e400",    "2026-99-99"};
  return pieces;
}

std::string Mutated(base::Random& random) {
  std::string text = Seeds()[random.Below(Seeds().size())];
  for (std::uint64_t i = random.Below(6); i-- > 0;) {
    const std::size_t at = random.Below(text.size() + 1);
    switch (random.Below(4)) {
      case 0:
        text.insert(at, Pieces()[random.Below(Pieces().size())]);
        break;
      case 1:
        text.erase(at, random.Below(8));
        break;
      case 2:
        text.insert(at, text.substr(0, random.Below(text.size() + 1)));
        break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(random.Below(256));
    }
  }
  return text;
}

bool Same(const Filter& a, const Filter& b) {
  if (a.kind != b.kind || a.field != b.field || a.op != b.op ||
      !(a.value == b.value) || a.parts.size() != b.parts.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.parts.size(); ++i) {
    if (!Same(a.parts[i], b.parts[i])) return false;
  }
  return true;
}

// Printing may lengthen a text over the bound; that is no finding.
void CheckOne(const std::string& text) {
  const auto filter = ParseFilter(text);
  if (!filter.ok()) {
    EXPECT_EQ(filter.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(base::FieldOf(filter.status()), "filter");
    return;
  }
  const std::string printed = ToString(*filter);
  if (printed.size() <= kMaxFilterBytes) {
    const auto again = ParseFilter(printed);
    ASSERT_TRUE(again.ok()) << text << "\n" << printed << again.status();
    EXPECT_TRUE(Same(*filter, *again)) << text << "\n" << printed;
  }
  Bindings bindings;
  const auto sql = ConditionOf(*filter, kFields, bindings);
  if (!sql.ok()) {
    EXPECT_EQ(sql.status().code(), absl::StatusCode::kInvalidArgument);
    return;
  }
  // Nothing of the text reaches the statement but through placeholders.
  for (const char c : {'"', ';', '\\', '\n', '*'}) {
    EXPECT_EQ(sql->find(c), std::string::npos) << text << "\n" << *sql;
  }
}

TEST(FilterFuzzTest, WhateverIsSentIsReadWholeOrRefusedByName) {
  base::Random random(20261130);
  int read = 0;
  for (int i = 0; i < kRounds && !::testing::Test::HasFatalFailure(); ++i) {
    const std::string text = Mutated(random);
    read += ParseFilter(text).ok() ? 1 : 0;
    CheckOne(text);
  }
  // Both ways are walked often.
  EXPECT_GT(read, kRounds / 20);
  EXPECT_LT(read, kRounds * 19 / 20);
}

TEST(FilterFuzzTest, WhateverTokenIsSentIsRefusedOrItsOwn) {
  base::Random random(7);
  const OrderKeys keys = {"2026-11-30 00:00:00+00", std::nullopt, ""};
  const std::string good = PageToken("context", keys);
  for (int i = 0; i < kRounds / 10; ++i) {
    std::string token = good;
    token[random.Below(token.size())] = static_cast<char>(random.Below(256));
    if (random.Below(4) == 0) token.resize(random.Below(token.size() + 1));
    const auto found = KeysOf(token, "context", keys.size());
    if (found.ok()) {
      EXPECT_EQ(*found, keys);
      continue;
    }
    EXPECT_EQ(found.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(base::FieldOf(found.status()), "page.page_token");
  }
}

TEST(FilterFuzzTest, WhateverOrderIsSentIsReadOrRefusedByName) {
  base::Random random(8);
  for (int i = 0; i < kRounds / 10; ++i) {
    std::string order = "n desc, m.exact_match, a asc";
    for (int times = 0; times < 3; ++times) {
      order[random.Below(order.size())] = static_cast<char>(random.Below(128));
    }
    const auto query = Query::Make(kList, {.order_by = order}, {});
    if (query.ok()) continue;
    EXPECT_EQ(query.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(base::FieldOf(query.status()), "order_by");
  }
}

}  // namespace
}  // namespace evalloop::listing
