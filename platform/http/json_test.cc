#include "platform/http/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <string>

#include "platform/base/reason.h"

namespace evalloop::http {
namespace {

using ::testing::HasSubstr;

boost::json::object Object(std::string_view text) {
  auto object = ParseJsonObject(text);
  EXPECT_TRUE(object.ok()) << object.status();
  return object.ok() ? *std::move(object) : boost::json::object();
}

TEST(JsonTest, ErrorsSayWhereTheTextIsBroken) {
  EXPECT_THAT(std::string(ParseJson(R"({"a":tru})").status().message()),
              HasSubstr("at byte 5"));
  EXPECT_EQ(ParseJson("").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ParseJson("[1,").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(JsonTest, OnlyWhiteSpaceMayFollowTheValue) {
  EXPECT_TRUE(ParseJson("{} \r\n\t").ok());
  EXPECT_THAT(std::string(ParseJson("{} {}").status().message()),
              HasSubstr("after the value"));
  EXPECT_FALSE(ParseJson("1 2").ok());
}

TEST(JsonTest, RefusesTextsPastTheLimits) {
  EXPECT_TRUE(ParseJson("[[]]", {.max_depth = 2}).ok());
  EXPECT_FALSE(ParseJson("[[[]]]", {.max_depth = 2}).ok());
  EXPECT_FALSE(ParseJson(std::string(1000, '['), {}).ok());
  EXPECT_FALSE(ParseJson("[1,2,3]", {.max_bytes = 6}).ok());
}

TEST(JsonTest, RefusesBytesThatAreNotUtf8) {
  EXPECT_FALSE(ParseJson("\"\xFF\"").ok());
}

TEST(JsonTest, GettersNameTheFieldThatIsMissingOrOfAnotherType) {
  const auto object = Object(R"({"model":7,"n":"x","stream":1,"stop":{}})");
  for (const absl::Status& status :
       {GetString(object, "model").status(), GetInt(object, "n").status(),
        FindBool(object, "stream").status(), FindArray(object, "stop").status(),
        GetString(object, "prompt").status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    const auto field = base::FieldOf(status);
    ASSERT_TRUE(field.has_value()) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(*field));
  }
}

TEST(JsonTest, MissingAndNullMembersAreAbsent) {
  const auto object = Object(R"({"a":null})");
  for (const char* key : {"a", "b"}) {
    EXPECT_EQ(*FindString(object, key), std::nullopt);
    EXPECT_EQ(*FindInt(object, key), std::nullopt);
    EXPECT_EQ(*FindDouble(object, key), std::nullopt);
    EXPECT_EQ(*FindBool(object, key), std::nullopt);
    EXPECT_EQ(*FindObject(object, key), nullptr);
    EXPECT_EQ(*FindArray(object, key), nullptr);
  }
}

TEST(JsonTest, WholeNumbersKeepToTheirRangeAndAreNotRounded) {
  const auto object = Object(R"({"one":1.0,"half":0.5,"big":1e300,"n":16})");
  EXPECT_EQ(*GetInt(object, "one"), 1);
  EXPECT_FALSE(GetInt(object, "half").ok());
  EXPECT_FALSE(GetInt(object, "big").ok());
  EXPECT_TRUE(GetInt(object, "n", 1, 16).ok());
  EXPECT_FALSE(GetInt(object, "n", 1, 15).ok());
  EXPECT_DOUBLE_EQ(*GetDouble(object, "n"), 16.0);
}

TEST(JsonTextTest, NumbersReadAsPeopleWriteThem) {
  EXPECT_EQ(JsonText({{"a", 0.5}, {"b", {0.0, 100.0, 1e-9, 1e21, -7}}}),
            R"({"a":0.5,"b":[0,100,1e-09,1e+21,-7]})");
  EXPECT_EQ(JsonText({{"a", nullptr},
                      {"t\"x", "line\nbreak"},
                      {"o", boost::json::object{}},
                      {"l", boost::json::array{}},
                      {"y", true}}),
            R"({"a":null,"t\"x":"line\nbreak","o":{},"l":[],"y":true})");
}

TEST(JsonTextTest, NumbersReadBackAsTheSameDoubles) {
  for (const double number : {0.1, 1.0 / 3, 2.2097560975609754e-1, 5e-324}) {
    // Not by ParseJson: Boost's parser may be off by the last bit.
    EXPECT_EQ(std::strtod(JsonText(number).c_str(), nullptr), number);
  }
}

}  // namespace
}  // namespace evalloop::http
