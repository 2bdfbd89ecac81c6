"""
Investigates an alert about a suspicious outbound connection and opens one ticket per event.

Looks up the source device in the directory, the owner of the destination domain in WHOIS and the services of the
destination address in Shodan, all at the same time; decides the urgency; opens a ServiceNow incident; leaves a note and pins.
"""

import phantom.rules as phantom
import json
import re
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network

SETTINGS_LIST = "outbound_connection_settings"

# The same rows as outbound_connection_settings.json: [key, value, owner, reason, end_date]
DEFAULT_SETTINGS = [
    ["young_domain_days", "30", "", "a domain younger than this raises the urgency", ""],
    ["established_domain_days", "365", "", "a domain must be older than this to count as established", ""],
    ["shared_address_names", "10", "", "an address with more host names than this is shared by many", ""],
    ["work_note_minutes", "15", "", "at most one work note for repeated alerts in this time", ""],
    ["max_lookups", "10", "", "values looked up per system and run", ""],
    ["own_network", "10.0.0.0/8", "", "private addresses (RFC 1918)", ""],
    ["own_network", "172.16.0.0/12", "", "private addresses (RFC 1918)", ""],
    ["own_network", "192.168.0.0/16", "", "private addresses (RFC 1918)", ""],
    ["own_network", "fc00::/7", "", "private addresses (RFC 4193)", ""],
    ["reserved_network", "0.0.0.0/8", "", "this network", ""],
    ["reserved_network", "100.64.0.0/10", "", "carrier-grade NAT", ""],
    ["reserved_network", "127.0.0.0/8", "", "loopback", ""],
    ["reserved_network", "169.254.0.0/16", "", "link-local", ""],
    ["reserved_network", "224.0.0.0/3", "", "multicast and reserved", ""],
    ["reserved_network", "::/127", "", "unspecified and loopback", ""],
    ["reserved_network", "fe80::/10", "", "link-local", ""],
    ["reserved_network", "ff00::/8", "", "multicast", ""],
    ["own_domain", "local", "", "names of the local network", ""],
    ["own_domain", "internal", "", "names of the local network", ""],
    ["own_domain", "home.arpa", "", "names of the local network", ""],
    ["own_domain", "localhost", "", "this machine", ""],
    ["own_domain", "halden.example", "", "the company of the lab: put your own domains here", ""],
    ["privileged_user", "administrator", "", "pattern of an account with far-reaching rights", ""],
    ["privileged_user", "root", "", "pattern of an account with far-reaching rights", ""],
    ["privileged_user", "adm-*", "", "pattern of an account with far-reaching rights", ""],
    ["privileged_user", "*-adm", "", "pattern of an account with far-reaching rights", ""],
    ["ticket_table", "incident", "", "the ServiceNow table tickets are opened in", ""],
    ["field.category", "network", "", "a field of the ticket", ""],
    ["field.contact_type", "monitoring", "", "a field of the ticket", ""],
    ["field.assignment_group", "Security Operations", "", "a field of the ticket", ""],
]

FIELDS = ["sourceAddress", "sourceHostName", "sourceUserId", "sourceUserName", "destinationAddress", "destinationDnsDomain",
          "destinationHostName", "destinationPort", "bytesOut", "requestURL", "src_host"]

LOOKUPS = {  # block: (action, asset, parameter, who is asked)
    "get_device_profile": ("get system attributes", "windows_server", "hostname", "the directory"),
    "get_domain_owner": ("whois domain", "whois", "domain", "WHOIS"),
    "get_address_services": ("query ip", "shodan", "ip", "Shodan"),
}

SEVERITIES = ["low", "medium", "high"]
URGENCIES = {"high": "1", "medium": "2", "low": "3"}


################################################################################
## What is decided: plain functions of their arguments
################################################################################

def read_settings(rows):
    """Rows of the custom list as {key: [rows]}; a key the list does not have keeps its defaults."""
    settings, own = {}, {}
    for target, source in ((settings, DEFAULT_SETTINGS), (own, rows or [])):
        for row in source:
            cells = [str(cell or "").strip() for cell in (row if isinstance(row, list) else [row])]
            cells = (cells + [""] * 5)[:5]
            if cells[0]:
                target.setdefault(cells[0].lower(), []).append(cells)
    settings.update(own)
    return settings


