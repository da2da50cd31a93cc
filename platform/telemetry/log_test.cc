#include "platform/telemetry/log.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace evalloop::telemetry {
namespace {

TEST(LogTest, LineHoldsTheFourFixedFieldsThenTheGivenOnesInOrder) {
  EXPECT_EQ(FormatLogLine("2026-01-02T03:04:05.006Z", Level::kWarning, "scorer",
                          "slow query",
                          {{"ms", 12}, {"table", "score"}, {"retried", true}}),
            R"({"ts":"2026-01-02T03:04:05.006Z","level":"warning",)"
            R"("msg":"slow query","service":"scorer",)"
            R"("ms":12,"table":"score","retried":true})");
}

TEST(LogTest, TextThatLooksLikeJsonCannotBreakOutOfItsField) {
  EXPECT_EQ(JsonQuote("a\",\"level\":\"error\n\x01\\"),
            "\"a\\\",\\\"level\\\":\\\"error\\n\\u0001\\\\\"");
}

TEST(LogTest, ValidUtf8StaysAndBrokenBytesBecomeReplacementCharacters) {
  EXPECT_EQ(JsonQuote("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"),
            "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"");
  EXPECT_EQ(JsonQuote("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
  EXPECT_EQ(JsonQuote("\xC3"), "\"\xEF\xBF\xBD\"");
  EXPECT_EQ(JsonQuote("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(LogTest, NumbersThatJsonCannotSayAreNull) {
  EXPECT_EQ(Field("x", std::nan("")).json(), "null");
  EXPECT_EQ(Field("x", std::numeric_limits<double>::infinity()).json(), "null");
  EXPECT_EQ(Field("x", 0.25).json(), "0.25");
}

TEST(LogTest, LinesBelowTheLowestLevelAreNotWritten) {
  InitLog("unit", Level::kWarning);
  testing::internal::CaptureStderr();
  LogInfo("quiet");
  LogError("loud");
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_EQ(written.find("quiet"), std::string::npos);
  EXPECT_NE(written.find(R"("msg":"loud","service":"unit"})"),
            std::string::npos);
}

}  // namespace
}  // namespace evalloop::telemetry
