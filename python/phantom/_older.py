"""Names of earlier versions, made of those of today."""

from phantom import _api, _link


# Artifacts

def get_artifacts(container, artifact_label, scope=None, filter_artifact_ids=None, limit=None):
    found = _api.collect(container, "artifacts:*", scope=scope, limit=limit, filter_artifact_ids=filter_artifact_ids)
    return [artifact for artifact in found if artifact.get("label") == artifact_label]


def _addresses(container, scope, filter_artifact_ids, events, attackers):
    if events is None:
        events = _api.collect(container, "artifacts:*", scope=scope, filter_artifact_ids=filter_artifact_ids)
    addresses = []
    for event in events:
        cef = event.get("cef") or {}
        outbound = str(cef.get("deviceDirection")).strip().lower() in ("1", "outbound")
        value = cef.get("destinationAddress" if outbound == attackers else "sourceAddress")
        if value and value not in addresses:
            addresses.append(value)
    return addresses


def attacker_ips(container, scope=None, filter_artifact_ids=None, events=None):
    """The other side: where the traffic came from, or went to when it was outbound."""
    return _addresses(container, scope, filter_artifact_ids, events, attackers=True)


def victim_ips(container, scope=None, filter_artifact_ids=None, events=None):
    return _addresses(container, scope, filter_artifact_ids, events, attackers=False)


def save_artifact(container, raw_data, cef_data, label, name, severity, identifier, artifact_type, field_mapping=None,
                  run_automation=False):
    return _api.add_artifact(container=container, raw_data=raw_data, cef_data=cef_data, label=label, name=name, severity=severity,
                             identifier=identifier, artifact_type=artifact_type, field_mapping=field_mapping,
                             run_automation=run_automation)


# Results

def parse_results(action_results):
    return [result for run in action_results or () for result in run.get("action_results") or ()]


def get_successful_action_results_v2(action_results):
    return [result for result in parse_results(action_results) if result.get("status") == "success"]


def parse_success(action_results):
    return [item for result in get_successful_action_results_v2(action_results) for item in result.get("data") or ()]


def parse_errors(action_results):
    return [result for result in parse_results(action_results) if result.get("status") != "success"]


def print_errors(action_results):
    for result in parse_errors(action_results):
        _link.turn.log(_link.ERROR, str(result.get("message")))


def get_asset_names(action=None, tags=None):
    return [asset["name"] for asset in _api.get_assets(action=action, tags=tags)]


# Custom lists

def datastore_get(list_name):
    found, _, rows = _api.get_list(list_name)
    return rows if found and rows is not None else []


def datastore_set(list_name, values_list_of_lists):
    return _api.set_list(list_name, values_list_of_lists)


def datastore_add(list_name, values):
    return _api.add_list(list_name, values)


def datastore_delete(list_name):
    return _api.remove_list(list_name)


def datastore_check(list_name=None, value=None, case_sensitive=False, substring=False):
    return _api.check_list(list_name, value, case_sensitive, substring)


def datastore_present(list_name, values, column_index=-1):
    found, _, matches = _api.get_list(list_name, values=values, column_index=column_index)
    matches = (matches or {}).get("matches", []) if found else []
    return {"present": bool(matches), "matches": matches}
