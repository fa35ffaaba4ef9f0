/* SPDX-License-Identifier: Apache-2.0 */
/* The end of the process, which threads may not sleep through.
 *
 * Whoever waits for the interpreter while it is taken down is ended by Python inside that wait, even
 * below a destructor of a foreign consumer; whoever comes afterwards reads freed memory; and whoever
 * works in the plugin meanwhile finds the libraries below it closed. So the gate is shut while the
 * interpreter still runs (atexit): nobody but the main thread passes it any more, work under way is
 * cancelled, and those who had passed are waited for. */
#include "core.h"

#include <pthread.h>
#include <time.h>

enum { WAIT_MAX_MS = 1000 }; /* for work that is slow to notice that it was cancelled */

static atomic_bool is_shut;
static atomic_int inside;

static bool is_there(void)
{
#if PY_VERSION_HEX >= 0x030D0000
    return Py_IsInitialized() && !Py_IsFinalizing();
#else
    return Py_IsInitialized() && !_Py_IsFinalizing();
#endif
}

bool python_is_there(void)
{
    return is_there() && (!atomic_load(&is_shut) || caller_is_main_thread());
}

bool python_take(PyGILState_STATE *held)
{
    const bool may_enter = work_begin(NULL);
    if (may_enter) {
        *held = PyGILState_Ensure();
        work_end();
    }
    return may_enter;
}

bool work_begin(struct quern_error *error)
{
    (void)atomic_fetch_add(&inside,
                           1); /* before the gate is looked at: shut_gate counts after it */
    if (python_is_there()) {
        return true;
    }
    work_end();
    if (error) {
        error_set(error, QUERN_CANCELLED, "", "the interpreter ends");
    }
    return false;
}

void work_end(void)
{
    (void)atomic_fetch_sub(&inside, 1);
}

/* Of those who were inside, at most one is in the child. */
static void forget_others(void)
{
    atomic_store(&inside, 0);
}

static PyObject *shut_gate(PyObject *self, PyObject *none)
{
    (void)self;
    (void)none;
    atomic_store(&is_shut, true);
    Py_BEGIN_ALLOW_THREADS;
    for (int waited_ms = 0; atomic_load(&inside) > 0 && waited_ms < WAIT_MAX_MS; waited_ms++) {
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    Py_END_ALLOW_THREADS;
    Py_RETURN_NONE;
}

static PyMethodDef shut_method = {"shut_gate", shut_gate, METH_NOARGS,
                                  "No other thread enters any more: the interpreter ends."};

bool gate_open(PyObject *module)
{
    if (pthread_atfork(NULL, NULL, forget_others) != 0) {
        (void)PyErr_NoMemory();
        return false;
    }
    PyObject *exits = PyImport_ImportModule("atexit");
    PyObject *shut = PyCFunction_New(&shut_method, module);
    PyObject *answer = exits && shut ? PyObject_CallMethod(exits, "register", "O", shut) : NULL;
    const bool is_open = answer != NULL;
    Py_XDECREF(answer);
    Py_XDECREF(shut);
    Py_XDECREF(exits);
    return is_open;
}
