"""The playbook's decisions, and its whole way on a small fake of phantom.rules."""

import json
import os
import sys
import types
import unittest
from datetime import date, datetime, timedelta

sys.dont_write_bytecode = True
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FAKE = types.ModuleType("phantom.rules")
FAKE.playbook_block = lambda *args, **kwargs: lambda function: function
PACKAGE = types.ModuleType("phantom")
PACKAGE.rules = FAKE
sys.modules.update({"phantom": PACKAGE, "phantom.rules": FAKE})
sys.path.insert(0, os.path.join(ROOT, "playbooks"))

import investigate_suspicious_outbound_connection as playbook  # noqa: E402

TODAY = date(2026, 3, 4)
SETTINGS = playbook.read_settings(None)


def alert(**cef):
    values = {"sourceAddress": "10.20.14.57", "sourceHostName": "wks-0417", "sourceUserId": "jdoe",
              "destinationAddress": "198.51.100.77", "destinationDnsDomain": "cdn-telemetry.example.net"}
    values.update(cef)
    return playbook.read_alert([values.get(field) for field in playbook.FIELDS])


def plan(*alerts, **more):
    return playbook.plan_lookups(list(alerts), dict(SETTINGS, **more), TODAY)


class Platform:
    """Answers actions at once, delivers their callbacks after the block returned, counts the calls."""

    def __init__(self, answers, artifacts, ticket=None, rows=None, severity="medium"):
        self.answers, self.artifacts, self.rows = answers, artifacts, rows
        self.saved = {"outbound_connection_ticket_7": ticket} if ticket else {}
        self.container = {"id": 7, "name": "Rare TLS", "severity": severity}
        self.calls, self.acts, self.notes, self.pins, self.severities = [], [], [], [], []
        self.run_data, self.results, self.done, self.inbox = {}, {}, set(), []
        for name in ("act", "collect2", "completed", "get_list", "get_data", "save_data", "get_run_data", "save_run_data",
                     "add_note", "pin", "set_severity", "error", "get_action_results"):
            setattr(FAKE, name, self.counted(name))

    def counted(self, name):
        def call(*args, **kwargs):
            self.calls.append(name)
            return getattr(self, "_" + name)(*args, **kwargs)
        return call

    def run(self):
        playbook.on_start(self.container)
        while self.inbox:
            name, callback, handle = self.inbox.pop(0)
            self.done.add(name)
            rows = self.results[name]
            callback({"name": name}, any(r["status"] == "success" for r in rows), self.container, rows, json.loads(json.dumps(handle)))
        return self

    def _act(self, action, parameters, name, assets, callback, handle):
        self.acts.append((action, assets[0], parameters))
        answer = self.answers.get(action)
        self.results[name] = [] if answer is None else [dict(answer, parameter=p) for p in parameters]
        self.inbox.append((name, callback, handle))

    def _collect2(self, container, datapath, action_results=None):
        if datapath[0].startswith("artifact:"):
            return [[cef.get(path.split(".")[-1]) for path in datapath] for cef in self.artifacts]
        block = datapath[0].split(":")[0]
        rows = []
        for result in self.results[block]:
            row = []
            for path in datapath:
                value = result
                for key in path.split(":action_result.")[1].split("."):
                    value = (value[int(key)] if value else None) if isinstance(value, list) else (value or {}).get(key)
                row.append(value)
            rows.append(row)
        return rows

    def _get_action_results(self, action_name, flatten): return [{"message": "there is no such asset"}]
    def _completed(self, action_names): return all(name in self.done for name in action_names)
    def _get_list(self, list_name): return (True, "", self.rows) if self.rows else (False, "no such list", None)
    def _get_data(self, key, clear_data): return self.saved.get(key)
    def _save_data(self, value, key): self.saved[key] = json.loads(json.dumps(value))
    def _get_run_data(self, key): return self.run_data.get(key, "")
    def _save_run_data(self, key, value): self.run_data[key] = value
    def _add_note(self, **kwargs): self.notes.append(kwargs["content"])
    def _pin(self, **kwargs): self.pins.append(kwargs)
    def _set_severity(self, container, severity): self.severities.append(severity)
    def _error(self, message): self.failed = message


CEF = {"sourceAddress": "10.20.14.57", "sourceHostName": "wks-0417", "sourceUserId": "jdoe", "destinationAddress": "198.51.100.77",
       "destinationDnsDomain": "cdn-telemetry.example.net", "severity": "medium"}


