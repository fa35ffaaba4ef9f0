/* SPDX-License-Identifier: Apache-2.0 */
/* _core.Plan: an iterator over the splits of a source. */
#include "core.h"

#include <unistd.h>

struct plan {
    PyObject_HEAD struct quern_source *source;
    struct quern_plan *plan;
    struct caller *caller; /* has an address of its own, which the plugin knows */
    bool is_busy;          /* plan_next is for one thread at a time */
};

static int32_t plan_open(struct plan *self, const struct quern_option *options, size_t count,
                         struct quern_error *error)
{
    const struct quern_host host = caller_host(self->caller);
    if (!work_begin(error)) {
        return error->status;
    }
    int32_t status = core_plugin->source_open(&host, options, count, &self->source, error);
    if (status == QUERN_OK) {
        status = core_plugin->source_plan(self->source, &self->plan, error);
    }
    work_end();
    return status;
}

static PyObject *plan_new(PyTypeObject *type, PyObject *positional, PyObject *named)
{
    PyObject *list = NULL;
    PyObject *log = NULL;
    struct quern_error error = {.struct_size = sizeof error};
    int32_t status = QUERN_OK;
    size_t count = 0;
    (void)named;
    if (!PyArg_ParseTuple(positional, "OO", &list, &log)) {
        return NULL;
    }
    if (!core_plugin) {
        PyErr_SetString(PyExc_RuntimeError, "the plugin is not loaded");
        return NULL;
    }
    struct plan *self = (struct plan *)type->tp_alloc(type, 0);
    struct quern_option *options = self ? options_of(list, &count) : NULL;
    if (options) {
        self->caller = PyMem_Calloc(1, sizeof *self->caller);
    }
    if (!options || !self->caller) {
        PyMem_Free(options);
        Py_XDECREF(self);
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    if (log != Py_None) {
        Py_INCREF(log);
        self->caller->log = log;
    }
    Py_BEGIN_ALLOW_THREADS status = plan_open(self, options, count, &error);
    Py_END_ALLOW_THREADS PyMem_Free(options);
    if (status != QUERN_OK) {
        Py_DECREF(self);
        return error_raise(&error);
    }
    return (PyObject *)self;
}

static int32_t next_split(struct plan *self, struct quern_split *split, struct quern_error *error)
{
    if (!work_begin(error)) {
        return error->status;
    }
    const int32_t status = core_plugin->plan_next(self->plan, split, error);
    work_end();
    return status;
}

static PyObject *plan_next(PyObject *object)
{
    struct plan *self = (struct plan *)object;
    struct quern_split split = {.struct_size = sizeof split};
    struct quern_error error = {.struct_size = sizeof error};
    int32_t status = QUERN_OK;
    if (self->is_busy) {
        error_set(&error, QUERN_INVALID_STATE, "plan", "another thread is walking it");
        return error_raise(&error);
    }
    self->is_busy = true;
    Py_BEGIN_ALLOW_THREADS;
    status = next_split(self, &split, &error);
    Py_END_ALLOW_THREADS;
    self->is_busy = false;
    PyObject *raised = caller_take(self->caller);
    if (raised) {
        exception_put(raised);
        return NULL;
    }
    if (status != QUERN_OK) {
        return error_raise(&error);
    }
    if (!split.bytes.data) {
        return NULL;
    }
    return Py_BuildValue("(y#LLs#)", (const char *)split.bytes.data, (Py_ssize_t)split.bytes.len,
                         (long long)split.documents, (long long)split.bytes_estimate,
                         (const char *)split.summary.data, (Py_ssize_t)split.summary.len);
}

static void plan_dealloc(PyObject *object)
{
    struct plan *self = (struct plan *)object;
    PyTypeObject *type = Py_TYPE(object);
    if (core_plugin) {
        core_plugin->plan_close(self->plan);
        core_plugin->source_close(self->source);
    }
    if (self->caller) {
        caller_release(self->caller);
        PyMem_Free(self->caller);
    }
    type->tp_free(object);
    Py_DECREF(type);
}

static PyType_Slot plan_slots[] = {
    {Py_tp_new, plan_new},
    {Py_tp_dealloc, plan_dealloc},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, plan_next},
    {0, NULL},
};

PyType_Spec plan_spec = {
    .name = "quern._core.Plan",
    .basicsize = sizeof(struct plan),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = plan_slots,
};
