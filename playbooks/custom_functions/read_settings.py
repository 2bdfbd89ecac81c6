def read_settings(list_name=None, defaults=None, **kwargs):
    """
    Reads a custom list of settings: rows of key, value and whatever else, the value being taken.

    Args:
        list_name: Name of the custom list. One that is not there is as good as an empty one.
        defaults: Values by key, each a list. A key that the list does not have keeps them.

    Returns a JSON-serializable object that implements the configured data paths:
        settings: Values by key, each a list of text
    """
    ############################ Custom Code Goes Below This Line #################################
    import json
    import phantom.rules as phantom

    own = {}
    found, message, rows = phantom.get_list(list_name=list_name)
    for row in rows if found and rows else []:
        cells = [str(cell or "").strip() for cell in (row if isinstance(row, list) else [row])] + ["", ""]
        if cells[0] and cells[1]:
            own.setdefault(cells[0], []).append(cells[1])
    outputs = {"settings": dict(defaults or {}, **own)}

    # Return a JSON-serializable object
    assert json.dumps(outputs)  # Will raise an exception if the :outputs: object is not JSON-serializable
    return outputs
