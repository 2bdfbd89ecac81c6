"""
Opens one ServiceNow ticket per event, and on later runs adds to it; leaves a note and a pin, and raises the severity.

An input playbook: the investigations call it with what they found. It never lowers an urgency or a severity.
"""

import phantom.rules as phantom
import json

DEFAULTS = {
    "table": ["incident"],
    "field.category": ["security"],
    "field.contact_type": ["monitoring"],
    "field.assignment_group": ["Security Operations"],
}

LEVELS = ["low", "medium", "high"]
URGENCIES = {"high": "1", "medium": "2", "low": "3"}


################################################################################
## What is decided: plain functions of their arguments
################################################################################

def higher(one, other):
    """The higher of two levels; what is no level counts as medium."""
    return max((level if level in LEVELS else "medium" for level in (one, other)), key=LEVELS.index)


def ticket_fields(settings, urgency):
    fields = {key[len("field."):]: values[0] for key, values in settings.items() if key.startswith("field.")}
    fields["urgency"] = URGENCIES[urgency]
    return fields


def ticket_key(container):
    return "ticket_of_event_{}".format(container["id"])


################################################################################
## Blocks
################################################################################

@phantom.playbook_block()
def on_start(container):

    read_settings(container=container)

    return


@phantom.playbook_block()
def read_settings(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    phantom.custom_function(custom_function="community/read_settings", name="read_settings", callback=new_or_known,
                            parameters=[{"list_name": "ticket_settings", "defaults": DEFAULTS}])

    return


@phantom.playbook_block()
def new_or_known(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    paths = ["playbook_input:" + name for name in ("title", "urgency", "why", "report")]
    title, urgency, why, report = [next((row[0] for row in phantom.collect2(container=container, datapath=[path])), "") for path in paths]
    settings = phantom.collect2(container=container, datapath=["read_settings:custom_function_result.data.settings"])[0][0] or DEFAULTS
    ticket = phantom.get_data(key=ticket_key(container), clear_data=False)
    known = ticket if isinstance(ticket, dict) else {}
    told = {"title": title, "why": why, "report": report, "table": settings["table"][0], "urgency": higher(urgency, known.get("urgency") or urgency)}

    if known:
        update_ticket(container=container, told=told, ticket=known)
    else:
        create_ticket(container=container, told=told, settings=settings)

    return


@phantom.playbook_block()
def create_ticket(action=None, success=None, container=None, results=None, handle=None, told=None, settings=None, **kwargs):

    phantom.act("create ticket", parameters=[{
        "short_description": told["title"],
        "description": "{}\n\n{}\n\nEvent {}".format(told["why"], told["report"], container["id"]),
        "table": told["table"],
        "fields": json.dumps(ticket_fields(settings, told["urgency"])),
    }], name="ticket", assets=["servicenow"], callback=record_ticket, handle=told)

    return


@phantom.playbook_block()
def update_ticket(action=None, success=None, container=None, results=None, handle=None, told=None, ticket=None, **kwargs):

    phantom.act("update ticket", parameters=[{
        "id": ticket["sys_id"], "is_sys_id": True, "table": ticket["table"],
        "fields": json.dumps({"work_notes": "{}\n\n{}".format(told["why"], told["report"]), "urgency": URGENCIES[told["urgency"]]}),
    }], name="ticket", assets=["servicenow"], callback=record_ticket, handle=dict(told, table=ticket["table"], sys_id=ticket["sys_id"], number=ticket["number"]))

    return


@phantom.playbook_block()
def record_ticket(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    rows = phantom.collect2(container=container, action_results=results, datapath=[
        "ticket:action_result.status", "ticket:action_result.message", "ticket:action_result.data.0.sys_id", "ticket:action_result.data.0.number"])
    status, message, sys_id, number = rows[0] if rows else ["failed", "the action never reached an asset", None, None]
    sys_id, number = handle.get("sys_id") or sys_id, handle.get("number") or number
    written = status == "success"
    if written:
        phantom.save_data({"sys_id": sys_id, "number": number, "table": handle["table"], "urgency": handle["urgency"]}, key=ticket_key(container))
        phantom.save_run_data(key="number", value=json.dumps(number))
    said = "Ticket {}, urgency {}".format(number, handle["urgency"]) if written else "No ticket could be written: {}".format(message)

    phantom.add_note(container=container, note_type="general", note_format="markdown", title=handle["title"],
                     content="**{}**\n\n{}\n\n{}".format(said, handle["why"], handle["report"]))
    phantom.pin(container=container, name="ticket", message="Ticket" if written else "No ticket", data=number if written else "not written",
                pin_type="card", pin_style="red" if handle["urgency"] == "high" or not written else "blue")
    severity = higher(container.get("severity"), handle["urgency"])
    if severity != container.get("severity"):
        phantom.set_severity(container=container, severity=severity)

    if not written:
        # The run has not done what it is for: it ends as failed, with what was written above kept.
        raise RuntimeError(said)

    return


@phantom.playbook_block()
def on_finish(container, summary):

    phantom.save_playbook_output_data(output={"number": json.loads(phantom.get_run_data(key="number") or "null")})

    return
