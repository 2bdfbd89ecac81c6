"""The functions of the API that the engine answers, written as signatures."""

from phantom import _link

# name, signature, what its answer becomes. The signatures are those of 6.x.
_PLAIN, _TUPLE, _PAIR = "", "tuple", "pair"
ANSWERED = (
    ("act", "action=None, parameters=None, assets=None, tags=None, callback=None, reviewer=None, handle=None, start_time=None, "
            "name=None, asset_type=None, app=None, parent_action=None, loop_state=None", _PLAIN),
    ("playbook", "playbook=None, container=None, handle=None, show_debug=True, callback=None, name=None, inherit_scope=True, "
                 "inputs=None, loop_state=None", _PLAIN),
    ("prompt", "user=None, message='', respond_in_mins=30, callback=None, name=None, options=None, parameters=None, container=None, "
               "scope=None, filter_artifact_ids=None, trace=False, separator=None, drop_none=False", _PLAIN),
    ("prompt2", "user=None, respond_in_mins=30, callback=None, response_types=None, message='', parameters=None, name=None, "
                "container=None, scope=None, filter_artifact_ids=None, separator=None, drop_none=False, trace=False, role=None", _PLAIN),
    ("task", "user=None, message=None, respond_in_mins=0, callback=None, name=None", _PLAIN),
    ("custom_function", "custom_function=None, parameters=None, callback=None, name=None, loop_state=None", _PLAIN),
    ("collect2", "container=None, action_results=None, action_name=None, datapath=None, filter_artifacts=None, tags=None, "
                 "scope=None, limit=None, trace=False", _PLAIN),
    ("collect", "container, datapath, scope=None, limit=None, none_if_first=False, filter_artifact_ids=None, trace=False", _PLAIN),
    ("condition", "container=None, action_results=None, conditions=None, logical_operator='or', scope=None, "
                  "filtered_artifacts=None, filtered_results=None, limit=None, trace=False, name=None, auto=True, "
                  "case_sensitive=True, handle=None, delimiter=','", _PAIR),
    ("decision", "container=None, action_results=None, conditions=None, logical_operator='or', scope=None, "
                 "filtered_artifacts=None, filtered_results=None, limit=None, trace=False, name=None, auto=True, "
                 "case_sensitive=True, delimiter=','", _PLAIN),
    ("add_note", "container=None, note_type=None, trace=False, note_format='html', title=None, content=None, task_id=None, "
                 "artifact_id=None, phase_id=None", _TUPLE),
    ("comment", "container=None, comment=None, trace=False", _TUPLE),
    ("pin", "container=None, message=None, data=None, pin_type=None, pin_style=None, truncate=True, name=None, trace=False", _TUPLE),
    ("update_pin", "pin_id=None, message=None, data=None, pin_type=None, pin_style=None, trace=False", _TUPLE),
    ("set_severity", "container=None, severity=None, trace=False", _TUPLE),
    ("set_status", "container=None, status=None, trace=False", _TUPLE),
    ("set_owner", "container=None, user=None, trace=False, task_id=None, role=None", _TUPLE),
    ("add_artifact", "container=None, raw_data=None, cef_data=None, label=None, name=None, severity=None, identifier=None, "
                     "artifact_type=None, field_mapping=None, trace=False, run_automation=False", _TUPLE),
    ("get_container", "container_id", _PLAIN),
    ("get_list", "list_name=None, values=None, column_index=-1, trace=False", _TUPLE),
    ("add_list", "list_name=None, values=None", _TUPLE),
    ("get_action_results", "action=None, action_run_id=0, app_run_id=0, result_data=True, action_name=None, playbook_run_id=0, "
                           "flatten=True, trace=False", _PLAIN),
    ("get_summary", "playbook_run_id=0", _PLAIN),
    ("save_data", "value, key=None, use_filesystem=False", _PLAIN),
    ("get_data", "key, clear_data=True, use_filesystem=False", _PLAIN),
    ("update", "container, update, unify_datetime_format=False", _TUPLE),
    ("set_sensitivity", "container=None, sensitivity=None, trace=False", _TUPLE),
    ("set_label", "container=None, label=None, trace=False", _TUPLE),
    ("set_duetime", "container=None, operation='+', minutes=None, trace=None", _TUPLE),
    ("close", "container=None, trace=False", _TUPLE),
    ("deescalate", "container=None, trace=False", _TUPLE),
    ("promote", "container=None, template=None, trace=False", _TUPLE),
    ("merge", "case=None, container_id=None, artifact_id=None, ioc_field=None, playbook_run_id=None, action_run_id=None, vault_id=None, "
              "note_title=None, note_description=None, trace=False", _TUPLE),
    ("add_tags", "container=None, tags=None, trace=False", _TUPLE),
    ("remove_tags", "container=None, tags=None, trace=False", _TUPLE),
    ("get_tags", "container=None, trace=False", _TUPLE),
    ("create_container", "name=None, label=None, container_type='default', template=None, tenant_id=None, trace=False", _TUPLE),
    ("add_workbook", "container=None, workbook_id=None, trace=False", _TUPLE),
    ("set_phase", "container=None, phase=None, trace=False", _TUPLE),
    ("get_phase", "container=None, trace=False", _TUPLE),
    ("delete_artifact", "artifact_id=None", _TUPLE),
    ("delete_pin", "pin_id=None", _TUPLE),
    ("set_list", "list_name=None, values=None", _TUPLE),
    ("remove_list", "list_name=None, empty_list=False, trace=False", _TUPLE),
    ("check_list", "list_name=None, value=None, case_sensitive=False, substring=False", _TUPLE),
    ("delete_from_list", "list_name=None, value=None, column=None, remove_all=False, remove_row=False, trace=False", _TUPLE),
    ("save_object", "key=None, value=None, auto_delete=True, container_id=None, playbook_name=None, repo_name=None, trace=False", _PLAIN),
    ("get_object", "key=None, clear_data=False, container_id=None, playbook_name=None, repo_name=None, trace=False", _PLAIN),
    ("clear_object", "key=None, container_id=None, playbook_name=None, repo_name=None, trace=False", _PLAIN),
    ("clear_data", "key, use_filesystem=False", _PLAIN),
    ("get_assets", "action=None, tags=None, types=None", _PLAIN),
    ("get_apps", "action=None, asset=None, app_type=None", _PLAIN),
    ("get_filtered_data", "name=None", _PAIR),
    ("get_custom_function_results", "custom_function_run_id=None, custom_function_name=None, trace=False", _PLAIN),
    ("collect_from_contains", "container=None, action_results=None, contains=None, tags=None, filter_artifacts=None, "
                              "include_params=True, scope=None, limit=None, trace=False", _PLAIN),
)

