#include "scorer/domain/plain_value.h"

#include <gtest/gtest.h>

#include <string>

namespace evalloop::scorer {
namespace {

PlainValue Parsed(std::string_view json) {
  const auto value = ParsePlainValue(json);
  EXPECT_TRUE(value.ok()) << json << ": " << value.status();
  return value.value_or(PlainValue());
}

std::string Trouble(std::string_view json) {
  return std::string(ParsePlainValue(json).status().message());
}

bool Same(std::string_view expected, std::string_view answer,
          const Closeness& closeness = {}) {
  return Agree(Parsed(expected), Parsed(answer), closeness);
}

TEST(PlainValueTest, ItsTextIsTheSameValueInOneLineOfAscii) {
  for (const char* text :
       {"null", "true", "-12345678901234567890123", "0", "2.0", "0.1", "1e+300",
        "NaN", "-Infinity", R"("a\"\\\u000a\u00e9\ud83d\ude00")",
        R"("\ud800x")", R"([[],{},[1,"",{"a":[2.5],"b":null}]])"}) {
    EXPECT_EQ(TextOf(Parsed(text)), text);
  }
  EXPECT_EQ(TextOf(Parsed(" { \"b\" : 1 , \"a\" : -0 } ")), R"({"a":0,"b":1})");
  EXPECT_EQ(TextOf(Parsed("\"\xc3\xa9\\n\\/\"")), R"("\u00e9\u000a/")");
}

TEST(PlainValueTest, WhatIsNoValueIsRefusedInWords) {
  for (const char* text :
       {"",        "01",        "1.",  ".5",      "+1",    "1e",  "-",
        "nul",     "[1,]",      "[1",  "{\"a\"}", "{a:1}", "\"a", "\"\n\"",
        "\"\\x\"", "\"\\u12\"", "1 2", "[1]]",    "'a'",   "nan"}) {
    EXPECT_EQ(Trouble(text), "not JSON") << text;
  }
  EXPECT_EQ(Trouble(R"({"a":1,"\u0061":1})"), "a key twice");
  EXPECT_EQ(Trouble("1e999"), "a number out of range");
  for (const char* text : {"\"\xff\"", "\"\xc0\x80\"", "\"\xe2\x82\"",
                           "\"\xf5\x80\x80\x80\"", "\"\xe0\x80\x80\""}) {
    EXPECT_EQ(Trouble(text), "not UTF-8");
  }
}

TEST(PlainValueTest, DepthNumberAndLengthAreBounded) {
  const std::string deep(kDeepestPlainValue, '[');
  const std::string end(kDeepestPlainValue, ']');
  EXPECT_TRUE(ParsePlainValue(deep + "1" + end).ok());
  EXPECT_EQ(Trouble(deep + "[1]" + end), "nested too deep");
  EXPECT_EQ(Trouble(std::string(10'000'000, '[')), "nested too deep");
  std::string many = "[0";
  for (std::size_t i = 0; i < kMostPlainValues; ++i) many += ",0";
  EXPECT_EQ(Trouble(many + "]"), "too many values");
  EXPECT_TRUE(ParsePlainValue(std::string(kLongestInteger, '9')).ok());
  EXPECT_EQ(Trouble(std::string(kLongestInteger + 1, '9')),
            "an integer too long");
}

TEST(AgreeTest, KindsAreToldApart) {
  const char* const values[] = {
      "null",     "true",      "false",       "0",         "1",
      "0.0",      "1.0",       "\"\"",        "\"1\"",     "[]",
      "{}",       "[1]",       "[1.0]",       "[true]",    "[[1]]",
      "[null]",   "{\"a\":1}", "{\"a\":1.0}", "{\"b\":1}", "NaN",
      "Infinity", "-Infinity", "\"true\"",    "\"null\"",  "[1,1]"};
  for (const char* a : values) {
    for (const char* b : values) EXPECT_EQ(Same(a, b), a == b) << a << " " << b;
  }
}

TEST(AgreeTest, ObjectsAreEqualInAnyOrderAndNumbersInAnySpelling) {
  EXPECT_TRUE(Same(R"({"a":1,"b":[2]})", R"({"b":[2],"a":1})"));
  EXPECT_TRUE(Same("2.0", "20e-1"));
  EXPECT_TRUE(Same("0.0", "-0.0"));
  EXPECT_TRUE(Same("123456789012345678901", "123456789012345678901"));
  EXPECT_FALSE(Same("123456789012345678901", "123456789012345678902"));
  EXPECT_FALSE(Same("0.3", "0.30000000000000004"));
  EXPECT_FALSE(Same("[1,2]", "[2,1]"));
}

TEST(AgreeTest, AToleranceIsForFloatsAlone) {
  const Closeness near{.tolerance = 1e-6};
  EXPECT_TRUE(Same("0.3", "0.30000000000000004", near));
  EXPECT_TRUE(Same("1e12", "1000000000001.0", near));
  EXPECT_FALSE(Same("1.0", "1.001", near));
  EXPECT_FALSE(Same("1000000000000", "1000000000001", near));
  EXPECT_FALSE(Same("1.0", "1", near));
  EXPECT_FALSE(Same("1.0", "NaN", near));
  EXPECT_FALSE(Same("Infinity", "1.7e308", near));
  EXPECT_FALSE(Same("Infinity", "-Infinity", near));
}

TEST(AgreeTest, ALanguageOfOneNumberTakesIntegersForFloats) {
  const Closeness one{.one_number = true};
  EXPECT_TRUE(Same("2.0", "2", one));
  EXPECT_TRUE(Same("[2]", "[2.0]", one));
  EXPECT_FALSE(Same("2", "2.5", one));
  EXPECT_FALSE(Same("2", "\"2\"", one));
  EXPECT_FALSE(Same("1", "true", one));
  EXPECT_FALSE(Same("9007199254740993", "9007199254740992", one));
}

}  // namespace
}  // namespace evalloop::scorer
