#include "platform/listing/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "platform/base/reason.h"
#include "platform/listing/condition.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::listing {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Field kFields[] = {
    {.name = "name", .sql = "n"},
    {.name = "gate", .sql = "g", .nullable = true},
    {.name = "state",
     .type = Type::kWord,
     .sql = "s",
     .words = "running finished",
     .prefix = "STATE_"},
    {.name = "tags", .type = Type::kTexts, .sql = "t"},
    {.name = "version", .type = Type::kInteger, .sql = "v"},
    {.name = "score", .type = Type::kNumber, .sql = "x", .nullable = true},
    {.name = "total_ms", .type = Type::kMilliseconds, .sql = "ms"},
    {.name = "shown", .type = Type::kBoolean, .sql = "b"},
    {.name = "start_time", .type = Type::kTime, .sql = "at"},
    {.name = "metrics.",
     .type = Type::kNumber,
     .sql = "m[{}]",
     .nullable = true},
};

// How the filter groups: its canonical text.
std::string Read(std::string_view text) {
  const auto filter = ParseFilter(text);
  EXPECT_THAT(filter, IsOk()) << text;
  return filter.ok() ? ToString(*filter) : "";
}

// The words of a refusal, with its field.
std::string Refused(std::string_view text) {
  const auto filter = ParseFilter(text);
  absl::Status status = filter.status();
  if (filter.ok()) {
    Bindings bindings;
    status = ConditionOf(*filter, kFields, bindings).status();
  }
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  EXPECT_EQ(base::FieldOf(status), "filter") << text;
  return std::string(status.message());
}

struct Compiled {
  std::string sql;
  std::vector<std::string> values;
};

Compiled Compile(std::string_view text) {
  Bindings bindings;
  const auto filter = ParseFilter(text);
  EXPECT_THAT(filter, IsOk()) << text;
  if (!filter.ok()) return {};
  const auto sql = ConditionOf(*filter, kFields, bindings);
  EXPECT_THAT(sql, IsOk()) << text;
  return {sql.value_or(""), bindings.values()};
}

TEST(ParseFilterTest, NothingIsEverything) {
  EXPECT_EQ(Read(""), "");
  EXPECT_EQ(Read(" \t\n"), "");
  EXPECT_EQ(Compile("  ").sql, "true");
}

TEST(ParseFilterTest, OrBindsTighterThanAnd) {
  EXPECT_EQ(Read("a=1 AND b=2 OR c=3"), Read("a=1 AND (b=2 OR c=3)"));
  EXPECT_EQ(Read("(a=1 AND b=2) OR c=3"),
            "(a = \"1\" AND b = \"2\") OR c = \"3\"");
}

TEST(ParseFilterTest, ComparisonsSideBySideAreJoinedByAnd) {
  EXPECT_EQ(Read("a=1 b=2"), "a = \"1\" AND b = \"2\"");
  EXPECT_EQ(Read("a=1 (b=2) NOT c=3"),
            "a = \"1\" AND b = \"2\" AND NOT c = "
            "\"3\"");
}

TEST(ParseFilterTest, NotAndMinusTurnOneTermRound) {
  EXPECT_EQ(Read("-a=1 AND b=2"), "NOT a = \"1\" AND b = \"2\"");
  EXPECT_EQ(Read("NOT (a=1 OR b=2)"), "NOT (a = \"1\" OR b = \"2\")");
  EXPECT_EQ(Read("NOT(a=1)"), "NOT a = \"1\"");
  EXPECT_EQ(Read("a = -1"), "a = \"-1\"");
}

TEST(ParseFilterTest, KnowsEveryOperatorWithAndWithoutBlanks) {
  for (const char* op : {"=", "!=", "<", "<=", ">", ">=", ":"}) {
    const std::string with = std::string("a ") + op + " 1";
    const std::string without = std::string("a") + op + "1";
    EXPECT_EQ(Read(with), Read(without)) << op;
    EXPECT_EQ(NameOf(ParseFilter(with)->op), op);
  }
}

TEST(ParseFilterTest, ValuesMayBeQuotedEitherWayOrBare) {
  EXPECT_EQ(ParseFilter(R"(a = "two words")")->value.text, "two words");
  EXPECT_EQ(ParseFilter(R"(a = 'it "is"')")->value.text, "it \"is\"");
  EXPECT_EQ(ParseFilter(R"(a = "\"\\\*")")->value.text, "\"\\*");
  EXPECT_EQ(ParseFilter("a >= 2026-07-01T00:00:00Z")->value.text,
            "2026-07-01T00:00:00Z");
  EXPECT_EQ(ParseFilter("a = \"\"")->value, Value{});
}

