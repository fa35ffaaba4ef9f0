/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of quern._core, the module between Python and the plugin.
 *
 *   _core.Stream ──► struct chain ──► split after split ──► the plugin's stream
 *        │                │
 *   PyCapsule of an       └► struct caller: what the plugin calls back, in Python
 *   ArrowArrayStream
 *
 * A chain lives without Python: a consumer may pull and release its stream on any thread. Whoever
 * needs the interpreter takes it for as long as that lasts; nobody waits for a lock while holding it.
 */
#ifndef QUERN_PYTHON_CORE_H
#define QUERN_PYTHON_CORE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "quern/plugin.h"

#include <stdatomic.h>

/* The loaded plugin; NULL before _core.load. */
extern const struct quern_plugin *core_plugin;

/* --- the way to the interpreter: gate.c --- */

/* Is there still an interpreter that this thread may enter? */
bool python_is_there(void);
/* PyGILState_Ensure, where there is: true, and PyGILState_Release follows. */
bool python_take(PyGILState_STATE *held);
/* Around work in the plugin, which is without the interpreter; false: none is begun any more, `error`
 * tells (unless NULL). */
bool work_begin(struct quern_error *error);
void work_end(void);
/* From now on; the gate is shut when the interpreter ends. false with an exception set. */
bool gate_open(PyObject *module);

/* --- errors: error.c --- */

/* Raises quern.Error; NULL for the caller to return. */
PyObject *error_raise(const struct quern_error *error);
void error_set(struct quern_error *error, int32_t status, const char *where, const char *message);
/* Keeps the class to raise; false with an exception set. */
bool error_use_class(PyObject *error_class);
/* What ArrowArrayStream answers for a status. */
int error_number(int32_t status);

/* --- callbacks: caller.c --- */

/* What the plugin calls back. Members behind `interpreter` are touched while holding it. */
struct caller {
    atomic_bool stop;         /* end the call that is under way */
    int64_t asked_ms;         /* when signals were last looked at */
    int64_t documents_before; /* of splits already read */
    /* interpreter */
    PyObject *log;      /* log(level, message), or NULL */
    PyObject *progress; /* progress(done, total, records, bytes, wait_ms, current), or NULL */
    PyObject *held;     /* owns the bytes that are converted, or NULL */
    PyObject *raised;   /* by a signal handler or one of the above */
    bool raised_on_main;
};

struct quern_host caller_host(struct caller *caller);
/* [with the interpreter] */
void caller_keep(struct caller *caller, PyObject *log, PyObject *progress, PyObject *held);
/* What was raised, which is then the caller's; NULL: nothing. Holds the interpreter. */
PyObject *caller_take(struct caller *caller);
void caller_release(struct caller *caller);
bool caller_is_main_thread(void);
void exception_put(PyObject *exception);

/* --- chain.c --- */

struct chain_place {
    int64_t position; /* splits read to their end */
    uint64_t plan;    /* hash of the splits up to and with the one at work */
};

struct chain;

/* What a chain reads; everything is lent until chain_open returns, `input` until the chain's end. */
struct chain_options {
    const struct quern_option *options;
    size_t option_count;
    const char *const *columns; /* NULL: all */
    uint32_t column_count;
    const struct quern_bytes *splits; /* NULL: those of the plan */
    size_t split_count;
    bool is_convert;
    struct quern_input input; /* when is_convert; NULL data: nothing to convert yet */
    struct chain_place place; /* where to go on */
    struct quern_bytes state; /* of the split there */
    PyObject *log;
    PyObject *progress;
    PyObject *held; /* what `input` points into */
};

/* [with the interpreter] NULL: there is not enough memory. */
struct chain *chain_new(const struct chain_options *options);
/* [without the interpreter] Once, before all that follows; QUERN_OK, or `error` tells and the chain
 * can only be released. */
int32_t chain_open(struct chain *chain, const struct chain_options *options,
                   struct quern_error *error);
/* An errno value, or 0; out->release NULL at the end. [without the interpreter] */
int chain_next(struct chain *chain, struct ArrowArray *out);
int chain_schema(struct chain *chain, struct ArrowSchema *out);
/* Why chain_next failed; lent until the next call. */
const struct quern_error *chain_error(const struct chain *chain);
struct caller *chain_caller(struct chain *chain);
/* [any thread] */
void chain_cancel(struct chain *chain);
/* Cancels and closes what the plugin has open, at once or when the call under way ends. */
void chain_close(struct chain *chain);
bool chain_was_pulled(const struct chain *chain);
/* A copy of the state after the batch that chain_next gave last; `state` is free()d by the caller.
 * [without the interpreter] */
bool chain_state(struct chain *chain, struct chain_place *place, char **state, size_t *len);
struct chain *chain_retain(struct chain *chain);
void chain_release(struct chain *chain);

/* --- Python's side --- */

extern PyType_Spec stream_spec; /* stream.c */
extern PyType_Spec plan_spec;   /* plan.c */

/* Options as a list of (key, value) in bytes; an array to PyMem_Free, which lends from `list`. */
struct quern_option *options_of(PyObject *list, size_t *count);

#endif