NOT_IN_CUSTOM_FUNCTION = frozenset("act custom_function condition decision completed actions_done discontinue set_action_limit "
                                   "save_playbook_output_data get_summary playbook prompt prompt2 task".split())


def _name_of(function):
    """A callback is told by its name: the engine calls it in a fresh module of the same source."""
    if function is None or isinstance(function, str):
        return function
    name = getattr(function, "__name__", None)
    if name is None:
        raise TypeError("a callback is a function of the playbook, not %s" % type(function).__name__)
    return name


def _moment(value):
    if value is None or isinstance(value, str):
        return value
    offset = value.utcoffset()
    if offset is not None:
        value = (value - offset).replace(tzinfo=None)
    return value.isoformat() + "Z"


def _container(value):
    """A container goes as its number: the engine knows the rest, and knows it newer."""
    return value.get("id", value) if isinstance(value, dict) else value


def _text(value):
    return value if value is None or isinstance(value, str) else str(value)


_SHAPERS = {"callback": "_name_of", "start_time": "_moment", "container": "_container", "container_id": "_container", "case": "_container", "loop_state": "_text"}
_SHAPED_BY_NAME = {"data": "_text"}


def refuse_in_custom_function(name):
    if _link.turn.in_custom_function:
        raise RuntimeError("phantom.%s cannot be called from within a custom function" % name)


def _pair(value):
    return tuple(value) if value else ([], [])


def _parameters(signature):
    return [part.split("=")[0].strip() for part in signature.split(", ")]


def define(space):
    """Writes the functions into the namespace of the API: real functions, so that a wrong keyword is Python's own TypeError."""
    inner = {"_link": _link, "_name_of": _name_of, "_moment": _moment, "_container": _container, "_text": _text,
             "_refuse": refuse_in_custom_function, "_pair": _pair}
    for name, signature, answer in ANSWERED:
        lines = ["def %s(%s):" % (name, signature)]
        if name in NOT_IN_CUSTOM_FUNCTION:
            lines.append("    if _link.turn.in_custom_function: _refuse(%r)" % name)
        lines.append("    arguments = {}")
        for parameter in _parameters(signature):
            shaper = _SHAPERS.get(parameter) or (_SHAPED_BY_NAME.get(parameter) if name in ("pin", "update_pin") else None)
            value = "%s(%s)" % (shaper, parameter) if shaper else parameter
            lines.append("    if %s is not None: arguments[%r] = %s" % (parameter, parameter, value))
        call = "_link.turn.call(%r, arguments)" % name
        lines.append("    return " + {_PLAIN: "%s", _TUPLE: "tuple(%s)", _PAIR: "_pair(%s)"}[answer] % call)
        code = compile("\n".join(lines), "phantom.rules." + name, "exec")
        exec(code, inner)
        function = inner.pop(name)
        function.__module__ = "phantom.rules"
        space[name] = function
