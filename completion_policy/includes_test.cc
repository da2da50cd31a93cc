#include "completion_policy/includes.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/reason.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::completion_policy {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Where the error is, and what it says.
std::string Refused(std::string_view text,
                    const std::vector<Include>& includes) {
  const auto put = WithIncludes("template.text", text, includes);
  if (put.ok()) return "nothing";
  EXPECT_THAT(put, StatusIs(absl::StatusCode::kInvalidArgument));
  return base::FieldOf(put.status()).value_or("no field") + " | " +
         std::string(put.status().message());
}

TEST(IncludesTest, StandWhereTheyAreNamedAlsoInEachOther) {
  const std::vector<Include> includes = {
      {"a", "[{{>b}}]"}, {"b", "{{prefix}}"}, {"c", ""}};
  ASSERT_OK_AND_ASSIGN(
      const std::string text,
      WithIncludes("template.text", "{{> a }}{{> c}}-{{> b}} {{path}} {{> x",
                   includes));
  EXPECT_EQ(text, "[{{prefix}}]-{{prefix}} {{path}} {{> x");
  EXPECT_THAT(IncludeNames("{{> a}} {{path}} {{>b}}"), ElementsAre("a", "b"));
  EXPECT_THAT(IncludesReached("{{> a}}", includes), ElementsAre("a", "b"));
}

TEST(IncludesTest, SayWhereAnUnknownOneIsNamed) {
  EXPECT_THAT(Refused("{{> gone}}", {}),
              AllOf(HasSubstr("template.text |"), HasSubstr("\"gone\"")));
  EXPECT_THAT(Refused("{{> a}}", {{"a", "{{> gone}}"}}),
              AllOf(HasSubstr("includes.a |"), HasSubstr("\"gone\"")));
}

TEST(IncludesTest, MayNotGoInACircle) {
  EXPECT_THAT(Refused("{{> a}}", {{"a", "{{> a}}"}}), HasSubstr("a -> a"));
  EXPECT_THAT(Refused("{{> a}}",
                      {{"a", "{{> b}}"}, {"b", "{{> c}}"}, {"c", "{{> a}}"}}),
              AllOf(HasSubstr("includes.c |"), HasSubstr("a -> b -> c -> a")));
}

TEST(IncludesTest, AreBoundedInDepthNumberAndSize) {
  std::vector<Include> chain;
  for (int i = 0; i < kDeepestInclude + 1; ++i) {
    chain.push_back(
        {fmt::format("i{}", i), fmt::format("{{{{> i{}}}}}", i + 1)});
  }
  chain.back().text = "end";
  EXPECT_THAT(Refused("{{> i0}}", chain), HasSubstr("deep"));
  EXPECT_THAT(WithIncludes("template.text", "{{> i1}}", chain), IsOk());

  // Nothing is ever written, and still it ends.
  std::string many;
  for (int i = 0; i < 100; ++i) many += "{{> none}}";
  std::string more;
  for (int i = 0; i < 100; ++i) more += "{{> many}}";
  EXPECT_THAT(Refused(more, {{"many", many}, {"none", ""}}),
              HasSubstr("over 1000 times"));

  EXPECT_THAT(Refused("{{> big}}{{> big}}",
                      {{"big", std::string(kMostIncludedBytes * 2 / 3, 'x')}}),
              HasSubstr("bytes"));
}

TEST(IncludesTest, HaveNamesOfTheirOwn) {
  EXPECT_THAT(CheckIncludes(std::vector<Include>{{"a/b.md", ""}, {"c", ""}}),
              IsOk());
  EXPECT_THAT(CheckIncludes(std::vector<Include>{{"a", ""}, {"a", ""}}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("twice")));
  EXPECT_THAT(CheckIncludes(std::vector<Include>{{"no blanks", ""}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(CheckIncludes(std::vector<Include>(kMostIncludes + 1)),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("33")));
}

}  // namespace
}  // namespace evalloop::completion_policy
