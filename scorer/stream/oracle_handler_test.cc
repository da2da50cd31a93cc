#include "scorer/stream/oracle_handler.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "evalloop/v1/events.pb.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::scorer {
namespace {

using testing::IsOk;
using testing::StatusIs;

constexpr char kSolution[] = "    return a + 1 < b\n";

using Script =
    std::function<absl::StatusOr<FunctionalResult>(const FunctionalCase&)>;

class ScriptedTests final : public FunctionalTests {
 public:
  std::string_view tier() const override { return "none"; }
  absl::StatusOr<FunctionalVerdict> Check(const FunctionalCase& one,
                                          std::chrono::milliseconds) override {
    ++checks;
    const auto result = script(one);
    if (!result.ok()) return result.status();
    FunctionalVerdict verdict;
    verdict.result = *result;
    return verdict;
  }
  Script script;
  int checks = 0;
};

class OracleHandlerTest : public ::testing::Test {
 protected:
  absl::Status Handle(const std::string& payload) {
    kafka::Record record;
    record.payload = payload;
    const kafka::Record* const fresh = &record;
    return transactor_.Run([&](base::UnitOfWork& work) {
      return handler_.Handle(work, {&fresh, 1});
    });
  }

  v1::OracleChecked Checked(Script script) {
    tests_.script = std::move(script);
    v1::Event event;
    event.set_event_id("o1");
    event.set_subject("he/1/i1");
    v1::OracleTask& task = *event.mutable_oracle_task();
    task.set_benchmark("he");
    task.set_benchmark_version(1);
    task.set_item_id("i1");
    task.set_language("python");
    task.set_prefix("def f(a, b):\n");
    task.set_solution(kSolution);
    task.mutable_tests()->set_program("def check(f): ...");
    task.mutable_tests()->set_entry_point("f");
    EXPECT_THAT(Handle(event.SerializeAsString()), IsOk());
    const auto events = outbox_.events();
    v1::Event told;
    EXPECT_EQ(events.size(), 1u);
    EXPECT_TRUE(!events.empty() && told.ParseFromString(events[0].payload));
    EXPECT_EQ(told.subject(), "he/1/i1");
    EXPECT_EQ(told.oracle_checked().item_id(), "i1");
    EXPECT_EQ(told.oracle_checked().benchmark_version(), 1u);
    return told.oracle_checked();
  }

  ScriptedTests tests_;
  testing::FakeOutbox outbox_;
  testing::FakeClock clock_;
  testing::FakeTransactor transactor_;
  OracleHandler handler_{tests_, outbox_, clock_, "evalloop.oracle.checked.v1"};
};

TEST_F(OracleHandlerTest, TellsWhichMistakesTheTestsNotice) {
  const auto report =
      Checked([](const FunctionalCase& one) {
        return one.completion.find("<=") == std::string_view::npos &&
                       one.completion != kSolution
                   ? FunctionalResult::kFailed
                   : FunctionalResult::kPassed;
      }).report();
  EXPECT_EQ(report.killed(), 3u);
  EXPECT_EQ(report.survived(), 1u);
  EXPECT_DOUBLE_EQ(report.mutation_score(), 0.75);
  EXPECT_EQ(report.survivors(0).change(), "< to <=");
}

TEST_F(OracleHandlerTest, ASolutionThatFailsOrFlipsHasItsReason) {
  EXPECT_EQ(
      Checked([](const FunctionalCase&) { return FunctionalResult::kFailed; })
          .report()
          .reason(),
      "solution_fails");
}

TEST_F(OracleHandlerTest, FlakyTestsAreToldFromWrongOnes) {
  int number = 0;
  EXPECT_EQ(Checked([&](const FunctionalCase&) {
              return ++number % 2 == 0 ? FunctionalResult::kFailed
                                       : FunctionalResult::kPassed;
            })
                .report()
                .reason(),
            "flaky");
}

TEST_F(OracleHandlerTest, InfrastructureIsTriedAgain) {
  EXPECT_EQ(Checked([](const FunctionalCase&) {
              return FunctionalResult::kInfrastructure;
            })
                .report()
                .reason(),
            "infrastructure");
  EXPECT_EQ(tests_.checks, 9);
}

TEST_F(OracleHandlerTest, WithoutASandboxItSaysSo) {
  EXPECT_EQ(
      Checked([](const FunctionalCase&) -> absl::StatusOr<FunctionalResult> {
        return absl::FailedPreconditionError("none works");
      })
          .report()
          .reason(),
      "no_sandbox");
}

TEST_F(OracleHandlerTest, OtherEventsAreTheRecordsFault) {
  EXPECT_THAT(Handle("\xff"), StatusIs(absl::StatusCode::kInvalidArgument));
  v1::Event event;
  event.set_event_id("x");
  EXPECT_THAT(Handle(event.SerializeAsString()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace evalloop::scorer
