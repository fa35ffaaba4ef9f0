/* SPDX-License-Identifier: Apache-2.0 */
/* _core.Stream: a chain as a Python object, and as PyCapsules for whoever reads Arrow. */
#include "core.h"

#include <stdio.h>
#include <stdlib.h>

/* --- the stream in a capsule: each is a tap on the same chain --- */

struct tap {
    struct chain *chain;
    bool is_pulled;
    char message[800];
};

static bool holds_python(void)
{
    return python_is_there() && PyGILState_Check();
}

/* What a signal handler raised in a call that a foreign consumer made: it raises an error of its own
 * from our answer, and this one follows as soon as Python runs again. */
static int raise_later(void *context)
{
    struct chain *chain = context;
    PyObject *exception = caller_take(chain_caller(chain));
    chain_release(chain);
    if (exception) {
        exception_put(exception);
        return -1;
    }
    return 0;
}

static void deliver_exception(struct chain *chain)
{
    const struct caller *caller = chain_caller(chain);
    if (caller->raised && caller->raised_on_main &&
        Py_AddPendingCall(raise_later, chain_retain(chain)) != 0) {
        chain_release(chain);
    }
}

static int tap_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    struct tap *tap = self->private_data;
    /* Some consumers pull while they hold the interpreter; nobody else could run meanwhile. */
    PyThreadState *held = holds_python() ? PyEval_SaveThread() : NULL;
    struct chain *chain = chain_retain(tap->chain);
    tap->is_pulled = true;
    const int answer = chain_next(chain, out);
    if (answer) {
        deliver_exception(chain);
    }
    if (held) {
        PyEval_RestoreThread(held);
    }
    chain_release(chain);
    return answer;
}

static int tap_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    const struct tap *tap = self->private_data;
    PyThreadState *held = holds_python() ? PyEval_SaveThread() : NULL;
    const int answer = chain_schema(tap->chain, out);
    if (held) {
        PyEval_RestoreThread(held);
    }
    return answer;
}

static const char *tap_error(struct ArrowArrayStream *self)
{
    struct tap *tap = self->private_data;
    const struct quern_error *error = chain_error(tap->chain);
    if (error->status == QUERN_OK) {
        return NULL;
    }
    (void)snprintf(tap->message, sizeof tap->message, "%s%s%s", error->where,
                   error->where[0] ? ": " : "", error->message);
    return tap->message;
}

/* A consumer that never pulled only wanted the schema. */
static void tap_release(struct ArrowArrayStream *self)
{
    struct tap *tap = self->private_data;
    self->release = NULL;
    self->private_data = NULL;
    if (tap->is_pulled) {
        chain_close(tap->chain);
    }
    chain_release(tap->chain);
    free(tap);
}

/* --- capsules --- */

static void stream_capsule_end(PyObject *capsule)
{
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");
    if (stream && stream->release) {
        stream->release(stream);
    }
    free(stream);
}

static void schema_capsule_end(PyObject *capsule)
{
    struct ArrowSchema *schema = PyCapsule_GetPointer(capsule, "arrow_schema");
    if (schema && schema->release) {
        schema->release(schema);
    }
    free(schema);
}

static void array_capsule_end(PyObject *capsule)
{
    struct ArrowArray *array = PyCapsule_GetPointer(capsule, "arrow_array");
    if (array && array->release) {
        array->release(array);
    }
    free(array);
}

/* --- the object --- */

struct stream {
    PyObject_HEAD struct chain *chain;
};

static PyObject *raise_state(const char *message)
{
    struct quern_error error;
    error_set(&error, QUERN_INVALID_STATE, "stream", message);
    return error_raise(&error);
}

/* What the reading raised itself goes before what the plugin answered because of it. */
static PyObject *raise_from(struct chain *chain)
{
    PyObject *exception = caller_take(chain_caller(chain));
    if (!exception) {
        return error_raise(chain_error(chain));
    }
    exception_put(exception);
    return NULL;
}

static PyObject *schema_capsule(struct chain *chain)
{
    struct ArrowSchema *schema = calloc(1, sizeof *schema);
    int answer = 0;
    if (!schema) {
        return PyErr_NoMemory();
    }
    Py_BEGIN_ALLOW_THREADS answer = chain_schema(chain, schema);
    Py_END_ALLOW_THREADS if (answer)
    {
        free(schema);
        return raise_from(chain);
    }
    PyObject *capsule = PyCapsule_New(schema, "arrow_schema", schema_capsule_end);
    if (!capsule) {
        schema->release(schema);
        free(schema);
    }
    return capsule;
}

static PyObject *stream_schema(PyObject *self, PyObject *none)
{
    (void)none;
    return schema_capsule(((struct stream *)self)->chain);
}

