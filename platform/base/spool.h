#ifndef EVALLOOP_PLATFORM_BASE_SPOOL_H_
#define EVALLOOP_PLATFORM_BASE_SPOOL_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace evalloop::base {

struct SpoolOptions {
  std::filesystem::path directory;  // Made when absent; one process at a time.
  std::uint64_t max_bytes = std::uint64_t{1} << 30;       // Of all segments.
  std::uint64_t segment_bytes = std::uint64_t{16} << 20;  // Then a new file.
};

// An append-only log of entries on local disk: what is appended survives a kill
// of the process (it is in the kernel's page cache when Append returns), not a
// power loss. One reader follows it, acknowledges what it has passed on, and
// segments acknowledged whole are deleted. Thread-safe.
//
// Each entry is framed by its length and CRC32C. A torn entry at the end, left
// by a kill in mid-write, was never acknowledged to its writer and is cut at
// Open. A segment damaged in the middle is read up to the damage and counted.
class Spool {
 public:
  static constexpr std::size_t kMaxEntryBytes = std::size_t{8} << 20;

  struct Entry {
    std::uint64_t end = 0;  // Acknowledge(end) when this and all before it are
    std::string bytes;      // done.
  };
  struct Stats {
    std::uint64_t appended_entries = 0;  // By this process.
    std::uint64_t pending_bytes = 0;     // Appended and not acknowledged.
    std::uint64_t damaged_segments = 0;  // Entries in them were lost.
  };

  // FailedPrecondition when another process holds the directory.
  static absl::StatusOr<std::unique_ptr<Spool>> Open(SpoolOptions options);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // InvalidArgument: over kMaxEntryBytes. ResourceExhausted: max_bytes reached
  // or the disk is full; the log is left as it was. Costs a few microseconds.
  absl::Status Append(std::string_view entry);

  // The next entries after the read cursor, at most `max_entries` and, beyond
  // the first, `max_bytes`; moves the cursor. Empty when there are none.
  absl::StatusOr<std::vector<Entry>> Read(std::size_t max_entries,
                                          std::size_t max_bytes);

  // Moves the read cursor back to the acknowledged position.
  void Rewind();

  // Everything up to `end` (an Entry's) is done: it is not read again after a
  // restart, and its whole segments are deleted.
  absl::Status Acknowledge(std::uint64_t end);

  // True as soon as there is something to read, false after `timeout` or once
  // `stop` is requested.
  bool WaitForEntries(std::stop_token stop, std::chrono::milliseconds timeout);

  Stats stats() const;

 private:
  struct Segment {
    std::uint64_t size = 0;
    bool damaged = false;
  };

  Spool(SpoolOptions options, int lock_fd);
  absl::Status Load();
  absl::Status StartSegment();
  absl::Status PersistAcknowledged();
  void DeleteAcknowledged();
  std::filesystem::path PathOf(std::uint64_t base) const;

  const SpoolOptions options_;
  const int lock_fd_;
  mutable std::mutex mu_;
  std::condition_variable_any appended_;
  // Positions are byte offsets in the log's whole life; a segment's key is the
  // position of its first byte.
  std::map<std::uint64_t, Segment> segments_;
  std::uint64_t end_ = 0;
  std::uint64_t cursor_ = 0;
  std::uint64_t acknowledged_ = 0;
  int write_fd_ = -1;
  int acknowledged_fd_ = -1;
  Stats stats_;
};

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_SPOOL_H_