def number(settings, key):
    """A threshold; one that is not a whole number falls back to its default."""
    default = next(row[1] for row in DEFAULT_SETTINGS if row[0] == key)
    value = settings[key][0][1]
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else int(default)


def text(value):
    """A value from a result as one line: connectors give a string, a number or a list of them."""
    if isinstance(value, (list, tuple)):
        return "; ".join(text(item) for item in value)
    return "" if value is None else str(value).strip()


def defang(value, limit=200):
    """Text from outside made harmless for the next system and its readers: no links, mentions, markup or control marks."""
    out = []
    for char in text(value)[:limit]:
        if not char.isprintable():
            out.append(" " if char in "\r\n\t" else "<U+{:04X}>".format(ord(char)))
        else:
            out.append({"[": "(", "]": ")", "`": "'", "\\": "/", "|": "/", "<": "(", ">": ")"}.get(char, char))
    line = re.sub(r"(?i)\bhttp(s?)(?=:)", r"hxxp\1", "".join(out)).replace("@", "(at)")
    line = re.sub(r"(?<=[\w-])\.(?=[\w-])", "[.]", line)
    line = re.sub(r"(?<=[0-9a-fA-F]):(?=[0-9a-fA-F:]*:)|(?<=:):(?=[0-9a-fA-F])", "[:]", line)
    return "'" + line if line.startswith(("=", "+", "-")) else line


def as_address(value):
    try:
        return str(ip_address(text(value)))
    except ValueError:
        return ""


