"""
Investigates two sign-ins of a person that lie too far apart for the time between them.

Asks WHOIS for the countries of the addresses, the directory for the account, and Splunk for its other sign-ins, all at the same time; unless
all is known and in order, asks somebody to call the person; has one ticket opened per event.
"""

import phantom.rules as phantom
import json
import math
import re
from datetime import datetime, timezone
from ipaddress import ip_address, ip_network

DEFAULTS = {
    "fastest_km_per_hour": 900,
    "max_lookups": 10,
    "search_back": ["-7d"],
    "own_network": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "fc00::/7", "fe80::/10", "::1/128"],
    "privileged_group": ["Domain Admins", "Enterprise Admins", "Administrators", "Schema Admins"],
    "sign_in_query": ["index=signin user=\"{user}\" | stats count by src_ip, result"],
    "ask": ["Administrator"],
    "answer_minutes": 60,
}

FIELDS = ["sourceUserName", "sourceAddress", "startTime", "sourceGeoLatitude", "sourceGeoLongitude"]
CHOICES = {"It was the person": "harmless", "It was somebody else": "confirmed", "The person was not reached": None}
EARTH_KM = 6371.0


################################################################################
## What is decided: plain functions of their arguments
################################################################################

def as_user(value):
    """The account's name without domain, if it can be sent as one; anything else is empty."""
    name = str(value or "").strip().split("\\")[-1].split("@")[0]
    return name if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name) else ""


def as_address(value):
    try:
        return str(ip_address(str(value or "").strip()))
    except ValueError:
        return ""


def as_time(value):
    """A time in ISO 8601, as seconds; None for anything else."""
    try:
        time = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).timestamp()


def as_degrees(value):
    try:
        degrees = float(value)
    except (TypeError, ValueError):
        return None
    return degrees if -180 <= degrees <= 180 else None


def read_sign_ins(rows):
    """The account, and its sign-ins in the order of time; those without a time come first."""
    users, sign_ins = [], []
    for row in rows:
        user, address, time, latitude, longitude = row
        if as_user(user) and as_user(user) not in users:
            users.append(as_user(user))
        if as_address(address):
            sign_ins.append({"address": as_address(address), "time": as_time(time), "place": [as_degrees(latitude), as_degrees(longitude)]})
    return users, sorted(sign_ins, key=lambda one: one["time"] or 0)


def network_of(address, networks):
    """The first network that an address belongs to, or empty; one in the list that is none is passed over."""
    for network in networks:
        try:
            if ip_address(address) in ip_network(network, strict=False):
                return network
        except ValueError:
            continue
    return ""


def plan_lookups(users, sign_ins, settings):
    """Parameters by look-up; one that has nothing to ask is not there."""
    most = settings["max_lookups"]
    addresses = [address for address in dict.fromkeys(one["address"] for one in sign_ins) if not network_of(address, settings["own_network"])]
    plan = {
        "get_address_owners": [{"ip": address} for address in addresses[:most]],
        "get_account": [{"principals": user, "attributes": "useraccountcontrol;memberof"} for user in users[:most]],
        "other_sign_ins": [{"command": "search", "query": settings["sign_in_query"][0].replace("{user}", user), "start_time": settings["search_back"][0]} for user in users[:most]],
    }
    return {name: parameters for name, parameters in plan.items() if parameters}


def finding(text, points=0, known=True):
    return {"text": text, "points": points, "known": known}


def kilometres(one, other):
    """Along the surface between two places in degrees; None where one of them is not known."""
    if None in one + other:
        return None
    (a, b), (c, d) = [[math.radians(degree) for degree in place] for place in (one, other)]
    arc = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(arc)))


def read_travel(sign_ins, settings):
    if len(sign_ins) < 2:
        return [finding("The event holds no two sign-ins that can be compared.", 0, False)]
    found = []
    for before, after in zip(sign_ins, sign_ins[1:]):
        names = "{} and {}".format(before["address"], after["address"])
        # A gateway of the house, through which people sign in from anywhere.
        exits = [network for network in (network_of(one["address"], settings.get("known_exit", [])) for one in (before, after)) if network]
        distance = kilometres(before["place"], after["place"])
        if exits:
            found.append(finding("Between {} nobody travelled: {} is a known exit of the house.".format(names, exits[0])))
        elif before["address"] == after["address"]:
            found.append(finding("Two sign-ins came from the same address, {}.".format(before["address"])))
        elif distance is None or before["time"] is None or after["time"] is None:
            found.append(finding("How fast the way between {} was is unknown: place or time is missing.".format(names), 0, False))
        else:
            hours = max((after["time"] - before["time"]) / 3600, 1 / 60)
            speed = distance / hours
            said = "The way between {} is {:.0f} km in {:.1f} hours".format(names, distance, hours)
            too_fast = speed > settings["fastest_km_per_hour"]
            found.append(finding(said + (": faster than one can travel." if too_fast else "."), 1 if too_fast else 0))
    return found


def read_owners(rows):
    found, countries = [], set()
    for address, status, message, country in rows:
        if status != "success":
            found.append(finding("The look-up of {} in WHOIS failed: {}".format(address, message), 0, False))
        elif not country:
            found.append(finding("The country of {} is unknown.".format(address), 0, False))
        else:
            countries.add(str(country))
            found.append(finding("{} is registered in {}.".format(address, country)))
    if len(countries) > 1:
        found.append(finding("The sign-ins came from networks of different countries: {}.".format(", ".join(sorted(countries))), 1))
    return found


def listed(value):
    return [str(one) for one in (value if isinstance(value, list) else [value] if value else [])]


