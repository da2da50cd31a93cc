#include "scorer/execution/go_packages.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "platform/sandbox/child.h"
#include "scorer/execution/calls_talk.h"

namespace evalloop::scorer {
namespace {

using Clock = std::chrono::steady_clock;
using sandbox::Child;
using sandbox::Fd;

constexpr std::chrono::minutes kPatience{15};
constexpr std::size_t kLongestSaid = std::size_t{4} << 20;

// What most programs use, and what execution/native/calls.go does.
constexpr const char* kUsual[] = {
    "bufio",       "bytes",          "cmp",       "container/heap",
    "errors",      "container/list", "context",   "container/ring",
    "fmt",         "crypto/md5",     "hash/fnv",  "io",
    "iter",        "maps",           "math",      "math/big",
    "math/bits",   "math/cmplx",     "math/rand", "os",
    "reflect",     "regexp",         "runtime",   "slices",
    "sort",        "strconv",        "strings",   "sync",
    "sync/atomic", "time",           "unicode",   "unicode/utf8",
    "unsafe"};

// Lines without their ends, none of them empty.
std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool IsPublic(std::string_view package) {
  for (const std::string_view hidden : {"internal", "vendor", "cmd"}) {
    if (package == hidden || package.starts_with(fmt::format("{}/", hidden)) ||
        package.ends_with(fmt::format("/{}", hidden)) ||
        package.find(fmt::format("/{}/", hidden)) != package.npos) {
      return false;
    }
  }
  return true;
}

bool IsOurs(const std::filesystem::path& folder) {
  struct stat found {};
  return lstat(folder.c_str(), &found) == 0 && S_ISDIR(found.st_mode) &&
         found.st_uid == geteuid() && (found.st_mode & 022) == 0 &&
         access(folder.c_str(), W_OK) == 0;
}

// Sandboxes of a root process read it as another user.
std::filesystem::path CacheFolder() {
  if (geteuid() == 0) return "/var/cache/evalloop";
  for (const auto& [name, below] :
       {std::pair{"XDG_CACHE_HOME", ""}, std::pair{"HOME", ".cache"}}) {
    const char* const folder = std::getenv(name);
    if (folder != nullptr && *folder == '/') {
      return std::filesystem::path(folder) / below / "evalloop";
    }
  }
  return {};
}

// What a program that we trust prints.
absl::StatusOr<std::string> Output(const std::vector<std::string>& argv) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::UnavailableError("no pipe");
  const Fd ours(ends[0]);
  Fd theirs(ends[1]);
  auto child = Child::Spawn(argv, {-1, theirs.get(), theirs.get()});
  if (!child.ok()) return child.status();
  theirs.Close();
  std::string said;
  const auto deadline = Clock::now() + kPatience;
  while (said.size() < kLongestSaid) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd polled{ours.get(), POLLIN, 0};
    if (left.count() <= 0) break;
    if (poll(&polled, 1, static_cast<int>(left.count())) <= 0) continue;
    char buffer[16'384];
    const ssize_t size = read(ours.get(), buffer, sizeof(buffer));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) {
      const int status = child->Wait().wait_status;
      if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return said;
      break;
    }
    said.append(buffer, static_cast<std::size_t>(size));
  }
  return absl::FailedPreconditionError(
      fmt::format("{}: {}", argv.back(), ShortWords(said)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<GoPackages>> GoPackages::Open(Tool go) {
  std::unique_ptr<GoPackages> packages(new GoPackages(std::move(go)));
  if (auto status = packages->Prepare(); !status.ok()) return status;
  return packages;
}

GoPackages::~GoPackages() {
  std::error_code error;
  if (temporary_) std::filesystem::remove_all(folder_, error);
}

std::vector<std::string> GoPackages::folders() const {
  std::vector<std::string> folders = go_.folders;
  folders.push_back(folder_);
  return folders;
}

absl::Status GoPackages::Prepare() {
  const auto place = Ask({"env", "GOTOOLDIR", "GOVERSION"});
  if (!place.ok()) return place.status();
  const auto lines = LinesOf(*place);
  if (lines.size() != 2) {
    return absl::FailedPreconditionError("go env: other words than expected");
  }
  tools_ = lines[0];
  if (auto status = ChooseFolder(lines[1]); !status.ok()) return status;
  const auto known = Ask({"list", "std"});
  if (!known.ok()) return known.status();
  for (const std::string& name : LinesOf(*known)) {
    if (IsPublic(name)) known_.insert(name);
  }
  for (const char* name : kUsual) {
    if (known_.contains(name)) compiled_.insert(name);
  }
  return Compile();
}

absl::Status GoPackages::ChooseFolder(std::string_view version) {
  std::string name = "go-";
  for (const char c : version.substr(0, 40)) {
    name +=
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' ? c : '_';
  }
  const auto cache = CacheFolder();
  if (!cache.empty()) {
    const auto folder = cache / name;
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (IsOurs(cache) && IsOurs(folder)) {
      folder_ = folder.string();
      return absl::OkStatus();
    }
  }
  std::string path =
      (std::filesystem::temp_directory_path() / "evalloop-go-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr || chmod(path.c_str(), 0755) != 0) {
    return absl::FailedPreconditionError(
        "no folder for Go's standard library can be made");
  }
  folder_ = path;
  temporary_ = true;
  return absl::OkStatus();
}

absl::StatusOr<std::string> GoPackages::Ask(
    const std::vector<std::string>& arguments) {
  const std::string home = folder_.empty() ? "/nonexistent" : folder_;
  std::vector<std::string> argv = {"/bin/sh",
                                   "-c",
                                   "umask 022; cd / && exec \"$@\"",
                                   "sh",
                                   "/usr/bin/env",
                                   "-i",
                                   "PATH=/usr/bin:/bin",
                                   "HOME=" + home,
                                   "GOCACHE=" + home,
                                   "GOENV=off",
                                   "GOTOOLCHAIN=local",
                                   "GOTELEMETRY=off",
                                   "GOPROXY=off",
                                   "GO111MODULE=off",
                                   "CGO_ENABLED=0",
                                   go_.path};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return Output(argv);
}

absl::Status GoPackages::Compile() {
  std::vector<std::string> arguments = {
      "list", "-deps", "-export", "-f",
      "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}"};
  arguments.insert(arguments.end(), compiled_.begin(), compiled_.end());
  const auto made = Ask(arguments);
  if (!made.ok()) return made.status();
  GoImports imports;
  for (const std::string& line : LinesOf(*made)) {
    const std::string_view name =
        std::string_view(line).substr(0, line.find('='));
    const std::string entry = fmt::format("packagefile {}\n", line);
    imports.link += entry;
    if (IsPublic(name)) imports.compile += entry;
  }
  imports_ = std::move(imports);
  return absl::OkStatus();
}

absl::StatusOr<GoImports> GoPackages::For(std::string_view program) {
  const std::lock_guard lock(mutex_);
  bool more = false;
  for (const std::string& name : known_) {
    if (compiled_.contains(name)) continue;
    if (program.find(fmt::format("\"{}\"", name)) == program.npos &&
        program.find(fmt::format("`{}`", name)) == program.npos) {
      continue;
    }
    compiled_.insert(name);
    more = true;
  }
  if (more) {
    if (auto status = Compile(); !status.ok()) return status;
  }
  return imports_;
}

std::string_view GoPackageName(std::string_view source) {
  constexpr std::string_view kBlanks = " \t\r\n;";
  while (true) {
    source.remove_prefix(
        std::min(source.find_first_not_of(kBlanks), source.size()));
    std::string_view end;
    if (source.starts_with("//")) {
      end = "\n";
    } else if (source.starts_with("/*")) {
      end = "*/";
    } else {
      break;
    }
    const auto at = source.find(end, 2);
    if (at == source.npos) return "";
    source.remove_prefix(at + end.size());
  }
  constexpr std::string_view kWord = "package";
  if (!source.starts_with(kWord)) return "";
  source.remove_prefix(kWord.size());
  const auto begin = source.find_first_not_of(" \t");
  if (begin == 0 || begin == source.npos) return "";
  source.remove_prefix(begin);
  return source.substr(0, source.find_first_of(" \t\r\n;/"));
}

}  // namespace evalloop::scorer