TEST(ParseFilterTest, AStarAtAnEndStandsForAnything) {
  EXPECT_EQ(ParseFilter("a = complete-*")->value,
            (Value{"complete-", false, true}));
  EXPECT_EQ(ParseFilter("a = \"*line*\"")->value, (Value{"line", true, true}));
  EXPECT_EQ(ParseFilter(R"(a = "line\*")")->value,
            (Value{"line*", false, false}));
  EXPECT_EQ(ParseFilter("a = in*side")->value,
            (Value{"in*side", false, false}));
}

TEST(ParseFilterTest, SaysWhereAndWhatIsAllowed) {
  EXPECT_THAT(Refused("name = x AND"), HasSubstr("at 13: a comparison is "
                                                 "missing"));
  EXPECT_THAT(Refused("name"), HasSubstr("at 5: an operator is missing after "
                                         "\"name\""));
  EXPECT_THAT(Refused("name ="), HasSubstr("at 7: a value is missing"));
  EXPECT_THAT(Refused("(name = x"), HasSubstr("at 1: \"(\" is never closed"));
  EXPECT_THAT(Refused("name = x)"), HasSubstr("at 9: \")\" closes nothing"));
  EXPECT_THAT(Refused("name = \"x"), HasSubstr("at 8: a quoted value is never "
                                               "closed"));
  EXPECT_THAT(Refused("name = x AND NOT= y"),
              HasSubstr("at 14: NOT is no field"));
  EXPECT_THAT(Refused("near(name)"), HasSubstr("there are no functions"));
  EXPECT_THAT(Refused("name. = x"), HasSubstr("ends in \".\""));
  EXPECT_THAT(Refused("name = \"\\n\""), HasSubstr("unknown escape"));
  EXPECT_THAT(Refused("name:(a OR b)"), HasSubstr("one value"));
  EXPECT_THAT(Refused("\x01 = x"), HasSubstr("not \"?\""));
}

TEST(ParseFilterTest, IsBounded) {
  EXPECT_THAT(ParseFilter("a=" + std::string(kMaxFilterBytes - 2, 'x')),
              IsOk());
  EXPECT_THAT(Refused("a=" + std::string(kMaxFilterBytes - 1, 'x')),
              HasSubstr("at most 4096"));
  const auto nested = [](int depth) {
    return std::string(depth, '(') + "a=1" + std::string(depth, ')');
  };
  EXPECT_THAT(ParseFilter(nested(kMaxFilterDepth)), IsOk());
  EXPECT_THAT(Refused(nested(kMaxFilterDepth + 1)), HasSubstr("deeper"));
  std::string many = "name=1";
  for (std::size_t i = 1; i < kMaxComparisons; ++i) many += " name=1";
  EXPECT_THAT(ParseFilter(many), IsOk());
  EXPECT_THAT(Refused(many + " name=1"), HasSubstr("more than 64"));
  EXPECT_THAT(Refused(std::string("name=\0", 6)), HasSubstr("NUL"));
}

