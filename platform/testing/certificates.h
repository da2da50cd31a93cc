#ifndef EVALLOOP_PLATFORM_TESTING_CERTIFICATES_H_
#define EVALLOOP_PLATFORM_TESTING_CERTIFICATES_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace evalloop::testing {

// A certificate authority and what it signed, by openssl, in a folder of its
// own: ca.pem, ca.key and NAME.pem, NAME.key.
class Certificates {
 public:
  Certificates() : folder_(MakeFolder()) { Make("ca", ""); }
  ~Certificates() { std::filesystem::remove_all(folder_); }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  std::string Path(const std::string& name) const {
    return folder_ + "/" + name;
  }

  // A certificate with the common name `name` for `host` ("IP:127.0.0.1",
  // "DNS:localhost"), signed by the authority; the authority's own without a
  // host.
  void Make(const std::string& name, const std::string& host) const {
    const std::string signer =
        host.empty() ? ""
                     : " -CA " + Path("ca.pem") + " -CAkey " + Path("ca.key");
    const std::string names =
        host.empty() ? "" : " -addext subjectAltName=" + host;
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
        "-days 1 -subj /CN=" +
        name + signer + names + " -keyout " + Path(name + ".key") + " -out " +
        Path(name + ".pem") + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }

 private:
  static std::string MakeFolder() {
    std::string name =
        (std::filesystem::temp_directory_path() / "certificates.XXXXXX")
            .string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    return name;
  }
  const std::string folder_;
};

}  // namespace evalloop::testing

#endif  // EVALLOOP_PLATFORM_TESTING_CERTIFICATES_H_
