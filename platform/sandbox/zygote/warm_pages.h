#ifndef EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_WARM_PAGES_H_
#define EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_WARM_PAGES_H_

namespace evalloop::sandbox {

// Makes children inherit this process's page tables whole. A fork leaves out
// the entries of a mapped file unless one of its pages has been written: each
// child would fault hundreds of times on code and read-only data that is in
// memory anyway, which costs more than all else of a start. So one byte of each
// private file mapping is written over with itself, and all its pages are
// looked up once. `proc` is a descriptor of /proc.
void WarmPages(int proc);

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_WARM_PAGES_H_