def as_host(value):
    """A host name that can be sent as one, lower case; anything else is empty."""
    name = text(value).lower().rstrip(".")
    return name if re.fullmatch(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?", name) and not as_address(name) else ""


def as_domain(value):
    name = text(value)
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    name = as_host(name)
    return name if "." in name and ".." not in name else ""


def read_alert(row):
    """One artifact's CEF values, in the order of FIELDS, as what is asked about."""
    cef = dict(zip(FIELDS, row))
    url = re.match(r"(?i)[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/:?#]*)", text(cef["requestURL"]))
    url_host = url.group(1).strip("[]") if url else ""
    names = [text(v) for v in (cef["destinationDnsDomain"], cef["destinationHostName"], url_host) if text(v)]
    domains = [d for d in map(as_domain, names) if d]
    addresses = [a for a in map(as_address, [cef["destinationAddress"]] + names) if a]
    source = next((text(v) for v in (cef["sourceHostName"], cef["src_host"]) if text(v)), "")
    return {
        "host": as_host(source), "host_said": source, "source": text(cef["sourceAddress"]),
        "user": next((text(v) for v in (cef["sourceUserId"], cef["sourceUserName"]) if text(v)), ""),
        "domain": domains[0] if domains else "", "domains": domains, "domain_said": names[0] if names else "",
        "address": addresses[0] if addresses else "", "address_said": text(cef["destinationAddress"]),
        "port": text(cef["destinationPort"]), "bytes_out": text(cef["bytesOut"]), "url": text(cef["requestURL"]),
    }


def in_network(address, network):
    try:
        net, ip = ip_network(network, strict=False), ip_address(address)
        ip = getattr(ip, "ipv4_mapped", None) or ip
        return ip.version == net.version and ip in net
    except ValueError:
        return False


def in_domain(domain, parent):
    parent = parent.lower().strip(".").replace("*.", "")
    return bool(parent) and bool(domain) and (domain == parent or domain.endswith("." + parent))


def address_rule(address, settings):
    """The rule that keeps an address in the house, as a sentence, or empty."""
    for key, what in (("own_network", "own network"), ("reserved_network", "reserved network")):
        for row in settings.get(key, []):
            if address and in_network(address, row[1]):
                return "{} {}{}".format(what, row[1], " ({})".format(row[3]) if row[3] else "")
    return ""


def domain_rule(domain, settings):
    for row in settings.get("own_domain", []):
        if in_domain(domain, row[1]):
            return "own domain {}".format(row[1])
    return ""


def allow_rule(alert, settings, today):
    """(rule, remarks): the allow-list entry that holds, and entries that would match but do not hold."""
    remarks = []
    for _, value, owner, reason, end in settings.get("allow", []):
        # Every name of the alert must be covered: one field that was forged must not excuse the others.
        named = alert["domains"] and all(in_domain(domain, value) for domain in alert["domains"])
        if not (named or (alert["address"] and in_network(alert["address"], value))):
            continue
        try:
            ends = datetime.strptime(end, "%Y-%m-%d").date()
        except ValueError:
            ends = None
        if owner and reason and ends and ends >= today:
            return "allow-list entry {} (owner {}, reason: {}, until {})".format(value, owner, reason, end), []
        why = "it ended on {}".format(end) if ends and ends < today else "it lacks an owner, a reason or an end date"
        remarks.append("The allow-list entry {} was not applied: {}.".format(value, why))
    return "", remarks


def plan_lookups(alerts, settings, today):
    """What is excused and by which rule, what is asked of whom, and what is not asked and why."""
    plan = {"alerts": [], "excused": [], "remarks": [], "lookups": {}}
    asked = {block: [] for block in LOOKUPS}

    def remark(sentence):
        if sentence not in plan["remarks"]:
            plan["remarks"].append(sentence)

    def ask(block, value):
        if value and value not in asked[block]:
            asked[block].append(value)

    for alert in alerts:
        allowed, remarks = allow_rule(alert, settings, today)
        foreign = [domain for domain in alert["domains"] if not domain_rule(domain, settings)]
        own_domain = domain_rule(alert["domain"], settings) if not foreign else ""
        own_address = address_rule(alert["address"], settings)
        alert = dict(alert, domain=foreign[0] if foreign else alert["domain"])
        # An own address with a foreign name is a proxy or a forged answer, not an own destination.
        rule = allowed or own_domain or ("" if alert["domain_said"] else own_address)
        for sentence in remarks:
            remark(sentence)
        if rule:
            plan["excused"].append({"destination": alert["domain"] or alert["address"], "rule": rule})
            continue
        plan["alerts"].append(alert)
        ask("get_device_profile", alert["host"])
        ask("get_domain_owner", alert["domain"])
        if own_address:
            remark("The address {} was not sent to Shodan: {}.".format(defang(alert["address"]), own_address))
        else:
            ask("get_address_services", alert["address"])
        if not alert["host"]:
            remark("The directory was not asked: the alert names no usable host ({}).".format(defang(alert["host_said"]) or "none"))
        if not alert["domain"]:
            remark("WHOIS was not asked: the alert names no usable domain ({}).".format(defang(alert["domain_said"]) or "none"))
        if not alert["address"]:
            remark("Shodan was not asked: the alert names no usable address ({}).".format(defang(alert["address_said"]) or "none"))

    most = number(settings, "max_lookups")
    for block, values in asked.items():
        if len(values) > most:
            remark("Only the first {} of {} values were sent to {}.".format(most, len(values), LOOKUPS[block][3]))
        if values[:most]:
            plan["lookups"][block] = values[:most]
    return plan


def finding(sentence, points=0, known=True):
    """A sentence for the ticket, how much it raises the urgency, and whether it rests on evidence."""
    return {"text": sentence, "points": points, "known": known}


def read_device(host, data, summary):
    item = next((d for d in data or [] if isinstance(d, dict)), {})
    system, name = text(item.get("operatingsystem")), defang(host)
    flags, group = text(item.get("useraccountcontrol")), text(item.get("primarygroupid"))
    bits = int(flags) if flags.isdigit() else 0
    about = " ({})".format(defang(system)) if system else ""
    if bits & 0x2000 or group in ("516", "521"):
        result = [finding("The source {} is a domain controller{}.".format(name, about), 3)]
    elif "server" in system.lower():
        result = [finding("The source {} is a server{}.".format(name, about), 2)]
    elif system:
        words = (text(item.get("description")) + " " + text(item.get("distinguishedname"))).lower()
        kind = "laptop" if "laptop" in words or "notebook" in words else "workstation"
        result = [finding("The source {} is a {}{}.".format(name, kind, about))]
    else:
        result = [finding("The directory does not say what kind of device {} is: unknown, not harmless.".format(name), 0, False)]
    if bits & 0x2:
        result.append(finding("The account of {} is disabled in the directory, yet it is on the network.".format(name), 1))
    return result


def read_domain(domain, data, summary, settings, today):
    item, name = next((d for d in data or [] if isinstance(d, dict)), {}), defang(domain)
    created = item.get("creation_date") or []
    dates = []
    for value in created if isinstance(created, list) else [created]:
        try:
            dates.append(datetime.strptime(text(value)[:10], "%Y-%m-%d").date())
        except ValueError:
            continue
    contacts = item.get("contacts")
    registrant = contacts.get("registrant") if isinstance(contacts, dict) else None
    registrant = registrant if isinstance(registrant, dict) else {}
    owner = defang(registrant.get("organization") or registrant.get("name") or (summary or {}).get("organization"))
    owner = ", registered to " + owner if owner else ", registrant not shown"
    if not dates or min(dates) > today:
        return [finding("The age of the domain {} is unknown{}: WHOIS gave no usable creation date. Unknown is not harmless."
                        .format(name, owner), 0, False)]
    days = (today - min(dates)).days
    if days < number(settings, "young_domain_days"):
        return [finding("The domain {} is young: {} days{}.".format(name, days, owner), 2)]
    if days < number(settings, "established_domain_days"):
        return [finding("The domain {} is {} days old{}: not young, not yet established.".format(name, days, owner), 0, False)]
    return [finding("The domain {} is {} years old{}.".format(name, days // 365, owner))]


def read_address(address, data, summary, settings):
    name, banners = defang(address), [d for d in data or [] if isinstance(d, dict)]
    ports = sorted({int(text(b.get("port"))) for b in banners if re.fullmatch("[0-9]{1,5}", text(b.get("port")))})
    names, tags, verified, unverified = set(), set(), set(), set()
    for banner in banners:
        names.update(text(n) for n in banner.get("hostnames") or [])
        tags.update(text(t).lower() for t in banner.get("tags") or [])
        vulns = banner.get("vulns")
        for cve, facts in (vulns.items() if isinstance(vulns, dict) else ((v, None) for v in vulns or [])):
            sure = isinstance(facts, dict) and text(facts.get("verified")).lower() in ("true", "1")
            (verified if sure else unverified).add(defang(cve, 30))
    unverified -= verified
    if not banners:
        return [finding("Shodan knows no service at {}: unknown, not harmless.".format(name), 0, False)]
    result = [finding("Shodan saw {} at {}.".format("port " * (len(ports) == 1) + "ports " * (len(ports) > 1) + ", ".join(map(str, ports)) if ports else "no open port", name))]
    shared = bool(tags & {"cdn", "cloud"}) or len(names) > number(settings, "shared_address_names")
    if shared:
        result.append(finding("The address {} is shared by many (CDN or cloud): what Shodan saw there may belong to somebody else "
                              "and clears nothing.".format(name), 0, False))
    if verified:
        result.append(finding("Known vulnerabilities at {}, verified: {}.".format(name, ", ".join(sorted(verified)[:10])),
                              0 if shared else 1))
    if unverified:
        result.append(finding("Possible vulnerabilities at {}, concluded from the version and NOT verified: {}."
                              .format(name, ", ".join(sorted(unverified)[:10])), 0, False))
    return result


def read_user(user, settings):
    short = user.split("\\")[-1].split("@")[0].lower()
    if not user:
        return finding("The alert names no user.", 0, False)
    for row in settings.get("privileged_user", []):
        if fnmatchcase(short, row[1].lower()):
            return finding("The user {} is privileged (pattern {}).".format(defang(user), row[1]), 2)
    return finding("The user {} matches no pattern of a privileged account.".format(defang(user)))


def read_answers(plan, answers, settings, today):
    """Findings from all look-ups. answers: {block: [[value, status, message, data, summary], ...]}"""
    found = []
    for block, values in plan["lookups"].items():
        rows = {text(row[0]): row for row in answers.get(block, [])}
        for value in values:
            _, status, message, data, summary = rows.get(value, [value, "failed", "no answer was recorded", [], {}])
            if status != "success":
                found.append(finding("The look-up of {} in {} failed: {}. What it would have said is unknown, not harmless."
                                     .format(defang(value), LOOKUPS[block][3], (defang(message) or "no reason given").rstrip(".")), 0, False))
            elif block == "get_device_profile":
                found += read_device(value, data, summary)
            elif block == "get_domain_owner":
                found += read_domain(value, data, summary, settings, today)
            else:
                found += read_address(value, data, summary, settings)
    for user in sorted({alert["user"] for alert in plan["alerts"]}):
        found.append(read_user(user, settings))
    return found + [finding(sentence, 0, False) for sentence in plan["remarks"]]


def rate(found, severity):
    """(urgency, why). Low needs every piece of evidence to be there and harmless; a missing one means medium at least."""
    points = sum(f["points"] for f in found)
    missing = [f for f in found if not f["known"]]
    if points >= 2:
        return "high", "Urgency high, because: " + " ".join(f["text"] for f in found if f["points"])
    if points:
        return "medium", "Urgency medium, because: " + " ".join(f["text"] for f in found if f["points"])
    if missing:
        return "medium", "Urgency medium: nothing found raises it, but evidence is missing, so it is not rated low."
    if text(severity).lower() not in ("low", "medium"):
        return "medium", "Urgency medium: nothing found raises it, but the alert itself came with severity {}.".format(defang(severity))
    return "low", "Urgency low: all look-ups answered and none found anything that raises it."


def impact(found):
    """ServiceNow impact: what kind of device or user it is; 3 only for a device that is known."""
    points = max([f["points"] for f in found] or [0])
    return "1" if points >= 3 else "2" if points or any(not f["known"] for f in found) else "3"


def raised(severity, urgency):
    """The severity the event should have, or empty when it has that much already (own names are left alone)."""
    now = text(severity).lower()
    return urgency if now in SEVERITIES and SEVERITIES.index(urgency) > SEVERITIES.index(now) else ""


def title(plan):
    alert = plan["alerts"][0]
    source = alert["host"] or alert["source"] or "unknown source"
    target = alert["domain"] or alert["address"] or alert["domain_said"] or alert["address_said"] or "unknown destination"
    more = " and {} more".format(len(plan["alerts"]) - 1) if len(plan["alerts"]) > 1 else ""
    return "Suspicious outbound connection: {} to {}{}".format(defang(source, 60), defang(target, 70), more)[:160]


def connection(alert):
    parts = ["from {} {}".format(defang(alert["host_said"]) or "unnamed host", defang(alert["source"])).strip(),
             "to {} {}".format(defang(alert["domain_said"]) or "unnamed destination", defang(alert["address_said"])).strip()]
    for label, key in (("port", "port"), ("bytes sent", "bytes_out"), ("user", "user"), ("address of the page", "url")):
        if alert[key]:
            parts.append("{} {}".format(label, defang(alert[key])))
    return ", ".join(parts)


def describe(plan, found, why, container):
    """The ticket's text, for a person."""
    lines = [why, "", "Connections:"]
    lines += ["* " + connection(alert) for alert in plan["alerts"][:20]]
    lines += ["", "Findings:"] + ["* " + f["text"] for f in found]
    lines += ["* Not investigated: {} is covered by {}.".format(defang(e["destination"]), e["rule"]) for e in plan["excused"]]
    lines += ["", "Event {}: {}".format(container.get("id"), defang(container.get("name")))]
    return "\n".join(lines)


def ticket_fields(settings, urgency, impact_value):
    fields = {key[len("field."):]: rows[0][1] for key, rows in settings.items() if key.startswith("field.") and rows[0][1]}
    fields.update({"urgency": URGENCIES[urgency], "impact": impact_value})
    return fields


def markdown(found, why, ticket, excused):
    lines = ["**{}**".format(ticket), "", why, "", "Findings:", ""] + ["- " + f["text"] for f in found]
    lines += ["- Not investigated: {} is covered by {}.".format(defang(e["destination"]), e["rule"]) for e in excused]
    return "\n".join(lines)


def repeat(ticket, alerts, severity, settings, now):
    """What a later alert of an event with a ticket does: (fields for the ticket or None, what to remember)."""
    remembered = dict(ticket, suppressed=int(ticket.get("suppressed") or 0) + len(alerts))
    try:
        waited = now - datetime.strptime(ticket["last_note"], "%Y-%m-%dT%H:%M:%S") >= timedelta(
            minutes=number(settings, "work_note_minutes"))
    except (KeyError, TypeError, ValueError):
        waited = True
    higher = raised(ticket.get("urgency"), severity) if severity in SEVERITIES else ""
    if not alerts or not (waited or higher):
        return None, remembered
    note = "{} more alert(s) of this event since the last note. Latest: {}.".format(remembered["suppressed"], connection(alerts[-1]))
    fields = {"work_notes": note}
    if higher:
        fields["urgency"] = URGENCIES[higher]
        fields["work_notes"] += " Urgency raised to {}: a later alert came with that severity.".format(higher)
    after = dict(remembered, suppressed=0, last_note=now.strftime("%Y-%m-%dT%H:%M:%S"))
    if higher:
        after["urgency"] = higher
    return fields, after


def highest(severities):
    known = [text(s).lower() for s in severities if text(s).lower() in SEVERITIES]
    return max(known, key=SEVERITIES.index) if known else ""


def ticket_key(container):
    return "outbound_connection_ticket_{}".format(container["id"])


################################################################################
## Blocks
################################################################################

@phantom.playbook_block()
def on_start(container):

    rows = phantom.collect2(container=container, datapath=["artifact:*.cef." + field for field in FIELDS] + ["artifact:*.severity"])
    found, message, settings_rows = phantom.get_list(list_name=SETTINGS_LIST)
    settings = read_settings(settings_rows if found else None)
    alerts = [read_alert(row) for row in rows]
    ticket = phantom.get_data(key=ticket_key(container), clear_data=False)

    plan = plan_lookups(alerts, settings, datetime.utcnow().date())
    if not plan["alerts"]:
        close_without_ticket(container=container, plan=plan)
        return

    if ticket:
        # Only alerts that no rule excuses are told to the ticket.
        severity = highest([row[-1] for row in rows] + [container.get("severity")])
        add_to_ticket(container=container, ticket=ticket, alerts=plan["alerts"], settings=settings, severity=severity)
        return

    phantom.save_run_data(key="investigation", value=json.dumps({"plan": plan, "settings": settings}))

    if not plan["lookups"]:
        decide_urgency(container=container)
        return
    get_device_profile(container=container, plan=plan)
    get_domain_owner(container=container, plan=plan)
    get_address_services(container=container, plan=plan)

    return


def look_up(block, plan):
    """Asks all values of one look-up; the handle tells the join which look-ups were started."""
    values = plan["lookups"].get(block)
    if values:
        action, asset, parameter, _ = LOOKUPS[block]
        phantom.act(action, parameters=[{parameter: value} for value in values], name=block, assets=[asset],
                    callback=join_decide_urgency, handle=sorted(plan["lookups"]))


@phantom.playbook_block()
def get_device_profile(action=None, success=None, container=None, results=None, handle=None, plan=None, **kwargs):

    look_up("get_device_profile", plan)

    return


@phantom.playbook_block()
def get_domain_owner(action=None, success=None, container=None, results=None, handle=None, plan=None, **kwargs):

    look_up("get_domain_owner", plan)

    return


@phantom.playbook_block()
def get_address_services(action=None, success=None, container=None, results=None, handle=None, plan=None, **kwargs):

    look_up("get_address_services", plan)

    return


@phantom.playbook_block()
def join_decide_urgency(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    if not phantom.completed(action_names=handle):
        return
    if phantom.get_run_data(key="join_decide_urgency_called"):
        return
    phantom.save_run_data(key="join_decide_urgency_called", value="decide_urgency")

    decide_urgency(container=container)

    return


@phantom.playbook_block()
def decide_urgency(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    investigation = json.loads(phantom.get_run_data(key="investigation"))
    plan, settings = investigation["plan"], investigation["settings"]

    answers = {}
    for block in plan["lookups"]:
        path = block + ":action_result."
        answers[block] = phantom.collect2(container=container, datapath=[
            path + "parameter." + LOOKUPS[block][2], path + "status", path + "message", path + "data", path + "summary"])
        if not answers[block]:
            # The action never reached an asset: the reason stands on the run of the action.
            runs = phantom.get_action_results(action_name=block, flatten=False) or [{}]
            answers[block] = [[value, "failed", runs[0].get("message"), [], {}] for value in plan["lookups"][block]]

    found = read_answers(plan, answers, settings, datetime.utcnow().date())
    urgency, why = rate(found, container.get("severity"))
    create_ticket(container=container, plan=plan, settings=settings, found=found, urgency=urgency, why=why)

    return


@phantom.playbook_block()
def create_ticket(action=None, success=None, container=None, results=None, handle=None, plan=None, settings=None, found=None,
                  urgency=None, why=None, **kwargs):

    phantom.act("create ticket", parameters=[{
        "short_description": title(plan),
        "description": describe(plan, found, why, container),
        "table": settings["ticket_table"][0][1],
        "fields": json.dumps(ticket_fields(settings, urgency, impact(found))),
    }], name="create_ticket", assets=["servicenow"], callback=record_findings,
        handle={"found": found, "urgency": urgency, "why": why, "excused": plan["excused"],
                "table": settings["ticket_table"][0][1], "alert": plan["alerts"][0]})

    return


@phantom.playbook_block()
def record_findings(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    rows = phantom.collect2(container=container, action_results=results, datapath=[
        "create_ticket:action_result.status", "create_ticket:action_result.message",
        "create_ticket:action_result.data.0.sys_id", "create_ticket:action_result.data.0.number"])
    status, message, sys_id, ticket_number = rows[0] if rows else ["failed", "the action never reached an asset", None, None]
    opened = status == "success"
    urgency = handle["urgency"]

    if opened:
        phantom.save_data({"sys_id": sys_id, "number": ticket_number, "table": handle["table"], "urgency": urgency, "suppressed": 0},
                          key=ticket_key(container))
        said = "Ticket {}, urgency {}".format(defang(ticket_number), urgency)
    else:
        said = "No ticket could be opened: {}".format(defang(message))

    phantom.add_note(container=container, note_type="general", note_format="markdown", title="Suspicious outbound connection",
                     content=markdown(handle["found"], handle["why"], said, handle["excused"]))

    alert = handle["alert"]
    style = "red" if urgency == "high" or not opened else "blue"
    phantom.pin(container=container, name="outbound_ticket", message="Ticket" if opened else "No ticket",
                data="{} (urgency {})".format(defang(ticket_number) if opened else "not opened", urgency),
                pin_type="card", pin_style=style)
    phantom.pin(container=container, name="outbound_source", message="Source",
                data=" ".join(filter(None, [defang(alert["host_said"]), defang(alert["source"]), defang(alert["user"])])),
                pin_type="card", pin_style="grey")
    phantom.pin(container=container, name="outbound_destination", message="Destination",
                data=" ".join(filter(None, [defang(alert["domain_said"]), defang(alert["address_said"])])),
                pin_type="card", pin_style="grey")

    severity = raised(container.get("severity"), urgency)
    if severity:
        phantom.set_severity(container=container, severity=severity)

    if not opened:
        # The run has not done what it is for: it ends as failed, with what was written above kept.
        raise RuntimeError(said)

    return


@phantom.playbook_block()
def add_to_ticket(action=None, success=None, container=None, results=None, handle=None, ticket=None, alerts=None, settings=None,
                  severity=None, **kwargs):

    fields, remembered = repeat(ticket, alerts, severity, settings, datetime.utcnow())
    higher = raised(container.get("severity"), severity) if severity else ""
    if higher:
        phantom.set_severity(container=container, severity=higher)
    if fields is None:
        phantom.save_data(remembered, key=ticket_key(container))
        return

    phantom.act("update ticket", parameters=[{
        "id": ticket["sys_id"], "is_sys_id": True, "table": ticket["table"], "fields": json.dumps(fields),
    }], name="update_ticket", assets=["servicenow"], callback=record_work_note,
        handle={"remembered": remembered, "alerts": len(alerts), "before": ticket})

    return


@phantom.playbook_block()
def record_work_note(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    if success:
        phantom.save_data(handle["remembered"], key=ticket_key(container))
        return

    # The alerts stay counted, and the next one tries again.
    before = handle["before"]
    phantom.save_data(dict(before, suppressed=int(before.get("suppressed") or 0) + handle["alerts"]), key=ticket_key(container))
    phantom.error("The work note on ticket {} could not be written; its alerts are told with the next one.".format(
        defang(before.get("number"))))

    return


@phantom.playbook_block()
def close_without_ticket(action=None, success=None, container=None, results=None, handle=None, plan=None, **kwargs):

    if plan["excused"]:
        content = "\n".join("- {} is covered by {}: nothing was looked up and no ticket opened.".format(
            defang(entry["destination"]), entry["rule"]) for entry in plan["excused"])
    else:
        content = "The event holds no artifact to investigate: nothing was looked up and no ticket opened."
    phantom.add_note(container=container, note_type="general", note_format="markdown", title="Suspicious outbound connection",
                     content=content)

    return


@phantom.playbook_block()
def on_finish(container, summary):

    return
