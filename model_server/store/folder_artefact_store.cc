#include "model_server/store/folder_artefact_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "model_server/store/artefact_format.h"
#include "platform/base/crypto.h"
#include "platform/base/text.h"

namespace evalloop::model_server {
namespace {

constexpr std::string_view kExtension = ".evm";
constexpr std::size_t kMaxBytes = std::size_t{8} << 30;

absl::Status FromErrno(std::string_view what, std::string_view path) {
  const int error = errno;
  const std::string text = fmt::format("{} {}: {}", what, path,
                                       std::generic_category().message(error));
  if (error == ENOENT) return absl::NotFoundError(text);
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    return absl::ResourceExhaustedError(text);
  }
  if (error == EACCES || error == EPERM || error == EROFS) {
    return absl::PermissionDeniedError(text);
  }
  return absl::UnavailableError(text);
}

bool IsDigest(std::string_view text) {
  return text.size() == 64 &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// Removes a half-written file, unless it was renamed away.
class Unfinished {
 public:
  explicit Unfinished(std::string path) : path_(std::move(path)) {}
  ~Unfinished() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  void Done() { path_.clear(); }

 private:
  std::string path_;
};

absl::Status WriteAll(int descriptor, std::string_view bytes,
                      std::string_view path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FromErrno("cannot write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0) return FromErrno("cannot sync", path);
  return absl::OkStatus();
}

}  // namespace

std::string FolderArtefactStore::PathOf(std::string_view digest) const {
  return fmt::format("{}/{}{}", folder_, digest, kExtension);
}

absl::StatusOr<SavedArtefact> FolderArtefactStore::Save(
    const FrozenBase& base) {
  const std::string bytes = EncodeArtefact(base);
  SavedArtefact saved{base::Sha256Hex(bytes), bytes.size()};
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) {
    return absl::PermissionDeniedError(
        fmt::format("cannot make the folder {}: {}", folder_, error.message()));
  }
  const std::string path = PathOf(saved.digest);
  if (::access(path.c_str(), F_OK) == 0) return saved;
  std::string part = fmt::format("{}/.{}.XXXXXX", folder_, saved.digest);
  const File file(::mkostemp(part.data(), O_CLOEXEC));
  if (file.get() < 0) return FromErrno("cannot make a file in", folder_);
  Unfinished unfinished(part);
  if (::fchmod(file.get(), 0644) != 0) return FromErrno("cannot chmod", part);
  if (auto status = WriteAll(file.get(), bytes, part); !status.ok()) {
    return status;
  }
  if (::rename(part.c_str(), path.c_str()) != 0) {
    return FromErrno("cannot rename to", path);
  }
  unfinished.Done();
  const File folder(::open(folder_.c_str(), O_RDONLY | O_CLOEXEC));
  if (folder.get() >= 0) ::fsync(folder.get());
  return saved;
}

absl::StatusOr<std::shared_ptr<const FrozenBase>> FolderArtefactStore::Load(
    std::string_view digest) {
  if (!IsDigest(digest)) {
    return absl::NotFoundError("a model is named by 64 lower-case hex digits");
  }
  const std::string path = PathOf(digest);
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    if (errno == ENOENT) {
      return absl::NotFoundError(fmt::format("no model {}", digest));
    }
    return FromErrno("cannot open", path);
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return FromErrno("cannot stat", path);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (!S_ISREG(status.st_mode) || size == 0 || size > kMaxBytes) {
    return absl::DataLossError("damaged model artefact: size");
  }
  void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (at == MAP_FAILED) return FromErrno("cannot map", path);
  std::shared_ptr<const void> memory(at, [size](const void* mapped) {
    ::munmap(const_cast<void*>(mapped), size);
  });
  const std::string_view bytes(static_cast<const char*>(at), size);
  if (base::Sha256Hex(bytes) != digest) {
    return absl::DataLossError(
        "damaged model artefact: its bytes are not what its name says");
  }
  return DecodeArtefact(bytes, std::move(memory));
}

absl::StatusOr<std::vector<std::string>> FolderArtefactStore::List() {
  std::vector<std::string> digests;
  std::error_code error;
  std::filesystem::directory_iterator entries(folder_, error);
  if (error == std::errc::no_such_file_or_directory) return digests;
  for (; !error && entries != std::filesystem::directory_iterator();
       entries.increment(error)) {
    const std::filesystem::path& path = entries->path();
    const std::string stem = path.stem().string();
    if (path.extension() == kExtension && IsDigest(stem)) {
      digests.push_back(stem);
    }
  }
  if (error) {
    return absl::UnavailableError(
        fmt::format("cannot list {}: {}", folder_, error.message()));
  }
  std::sort(digests.begin(), digests.end());
  return digests;
}

}  // namespace evalloop::model_server