def answered(young=True):
    days = 6 if young else 3000
    return {
        "get system attributes": {"status": "success", "message": "", "summary": {}, "data": [{"operatingsystem": "Windows 11"}]},
        "whois domain": {"status": "success", "message": "", "summary": {}, "data": [
            {"creation_date": [(datetime.utcnow() - timedelta(days=days)).isoformat()], "contacts": {"registrant": None}}]},
        "query ip": {"status": "success", "message": "", "summary": {}, "data": [{"port": 443, "hostnames": ["a.example"]}]},
        "create ticket": {"status": "success", "message": "", "summary": {}, "data": [{"sys_id": "9c57", "number": "INC0010001"}]},
        "update ticket": {"status": "success", "message": "", "summary": {}, "data": [{}]},
    }


class WhatIsSent(unittest.TestCase):
    def test_ordinary_alert_asks_all_three(self):
        self.assertEqual(plan(alert())["lookups"], {"get_device_profile": ["wks-0417"], "get_address_services": ["198.51.100.77"],
                                                    "get_domain_owner": ["cdn-telemetry.example.net"]})

    def test_own_and_reserved_addresses_are_never_sent(self):
        for address in ("10.1.2.3", "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fe80::1", "255.255.255.255"):
            made = plan(alert(destinationAddress=address))
            self.assertNotIn("get_address_services", made["lookups"], address)
            self.assertEqual(made["excused"], [], "a foreign name is looked into all the same")
            made = plan(alert(destinationAddress=address, destinationDnsDomain=None))
            self.assertEqual((made["lookups"], len(made["excused"])), ({}, 1), address)

    def test_own_domain_is_excused_only_when_every_name_is_own(self):
        self.assertIn("own domain halden.example", plan(alert(destinationDnsDomain="portal.halden.example"))["excused"][0]["rule"])
        made = plan(alert(destinationDnsDomain="portal.halden.example", destinationHostName="evil.example.org"))
        self.assertEqual(made["lookups"]["get_domain_owner"], ["evil.example.org"])
        self.assertEqual(plan(alert(destinationDnsDomain="nothalden.example"))["excused"], [])

    def test_allow_list_needs_owner_reason_and_an_end_not_passed(self):
        row = ["allow", "example.net", "tlind", "telemetry", "2026-03-04"]
        self.assertIn("owner tlind", plan(alert(), allow=[row])["excused"][0]["rule"])
        for column, value in ((4, "2026-03-03"), (4, ""), (2, ""), (3, "")):
            broken = list(row)
            broken[column] = value
            made = plan(alert(), allow=[broken])
            self.assertEqual(made["excused"], [])
            self.assertIn("was not applied", made["remarks"][0])

    def test_what_is_no_name_is_not_sent(self):
        made = plan(alert(sourceHostName="x)(cn=*", destinationDnsDomain="a b.example\n", destinationAddress="1.2.3"))
        self.assertEqual((made["lookups"], len(made["remarks"])), ({}, 3))


class WhatItIsWorth(unittest.TestCase):
    def test_low_only_when_everything_is_known_and_harmless(self):
        good = playbook.finding("fine")
        self.assertEqual(playbook.rate([good], "medium")[0], "low")
        self.assertEqual(playbook.rate([good], "high")[0], "medium")
        self.assertEqual(playbook.rate([good, playbook.finding("gone", 0, False)], "low")[0], "medium")
        self.assertEqual(playbook.rate([good, playbook.finding("server", 2)], "low")[0], "high")

    def test_unknown_age_is_said_and_not_harmless(self):
        for data in ([], [{}], [{"creation_date": ["soon"]}], [{"creation_date": ["2031-01-01"]}]):
            found = playbook.read_domain("a.example", data, {}, SETTINGS, TODAY)[0]
            self.assertFalse(found["known"])
            self.assertIn("unknown", found["text"])

    def test_kinds_of_device(self):
        for item, points in (({"operatingsystem": "Windows 11"}, 0), ({"operatingsystem": "Windows Server 2022"}, 2),
                             ({"operatingsystem": "Windows Server 2022", "useraccountcontrol": "532480"}, 3)):
            self.assertEqual(playbook.read_device("h", [item], {})[0]["points"], points)
        self.assertFalse(playbook.read_device("h", [], {})[0]["known"])

    def test_vulnerabilities_unverified_and_shared_addresses_clear_nothing(self):
        banner = {"port": 443, "vulns": {"CVE-2024-1": {"verified": True}, "CVE-2024-2": {"verified": False}}}
        found = playbook.read_address("198.51.100.7", [banner], {}, SETTINGS)
        self.assertEqual(sum(f["points"] for f in found), 1)
        self.assertTrue(any("NOT verified" in f["text"] and "CVE-2024-2" in f["text"] for f in found))
        shared = playbook.read_address("198.51.100.7", [dict(banner, tags=["cdn"])], {}, SETTINGS)
        self.assertEqual(sum(f["points"] for f in shared), 0)
        self.assertTrue(any(not f["known"] and "shared by many" in f["text"] for f in shared))

    def test_privileged_user(self):
        self.assertEqual(playbook.read_user("HALDEN\\tlind-adm", SETTINGS)["points"], 2)
        self.assertEqual(playbook.read_user("jdoe", SETTINGS)["points"], 0)

    def test_T03_text_from_outside_is_defanged(self):
        for value in ("https://evil.example/x", "=1+1", "[code]<b>x</b>[/code]", "@all", "a\u202eb", "\x1b[31m", "`x` \\n", "-1"):
            said = playbook.defang(value)
            for mark in ("https:", "[code]", "<b>", "@", "\u202e", "\x1b", "`", "\\", "evil.example"):
                self.assertNotIn(mark, said)
            self.assertNotIn(said[0], "=+-@")
        self.assertEqual(playbook.defang("198.51.100.77"), "198[.]51[.]100[.]77")
        self.assertEqual(playbook.defang(None), "")

    def test_defaults_in_file_and_playbook_are_the_same(self):
        with open(os.path.join(ROOT, "playbooks", "outbound_connection_settings.json")) as file:
            self.assertEqual(json.load(file), playbook.DEFAULT_SETTINGS)


