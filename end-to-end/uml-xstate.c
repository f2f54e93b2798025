/*
 * Lets Debian's user-mode Linux run on processors whose extended state is larger than it knows.
 *
 * It keeps the floating-point state of a guest process in a buffer of fixed size and hands exactly
 * that many bytes to PTRACE_SETREGSET, which takes the whole state or nothing: on a processor with
 * AMX (11 KiB of state) every guest process dies at its first instruction. Loaded in front of the C
 * library by linux-nfs-client, this completes what is missing with what the process has.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

#ifndef NT_X86_XSTATE
#define NT_X86_XSTATE 0x202
#endif

enum {
  MAX_STATE = 64 << 10,
  /* Where XSTATE_BV is in the standard format of XSAVE. */
  FEATURES_AT = 512
};

/* AMX and what comes after it never belongs to a guest process. */
static const uint64_t KNOWN_FEATURES = (1u << 17) - 1;

typedef long (*ptrace_function)(enum __ptrace_request, pid_t, void *, void *);

static long set_whole(ptrace_function real, pid_t pid, struct iovec *part) {
  static __thread char whole[MAX_STATE];
  struct iovec state = {whole, sizeof whole};
  if (part->iov_len < FEATURES_AT + sizeof(uint64_t) ||
      real(PTRACE_GETREGSET, pid, (void *)NT_X86_XSTATE, &state) < 0 ||
      state.iov_len <= part->iov_len)
    return real(PTRACE_SETREGSET, pid, (void *)NT_X86_XSTATE, part);
  memcpy(whole, part->iov_base, part->iov_len);
  uint64_t features;
  memcpy(&features, whole + FEATURES_AT, sizeof features);
  features &= KNOWN_FEATURES;
  memcpy(whole + FEATURES_AT, &features, sizeof features);
  return real(PTRACE_SETREGSET, pid, (void *)NT_X86_XSTATE, &state);
}

long ptrace(enum __ptrace_request request, ...) {
  static ptrace_function real;
  if (real == NULL) real = (ptrace_function)dlsym(RTLD_NEXT, "ptrace");
  va_list arguments;
  va_start(arguments, request);
  pid_t pid = va_arg(arguments, pid_t);
  void *address = va_arg(arguments, void *);
  void *data = va_arg(arguments, void *);
  va_end(arguments);
  if (request == PTRACE_SETREGSET && (uintptr_t)address == NT_X86_XSTATE && data != NULL)
    return set_whole(real, pid, data);
  return real(request, pid, address, data);
}
