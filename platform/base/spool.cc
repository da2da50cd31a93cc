#include "platform/base/spool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "platform/base/crc32c.h"
#include "platform/base/text.h"

namespace evalloop::base {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFrameHeader = 8;  // Length and CRC, little-endian u32.
constexpr std::string_view kSuffix = ".log";

absl::Status Errno(std::string_view what, const fs::path& path, int error) {
  const std::string message =
      fmt::format("{} {}: {}", what, path.string(), std::strerror(error));
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    return absl::ResourceExhaustedError(message);
  }
  return absl::UnavailableError(message);
}

std::uint32_t FrameCrc(std::string_view entry) {
  const auto length = static_cast<std::uint32_t>(entry.size());
  std::array<char, 4> bytes;
  std::memcpy(bytes.data(), &length, 4);
  return Crc32c(entry, Crc32c({bytes.data(), bytes.size()}));
}

std::array<char, kFrameHeader> FrameHeader(std::string_view entry) {
  const auto length = static_cast<std::uint32_t>(entry.size());
  const std::uint32_t crc = FrameCrc(entry);
  std::array<char, kFrameHeader> header;
  std::memcpy(header.data(), &length, 4);
  std::memcpy(header.data() + 4, &crc, 4);
  return header;
}

// The first entry in `bytes`; nullopt when it is cut short or damaged.
std::optional<std::string_view> FirstEntry(std::string_view bytes) {
  if (bytes.size() < kFrameHeader) return std::nullopt;
  std::uint32_t length = 0;
  std::uint32_t crc = 0;
  std::memcpy(&length, bytes.data(), 4);
  std::memcpy(&crc, bytes.data() + 4, 4);
  if (length > bytes.size() - kFrameHeader) return std::nullopt;
  const std::string_view entry = bytes.substr(kFrameHeader, length);
  if (FrameCrc(entry) != crc) return std::nullopt;
  return entry;
}

absl::StatusOr<std::string> ReadRange(const fs::path& path, std::uint64_t from,
                                      std::size_t size) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Errno("open", path, errno);
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = pread(fd, bytes.data() + done, size - done,
                              static_cast<off_t>(from + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const int error = errno;
      close(fd);
      return Errno("read", path, error);
    }
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  close(fd);
  bytes.resize(done);
  return bytes;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Spool>> Spool::Open(SpoolOptions options) {
  std::error_code failed;
  fs::create_directories(options.directory, failed);
  if (failed) return Errno("make", options.directory, failed.value());
  const fs::path lock = options.directory / "lock";
  const int lock_fd = open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_fd < 0) return Errno("open", lock, errno);
  if (flock(lock_fd, LOCK_EX | LOCK_NB) != 0) {
    close(lock_fd);
    return absl::FailedPreconditionError(
        fmt::format("the spool {} is in use by another process",
                    options.directory.string()));
  }
  // With fewer segments than this a full spool could free nothing.
  options.segment_bytes = std::max<std::uint64_t>(
      1, std::min(options.segment_bytes, options.max_bytes / 4));
  std::unique_ptr<Spool> spool(new Spool(std::move(options), lock_fd));
  if (auto loaded = spool->Load(); !loaded.ok()) return loaded;
  return spool;
}

Spool::Spool(SpoolOptions options, int lock_fd)
    : options_(std::move(options)), lock_fd_(lock_fd) {}

Spool::~Spool() {
  if (write_fd_ >= 0) close(write_fd_);
  if (acknowledged_fd_ >= 0) close(acknowledged_fd_);
  close(lock_fd_);
}

fs::path Spool::PathOf(std::uint64_t base) const {
  return options_.directory / fmt::format("{:020}{}", base, kSuffix);
}

