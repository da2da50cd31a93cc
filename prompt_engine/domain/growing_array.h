#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_GROWING_ARRAY_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_GROWING_ARRAY_H_

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace evalloop::prompt_engine {

// A vector of plain data for very many elements: it grows by realloc, which
// moves large blocks by their pages. A std::vector copies them, and both copies
// are in memory meanwhile.
template <typename T>
class GrowingArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  GrowingArray() = default;
  GrowingArray(GrowingArray&& other) noexcept
      : data_(std::move(other.data_)),
        size_(std::exchange(other.size_, 0)),
        room_(std::exchange(other.room_, 0)) {}
  GrowingArray& operator=(GrowingArray&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    room_ = std::exchange(other.room_, 0);
    return *this;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }
  T& operator[](std::size_t i) { return data()[i]; }
  const T& operator[](std::size_t i) const { return data()[i]; }

  void push_back(T value) {
    if (size_ == room_) Reallocate(room_ == 0 ? 64 : 2 * room_);
    ::new (static_cast<void*>(data() + size_)) T(value);
    ++size_;
  }

  // Leaves the first `size` elements, and gives back the room of the others.
  void Truncate(std::size_t size) {
    size_ = size;
    if (size == 0) {
      data_.reset();
      room_ = 0;
    } else {
      Reallocate(size);
    }
  }

 private:
  struct Free {
    void operator()(T* data) const { std::free(data); }
  };

  void Reallocate(std::size_t room) {
    void* const data = std::realloc(data_.get(), room * sizeof(T));
    if (data == nullptr) throw std::bad_alloc();
    (void)data_.release();
    data_.reset(static_cast<T*>(data));
    room_ = room;
  }

  std::unique_ptr<T, Free> data_;
  std::size_t size_ = 0;
  std::size_t room_ = 0;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_GROWING_ARRAY_H_