def read_account(rows, settings):
    found = []
    for user, status, message, entries in rows:
        entry = next((one.get("attributes") for one in entries or [] if isinstance(one, dict) and isinstance(one.get("attributes"), dict)), None)
        if status != "success" or entry is None:
            found.append(finding("What the account {} may do is unknown: {}".format(user, message or "the directory does not know it"), 0, False))
            continue
        attributes = {str(key).lower(): value for key, value in entry.items()}
        groups = [re.sub(r"(?i)^cn=", "", group.split(",")[0]) for group in listed(attributes.get("memberof"))]
        far = sorted(set(groups) & set(settings["privileged_group"]))
        flags = "".join(listed(attributes.get("useraccountcontrol"))[:1])
        if far:
            found.append(finding("The account {} has far-reaching rights: {}.".format(user, ", ".join(far)), 1))
        else:
            found.append(finding("The account {} is in no privileged group.".format(user)))
        if flags.isdigit() and int(flags) & 0x2:
            found.append(finding("The account {} is disabled, yet it signed in.".format(user), 2))
    return found


def read_others(rows, sign_ins):
    status, message, data = rows[0]
    if status != "success":
        return [finding("The other sign-ins of the account are unknown: {}".format(message), 0, False)]
    items = [row for row in data or [] if isinstance(row, dict)]
    if not items:
        # The sign-ins of the alert should be there: the search did not look where they are logged.
        return [finding("The other sign-ins of the account are unknown: the log does not even hold those of the alert.", 0, False)]
    failed = [row for row in items if "fail" in str(row.get("result")).lower()]
    known = {as_address(row.get("src_ip")) for row in items if row not in failed}
    new = sorted({one["address"] for one in sign_ins} - known)
    found = [finding("{} address(es) were used by the account before.".format(len(known - {""})))]
    if failed:
        found.append(finding("Sign-ins of the account failed from {} address(es).".format(len(failed)), 1))
    if new:
        found.append(finding("The log holds no successful sign-in from {}.".format(", ".join(new[:10])), 0, False))
    return found


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
                            parameters=[{"list_name": "travel_settings", "defaults": DEFAULTS}])

    return


@phantom.playbook_block()
def plan(action=None, success=None, container=None, results=None, handle=None, **kwargs):

    settings = phantom.collect2(container=container, datapath=["read_settings:custom_function_result.data.settings"])[0][0] or DEFAULTS
    users, sign_ins = read_sign_ins(phantom.collect2(container=container, datapath=["artifact:*.cef." + field for field in FIELDS], scope="all"))
    lookups = plan_lookups(users, sign_ins, settings)
    phantom.save_run_data(key="plan", value=json.dumps({"settings": settings, "users": users, "sign_ins": sign_ins, "lookups": lookups}))

    get_address_owners(container=container, lookups=lookups)
    get_account(container=container, lookups=lookups)
    other_sign_ins(container=container, lookups=lookups)
    if not lookups:
        assess(container=container)

    return


@phantom.playbook_block()
def get_address_owners(action=None, success=None, container=None, results=None, handle=None, lookups=None, **kwargs):

    if "get_address_owners" in lookups:
        phantom.act("whois ip", parameters=lookups["get_address_owners"], assets=["whois"], name="get_address_owners",
                    callback=join_assess, handle=sorted(lookups))

    return


@phantom.playbook_block()
def get_account(action=None, success=None, container=None, results=None, handle=None, lookups=None, **kwargs):

    if "get_account" in lookups:
        phantom.act("get attributes", parameters=lookups["get_account"], assets=["windows_server"], name="get_account",
                    callback=join_assess, handle=sorted(lookups))

    return


@phantom.playbook_block()
def other_sign_ins(action=None, success=None, container=None, results=None, handle=None, lookups=None, **kwargs):

    if "other_sign_ins" in lookups:
        phantom.act("run query", parameters=lookups["other_sign_ins"], assets=["splunk"], name="other_sign_ins",
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
    settings, users, sign_ins, lookups = planned["settings"], planned["users"], planned["sign_ins"], planned["lookups"]
    found = read_travel(sign_ins, settings)
    if len(users) != 1:
        found.append(finding("The event names {} accounts.".format(len(users) or "no"), 0, False))

    never = "the action never reached an asset"
    for name in lookups:
        path = name + ":action_result."
        if name == "get_address_owners":
            rows = phantom.collect2(container=container, datapath=[path + "parameter.ip", path + "status", path + "message", path + "data.0.asn_country_code"])
            found += read_owners(rows or [["the addresses", "failed", never, None]])
        elif name == "get_account":
            rows = phantom.collect2(container=container, datapath=[path + "parameter.principals", path + "status", path + "message", path + "data.0.entries"])
            found += read_account(rows or [["in question", "failed", never, None]], settings)
        else:
            rows = phantom.collect2(container=container, datapath=[path + "status", path + "message", path + "data"])
            found += read_others(rows or [["failed", never, []]], sign_ins)

    title = "Impossible travel of {}".format(", ".join(users) or "an unknown account")
    conclude(container=container, title=title, found=found, settings=settings)

    return


@phantom.playbook_block()
def conclude(action=None, success=None, container=None, results=None, handle=None, title=None, found=None, settings=None, **kwargs):

    # Only the person knows; unless all is known and in order, somebody calls.
    phantom.playbook("community/conclude_investigation", container=container, name="conclude", callback=after_conclusion, inputs={
        "title": [title], "findings": found, "ask_when": ["medium", "high"],
        "question": ["Who signed in?"], "to_do": ["Call the person at a number you know, not by mail."], "choices": [CHOICES],
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
