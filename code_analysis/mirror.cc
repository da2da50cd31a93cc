#include "code_analysis/mirror.h"

#include <fcntl.h>
#include <git2.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

#include "code_analysis/history_impl.h"
#include "code_analysis/shapes.h"
#include "fmt/format.h"
#include "platform/base/reason.h"

namespace evalloop::code_analysis {
namespace {

using GitRemote = GitHandle<git_remote, git_remote_free>;
using Clock = std::chrono::steady_clock;

constexpr std::array<std::string_view, 4> kProtocols = {"https", "ssh", "git",
                                                        "file"};

absl::Status Wrong(std::string_view what, std::string_view remedy) {
  return base::FieldError("repository", what, remedy);
}

// The lock of one copy; released with the descriptor.
class FolderLock {
 public:
  explicit FolderLock(const std::string& path)
      : fd_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    while (fd_ >= 0 && flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~FolderLock() {
    if (fd_ >= 0) close(fd_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  bool ok() const { return fd_ >= 0; }

 private:
  const int fd_;
};

struct FetchState {
  const MirrorOptions& options;
  Clock::time_point deadline;
  std::string exceeded;
};

int OnTransfer(const git_indexer_progress* stats, void* payload) {
  auto& state = *static_cast<FetchState*>(payload);
  if (stats->received_bytes > state.options.max_bytes) {
    state.exceeded = fmt::format("over {} bytes", state.options.max_bytes);
  } else if (stats->total_objects > state.options.max_objects) {
    state.exceeded = fmt::format("over {} objects", state.options.max_objects);
  } else if (Clock::now() > state.deadline) {
    state.exceeded = fmt::format("over {} seconds", state.options.max_seconds);
  }
  return state.exceeded.empty() ? 0 : -1;
}

// Git asks again and again while an answer is refused; once is enough.
int OnCredentials(git_credential** out, const char*, const char* user,
                  unsigned allowed, void*) {
  if ((allowed & GIT_CREDENTIAL_SSH_KEY) != 0) {
    return git_credential_ssh_key_from_agent(out, user ? user : "git");
  }
  return GIT_EAUTH;
}

absl::Status FetchInto(git_repository* repository, const std::string& url,
                       const MirrorOptions& options) {
  git_remote_create_options made = GIT_REMOTE_CREATE_OPTIONS_INIT;
  made.repository = repository;
  // No configuration rewrites the URL; libgit2 1.5 also leaks where it looks
  // for one.
  made.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF |
               GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
  git_remote* raw = nullptr;
  if (const int code = git_remote_create_with_opts(&raw, url.c_str(), &made)) {
    return GitError(code, url);
  }
  const GitRemote remote(raw);
  FetchState state{
      options, Clock::now() + std::chrono::seconds(options.max_seconds), {}};
  git_fetch_options fetch = GIT_FETCH_OPTIONS_INIT;
  fetch.prune = GIT_FETCH_PRUNE;
  fetch.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;  // The refspec has them.
  fetch.update_fetchhead = 0;
  fetch.callbacks.transfer_progress = OnTransfer;
  fetch.callbacks.credentials = OnCredentials;
  fetch.callbacks.payload = &state;
  std::array<char, 32> heads = {"+refs/heads/*:refs/heads/*"};
  std::array<char, 32> tags = {"+refs/tags/*:refs/tags/*"};
  std::array<char*, 2> specs = {heads.data(), tags.data()};
  const git_strarray refspecs = {specs.data(), specs.size()};
  const int code = git_remote_fetch(remote.get(), &refspecs, &fetch, nullptr);
  if (!state.exceeded.empty()) {
    return absl::ResourceExhaustedError(fmt::format(
        "{} brings more than a copy may have: {}", url, state.exceeded));
  }
  if (code != 0) {
    const git_error* const last = git_error_last();
    return absl::UnavailableError(
        fmt::format("{} can't be fetched: {}", url,
                    last != nullptr ? last->message : "no reason was given"));
  }
  // HEAD as the other side has it, so that "HEAD" means its main branch.
  git_buf branch = GIT_BUF_INIT;
  if (git_remote_default_branch(&branch, remote.get()) == 0) {
    git_repository_set_head(repository, branch.ptr);
    git_buf_dispose(&branch);
  }
  return absl::OkStatus();
}

}  // namespace

bool IsRepositoryUrl(std::string_view repository) {
  if (repository.find("://") != std::string_view::npos) return true;
  // "user@host:path", as scp has it; a path with a colon has a slash before it.
  const std::size_t colon = repository.find(':');
  const std::size_t at = repository.find('@');
  return colon != std::string_view::npos && at < colon &&
         repository.find('/') > colon;
}

absl::Status CheckRepositoryUrl(std::string_view url) {
  constexpr std::string_view kRemedy =
      "give a URL as https://HOST/PATH, ssh://git@HOST/PATH, git://HOST/PATH "
      "or "
      "file:///PATH";
  if (std::any_of(url.begin(), url.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
      })) {
    return Wrong("has blanks or control characters", kRemedy);
  }
  std::size_t colon = url.find("://");
  std::string_view protocol = "ssh";
  std::string_view rest = url;
  if (colon != std::string_view::npos) {
    protocol = url.substr(0, colon);
    rest = url.substr(colon + 3);
  }
  if (std::find(kProtocols.begin(), kProtocols.end(), protocol) ==
      kProtocols.end()) {
    return Wrong(fmt::format("has the protocol \"{}\", which is not taken",
                             protocol.substr(0, 20)),
                 kRemedy);
  }
  const std::string_view host = rest.substr(
      0, rest.find_first_of(colon == std::string_view::npos ? ":" : "/"));
  const std::size_t at = host.rfind('@');
  const std::string_view user =
      at == std::string_view::npos ? "" : host.substr(0, at);
  const std::string_view name =
      at == std::string_view::npos ? host : host.substr(at + 1);
  if (user.find(':') != std::string_view::npos ||
      (protocol != "ssh" && !user.empty())) {
    return Wrong("has a name or password in it",
                 "give it without; ssh uses the agent's key");
  }
  if (protocol != "file" && name.empty()) {
    return Wrong("names no host", kRemedy);
  }
  if (user.starts_with('-') || name.starts_with('-') ||
      url.find("/-") != std::string_view::npos ||
      url.find(":-") != std::string_view::npos) {
    return Wrong("could be taken for an option", kRemedy);
  }
  return absl::OkStatus();
}

std::string MirrorPath(std::string_view repository,
                       const MirrorOptions& options) {
  if (!IsRepositoryUrl(repository)) return std::string(repository);
  return fmt::format("{}/{:016x}{:016x}.git", options.folder,
                     StableHash(repository), StableHash(repository, 1));
}

absl::StatusOr<std::string> Mirror(std::string_view repository,
                                   const MirrorOptions& options) {
  if (!IsRepositoryUrl(repository)) return std::string(repository);
  if (auto status = CheckRepositoryUrl(repository); !status.ok()) {
    return status;
  }
  if (options.folder.empty()) {
    return absl::FailedPreconditionError(
        "this service keeps no copies of URLs; set "
        "EVALLOOP_PROMPT_ENGINE_GIT_FOLDER, or give a path");
  }
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  const std::string path = MirrorPath(repository, options);
  const FolderLock lock(path + ".lock");
  if (!lock.ok()) {
    return absl::UnavailableError(
        fmt::format("{} can't be written", options.folder));
  }
  InitGit();
  git_repository* raw = nullptr;
  if (git_repository_open_bare(&raw, path.c_str()) != 0) {
    git_repository_init_options init = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    init.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
    if (const int code = git_repository_init_ext(&raw, path.c_str(), &init)) {
      return GitError(code, path);
    }
  }
  const GitRepository copy(raw);
  if (auto status = FetchInto(copy.get(), std::string(repository), options);
      !status.ok()) {
    return status;
  }
  return path;
}

}  // namespace evalloop::code_analysis