class TheWholeWay(unittest.TestCase):
    def test_alert_becomes_ticket_within_25_calls(self):
        ran = Platform(answered(), [CEF]).run()
        self.assertEqual([a[0] for a in ran.acts], ["get system attributes", "whois domain", "query ip", "create ticket"])
        ticket = ran.acts[-1][2][0]
        self.assertIn("is young: 6 days", ticket["description"])
        self.assertEqual(json.loads(ticket["fields"])["urgency"], "1")
        self.assertEqual(ran.severities, ["high"])
        self.assertIn("INC0010001", ran.notes[0])
        self.assertEqual(len(ran.pins), 3)
        self.assertLessEqual(len(ran.calls), 25, ran.calls)

    def test_failed_lookups_are_said_and_the_ticket_is_opened(self):
        answers = answered(young=False)
        answers["query ip"] = {"status": "failed", "message": "status_code: 500", "summary": {}, "data": []}
        answers["whois domain"] = None
        ran = Platform(answers, [CEF]).run()
        ticket = ran.acts[-1][2][0]
        self.assertIn("in Shodan failed: status_code: 500", ticket["description"])
        self.assertIn("in WHOIS failed: there is no such asset", ticket["description"])
        self.assertEqual(json.loads(ticket["fields"])["urgency"], "2")

    def test_excused_destination_leaves_a_note_and_no_ticket(self):
        ran = Platform(answered(), [dict(CEF, destinationDnsDomain="portal.halden.example")]).run()
        self.assertEqual(ran.acts, [])
        self.assertIn("own domain halden.example", ran.notes[0])

    def test_ticket_that_fails_fails_the_run_is_said_and_tried_again_next_time(self):
        answers = answered()
        answers["create ticket"] = {"status": "failed", "message": "down", "summary": {}, "data": []}
        ran = Platform(answers, [CEF])
        with self.assertRaisesRegex(RuntimeError, "No ticket could be opened: down"):
            ran.run()
        self.assertIn("No ticket could be opened: down", ran.notes[0])
        self.assertEqual(ran.saved, {})

    def test_first_repeat_is_told_at_once_and_the_next_ones_together_after_15_minutes(self):
        key = "outbound_connection_ticket_7"
        ticket = Platform(answered(), [CEF]).run().saved[key]
        first = Platform(answered(), [CEF], ticket, severity="high").run()
        self.assertEqual([a[0] for a in first.acts], ["update ticket"])
        self.assertIn("1 more alert(s)", first.acts[0][2][0]["fields"])
        second = Platform(answered(), [CEF, CEF], first.saved[key], severity="high").run()
        self.assertEqual((second.acts, second.saved[key]["suppressed"]), ([], 2))
        third = Platform(answered(), [CEF], dict(second.saved[key], last_note="2020-01-01T00:00:00"), severity="high").run()
        self.assertEqual([a[0] for a in third.acts], ["update ticket"])
        self.assertIn("3 more alert(s)", third.acts[0][2][0]["fields"])
        self.assertEqual(third.saved[key]["suppressed"], 0)

    def test_repeat_of_higher_severity_raises_both_at_once(self):
        ticket = {"sys_id": "9c57", "number": "INC1", "table": "incident", "urgency": "medium", "suppressed": 0,
                  "last_note": datetime.utcnow().strftime("%Y-%m-%dT%H:%M:%S")}
        ran = Platform(answered(), [dict(CEF, severity="high")], ticket).run()
        self.assertEqual(json.loads(ran.acts[0][2][0]["fields"])["urgency"], "1")
        self.assertEqual(ran.severities, ["high"])


if __name__ == "__main__":
    unittest.main()
