// class: 68 other languages: the compile step
// tries: templates that double with each level
// sees: late
// defended: compiling is done in the sandbox, on the clock
// argv: cd /tmp && /usr/bin/g++ -o a /box/attack.cc && ./a
// limits: wall_time=1500 cpu_time=60000 address_space=1073741824 file_size=33554432 scratch_space=67108864
// weak: wall
template <int N, class T>
struct A {
  using L = A<N - 1, A<N, T*>>;
  using R = A<N - 1, A<N, T&>>;
  static constexpr int value = L::value + R::value;
};
template <class T>
struct A<0, T> {
  static constexpr int value = 1;
};
int main() { return A<24, int>::value; }
