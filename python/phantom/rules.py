"""`import phantom.rules as phantom`: the API of playbooks, with the signatures of 6.x.

What the turn was handed is answered here; everything else is asked of the engine (see _calls).
"""

import base64  # noqa: F401  the names up to `wraps` are part of the namespace that playbooks may use
import ipaddress  # noqa: F401
import json
import os  # noqa: F401
import random  # noqa: F401
import re  # noqa: F401
import string  # noqa: F401
import subprocess  # noqa: F401
import sys
import time
import traceback  # noqa: F401
import types  # noqa: F401
import urllib
import urllib.parse
import uuid  # noqa: F401
from copy import deepcopy  # noqa: F401
from functools import wraps  # noqa: F401

from vedette_worker import clock  # noqa: F401  before the next line: the clock of a playbook is the recorded one
from datetime import datetime, timedelta, timezone as _timezone  # noqa: F401

from phantom import _api, _calls, _constants, _link, requests, vault
from phantom._events import add_task, get_notes, get_raw_data, get_tasks  # noqa: F401
from phantom._older import (  # noqa: F401
    attacker_ips, datastore_add, datastore_check, datastore_delete, datastore_get, datastore_present, datastore_set, get_artifacts,
    get_asset_names, get_successful_action_results_v2, parse_errors, parse_results, parse_success, print_errors, save_artifact,
    victim_ips)
from phantom._link import NotAvailable  # noqa: F401
from phantom._templates import Context, Template, render_template  # noqa: F401
from phantom.vault import Vault, get_vault_file, get_vault_item_info, vault_add, vault_delete, vault_info  # noqa: F401
from phantom.utils import (  # noqa: F401
    CONTAINS_VALIDATORS, address_in_network, is_domain, is_email, is_hash, is_hostname, is_ip, is_ipv4, is_ipv6, is_mac, is_md5, is_sha1, is_sha256,
    is_sha512, is_url, valid_ip, valid_net)

requests.install(sys.modules)
urlparse = urllib.parse
utc = _timezone.utc
xrange = range
session_get, session_post, session_delete = requests.get, requests.post, requests.delete

for _part in (_constants, _api):
    globals().update({name: value for name, value in vars(_part).items() if not name.startswith("_")})
_ask = _calls.refuse_in_custom_function


def __getattr__(name):
    """CEF_JSON, the standard fields and what they contain: the engine has the list, and few playbooks want it."""
    if name == "CEF_JSON":
        return _link.turn.call("cef_fields", {})
    raise AttributeError("module 'phantom.rules' has no attribute '%s'" % name)


# Logging

def debug(message):
    _link.turn.log(_link.DEBUG, message if isinstance(message, str) else str(message))


def error(message):
    _link.turn.log(_link.ERROR, message if isinstance(message, str) else str(message))


# What the turn was handed

def save_run_data(value=None, key=None, auto=True, trace=False):
    if not isinstance(value, str):
        value = json.dumps(value) if isinstance(value, (dict, list, tuple, bool, type(None))) else str(value)
    key = "" if key is None else str(key)
    _link.turn.run_data[key] = value
    _link.turn.tell("save_run_data", {"key": key, "value": value, "auto": bool(auto)})


def get_run_data(key=None):
    data = _link.turn.run_data
    if key is None:
        return json.dumps(data)
    if key not in data and _link.turn.in_custom_function:
        raise RuntimeError("there is no run data %s" % key)
    return data.get(key, "")


def save_block_result(key=None, value=None):
    """The name of 7.x for what a code block puts out."""
    save_run_data(key=key, value=value)


def get_block_result(key=None):
    return get_run_data(key=key)


def clear_run_data(key=None):
    turn = _link.turn
    if key is None:
        turn.run_data.clear()
    else:
        turn.run_data.pop(key, None)
    turn.tell("clear_run_data", {} if key is None else {"key": key})


def format(container=None, template=None, parameters=None, scope=None, filter_artifact_ids=None, name=None, trace=False,  # noqa: A001
           separator=None, drop_none=False):
    turn = _link.turn
    if name is not None:
        _ask("format with a name")
    arguments = {"template": template, "parameters": parameters, "drop_none": bool(drop_none)}
    for key, value in (("container", _calls._container(container)), ("scope", scope), ("filter_artifact_ids", filter_artifact_ids),
                       ("name", name), ("separator", separator)):
        if value is not None:
            arguments[key] = value
    answer = turn.call("format", arguments)
    if isinstance(answer, dict):
        text, rows = answer["text"], answer["list"]
    else:
        text, rows = answer, [answer]
    if name is not None:
        turn.formats[name], turn.format_lists[name] = text, rows
    return text


def get_format_data(name=None):
    turn = _link.turn
    if name is None:
        return dict(turn.formats)
    if name in turn.formats:
        return turn.formats[name]
    if name.endswith("__as_list"):
        short = name[:-len("__as_list")]
        if short in turn.format_lists:
            return list(turn.format_lists[short])
        if short in turn.formats:
            return [turn.formats[short]]
    if turn.in_custom_function:
        raise RuntimeError("there is no format data %s" % name)
    return None


