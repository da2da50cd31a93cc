// Runs client_test.mjs, which uses the official npm `openai` client, against a
// gateway of its own on real engines. The client is installed by the lock file.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "fmt/format.h"
#include "platform/testing/certificates.h"
#include "tests/gateway/gateway_stack.h"

namespace evalloop {
namespace {

namespace fs = std::filesystem;

int Shell(const std::string& command) {
  std::fflush(nullptr);
  return std::system(command.c_str());
}

// Where npm put the client, or an empty path when it couldn't.
fs::path InstalledClient() {
  const fs::path source = EVALLOOP_OPENAI_TEST_DIR;
  const fs::path folder = EVALLOOP_OPENAI_BUILD_DIR;
  fs::create_directories(folder);
  for (const char* file :
       {"package.json", "package-lock.json", "client_test.mjs"}) {
    fs::copy_file(source / file, folder / file,
                  fs::copy_options::overwrite_existing);
  }
  const int failed = Shell(
      fmt::format("cd '{}' && npm ci --ignore-scripts --no-audit --no-fund "
                  "--loglevel=error",
                  folder.string()));
  return failed == 0 ? folder : fs::path();
}

TEST(OpenAiClientTest, WorksUnchangedAgainstTheGatewayPlainAndByTls) {
  if (Shell("command -v node >/dev/null && command -v npm >/dev/null") != 0) {
    FAIL() << "node and npm are missing: apt-get install nodejs npm";
  }
  const fs::path client = InstalledClient();
  if (client.empty()) {
    GTEST_SKIP() << "openai-unreachable: npm could not fetch the OpenAI client";
  }
  const testing::Certificates files;
  files.Make("gateway", "IP:127.0.0.1");
  const auto passes_against = [&](const serving::GatewayStack& stack) {
    return Shell(fmt::format(
               "cd '{}' && EVALLOOP_BASE_URL={} NODE_EXTRA_CA_CERTS='{}' "
               "node --test client_test.mjs",
               client.string(), stack.base_url(), files.Path("ca.pem"))) == 0;
  };
  EXPECT_TRUE(passes_against(serving::GatewayStack()));
  EXPECT_TRUE(passes_against(serving::GatewayStack(files.Path("gateway.pem"),
                                                   files.Path("gateway.key"))));
}

}  // namespace
}  // namespace evalloop