absl::Status Spool::Load() {
  const fs::path path = options_.directory / "acknowledged";
  acknowledged_fd_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (acknowledged_fd_ < 0) return Errno("open", path, errno);
  auto stored = ReadRange(path, 0, kFrameHeader + 8);
  if (!stored.ok()) return stored.status();
  // Unreadable: everything is read again, and consumers dedupe.
  if (const auto entry = FirstEntry(*stored); entry && entry->size() == 8) {
    std::memcpy(&acknowledged_, entry->data(), 8);
  }

  std::error_code failed;
  std::set<std::uint64_t> bases;
  for (const auto& file : fs::directory_iterator(options_.directory, failed)) {
    std::uint64_t base = 0;
    if (file.path().extension() == kSuffix &&
        absl::SimpleAtoi(file.path().stem().string(), &base)) {
      bases.insert(base);
    }
  }
  if (failed) return Errno("list", options_.directory, failed.value());

  end_ = acknowledged_;
  for (auto base = bases.begin(); base != bases.end(); ++base) {
    const bool last = std::next(base) == bases.end();
    if (!last && *std::next(base) <= acknowledged_) {
      fs::remove(PathOf(*base), failed);
      continue;
    }
    const auto file_size = fs::file_size(PathOf(*base), failed);
    if (failed) return Errno("stat", PathOf(*base), failed.value());
    auto bytes = ReadRange(PathOf(*base), 0, file_size);
    if (!bytes.ok()) return bytes.status();
    std::string_view rest = *bytes;
    bool boundary = acknowledged_ <= *base;
    while (const auto entry = FirstEntry(rest)) {
      boundary |= *base + (bytes->size() - rest.size()) == acknowledged_;
      rest.remove_prefix(kFrameHeader + entry->size());
    }
    const std::uint64_t size = bytes->size() - rest.size();
    boundary |= *base + size <= acknowledged_;
    if (!boundary) acknowledged_ = *base;
    Segment& segment = segments_[*base];
    segment.size = size;
    segment.damaged = !last && !rest.empty();
    if (segment.damaged) ++stats_.damaged_segments;
    end_ = std::max(end_, *base + size);
  }
  cursor_ = acknowledged_;
  if (segments_.empty()) return absl::OkStatus();
  // Cut the torn tail, so that a segment begun at the same position is clean.
  const auto& [base, segment] = *segments_.rbegin();
  if (truncate(PathOf(base).c_str(), static_cast<off_t>(segment.size)) != 0) {
    return Errno("truncate", PathOf(base), errno);
  }
  return absl::OkStatus();
}

absl::Status Spool::StartSegment() {
  const fs::path path = PathOf(end_);
  const int fd =
      open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return Errno("open", path, errno);
  if (write_fd_ >= 0) close(write_fd_);
  write_fd_ = fd;
  segments_.try_emplace(end_);
  return absl::OkStatus();
}

