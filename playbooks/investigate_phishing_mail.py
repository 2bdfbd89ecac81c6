"""
Investigates a mail that was reported as phishing or taken out by a filter.

Asks WHOIS for the domains of sender and links, and Splunk who received the mail and who followed its links, all at the same time; in doubt
asks a person; has one ticket opened per event.
"""

import phantom.rules as phantom
import json
import re
from datetime import datetime

DEFAULTS = {
    "young_domain_days": 30,
    "many_recipients": 10,
    "max_lookups": 10,
    "search_back": ["-7d"],
    "own_domain": ["halden.example"],
    "dangerous_extension": ["exe", "scr", "js", "jse", "vbs", "vbe", "wsf", "hta", "lnk", "iso", "img", "cmd", "bat", "ps1", "msi", "one", "xlsm", "docm"],
    "received_query": ["index=mail sender=\"{sender}\" | stats count by recipient"],
    "followed_query": ["index=proxy dest_domain IN ({domains}) | stats count by user"],
    "ask": ["Administrator"],
    "answer_minutes": 60,
}

FIELDS = ["fromEmail", "emailSubject", "emailHeaders", "requestURL", "destinationDnsDomain", "fileName"]
LOOKUPS = ["get_domain_owners", "who_received_it", "who_followed_links"]
CHOICES = {"It is phishing": "confirmed", "It is harmless": "harmless", "I cannot tell": None}


################################################################################
## What is decided: plain functions of their arguments
################################################################################

def as_domain(value):
    """A domain that can be sent as one, lower case; anything else is empty."""
    name = str(value or "").strip().lower().rstrip(".")
    return name if re.fullmatch(r"(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", name) else ""


