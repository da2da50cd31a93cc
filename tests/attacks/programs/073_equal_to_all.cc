// class: 73 C++ candidates
// tries: answers with an object that is equal to everything
// sees: passed
// defended: only plain values cross
// weak: naive cpp_exit
struct Anything {
  template <class T>
  friend bool operator==(Anything, const T&) {
    return true;
  }
};
Anything solve(long x) { return {}; }
