#include "platform/testing/test_database.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <pqxx/pqxx>
#include <sstream>

#include "platform/base/ids.h"
#include "platform/postgres/guard.h"

namespace evalloop::testing {
namespace {

constexpr char kPlatformProject[] = "platform/postgres/migrations";

// Tests run with the repository's root as their working directory.
absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(
        fmt::format("cannot read {} (tests run from the repository's root)",
                    path.string()));
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The names of a sqitch plan's changes, in order: its lines but for pragmas,
// comments and tags.
absl::StatusOr<std::vector<std::string>> Changes(const std::string& project) {
  const auto plan = ReadFile(std::filesystem::path(project) / "sqitch.plan");
  if (!plan.ok()) return plan.status();
  std::vector<std::string> names;
  std::istringstream lines(*plan);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name;
    if (words >> name && name[0] != '%' && name[0] != '#' && name[0] != '@') {
      names.push_back(name);
    }
  }
  return names;
}

absl::Status ExecuteOn(const std::string& url, std::string_view sql) {
  return postgres::Guard([&] {
    pqxx::connection connection(url);
    pqxx::nontransaction tx(connection);  // The scripts have their own BEGIN.
    tx.exec(std::string(sql));
  });
}

absl::Status Deploy(const std::string& url, const std::string& project) {
  const auto names = Changes(project);
  if (!names.ok()) return names.status();
  for (const auto& name : *names) {
    const auto script = ReadFile(std::filesystem::path(project) / "deploy" /
                                 fmt::format("{}.sql", name));
    if (!script.ok()) return script.status();
    if (auto status = ExecuteOn(url, *script); !status.ok()) {
      return absl::Status(status.code(),
                          fmt::format("{}/deploy/{}.sql: {}", project, name,
                                      status.ToString()));
    }
  }
  return absl::OkStatus();
}

// `url` with another database's name in place of its own.
std::string WithDatabase(const std::string& url, const std::string& name) {
  const auto host = url.find("://");
  const auto slash = url.find('/', host + 3);
  const auto query = url.find('?');
  const std::string parameters =
      query == std::string::npos ? "" : url.substr(query);
  return fmt::format("{}/{}{}", url.substr(0, std::min(slash, query)), name,
                     parameters);
}

}  // namespace

absl::StatusOr<std::unique_ptr<TestDatabase>> TestDatabase::Create(
    const std::vector<std::string>& projects) {
  const char* const server = std::getenv("EVALLOOP_DATABASE_URL");
  if (server == nullptr || *server == '\0') {
    return absl::FailedPreconditionError(
        "EVALLOOP_DATABASE_URL is not set; `./dev test integration` starts "
        "Postgres and sets it");
  }
  if (std::string_view(server).find("://") == std::string_view::npos) {
    return absl::InvalidArgumentError(
        "EVALLOOP_DATABASE_URL must have the form postgresql://...");
  }
  const std::string name = "test_" + base::RandomId();
  if (auto made = ExecuteOn(server, "CREATE DATABASE " + name); !made.ok()) {
    return made;
  }
  std::unique_ptr<TestDatabase> database(
      new TestDatabase(server, name, WithDatabase(server, name)));
  std::vector<std::string> all = {kPlatformProject};
  all.insert(all.end(), projects.begin(), projects.end());
  for (const auto& project : all) {
    if (auto status = Deploy(database->url(), project); !status.ok()) {
      return status;
    }
  }
  return database;
}

std::unique_ptr<TestDatabase> TestDatabase::CreateOrDie(
    const std::vector<std::string>& projects) {
  auto database = Create(projects);
  if (!database.ok()) {
    std::fprintf(stderr, "no test database: %s\n",
                 database.status().ToString().c_str());
    std::exit(1);
  }
  return *std::move(database);
}

TestDatabase::TestDatabase(std::string server_url, std::string name,
                           std::string url)
    : server_url_(std::move(server_url)),
      name_(std::move(name)),
      url_(std::move(url)) {}

TestDatabase::~TestDatabase() {
  const auto dropped = ExecuteOn(
      server_url_, fmt::format("DROP DATABASE {} WITH (FORCE)", name_));
  if (!dropped.ok()) {
    std::fprintf(stderr, "%s\n", dropped.ToString().c_str());
  }
}

postgres::PoolOptions TestDatabase::Options(std::string_view schema) const {
  postgres::PoolOptions options;
  options.url = url_;
  options.application_name = "test";
  options.schema = std::string(schema);
  return options;
}

absl::Status TestDatabase::Execute(std::string_view sql) const {
  return ExecuteOn(url_, sql);
}

absl::Status TestDatabase::Clear(std::string_view schema) const {
  return ExecuteOn(url_, fmt::format(R"(
DO $$
DECLARE tables text;
BEGIN
  SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') INTO tables
  FROM pg_tables WHERE schemaname = '{}';
  IF tables IS NOT NULL THEN EXECUTE 'TRUNCATE ' || tables || ' CASCADE'; END IF;
END $$;)",
                                     schema));
}

}  // namespace evalloop::testing