TEST(ConditionTest, ValuesAreBoundAndNeverWritten) {
  const Compiled compiled = Compile(R"(name = "x' OR 1=1 --")");
  EXPECT_EQ(compiled.sql, "(n) = $1::text");
  EXPECT_THAT(compiled.values, ElementsAre("x' OR 1=1 --"));
}

TEST(ConditionTest, TheTreeKeepsItsShape) {
  EXPECT_EQ(Compile("NOT version = 1 AND (shown = true OR version > 2)").sql,
            "(NOT ((v) = $1::bigint)) AND (((b) = $2::boolean) OR ((v) > "
            "$3::bigint))");
}

TEST(ConditionTest, PatternsHoldOnlyTheirOwnStars) {
  const Compiled compiled = Compile(R"(name = "50%_a\\b*")");
  EXPECT_EQ(compiled.sql, "coalesce((n) LIKE $1::text, false)");
  EXPECT_THAT(compiled.values, ElementsAre("50\\%\\_a\\\\b%"));
  EXPECT_THAT(Compile("name:Line").values, ElementsAre("%Line%"));
  EXPECT_THAT(Compile("name:src/*").values, ElementsAre("src/%"));
  EXPECT_EQ(Compile("name != a*").sql,
            "NOT coalesce((n) LIKE $1::text, false)");
}

TEST(ConditionTest, WhatHasNoValueIsEqualToNothing) {
  EXPECT_EQ(Compile("score > 1").sql, "coalesce((x) > $1::float8, false)");
  EXPECT_EQ(Compile("score != 1").sql, "(x) IS DISTINCT FROM $1::float8");
  EXPECT_EQ(Compile("score:*").sql, "(x) IS NOT NULL");
  EXPECT_EQ(Compile("version:*").sql, "true");
  EXPECT_EQ(Compile("gate:*").sql, "coalesce(g, '') <> ''");
}

TEST(ConditionTest, AFamilysNameIsBoundToo) {
  const Compiled compiled = Compile("metrics.exact_match >= 0.5");
  EXPECT_EQ(compiled.sql, "coalesce((m[$1::text]) >= $2::float8, false)");
  EXPECT_THAT(compiled.values, ElementsAre("exact_match", "0.5"));
}

TEST(ConditionTest, ListsAreAskedWhatTheyHave) {
  EXPECT_EQ(Compile("tags:db").sql, "(t) @> ARRAY[$1::text]");
  EXPECT_EQ(Compile("tags:*").sql, "cardinality(t) > 0");
  EXPECT_EQ(Compile("tags:domain/*").sql,
            "EXISTS (SELECT 1 FROM unnest(t) AS one WHERE one LIKE $1::text)");
  EXPECT_THAT(Refused("tags = db"), HasSubstr("tags:VALUE"));
}

TEST(ConditionTest, WordsAreTakenAsTheProtoAndAsPeopleWriteThem) {
  for (const char* text : {"state = finished", "state = STATE_FINISHED",
                           "state = Finished", "state:finished"}) {
    const Compiled compiled = Compile(text);
    EXPECT_EQ(compiled.sql, "(s) = $1::text") << text;
    EXPECT_THAT(compiled.values, ElementsAre("finished")) << text;
  }
  EXPECT_THAT(Refused("state = done"), HasSubstr("one of: running finished"));
  EXPECT_THAT(Refused("state = \"running finished\""), HasSubstr("one of"));
  EXPECT_THAT(Refused("state < finished"), HasSubstr("use = or !="));
}

TEST(ConditionTest, ValuesHaveTheirFieldsType) {
  EXPECT_THAT(Compile("start_time >= 2026-07-01").values,
              ElementsAre("2026-07-01 00:00:00.000000+00"));
  EXPECT_THAT(Compile("start_time < \"2026-07-01T12:30:00.5+02:00\"").values,
              ElementsAre("2026-07-01 10:30:00.500000+00"));
  EXPECT_THAT(Compile("total_ms > 1.5s").values, ElementsAre("1500"));
  EXPECT_THAT(Compile("total_ms > 1500").values, ElementsAre("1500"));
  EXPECT_THAT(Compile("score < 1e-3").values, ElementsAre("0.001"));
  EXPECT_THAT(Compile("shown = TRUE").values, ElementsAre("true"));
  EXPECT_THAT(Refused("version = 1.5"), HasSubstr("whole number"));
  EXPECT_THAT(Refused("version = 99999999999999999999"),
              HasSubstr("whole number"));
  EXPECT_THAT(Refused("score = nan"), HasSubstr("a number"));
  EXPECT_THAT(Refused("score = 1*"), HasSubstr("a number"));
  EXPECT_THAT(Refused("shown = yes"), HasSubstr("true or false"));
  EXPECT_THAT(Refused("shown > true"), HasSubstr("use = or !="));
  EXPECT_THAT(Refused("start_time > yesterday"), HasSubstr("2026-07-01"));
  EXPECT_THAT(Refused("start_time > infinite-future"), HasSubstr("a time"));
}

TEST(ConditionTest, AnUnknownFieldIsAnsweredWithThoseThatAre) {
  const std::string words = Refused("name = x AND nmae = y");
  EXPECT_THAT(words, HasSubstr("at 14: there is no field \"nmae\""));
  EXPECT_THAT(words, HasSubstr("fields: name, gate, state"));
  EXPECT_THAT(words, HasSubstr("metrics.NAME"));
  Refused("metrics = 1");
}

TEST(ConditionTest, TellsWhichFieldsAFilterNames) {
  const auto filter = ParseFilter("a = 1 AND NOT (b = 2 OR run.state = x)");
  ASSERT_THAT(filter, IsOk());
  EXPECT_TRUE(Names(*filter, "run.state"));
  EXPECT_FALSE(Names(*filter, "state"));
  EXPECT_FALSE(Names(*ParseFilter(""), "a"));
}

}  // namespace
}  // namespace evalloop::listing