static PyObject *stream_capsule(PyObject *self, PyObject *none)
{
    (void)none;
    struct chain *chain = ((struct stream *)self)->chain;
    if (chain_was_pulled(chain)) {
        return raise_state("it was read already; read anew, or go on from its state");
    }
    struct tap *tap = calloc(1, sizeof *tap);
    struct ArrowArrayStream *stream = calloc(1, sizeof *stream);
    PyObject *capsule =
        tap && stream ? PyCapsule_New(stream, "arrow_array_stream", stream_capsule_end) : NULL;
    if (!capsule) {
        free(tap);
        free(stream);
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    tap->chain = chain_retain(chain);
    *stream = (struct ArrowArrayStream){.get_schema = tap_schema,
                                        .get_next = tap_next,
                                        .get_last_error = tap_error,
                                        .release = tap_release,
                                        .private_data = tap};
    return capsule;
}

static PyObject *stream_next(PyObject *self, PyObject *none)
{
    (void)none;
    struct chain *chain = ((struct stream *)self)->chain;
    struct ArrowArray *array = calloc(1, sizeof *array);
    int answer = 0;
    if (!array) {
        return PyErr_NoMemory();
    }
    Py_BEGIN_ALLOW_THREADS answer = chain_next(chain, array);
    Py_END_ALLOW_THREADS if (answer || !array->release)
    {
        free(array);
        if (answer) {
            return raise_from(chain);
        }
        Py_RETURN_NONE;
    }
    PyObject *batch = PyCapsule_New(array, "arrow_array", array_capsule_end);
    if (!batch) {
        array->release(array);
        free(array);
        return NULL;
    }
    PyObject *schema = schema_capsule(chain);
    return schema ? Py_BuildValue("(NN)", schema, batch) : (Py_DECREF(batch), NULL);
}

static PyObject *stream_state(PyObject *self, PyObject *none)
{
    (void)none;
    struct chain *chain = ((struct stream *)self)->chain;
    struct chain_place place = {0};
    char *state = NULL;
    size_t len = 0;
    bool taken = false;
    Py_BEGIN_ALLOW_THREADS taken = chain_state(chain, &place, &state, &len);
    Py_END_ALLOW_THREADS PyObject *answer =
        taken ? Py_BuildValue("(LKy#)", (long long)place.position, (unsigned long long)place.plan,
                              state, (Py_ssize_t)len)
              : raise_state("there is no state in a forked process");
    free(state);
    return answer;
}

static PyObject *stream_cancel(PyObject *self, PyObject *none)
{
    (void)none;
    struct chain *chain = ((struct stream *)self)->chain;
    Py_BEGIN_ALLOW_THREADS chain_cancel(chain);
    Py_END_ALLOW_THREADS Py_RETURN_NONE;
}

static PyObject *stream_close(PyObject *self, PyObject *none)
{
    (void)none;
    struct chain *chain = ((struct stream *)self)->chain;
    Py_BEGIN_ALLOW_THREADS chain_close(chain);
    Py_END_ALLOW_THREADS Py_RETURN_NONE;
}

/* --- making one --- */

struct arguments {
    PyObject *options, *columns, *splits, *input, *log, *progress, *held;
    long long position;
    unsigned long long plan;
    const char *state;
    Py_ssize_t state_len;
};

static const char **columns_of(PyObject *list, uint32_t *count)
{
    const Py_ssize_t len = PyList_Size(list);
    const char **columns = len < 0 ? NULL : PyMem_Calloc((size_t)len + 1, sizeof *columns);
    for (Py_ssize_t i = 0; columns && i < len; i++) {
        char *name = NULL;
        if (PyBytes_AsStringAndSize(PyList_GetItem(list, i), &name, NULL) != 0) {
            PyMem_Free(columns);
            return NULL;
        }
        columns[i] = name;
    }
    *count = (uint32_t)len;
    return columns;
}

static struct quern_bytes *splits_of(PyObject *list, size_t *count)
{
    const Py_ssize_t len = PyList_Size(list);
    struct quern_bytes *splits = len < 0 ? NULL : PyMem_Calloc((size_t)len + 1, sizeof *splits);
    for (Py_ssize_t i = 0; splits && i < len; i++) {
        char *bytes = NULL;
        Py_ssize_t size = 0;
        if (PyBytes_AsStringAndSize(PyList_GetItem(list, i), &bytes, &size) != 0) {
            PyMem_Free(splits);
            return NULL;
        }
        splits[i] = (struct quern_bytes){.data = (const uint8_t *)bytes, .len = (size_t)size};
    }
    *count = (size_t)len;
    return splits;
}

/* (data, name, url, media_type): the latter str or None. `held` keeps all of them alive. */
static bool read_input(struct arguments *arguments, struct quern_input *input)
{
    PyObject *data = NULL;
    if (!PyArg_ParseTuple(arguments->input, "Ozzz", &data, &input->name, &input->url,
                          &input->media_type)) {
        return false;
    }
    PyObject *view = PyMemoryView_GetContiguous(data, PyBUF_READ, 'C');
    if (!view) {
        return false;
    }
    const Py_buffer *buffer = PyMemoryView_GET_BUFFER(view);
    input->struct_size = sizeof *input;
    input->data = buffer->len ? buffer->buf : (const uint8_t *)"";
    input->len = (size_t)buffer->len;
    arguments->held = Py_BuildValue("(NO)", view, arguments->input);
    return arguments->held != NULL;
}

static bool read_arguments(struct arguments *arguments, struct chain_options *options)
{
    options->options = options_of(arguments->options, &options->option_count);
    if (!options->options) {
        return false;
    }
    if (arguments->columns != Py_None) {
        options->columns = columns_of(arguments->columns, &options->column_count);
        if (!options->columns) {
            return false;
        }
    }
    if (arguments->splits != Py_None) {
        options->splits = splits_of(arguments->splits, &options->split_count);
        if (!options->splits) {
            return false;
        }
    }
    options->is_convert = arguments->input != Py_None;
    if (options->is_convert && !read_input(arguments, &options->input)) {
        return false;
    }
    options->held = arguments->held;
    options->place = (struct chain_place){arguments->position, arguments->plan};
    options->state =
        (struct quern_bytes){(const uint8_t *)arguments->state, (size_t)arguments->state_len};
    options->log = arguments->log == Py_None ? NULL : arguments->log;
    options->progress = arguments->progress == Py_None ? NULL : arguments->progress;
    return true;
}

static void forget_arguments(struct arguments *arguments, struct chain_options *options)
{
    PyMem_Free((void *)(uintptr_t)options->options);
    PyMem_Free((void *)(uintptr_t)options->columns);
    PyMem_Free((void *)(uintptr_t)options->splits);
    Py_CLEAR(arguments->held);
}

static PyObject *stream_new(PyTypeObject *type, PyObject *positional, PyObject *named)
{
    struct arguments arguments = {0};
    struct chain_options options = {0};
    struct quern_error error = {.struct_size = sizeof error};
    struct chain *chain = NULL;
    (void)named;
    if (!PyArg_ParseTuple(positional, "OOOOLKy#OO", &arguments.options, &arguments.columns,
                          &arguments.splits, &arguments.input, &arguments.position, &arguments.plan,
                          &arguments.state, &arguments.state_len, &arguments.log,
                          &arguments.progress)) {
        return NULL;
    }
    if (!core_plugin) {
        return raise_state("the plugin is not loaded");
    }
    int32_t status = QUERN_NO_MEMORY;
    if (read_arguments(&arguments, &options) && (chain = chain_new(&options))) {
        Py_BEGIN_ALLOW_THREADS;
        status = chain_open(chain, &options, &error);
        Py_END_ALLOW_THREADS;
    }
    forget_arguments(&arguments, &options);
    if (!chain) {
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    struct stream *self = NULL;
    if (status != QUERN_OK) {
        error_raise(&error);
    } else {
        self = (struct stream *)type->tp_alloc(type, 0);
    }
    if (!self) {
        chain_release(chain);
        return NULL;
    }
    self->chain = chain;
    return (PyObject *)self;
}

/* A capsule may still be reading; then the chain ends with it. */
static void stream_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (((struct stream *)self)->chain) {
        chain_release(((struct stream *)self)->chain);
    }
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef stream_methods[] = {
    {"capsule", stream_capsule, METH_NOARGS, "A PyCapsule of an ArrowArrayStream."},
    {"schema", stream_schema, METH_NOARGS, "A PyCapsule of an ArrowSchema."},
    {"next", stream_next, METH_NOARGS, "PyCapsules of schema and array, or None at the end."},
    {"state", stream_state, METH_NOARGS, "(position, hash of the plan so far, state)."},
    {"cancel", stream_cancel, METH_NOARGS, "End the call under way and all later ones."},
    {"close", stream_close, METH_NOARGS, "Cancel, and let go of what is open."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot stream_slots[] = {
    {Py_tp_new, stream_new},
    {Py_tp_dealloc, stream_dealloc},
    {Py_tp_methods, stream_methods},
    {0, NULL},
};

PyType_Spec stream_spec = {
    .name = "quern._core.Stream",
    .basicsize = sizeof(struct stream),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = stream_slots,
};
