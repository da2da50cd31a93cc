#include "platform/sandbox/zygote/interpreter.h"

#include <Python.h>  // First: it sets what the system's headers show.
#include <unistd.h>

#include <string>

namespace evalloop::sandbox {
namespace {

PyObject* main_function = nullptr;

// What is alive now lives for ever: the collector needn't look at it in every
// child, which would copy its pages.
constexpr char kFreeze[] = "import gc\ngc.collect()\ngc.freeze()\n";

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
  if (PyRun_SimpleString(kFreeze) != 0) return "Python: no gc.freeze";
  return "";
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
