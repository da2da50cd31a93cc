#include "platform/transcoding/path_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/rpc/probe.pb.h"
#include "platform/transcoding/routes.h"

namespace evalloop::transcoding {
namespace {

namespace probe = rpc::probe::v1;
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
  const std::string missing[] = {"evalloop.rpc.probe.v1.NoService"};
  EXPECT_EQ(Routes::Of(missing).status().code(), absl::StatusCode::kNotFound);
}

TEST(RoutesTest, TheMoreSpecificRouteIsTaken) {
  probe::WatchRequest::descriptor();  // Links the service in.
  const std::string services[] = {"evalloop.rpc.probe.v1.ProbeService"};
  const auto routes = Routes::Of(services);
  ASSERT_TRUE(routes.ok()) << routes.status();
  const auto rpc = [&](std::string_view verb, std::string_view path) {
    const auto match = routes->Find(verb, path);
    if (match.route == nullptr) return "allowed: " + match.allowed;
    return match.route->rpc.substr(match.route->rpc.rfind('/') + 1);
  };
  EXPECT_EQ(rpc("GET", "/v1/numbers/3"), "Name");
  EXPECT_EQ(rpc("GET", "/v1/numbers/3:watch"), "Watch");
  EXPECT_EQ(rpc("POST", "/v1/questions"), "Ask");
  EXPECT_EQ(rpc("DELETE", "/v1/questions"), "allowed: POST");
  EXPECT_EQ(rpc("GET", "/v2/questions"), "allowed: ");
}

}  // namespace
}  // namespace evalloop::transcoding
