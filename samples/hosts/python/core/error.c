/* SPDX-License-Identifier: Apache-2.0 */
#include "core.h"

#include <errno.h>
#include <stdio.h>

static PyObject *class_of_errors;

bool error_use_class(PyObject *error_class)
{
    if (!PyExceptionClass_Check(error_class)) {
        PyErr_SetString(PyExc_TypeError, "an exception class is needed");
        return false;
    }
    Py_INCREF(error_class);
    Py_XDECREF(class_of_errors);
    class_of_errors = error_class;
    return true;
}

PyObject *error_raise(const struct quern_error *error)
{
    PyObject *arguments = Py_BuildValue(
        "(iNNIii)", error->status,
        PyUnicode_DecodeUTF8(error->message, (Py_ssize_t)strlen(error->message), "replace"),
        PyUnicode_DecodeUTF8(error->where, (Py_ssize_t)strlen(error->where), "replace"),
        error->flags, error->sys_errno, error->http_status);
    if (arguments) {
        PyErr_SetObject(class_of_errors ? class_of_errors : PyExc_RuntimeError, arguments);
        Py_DECREF(arguments);
    }
    return NULL;
}

void error_set(struct quern_error *error, int32_t status, const char *where, const char *message)
{
    *error = (struct quern_error){.struct_size = sizeof *error, .status = status};
    (void)snprintf(error->where, sizeof error->where, "%s", where);
    (void)snprintf(error->message, sizeof error->message, "%s", message);
}

int error_number(int32_t status)
{
    switch (status) {
    case QUERN_OK:
        return 0;
    case QUERN_INVALID_ARGUMENT:
    case QUERN_INVALID_STATE:
    case QUERN_INTERNAL:
        return EINVAL;
    case QUERN_CANCELLED:
        return ECANCELED;
    case QUERN_NO_MEMORY:
        return ENOMEM;
    default: /* a host must expect numbers it does not know */
        return EIO;
    }
}
