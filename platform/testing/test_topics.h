#ifndef EVALLOOP_PLATFORM_TESTING_TEST_TOPICS_H_
#define EVALLOOP_PLATFORM_TESTING_TEST_TOPICS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/kafka/topic_admin.h"

namespace evalloop::testing {

// Topics under a prefix of their own on the brokers that EVALLOOP_KAFKA_BROKERS
// names; deleted when the object goes.
class TestTopics {
 public:
  // Makes "<prefix>.<spec.name>" for each of `specs`. FailedPrecondition with
  // the way out when the variable is not set.
  static absl::StatusOr<std::unique_ptr<TestTopics>> Create(
      std::vector<kafka::TopicSpec> specs);
  // The same; prints the reason and ends the test program when it fails.
  static std::unique_ptr<TestTopics> CreateOrDie(
      std::vector<kafka::TopicSpec> specs);
  ~TestTopics();
  TestTopics(const TestTopics&) = delete;
  TestTopics& operator=(const TestTopics&) = delete;

  const std::string& brokers() const { return brokers_; }
  const std::string& prefix() const { return prefix_; }
  std::string Name(std::string_view suffix) const;

 private:
  TestTopics(std::string brokers, std::string prefix,
             std::vector<std::string> names);

  const std::string brokers_;
  const std::string prefix_;
  const std::vector<std::string> names_;
};

}  // namespace evalloop::testing

#endif  // EVALLOOP_PLATFORM_TESTING_TEST_TOPICS_H_
