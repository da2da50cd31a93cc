#include "platform/sandbox/zygote/interpreter.h"

#include <Python.h>  // First: it sets what the system's headers show.
#include <malloc.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace evalloop::sandbox {
namespace {

PyObject* main_function = nullptr;
PyObject* rehearsal = nullptr;  // Null: none.

// What is alive now lives for ever: the collector needn't look at it in every
// child, which would copy its pages.
constexpr char kFreeze[] = "import gc\ngc.collect()\ngc.freeze()\n";

// New objects in a child shall lie side by side on pages of their own, and not
// in the holes between old ones: each such page would have to be copied. What
// fills the holes here is never freed.
void FillHoles() {
  constexpr std::size_t kLargestSmall = 512;  // pymalloc's; 16-byte classes.
  constexpr std::uintptr_t kPool = 16 << 10;
  constexpr std::uintptr_t kPoolHeader = 48;
  for (std::size_t size = 16; size <= kLargestSmall; size += 16) {
    for (int i = 0; i < 100'000; ++i) {
      void* const block = PyObject_Malloc(size);
      const auto place = reinterpret_cast<std::uintptr_t>(block) % kPool;
      if (block == nullptr || place == kPoolHeader) break;  // A new pool.
    }
  }
  // The C library's heap: what comes from its end is no hole.
  constexpr std::size_t kLargest = 64 << 10;
  const char* const end = static_cast<const char*>(sbrk(0));
  const char* const last = end - mallinfo2().keepcost - 64;
  for (std::size_t size = kLargest; size >= 16; size -= 16) {
    for (int i = 0; i < 100'000; ++i) {
      char* const block = static_cast<char*>(std::malloc(size));
      if (block != nullptr && block < last) continue;
      std::free(block);
      break;
    }
  }
}

std::string RaisedError() {
  PyObject* type = nullptr;
  PyObject* value = nullptr;
  PyObject* trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyObject* const text = PyObject_Str(value != nullptr ? value : Py_None);
  const char* const words = text != nullptr ? PyUnicode_AsUTF8(text) : nullptr;
  return std::string("Python: ") + (words != nullptr ? words : "an error");
}

}  // namespace

std::string StartInterpreter(const std::string& source) {
  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  config.site_import = 0;
  config.write_bytecode = 0;
  config.install_signal_handlers = 1;
  PyStatus status = PyConfig_SetBytesString(&config, &config.program_name,
                                            "/usr/bin/python3");
  if (!PyStatus_Exception(status)) {
    status = PyConfig_SetBytesString(&config, &config.home, "/usr");
  }
  if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  if (PyStatus_Exception(status)) {
    return std::string("Python: ") +
           (status.err_msg != nullptr ? status.err_msg : "no start");
  }
  PyObject* const module = PyImport_AddModule("__main__");
  PyObject* const names = PyModule_GetDict(module);
  PyObject* const ran =
      PyRun_String(source.c_str(), Py_file_input, names, names);
  if (ran == nullptr) return RaisedError();
  Py_DECREF(ran);
  main_function = PyDict_GetItemString(names, "main");
  if (main_function == nullptr) return "Python: the source has no main()";
  Py_INCREF(main_function);
  rehearsal = PyDict_GetItemString(names, "rehearsal");
  if (PyRun_SimpleString(kFreeze) != 0) return "Python: no gc.freeze";
  FillHoles();
  return "";
}

bool Rehearse() {
  PyOS_AfterFork_Child();
  if (rehearsal == nullptr || !PyList_Check(rehearsal)) return false;
  for (Py_ssize_t i = 0; i < PyList_Size(rehearsal); ++i) {
    PyObject* const text = PyList_GetItem(rehearsal, i);
    int ends[2];
    char* bytes = nullptr;
    Py_ssize_t size = 0;
    if (PyBytes_AsStringAndSize(text, &bytes, &size) != 0 ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 ||
        send(ends[1], bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL) !=
            size) {
      return false;
    }
    shutdown(ends[1], SHUT_WR);
    dup2(ends[0], 3 + static_cast<int>(i));
  }
  Py_XDECREF(PyObject_CallNoArgs(main_function));
  return true;
}

void BeforeFork() { PyOS_BeforeFork(); }
void AfterForkInParent() { PyOS_AfterFork_Parent(); }
void AfterForkInChild() { PyOS_AfterFork_Child(); }

void CallMain() {
  PyObject* const result = PyObject_CallNoArgs(main_function);
  if (result != nullptr) _exit(0);
  int code = 1;
  if (PyErr_ExceptionMatches(PyExc_SystemExit) != 0) {
    PyObject* type = nullptr;
    PyObject* value = nullptr;
    PyObject* trace = nullptr;
    PyErr_Fetch(&type, &value, &trace);
    PyErr_NormalizeException(&type, &value, &trace);
    PyObject* const given = PyObject_GetAttrString(value, "code");
    if (given == Py_None) code = 0;
    if (given != nullptr && PyLong_Check(given) != 0) {
      code = static_cast<int>(PyLong_AsLong(given)) & 0xff;
    }
  }
  _exit(code);
}

}  // namespace evalloop::sandbox
