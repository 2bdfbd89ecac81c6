def rate_findings(title=None, findings=None, severity=None, answer=None, **kwargs):
    """
    Makes an urgency of findings, and a report that is safe to hand on. Evidence raises it; what is unknown never lowers it.

    Args:
        title: What it is about, in one line.
        findings: Each with text (a sentence), points (what it adds: 0, 1 or 2) and known (false for what could not be found out).
        severity: That of the event.
        answer: What a person decided: "confirmed", "harmless", or nothing.

    Returns a JSON-serializable object that implements the configured data paths:
        title: The title, harmless as text
        urgency: high, medium or low
        why: The reason in a sentence
        report: The findings as a list in Markdown, harmless as text
    """
    ############################ Custom Code Goes Below This Line #################################
    import json
    import re

    def harmless(value, limit=400):
        """Text from outside made fit for the next system and its readers: no links, mentions, markup or control marks."""
        out = []
        for char in str(value or "")[:limit]:
            if not char.isprintable():
                out.append(" " if char in "\r\n\t" else "<U+{:04X}>".format(ord(char)))
            else:
                out.append({"[": "(", "]": ")", "`": "'", "\\": "/", "|": "/", "<": "(", ">": ")"}.get(char, char))
        line = re.sub(r"(?i)\bhttp(s?)(?=:)", r"hxxp\1", "".join(out)).replace("@", "(at)")
        line = re.sub(r"(?<=[\w-])\.(?=[\w-])", "[.]", line)
        return "'" + line if line.startswith(("=", "+", "-")) else line

    findings = findings or []
    points = sum(one.get("points") or 0 for one in findings)
    raising = [harmless(one["text"]) for one in findings if one.get("points")]
    unknown = [one for one in findings if not one.get("known", True)]
    if answer == "confirmed":
        urgency, why = "high", "A person confirmed it."
    elif answer == "harmless":
        urgency, why = "low", "A person found it harmless."
    elif points >= 2:
        urgency, why = "high", "Urgency high, because: " + " ".join(raising)
    elif points == 1:
        urgency, why = "medium", "Urgency medium, because: " + " ".join(raising)
    elif unknown or not findings:
        urgency, why = "medium", "Urgency medium, because evidence is missing; what is unknown does not count as harmless."
    elif str(severity).lower() == "high":
        urgency, why = "medium", "Urgency medium: nothing odd was found, but the alert came with severity high."
    else:
        urgency, why = "low", "Urgency low: everything that was asked is known and in order."

    report = "\n".join("- " + harmless(one["text"]) for one in findings) or "- Nothing was found out."
    outputs = {"title": harmless(title, 160), "urgency": urgency, "why": why, "report": report}

    # Return a JSON-serializable object
    assert json.dumps(outputs)  # Will raise an exception if the :outputs: object is not JSON-serializable
    return outputs
