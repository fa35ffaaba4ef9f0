/* SPDX-License-Identifier: Apache-2.0 */
#include "core.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { ASK_EVERY_MS = 20 }; /* taking the interpreter has its price; Ctrl-C has 100 ms */

bool caller_is_main_thread(void)
{
    return syscall(SYS_gettid) == getpid();
}

static int64_t monotonic_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static PyObject *exception_take(void)
{
#if PY_VERSION_HEX >= 0x030C0000
    return PyErr_GetRaisedException();
#else
    PyObject *type = NULL;
    PyObject *value = NULL;
    PyObject *trace = NULL;
    PyErr_Fetch(&type, &value, &trace);
    PyErr_NormalizeException(&type, &value, &trace);
    if (value && trace) {
        (void)PyException_SetTraceback(value, trace);
    }
    Py_XDECREF(type);
    Py_XDECREF(trace);
    return value;
#endif
}

void exception_put(PyObject *exception)
{
#if PY_VERSION_HEX >= 0x030C0000
    PyErr_SetRaisedException(exception);
#else
    PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
    Py_DECREF(exception);
#endif
}

/* Whatever was raised ends the reading and waits for whoever pulled. */
static void keep_exception(struct caller *caller)
{
    PyObject *exception = exception_take();
    atomic_store(&caller->stop, true);
    if (caller->raised) {
        Py_XDECREF(exception); /* the first one tells what went wrong */
        return;
    }
    caller->raised = exception;
    caller->raised_on_main = caller_is_main_thread();
}

static bool is_cancelled(void *context)
{
    struct caller *caller = context;
    if (atomic_load(&caller->stop) || !python_is_there()) {
        return true;
    }
    const int64_t now_ms = monotonic_ms();
    if (now_ms - caller->asked_ms < ASK_EVERY_MS || !caller_is_main_thread()) {
        return false; /* signals are Python's main thread's */
    }
    caller->asked_ms = now_ms;
    PyGILState_STATE held;
    if (!python_take(&held)) {
        return true;
    }
    if (PyErr_CheckSignals() != 0) {
        keep_exception(caller);
    }
    PyGILState_Release(held);
    return atomic_load(&caller->stop);
}

static void finish_call(struct caller *caller, PyObject *answer)
{
    if (!answer) {
        keep_exception(caller);
    }
    Py_XDECREF(answer);
}

static void log_message(void *context, int32_t level, const char *message, size_t len)
{
    struct caller *caller = context;
    PyGILState_STATE held;
    if (!caller->log || !python_take(&held)) {
        return;
    }
    PyObject *text = PyUnicode_DecodeUTF8(message, (Py_ssize_t)len, "replace");
    finish_call(caller, text ? PyObject_CallFunction(caller->log, "iO", level, text) : NULL);
    Py_XDECREF(text);
    PyGILState_Release(held);
}

static void tell_progress(void *context, const struct quern_progress *progress)
{
    struct caller *caller = context;
    PyGILState_STATE held;
    if (!caller->progress || progress->struct_size < sizeof(struct quern_progress) ||
        !python_take(&held)) {
        return;
    }
    PyObject *current =
        PyUnicode_DecodeUTF8(progress->current, (Py_ssize_t)strlen(progress->current), "replace");
    const long long before = caller->documents_before;
    finish_call(
        caller,
        current ? PyObject_CallFunction(
                      caller->progress, "LLLLLO",
                      progress->documents_done < 0 ? before : before + progress->documents_done,
                      (long long)progress->documents_total, (long long)progress->records,
                      (long long)progress->received_bytes, (long long)progress->wait_ms, current)
                : NULL);
    Py_XDECREF(current);
    PyGILState_Release(held);
}

struct quern_host caller_host(struct caller *caller)
{
    return (struct quern_host){
        .struct_size = sizeof(struct quern_host),
        .context = caller,
        .log = caller->log ? log_message : NULL,
        .is_cancelled = is_cancelled,
        .progress = caller->progress ? tell_progress : NULL,
    };
}

void caller_keep(struct caller *caller, PyObject *log, PyObject *progress, PyObject *held)
{
    Py_XINCREF(log);
    Py_XINCREF(progress);
    Py_XINCREF(held);
    caller->log = log;
    caller->progress = progress;
    caller->held = held;
}

PyObject *caller_take(struct caller *caller)
{
    PyObject *exception = caller->raised;
    caller->raised = NULL;
    return exception;
}

void caller_release(struct caller *caller)
{
    PyGILState_STATE held;
    if (!python_take(&held)) {
        return; /* its objects go with it */
    }
    Py_CLEAR(caller->log);
    Py_CLEAR(caller->progress);
    Py_CLEAR(caller->held);
    Py_CLEAR(caller->raised);
    PyGILState_Release(held);
}
