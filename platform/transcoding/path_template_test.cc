#include "platform/transcoding/path_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/transcoding/routes.h"

namespace evalloop::transcoding {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::Pair;

PathTemplate Parsed(std::string_view text) {
  return *PathTemplate::Parse(text);
}

TEST(PathTemplateTest, LiteralPathMatchesItselfOnly) {
  const PathTemplate path = Parsed("/v1/runs");
  EXPECT_THAT(path.Match("/v1/runs"), Optional(IsEmpty()));
  EXPECT_EQ(path.Match("/v1/runs/1"), std::nullopt);
  EXPECT_EQ(path.Match("/v1"), std::nullopt);
  EXPECT_EQ(path.Match("v1/runs"), std::nullopt);
}

TEST(PathTemplateTest, VariableTakesOneSegmentDecoded) {
  const PathTemplate path = Parsed("/v1/prompts/{prompt}/revisions");
  EXPECT_THAT(path.Match("/v1/prompts/team%2Fpy/revisions"),
              Optional(ElementsAre(Pair("prompt", "team/py"))));
  EXPECT_EQ(path.Match("/v1/prompts/team/py/revisions"), std::nullopt);
  EXPECT_EQ(path.Match("/v1/prompts//revisions"), std::nullopt);
  EXPECT_EQ(path.Match("/v1/prompts/%zz/revisions"), std::nullopt);
}

TEST(PathTemplateTest, TwoStarsTakeTheRest) {
  const PathTemplate path = Parsed("/v1/scores/{subject=**}");
  EXPECT_THAT(path.Match("/v1/scores/runs/r1/items/i1"),
              Optional(ElementsAre(Pair("subject", "runs/r1/items/i1"))));
}

TEST(PathTemplateTest, VerbStandsBehindTheLastColon) {
  const PathTemplate path = Parsed("/v1/runs/{run_id}:watch");
  EXPECT_THAT(path.Match("/v1/runs/run-1:watch"),
              Optional(ElementsAre(Pair("run_id", "run-1"))));
  EXPECT_THAT(path.Match("/v1/runs/a:b:watch"),
              Optional(ElementsAre(Pair("run_id", "a:b"))));
  EXPECT_EQ(path.Match("/v1/runs/run-1"), std::nullopt);
}

TEST(PathTemplateTest, WhatIsNoTemplateIsRefused) {
  for (const char* text : {"", "v1/runs", "/v1/{a*}", "/v1/{}", "/v1//x"}) {
    EXPECT_FALSE(PathTemplate::Parse(text).ok()) << text;
  }
}

TEST(RoutesTest, AMethodWithoutARuleOrAnUnknownServiceIsRefused) {
  const std::string missing[] = {"evalloop.v1.NoService"};
  EXPECT_EQ(Routes::Of(missing).status().code(), absl::StatusCode::kNotFound);
}

TEST(RoutesTest, TheMoreSpecificRouteIsTaken) {
  const std::string services[] = {"evalloop.v1.EvaluatorService"};
  const auto routes = Routes::Of(services);
  ASSERT_TRUE(routes.ok()) << routes.status();
  const auto rpc = [&](std::string_view verb, std::string_view path) {
    const auto match = routes->Find(verb, path);
    return match.route == nullptr ? "allowed: " + match.allowed
                                  : match.route->rpc;
  };
  EXPECT_EQ(rpc("GET", "/v1/runs/r1"), "/evalloop.v1.EvaluatorService/GetRun");
  EXPECT_EQ(rpc("GET", "/v1/runs/r1:watch"),
            "/evalloop.v1.EvaluatorService/WatchRun");
  EXPECT_EQ(rpc("POST", "/v1/runs:compare"),
            "/evalloop.v1.EvaluatorService/CompareRuns");
  EXPECT_EQ(rpc("DELETE", "/v1/runs"), "allowed: POST, GET");
  EXPECT_EQ(rpc("GET", "/v2/runs"), "allowed: ");
}

}  // namespace
}  // namespace evalloop::transcoding
