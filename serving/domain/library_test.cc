#include "serving/domain/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "platform/testing/status_matchers.h"
#include "serving/domain/model_string.h"
#include "serving/testing/fixtures.h"

namespace evalloop::serving {
namespace {

using std::chrono::milliseconds;
using testing::StatusIs;

constexpr milliseconds kNone{0};
constexpr milliseconds kLong{20'000};

TEST(LibraryTest, ResolvesByVersionLabelAndDigest) {
  LiveFixture fixture;
  const Library& library = fixture.library;
  EXPECT_EQ((*library.Resolve({.prompt = "complete"}, kNone))->version, 1u);
  EXPECT_EQ(
      (*library.Resolve({.prompt = "complete", .version = 2}, kNone))->version,
      2u);
  EXPECT_EQ((*library.Resolve({.digest = "digest-2"}, kNone))->version, 2u);
  EXPECT_THAT(library.Resolve({.prompt = "other", .digest = "digest-2"}, kNone),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(library.Resolve({}, kNone),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(LibraryTest, WaitsForARevisionThatIsOnItsWay) {
  Library library;
  std::thread later([&] { library.Put(TestRevision("late", 1)); });
  const auto found = library.Resolve({.prompt = "late", .version = 1}, kLong);
  later.join();
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ((*found)->version, 1u);
}

TEST(LibraryTest, LeavesALabelWhereItsNewestMovePutIt) {
  LiveFixture fixture;
  fixture.library.Move({"complete", "production", 2, 5});
  fixture.library.Move({"complete", "production", 1, 4});
  EXPECT_EQ((*fixture.library.Resolve({.prompt = "complete"}, kNone))->version,
            2u);
}

TEST(LibraryTest, ForgetsRemovedLabelsAndRetiredModels) {
  LiveFixture fixture;
  fixture.library.RemoveLabel("complete", "production");
  EXPECT_THAT(fixture.library.Resolve({.prompt = "complete"}, kNone),
              StatusIs(absl::StatusCode::kNotFound));
  Model retired = TestModel();
  retired.retired = true;
  fixture.library.Put(retired);
  EXPECT_THAT(
      fixture.library.FindModel("small", kNone),
      StatusIs(absl::StatusCode::kNotFound, ::testing::HasSubstr("retired")));
  EXPECT_TRUE(fixture.library.Models().empty());
}

TEST(ModelStringTest, ReadsEveryForm) {
  const auto selector = [](std::string_view text) {
    return std::get<RevisionSelector>(*ParseModelString(text));
  };
  EXPECT_EQ(selector("evalloop/fix").prompt, "fix");
  EXPECT_EQ(selector("evalloop/fix").label, "");
  EXPECT_EQ(selector("evalloop/fix@staging").label, "staging");
  EXPECT_EQ(selector("evalloop/fix@12").version, 12u);
  EXPECT_EQ(std::get<std::string>(*ParseModelString("qwen2.5-coder")),
            "qwen2.5-coder");
  for (const char* bad : {"", "evalloop/", "evalloop/@3", "evalloop/x@",
                          "evalloop/x@0", "evalloop/x@99999999999"}) {
    EXPECT_THAT(ParseModelString(bad),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << bad;
  }
}

TEST(ModelTest, NamesTheFieldThatCannotBe) {
  EXPECT_TRUE(ValidateModel(TestModel()).ok());
  const auto broken = [](const std::function<void(Model&)>& change) {
    Model model = TestModel();
    change(model);
    return std::string(ValidateModel(model).message());
  };
  using ::testing::HasSubstr;
  EXPECT_THAT(broken([](Model& m) { m.name = "a b"; }), HasSubstr("name"));
  EXPECT_THAT(broken([](Model& m) { m.base_url = "ftp://x"; }),
              HasSubstr("base_url"));
  EXPECT_THAT(broken([](Model& m) { m.base_url = "http://u:p@x/v1"; }),
              HasSubstr("base_url"));
  EXPECT_THAT(broken([](Model& m) { m.model_id = ""; }), HasSubstr("model_id"));
  EXPECT_THAT(broken([](Model& m) { m.fim_form = "no"; }),
              HasSubstr("fim_form"));
  EXPECT_THAT(broken([](Model& m) { m.provider = ProviderKind::kUnspecified; }),
              HasSubstr("provider"));
}

TEST(ModelTest, PricesTokensByTheMillion) {
  Model model = TestModel();
  model.input_price_micros = 2'000'000;
  model.output_price_micros = 4'000'000;
  Usage usage;
  usage.prompt_tokens = 100;
  usage.completion_tokens = 50;
  EXPECT_EQ(CostMicros(model, usage), 400);
}

}  // namespace
}  // namespace evalloop::serving
