// class: 69 other languages: at run time
// tries: a compiled program connects
// sees: connection leak
// defended: no sockets, and a network namespace
// argv: cd /tmp && /usr/bin/g++ -o a /box/attack.cc && ./a
// limits: wall_time=15000 cpu_time=15000 address_space=2147483648 file_size=33554432 scratch_space=67108864
// weak: net seccomp
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>
int main() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(@PORT@);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) < 0) return 1;
  char text[100];
  return write(1, text, read(fd, text, sizeof(text))) < 0;
}