def _names(names):
    return [names] if isinstance(names, str) else names or ()


def completed(action_names=None, playbook_names=None, custom_function_names=None, trace=False):
    _ask("completed")
    done = _link.turn.handed.get("completed") or {}
    return (all(name in done.get("actions", ()) for name in _names(action_names))
            and all(name in done.get("playbooks", ()) for name in _names(playbook_names))
            and all(name in done.get("functions", ()) for name in _names(custom_function_names)))


def actions_done(action_names, trace=False):
    _ask("actions_done")
    done = _link.turn.handed.get("completed") or {}
    return all(any(name in names for names in done.values()) for name in _names(action_names))


def get_current_container_id_():
    return _link.turn.handed.get("container_id")


def get_effective_user():
    return _link.turn.handed.get("user_id")


def get_parent_handle():
    return _link.turn.handed.get("parent_handle")


def set_parent_handle(handle):
    """What the parent's callback gets as its handle when this run has ended."""
    _link.turn.handed["parent_handle"] = handle
    _link.turn.tell("set_parent_handle", {} if handle is None else {"handle": handle})


def get_playbook_run_id_():
    return _link.turn.handed.get("run_id")


def get_playbook_scope_():
    return _link.turn.handed.get("scope")


def get_playbook_info(playbook_id=None, playbook_name=None, playbook_repo=None):
    handed = _link.turn.handed
    if playbook_id is not None or playbook_name is not None:
        asked = {"playbook_id": playbook_id, "playbook_name": playbook_name, "playbook_repo": playbook_repo}
        return _link.turn.call("get_playbook_info", {key: value for key, value in asked.items() if value is not None})
    playbook = dict(handed.get("playbook") or {})
    playbook["repo_name"] = playbook.get("repo_name") or playbook.pop("repo", None)
    playbook["run_id"] = handed.get("run_id")
    playbook["parent_playbook_run_id"] = handed.get("parent_run_id")
    playbook["effective_user_id"] = handed.get("user_id")
    return [playbook]


def get_playbook_results(playbook_run_id=0, result_data=False, flatten=True):
    """The results of all actions of a run: of this one, or of another that its user may see."""
    return _api.get_action_results(playbook_run_id=playbook_run_id, result_data=result_data, flatten=flatten)


def get_extra_data(action=None, action_run_id=0, app_run_id=0):
    """What connectors gave beside their results. There is none: a connector has no way to give any."""
    return []


def get_phantom_home():
    return "/opt/phantom"


def get_base_url():
    return (_link.turn.handed.get("base_url") or "https://127.0.0.1").rstrip("/")


def get_rest_base_url():
    return "https://127.0.0.1/rest/"


def build_phantom_rest_url(*args):
    parts = (urllib.parse.quote(str(part).strip("/"), safe="/") for part in args)
    return "https://127.0.0.1/rest/" + "/".join(parts)


# Told, not asked

def save_playbook_output_data(output=None, trace=False):
    _ask("save_playbook_output_data")
    if output is not None and not isinstance(output, dict):
        raise TypeError("the output of a playbook is a dictionary, not %s" % type(output).__name__)
    _link.turn.tell("save_playbook_output_data", {"output": output or {}})


def discontinue():
    _ask("discontinue")
    _link.turn.tell("discontinue", {})


def set_action_limit(limit):
    _ask("set_action_limit")
    _link.turn.tell("set_action_limit", {"limit": int(limit)})


# Pure functions

def concatenate(*args, dedup=False):
    gathered = []
    for argument in args:
        if argument is None:
            continue
        gathered.extend(argument if isinstance(argument, (list, tuple)) else (argument,))
    if not dedup:
        return gathered
    kept = []
    for each in gathered:
        if each not in kept:
            kept.append(each)
    return kept


def playbook_block(block_name=None, cf_run_id=0):
    """The decorator of 5.4 and later. A block behaves the same with and without it."""
    def decorate(function):
        return function
    return decorate


class LoopState:
    """The state of a loop of blocks, carried from turn to turn as JSON text."""

    def __init__(self, state=None):
        state = json.loads(state) if isinstance(state, str) else dict(state or {})
        self.current_iteration = int(state.get("current_iteration") or 1)
        self.max_iterations = state.get("max_iterations")
        self.conditions = state.get("conditions")
        self.max_ttl = state.get("max_ttl")
        self.delay_time = state.get("delay_time")
        self._rest = state
        self.started = state.get("started") or time.time()

    def should_continue(self, container=None, results=None):
        if self.max_iterations is not None and self.current_iteration >= int(self.max_iterations):
            return False
        if self.max_ttl is not None and time.time() - self.started >= float(self.max_ttl):
            return False
        if self.conditions:
            return not _api.decision(container=container, action_results=results, conditions=self.conditions)
        return True

    def increment(self):
        self.current_iteration += 1

    def get_current_iteration(self):
        return self.current_iteration

    def to_json(self):
        return json.dumps({**self._rest, "current_iteration": self.current_iteration, "max_iterations": self.max_iterations,
                           "conditions": self.conditions, "max_ttl": self.max_ttl, "delay_time": self.delay_time,
                           "started": self.started})
