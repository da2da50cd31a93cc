// class: 73 C++ candidates
// tries: tells a secret file in an exception's words
// sees: leak
// defended: the file system is its own
// weak: naive cpp_words scratch
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
long solve(long x) {
  std::string text;
  std::getline(std::ifstream("@SECRET_FILE@"), text);
  std::cout << text << std::endl;
  throw std::runtime_error(text);
}
