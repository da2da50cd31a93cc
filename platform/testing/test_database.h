#ifndef EVALLOOP_PLATFORM_TESTING_TEST_DATABASE_H_
#define EVALLOOP_PLATFORM_TESTING_TEST_DATABASE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/postgres/pool.h"

namespace evalloop::testing {

// A database of its own on the server that EVALLOOP_DATABASE_URL names, with
// the platform's migrations and then those of the given sqitch projects
// deployed in the order of their plans. Dropped when the object goes.
//
//   static void SetUpTestSuite() {
//     db_ = TestDatabase::CreateOrDie({"scorer/store/migrations"});
//   }
class TestDatabase {
 public:
  // `projects` are paths from the repository's root. FailedPrecondition with
  // the way out when the variable is not set: such a test fails, it is never
  // skipped.
  static absl::StatusOr<std::unique_ptr<TestDatabase>> Create(
      const std::vector<std::string>& projects);
  // The same; prints the reason and ends the test program when it fails.
  static std::unique_ptr<TestDatabase> CreateOrDie(
      const std::vector<std::string>& projects);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& url() const { return url_; }

  // Options for a pool on this database with `schema` as its search_path.
  postgres::PoolOptions Options(std::string_view schema) const;

  // Runs `sql` (several statements are fine) as the owner.
  absl::Status Execute(std::string_view sql) const;

  // Empties every table of `schema`, between tests.
  absl::Status Clear(std::string_view schema) const;

 private:
  TestDatabase(std::string server_url, std::string name, std::string url);

  const std::string server_url_;
  const std::string name_;
  const std::string url_;
};

}  // namespace evalloop::testing

#endif  // EVALLOOP_PLATFORM_TESTING_TEST_DATABASE_H_
