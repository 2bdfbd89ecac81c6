"""
Rates what an investigation found, in doubt asks a person, rates again with the answer, and has one ticket opened per event.

An input playbook: the investigations call it with their findings. Where no ticket can be written it fails, and with it who called it.
"""

import phantom.rules as phantom


################################################################################
## What is decided: plain functions of their arguments
################################################################################

def what_was_said(said, choices):
    """A finding of what the person answered, and what the answer decides; choices are what each answer means, by its text."""
    if said in choices:
        return {"text": "A person was asked and answered: {}.".format(said)}, choices[said]
    return {"text": "A person was asked and did not answer.", "known": False}, None


################################################################################
## What several blocks do
################################################################################

def given(container, name):
    """The values of an input."""
    return [row[0] for row in phantom.collect2(container=container, datapath=["playbook_input:" + name])]


def rate_findings(container, name, callback, findings, answer=None):
    """Calls the function of that name; the event's severity is the one it has now."""
    phantom.custom_function(custom_function="community/rate_findings", name=name, callback=callback, parameters=[
        {"title": next(iter(given(container, "title")), ""), "findings": findings, "severity": container.get("severity"), "answer": answer}])


################################################################################
## Blocks
################################################################################

@phantom.playbook_block()
def on_start(container):

    rate(container=container)

    return


@phantom.playbook_block()
def rate(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    rate_findings(container, "rate", in_doubt, given(container, "findings"))

    return


@phantom.playbook_block()
def in_doubt(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    if phantom.decision(container=container, conditions=[["rate:custom_function_result.data.urgency", "in", "playbook_input:ask_when"]]):
        ask_a_person(container=container)
        return

    file_ticket(container=container, rated="rate")

    return


@phantom.playbook_block()
def ask_a_person(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    phantom.prompt2(
        container=container, role=given(container, "ask")[0], respond_in_mins=given(container, "answer_minutes")[0], name="ask_a_person", callback=rate_again,
        message="{0}\n\n{1}\n\n{2}\n\n{3}",
        parameters=["rate:custom_function_result.data.title", "rate:custom_function_result.data.why", "rate:custom_function_result.data.report", "playbook_input:to_do"],
        response_types=[{"prompt": given(container, "question")[0], "options": {"type": "list", "choices": list(given(container, "choices")[0])}}])

    return


@phantom.playbook_block()
def rate_again(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    said = phantom.collect2(container=container, datapath=["ask_a_person:action_result.summary.responses.0"], action_results=results)
    told, answer = what_was_said(said[0][0] if success and said else None, given(container, "choices")[0])
    rate_findings(container, "rate_with_answer", after_answer, given(container, "findings") + [told], answer)

    return


@phantom.playbook_block()
def after_answer(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    file_ticket(container=container, rated="rate_with_answer")

    return


@phantom.playbook_block()
def file_ticket(action=None, success=None, container=None, results=None, handle=None, rated=None, **kwargs):

    path = rated + ":custom_function_result.data."
    title, urgency, why, report = phantom.collect2(container=container, datapath=[path + key for key in ("title", "urgency", "why", "report")])[0]
    phantom.save_run_data(key="urgency", value=urgency)
    phantom.playbook("community/open_ticket", container=container, name="file_ticket", callback=after_ticket,
                     inputs={"title": [title], "urgency": [urgency], "why": [why], "report": [report]})

    return


@phantom.playbook_block()
def after_ticket(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    if not success:
        # The run has not done what it is for: it ends as failed.
        raise RuntimeError("No ticket could be written: look at the run of open_ticket.")

    return


@phantom.playbook_block()
def on_finish(container, summary):

    numbers = phantom.collect2(container=container, datapath=["file_ticket:playbook_output:number"])
    phantom.save_playbook_output_data(output={"urgency": phantom.get_run_data(key="urgency"), "number": numbers[0][0] if numbers else None})

    return
