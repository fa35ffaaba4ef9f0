/* SPDX-License-Identifier: Apache-2.0 */
#include "core.h"

#include "common/plugin_load.h"

const struct quern_plugin *core_plugin;

struct quern_option *options_of(PyObject *list, size_t *count)
{
    const Py_ssize_t len = PyList_Size(list);
    struct quern_option *options = len < 0 ? NULL : PyMem_Calloc((size_t)len + 1, sizeof *options);
    for (Py_ssize_t i = 0; options && i < len; i++) {
        if (!PyArg_ParseTuple(PyList_GetItem(list, i), "yy", &options[i].key, &options[i].value)) {
            PyMem_Free(options);
            return NULL;
        }
    }
    *count = (size_t)len;
    return options;
}

static PyObject *raise_load_error(struct text *message)
{
    struct quern_error error;
    error_set(&error, QUERN_UNSUPPORTED, "plugin",
              message->len ? message->ptr : "there is not enough memory");
    return error_raise(&error);
}

static PyObject *describe(void)
{
    return Py_BuildValue("{s:s,s:s,s:s,s:I,s:I}", "name", core_plugin->name, "version",
                         core_plugin->version, "manifest", core_plugin->manifest, "abi_major",
                         core_plugin->abi_major, "abi_minor", core_plugin->abi_minor);
}

/* The library is never unloaded: batches may outlive whoever asked for them. */
static PyObject *load(PyObject *module, PyObject *positional)
{
    const char *named = NULL;
    PyObject *error_class = NULL;
    (void)module;
    if (!PyArg_ParseTuple(positional, "yO", &named, &error_class) ||
        !error_use_class(error_class)) {
        return NULL;
    }
    if (core_plugin) {
        return describe();
    }
    struct text path = {0};
    struct text error = {0};
    struct plugin_library library = {0};
    PyObject *answer = NULL;
    if (!plugin_find(named, &path, &error) || !plugin_load(path.ptr, &library, &error)) {
        answer = raise_load_error(&error);
    } else {
        core_plugin = library.table;
        answer = describe();
    }
    text_release(&library.path);
    text_release(&path);
    text_release(&error);
    return answer;
}

static PyMethodDef methods[] = {
    {"load", load, METH_VARARGS, "load(path, error_class): what the plugin says of itself."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "quern._core",
    .m_doc = "Between Python and the plugin.",
    .m_size = -1,
    .m_methods = methods,
};

static bool add_type(PyObject *module, const char *name, PyType_Spec *spec)
{
    PyObject *type = PyType_FromSpec(spec);
    if (type && PyModule_AddObject(module, name, type) == 0) {
        return true;
    }
    Py_XDECREF(type);
    return false;
}

PyMODINIT_FUNC PyInit__core(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module && add_type(module, "Stream", &stream_spec) &&
        add_type(module, "Plan", &plan_spec) && gate_open(module)) {
        return module;
    }
    Py_XDECREF(module);
    return NULL;
}