absl::Status Spool::Append(std::string_view entry) {
  if (entry.size() > kMaxEntryBytes) {
    return absl::InvalidArgumentError(
        fmt::format("an entry of {} bytes is over the spool's limit of {}",
                    entry.size(), kMaxEntryBytes));
  }
  auto header = FrameHeader(entry);
  const std::uint64_t size = kFrameHeader + entry.size();
  {
    std::lock_guard lock(mu_);
    if (write_fd_ < 0 ||
        segments_.rbegin()->second.size >= options_.segment_bytes) {
      if (auto status = StartSegment(); !status.ok()) return status;
      DeleteAcknowledged();
    }
    if (end_ - segments_.begin()->first + size > options_.max_bytes) {
      return absl::ResourceExhaustedError(
          fmt::format("the spool {} is full ({} bytes wait)",
                      options_.directory.string(), end_ - acknowledged_));
    }
    Segment& segment = segments_.rbegin()->second;
    const std::array<iovec, 2> parts = {
        iovec{header.data(), header.size()},
        iovec{const_cast<char*>(entry.data()), entry.size()}};
    ssize_t written = 0;
    do {
      written = writev(write_fd_, parts.data(), parts.size());
    } while (written < 0 && errno == EINTR);
    if (written != static_cast<ssize_t>(size)) {
      const int error = written < 0 ? errno : ENOSPC;
      const fs::path path = PathOf(segments_.rbegin()->first);
      if (written > 0 &&
          ftruncate(write_fd_, static_cast<off_t>(segment.size)) != 0) {
        // The half entry stays: go on in a new file, past it.
        close(write_fd_);
        write_fd_ = -1;
        end_ += static_cast<std::uint64_t>(written);
      }
      return Errno("write", path, error);
    }
    segment.size += size;
    end_ += size;
    ++stats_.appended_entries;
  }
  appended_.notify_one();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Spool::Entry>> Spool::Read(std::size_t max_entries,
                                                      std::size_t max_bytes) {
  // The lock is not held while the disk is read; there is one reader, and what
  // it has not acknowledged is not deleted.
  std::uint64_t base = 0;
  std::uint64_t from = 0;
  std::uint64_t available = 0;
  {
    std::lock_guard lock(mu_);
    while (true) {
      if (cursor_ >= end_ || segments_.empty()) return std::vector<Entry>();
      auto next = segments_.upper_bound(cursor_);
      if (next == segments_.begin()) {
        cursor_ = next->first;
        continue;
      }
      const auto& [start, segment] = *std::prev(next);
      if (cursor_ < start + segment.size) {
        base = start;
        from = cursor_;
        available = start + segment.size - cursor_;
        break;
      }
      if (next == segments_.end()) {
        cursor_ = end_;  // Only a half-written entry is left.
        return std::vector<Entry>();
      }
      cursor_ = next->first;
    }
  }
  const std::size_t window = std::max(max_bytes, kMaxEntryBytes + kFrameHeader);
  auto bytes = ReadRange(PathOf(base), from - base,
                         std::min<std::uint64_t>(available, window));
  if (!bytes.ok()) return bytes.status();
  std::vector<Entry> entries;
  std::string_view rest = *bytes;
  std::uint64_t end = from;
  std::size_t taken = 0;
  while (entries.size() < max_entries) {
    const auto entry = FirstEntry(rest);
    if (!entry.has_value()) break;
    taken += entry->size();
    if (!entries.empty() && taken > max_bytes) break;
    rest.remove_prefix(kFrameHeader + entry->size());
    end += kFrameHeader + entry->size();
    entries.push_back({.end = end, .bytes = std::string(*entry)});
  }
  std::lock_guard lock(mu_);
  if (entries.empty() && max_entries > 0) {
    // The file changed under us since Load looked at it: skip what is left.
    ++stats_.damaged_segments;
    end = from + available;
  }
  cursor_ = end;
  return entries;
}

void Spool::Rewind() {
  std::lock_guard lock(mu_);
  cursor_ = acknowledged_;
}

absl::Status Spool::Acknowledge(std::uint64_t end) {
  std::lock_guard lock(mu_);
  if (end <= acknowledged_) return absl::OkStatus();
  if (end > end_) {
    return absl::InvalidArgumentError("acknowledged past the spool's end");
  }
  acknowledged_ = end;
  cursor_ = std::max(cursor_, end);
  const auto status = PersistAcknowledged();
  if (status.ok()) DeleteAcknowledged();
  return status;
}

absl::Status Spool::PersistAcknowledged() {
  std::array<char, 8> position;
  std::memcpy(position.data(), &acknowledged_, 8);
  const auto header = FrameHeader({position.data(), position.size()});
  std::array<char, kFrameHeader + 8> frame;
  std::memcpy(frame.data(), header.data(), header.size());
  std::memcpy(frame.data() + header.size(), position.data(), position.size());
  ssize_t written = 0;
  do {
    written = pwrite(acknowledged_fd_, frame.data(), frame.size(), 0);
  } while (written < 0 && errno == EINTR);
  if (written != static_cast<ssize_t>(frame.size())) {
    return Errno("write", options_.directory / "acknowledged",
                 written < 0 ? errno : ENOSPC);
  }
  return absl::OkStatus();
}

void Spool::DeleteAcknowledged() {
  while (segments_.size() > 1) {
    const auto next = std::next(segments_.begin());
    if (next->first > acknowledged_ &&
        segments_.begin()->first + segments_.begin()->second.size >
            acknowledged_) {
      return;
    }
    std::error_code ignored;  // What stays behind is removed at the next start.
    fs::remove(PathOf(segments_.begin()->first), ignored);
    segments_.erase(segments_.begin());
  }
}

bool Spool::WaitForEntries(std::stop_token stop,
                           std::chrono::milliseconds timeout) {
  std::unique_lock lock(mu_);
  return appended_.wait_for(lock, stop, timeout,
                            [this] { return cursor_ < end_; });
}

Spool::Stats Spool::stats() const {
  std::lock_guard lock(mu_);
  Stats stats = stats_;
  stats.pending_bytes = end_ - acknowledged_;
  return stats;
}

}  // namespace evalloop::base
