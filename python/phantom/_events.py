"""What hangs on an event, read as a playbook reads it: one after the other."""

import json

from phantom import _api, _calls, _link


def _each(name, arguments):
    """A generator of `{"success", "message", "data"}`, as the field's readers are."""
    given = {key: value for key, value in arguments.items() if value is not None}
    found, message, rows = _link.turn.call(name, given)
    if not found:
        yield {"success": False, "message": message, "data": None}
        return
    for row in rows:
        yield {"success": True, "message": "", "data": row}


def get_notes(container=None, artifact_id=None, task_id=None, trace=False, **kwargs):
    return _each("get_notes", {"container": _calls._container(container), "artifact_id": artifact_id, "task_id": task_id})


def get_tasks(container=None, trace=False, **kwargs):
    return _each("get_tasks", {"container": _calls._container(container)})


def add_task(container=None, name=None, owner=None, role=None, trace=False, **kwargs):
    """`(ok, message, id)`: a task of the current phase, or of `phase_id`."""
    given = {"container": _calls._container(container), "name": name, "owner": owner, "role": role, **kwargs}
    return tuple(_link.turn.call("add_task", {key: value for key, value in given.items() if value is not None}))


def get_raw_data(container):
    if not (isinstance(container, dict) and "data" in container):
        container = _api.get_container(_calls._container(container)) or {}
    data = container.get("data")
    return data if isinstance(data, str) else json.dumps(data or {})
