def read_settings(list_name=None, defaults=None, **kwargs):
    """
    Reads a custom list of settings: rows of key, value and whatever else, the value being taken.

    Args:
        list_name: Name of the custom list. One that is not there is as good as an empty one.
        defaults: Values by key, each a list of text, or a whole number. A key that the list does not have keeps them.

    Returns a JSON-serializable object that implements the configured data paths:
        settings: Values by key, each a list of text; a whole number where the default is one, and the list has one
    """
    ############################ Custom Code Goes Below This Line #################################
    import json
    import re
    import phantom.rules as phantom

    own = {}
    found, message, rows = phantom.get_list(list_name=list_name)
    for row in rows if found and rows else []:
        cells = [str(cell or "").strip() for cell in (row if isinstance(row, list) else [row])] + ["", ""]
        if cells[0] and cells[1]:
            own.setdefault(cells[0], []).append(cells[1])
    settings = dict(defaults or {}, **own)
    for key, default in (defaults or {}).items():
        if isinstance(default, int) and key in own:
            settings[key] = int(own[key][0]) if re.fullmatch(r"[0-9]{1,9}", own[key][0]) else default
    outputs = {"settings": settings}

    # Return a JSON-serializable object
    assert json.dumps(outputs)  # Will raise an exception if the :outputs: object is not JSON-serializable
    return outputs