def as_mail(value):
    """The address in `Name <name@domain>`, with nothing in it that a query could mistake."""
    found = re.findall(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{4,253}", str(value or ""))
    return found[-1].lower() if found and as_domain(found[-1].split("@")[1]) else ""


def of_url(value):
    found = re.match(r"(?i)[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?([^/:?#]*)", str(value or "").strip())
    return as_domain(found.group(1)) if found else ""


def is_own(domain, settings):
    return any(domain == own or domain.endswith("." + own) for own in settings["own_domain"])


def read_mail(rows):
    """All artifacts of the event as one mail."""
    mail = {"sender": "", "subject": "", "headers": {}, "links": [], "files": []}
    for row in rows:
        cef = dict(zip(FIELDS, row))
        mail["sender"] = mail["sender"] or as_mail(cef["fromEmail"])
        mail["subject"] = mail["subject"] or str(cef["emailSubject"] or "")
        mail["headers"] = mail["headers"] or (cef["emailHeaders"] if isinstance(cef["emailHeaders"], dict) else {})
        for domain in (of_url(cef["requestURL"]), as_domain(cef["destinationDnsDomain"])):
            if domain and domain not in mail["links"]:
                mail["links"].append(domain)
        if cef["fileName"]:
            mail["files"].append(str(cef["fileName"]))
    return mail


def plan_lookups(mail, settings):
    """Parameters by look-up; one that has nothing to ask is not there."""
    most = settings["max_lookups"]
    sender = mail["sender"].split("@")[1] if mail["sender"] else ""
    domains = [domain for domain in dict.fromkeys([sender] + mail["links"]) if domain and not is_own(domain, settings)]
    links = [domain for domain in mail["links"] if not is_own(domain, settings)]
    back = settings["search_back"][0]
    plan = {"get_domain_owners": [{"domain": domain} for domain in domains[:most]]}
    if mail["sender"]:
        plan["who_received_it"] = [{"command": "search", "query": settings["received_query"][0].replace("{sender}", mail["sender"]), "start_time": back}]
    if links:
        named = ", ".join("\"{}\"".format(domain) for domain in links[:most])
        plan["who_followed_links"] = [{"command": "search", "query": settings["followed_query"][0].replace("{domains}", named), "start_time": back}]
    return {name: parameters for name, parameters in plan.items() if parameters}


def finding(text, points=0, known=True):
    return {"text": text, "points": points, "known": known}


def read_headers(mail):
    """What the mail says of itself."""
    found = []
    checks = str(mail["headers"].get("Authentication-Results") or "").lower()
    failed = [name for name in ("dmarc", "dkim", "spf") if name + "=fail" in checks]
    if failed:
        found.append(finding("The sender did not pass {}.".format(", ".join(failed)), 1))
    elif "dmarc=pass" in checks:
        found.append(finding("The sender passed dmarc."))
    else:
        found.append(finding("Whether the sender is who it says is unknown: the mail carries no result of a check.", 0, False))
    reply = as_mail(mail["headers"].get("Reply-To"))
    if reply and mail["sender"] and reply.split("@")[1] != mail["sender"].split("@")[1]:
        found.append(finding("Answers go to {}, not to the domain of the sender.".format(reply), 1))
    return found


def read_files(mail, settings):
    found = []
    for name in mail["files"]:
        if name.rpartition(".")[2].lower() in settings["dangerous_extension"]:
            found.append(finding("The attachment {} can run as a program.".format(name), 2))
        else:
            found.append(finding("What the attachment {} does is unknown.".format(name), 0, False))
    return found


def age_in_days(created, today):
    """Of the oldest date that can be read; None for none, or one in the future."""
    dates = []
    for value in created if isinstance(created, list) else [created]:
        try:
            dates.append(datetime.strptime(str(value)[:10], "%Y-%m-%d").date())
        except ValueError:
            continue
    return (today - min(dates)).days if dates and min(dates) <= today else None


def read_owners(rows, settings, today):
    found = []
    for domain, status, message, created in rows:
        days = age_in_days(created, today) if status == "success" else None
        if status != "success":
            found.append(finding("The look-up of {} in WHOIS failed: {}".format(domain, message), 0, False))
        elif days is None:
            found.append(finding("The age of the domain {} is unknown: WHOIS gave no usable date.".format(domain), 0, False))
        elif days < settings["young_domain_days"]:
            found.append(finding("The domain {} is young: {} days.".format(domain, days), 2))
        else:
            found.append(finding("The domain {} is {} days old.".format(domain, days)))
    return found


def read_received(rows, settings):
    status, message, data = rows[0]
    if status != "success":
        return [finding("Who received the mail is unknown: {}".format(message), 0, False)]
    if not data:
        # The reported mail itself should be there: the search did not look where the mail is logged.
        return [finding("Who received the mail is unknown: the mail log holds none of this sender.", 0, False)]
    many = len(data) > settings["many_recipients"]
    return [finding("{} mailbox(es) received mail of this sender.".format(len(data)), 1 if many else 0)]


def read_followed(rows):
    status, message, data = rows[0]
    if status != "success":
        return [finding("Who followed the links is unknown: {}".format(message), 0, False)]
    if not data:
        return [finding("Nobody followed the links, as far as the proxy saw.")]
    users = sorted({str(row.get("user")) for row in data if isinstance(row, dict) and row.get("user")})
    return [finding("The links were followed by {}.".format(", ".join(users[:10]) or "people the log does not name"), 2)]


################################################################################
## Blocks
################################################################################

@phantom.playbook_block()
def on_start(container):

    read_settings(container=container)

    return


@phantom.playbook_block()
def read_settings(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    phantom.custom_function(custom_function="community/read_settings", name="read_settings", callback=plan,
                            parameters=[{"list_name": "phishing_settings", "defaults": DEFAULTS}])

    return


@phantom.playbook_block()
def plan(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    settings = phantom.collect2(container=container, datapath=["read_settings:custom_function_result.data.settings"])[0][0] or DEFAULTS
    mail = read_mail(phantom.collect2(container=container, datapath=["artifact:*.cef." + field for field in FIELDS], scope="all"))
    lookups = plan_lookups(mail, settings)
    phantom.save_run_data(key="plan", value=json.dumps({"settings": settings, "mail": mail, "lookups": lookups}))

    get_domain_owners(container=container, lookups=lookups)
    who_received_it(container=container, lookups=lookups)
    who_followed_links(container=container, lookups=lookups)
    if not lookups:
        assess(container=container)

    return


@phantom.playbook_block()
def get_domain_owners(action=None, success=None, container=None, results=None, handle=None, lookups=None, **kwargs):

    if "get_domain_owners" in lookups:
        phantom.act("whois domain", parameters=lookups["get_domain_owners"], assets=["whois"], name="get_domain_owners",
                    callback=join_assess, handle=sorted(lookups))

    return


@phantom.playbook_block()
def who_received_it(action=None, success=None, container=None, results=None, handle=None, lookups=None, **kwargs):

    if "who_received_it" in lookups:
        phantom.act("run query", parameters=lookups["who_received_it"], assets=["splunk"], name="who_received_it",
                    callback=join_assess, handle=sorted(lookups))

    return


@phantom.playbook_block()
def who_followed_links(action=None, success=None, container=None, results=None, handle=None, lookups=None, **kwargs):

    if "who_followed_links" in lookups:
        phantom.act("run query", parameters=lookups["who_followed_links"], assets=["splunk"], name="who_followed_links",
                    callback=join_assess, handle=sorted(lookups))

    return


@phantom.playbook_block()
def join_assess(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    if phantom.completed(action_names=handle):
        assess(container=container)

    return


@phantom.playbook_block()
def assess(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    planned = json.loads(phantom.get_run_data(key="plan"))
    settings, mail, lookups = planned["settings"], planned["mail"], planned["lookups"]
    found = read_headers(mail) + read_files(mail, settings)
    if not mail["sender"]:
        found.append(finding("The event names no sender that can be read.", 0, False))

    for name in lookups:
        path = name + ":action_result."
        if name == "get_domain_owners":
            rows = phantom.collect2(container=container, datapath=[path + "parameter.domain", path + "status", path + "message", path + "data.0.creation_date"])
            found += read_owners(rows or [["the domains", "failed", "the action never reached an asset", None]], settings, datetime.utcnow().date())
        else:
            rows = phantom.collect2(container=container, datapath=[path + "status", path + "message", path + "data"])
            rows = rows or [["failed", "the action never reached an asset", []]]
            found += read_received(rows, settings) if name == "who_received_it" else read_followed(rows)

    title = "Phishing mail from {}: {}".format(mail["sender"] or "an unknown sender", mail["subject"] or "no subject")
    conclude(container=container, title=title, found=found, settings=settings)

    return


@phantom.playbook_block()
def conclude(action=None, success=None, container=None, results=None, handle=None, title=None, found=None, settings=None, **kwargs):

    # A mail that is surely bad needs no answer, and one about which all is known and in order none either.
    phantom.playbook("community/conclude_investigation", container=container, name="conclude", callback=after_conclusion, inputs={
        "title": [title], "findings": found, "ask_when": ["medium"],
        "question": ["What is it?"], "to_do": ["Open the mail in the event and decide."], "choices": [CHOICES],
        "ask": settings["ask"][:1], "answer_minutes": [settings["answer_minutes"]]})

    return


@phantom.playbook_block()
def after_conclusion(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    if not success:
        # The run has not done what it is for: it ends as failed.
        raise RuntimeError("No ticket could be written: look at the run of conclude_investigation.")

    return


@phantom.playbook_block()
def on_finish(container, summary):

    return
