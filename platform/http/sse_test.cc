#include "platform/http/sse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace evalloop::http {
namespace {

using namespace std::string_view_literals;

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "type|data|id" of each event.
std::vector<std::string> Parse(const std::vector<std::string_view>& pieces) {
  std::vector<std::string> events;
  SseParser parser;
  for (const std::string_view piece : pieces) {
    const auto status = parser.Feed(piece, [&](const SseEvent& event) {
      events.push_back(event.type + "|" + event.data + "|" + event.id);
    });
    EXPECT_TRUE(status.ok()) << status;
  }
  return events;
}

TEST(SseParserTest, LinesEndInCrLfOrBoth) {
  EXPECT_THAT(
      Parse({"data: a\n\ndata: b\r\rdata: c\r\n\r\ndata:d\r\n\n"}),
      ElementsAre("message|a|", "message|b|", "message|c|", "message|d|"));
}

TEST(SseParserTest, OneByteOrderMarkMayLead) {
  EXPECT_THAT(Parse({"\xEF\xBB\xBF"
                     "data: a\n\n"}),
              ElementsAre("message|a|"));
  EXPECT_THAT(Parse({"data: a\n\n\xEF\xBB\xBF"
                     "data: b\n\n"}),
              ElementsAre("message|a|"));
}

TEST(SseParserTest, DataLinesJoinAndOneSpaceIsDropped) {
  EXPECT_THAT(Parse({"data: one\ndata:  two\ndata\ndata:\n\n"}),
              ElementsAre("message|one\n two\n\n|"));
}

TEST(SseParserTest, TypeHoldsForOneEventAndIdForTheRest) {
  EXPECT_THAT(Parse({"event: add\nid: 7\ndata: a\n\ndata: b\n\n"}),
              ElementsAre("add|a|7", "message|b|7"));
  EXPECT_THAT(Parse({"id: 7\ndata: a\n\nid: x\0y\ndata: b\n\n"sv}),
              ElementsAre("message|a|7", "message|b|7"));
}

TEST(SseParserTest, CommentsUnknownFieldsAndEmptyEventsAreNotDispatched) {
  EXPECT_THAT(Parse({": ping\n\nretry: 10\nfoo: bar\nevent: x\n\n"}),
              IsEmpty());
}

TEST(SseParserTest, AnUnfinishedEventIsDropped) {
  EXPECT_THAT(Parse({"data: a\n\ndata: b\n"}), ElementsAre("message|a|"));
}

TEST(SseParserTest, EveryCutGivesTheSameEvents) {
  const std::string stream =
      "\xEF\xBB\xBF"
      ": hello\r\nevent: delta\rdata: {\"t\":\"\xF0\x9F\x98\x80\"}\r\n\r\n"
      "id: 1\ndata: x\ndata: y\n\ndata: [DONE]\r\n\r\n";
  const auto whole = Parse({stream});
  ASSERT_EQ(whole.size(), 3u);
  const std::string_view text = stream;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    for (std::size_t j = i; j <= text.size(); ++j) {
      ASSERT_EQ(
          Parse({text.substr(0, i), text.substr(i, j - i), text.substr(j)}),
          whole)
          << "cut at " << i << " and " << j;
    }
  }
}

TEST(SseParserTest, RefusesAnEventPastItsBound) {
  SseParser parser(/*max_event=*/16);
  const auto ignore = [](const SseEvent&) {};
  EXPECT_TRUE(parser.Feed("data: 0123\n", ignore).ok());
  EXPECT_EQ(parser.Feed("data: 0123456789", ignore).code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(SseFormatTest, WhatIsWrittenIsReadBack) {
  EXPECT_EQ(FormatSse("[DONE]"), "data: [DONE]\n\n");
  EXPECT_EQ(FormatSse("a\nb", "delta"), "event: delta\ndata: a\ndata: b\n\n");
  EXPECT_THAT(Parse({FormatSse("a\r\nb\rc\n", "t")}),
              ElementsAre("t|a\nb\nc\n|"));
  EXPECT_THAT(Parse({FormatSse("")}), ElementsAre("message||"));
}

}  // namespace
}  // namespace evalloop::http
