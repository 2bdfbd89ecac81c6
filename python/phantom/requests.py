"""What a playbook calls `requests`: the own platform's REST, spoken over the line to the engine. There is no network."""

import base64 as _base64
import json as _json
import types
import urllib.parse

from phantom import _link

_OWN = frozenset(("127.0.0.1", "localhost", "::1"))


class RequestException(IOError):
    def __init__(self, *arguments, response=None, request=None):
        super().__init__(*arguments)
        self.response = response
        self.request = request


class HTTPError(RequestException):
    pass


class ConnectionError(RequestException):  # noqa: A001  the name is that of the package this stands in for
    pass


class Timeout(RequestException):
    pass


class InvalidURL(RequestException, ValueError):
    pass


class JSONDecodeError(RequestException, ValueError):
    pass


class Headers(dict):
    """Names of headers are the same in any case."""

    def __init__(self, pairs=()):
        super().__init__((str(name).lower(), value) for name, value in dict(pairs).items())

    def __getitem__(self, name):
        return super().__getitem__(name.lower())

    def __contains__(self, name):
        return super().__contains__(str(name).lower())

    def get(self, name, default=None):
        return super().get(name.lower(), default)


class Response:
    def __init__(self, url, answer):
        self.url = url
        self.status_code = answer["status"]
        self.reason = answer.get("reason") or ""
        self.headers = Headers(answer.get("headers") or {})
        self.content = _base64.b64decode(answer["bytes"]) if answer.get("bytes") else (answer.get("body") or "").encode()
        self.encoding = "utf-8"
        self.history = []
        self.cookies = {}

    @property
    def ok(self):
        return self.status_code < 400

    @property
    def text(self):
        return self.content.decode("utf-8", "replace")

    def json(self, **keywords):
        try:
            return _json.loads(self.text, **keywords)
        except ValueError as error:
            raise JSONDecodeError(str(error), response=self) from None

    def iter_lines(self):
        return iter(self.content.splitlines())

    def raise_for_status(self):
        if self.status_code >= 400:
            raise HTTPError("%d %s Error: %s for url: %s" % (
                self.status_code, "Client" if self.status_code < 500 else "Server", self.reason, self.url), response=self)

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def __bool__(self):
        return self.ok

    def __repr__(self):
        return "<Response [%d]>" % self.status_code


def _is_own(parts):
    if parts.hostname in _OWN:
        return True
    own = urllib.parse.urlsplit(_link.turn.handed.get("base_url") or "")
    return own.hostname is not None and own.hostname == parts.hostname and own.port == parts.port


def _query(parts, params):
    query = parts.query
    if params:
        more = params if isinstance(params, str) else urllib.parse.urlencode(
            [pair for pair in (params.items() if isinstance(params, dict) else params) if pair[1] is not None], doseq=True)
        query = query + "&" + more if query else more
    return query


def request(method, uri=None, params=None, data=None, headers=None, json=None, url=None, **_):
    """`uri` is the platform's word, `url` that of requests; time-outs, certificates, proxies, headers and credentials have
    no meaning here, and do not leave this process: a token in a header would stand in the record of the turn."""
    address = uri if uri is not None else url
    if not isinstance(address, str):
        raise InvalidURL("an address is a string, not %s" % type(address).__name__)
    if address.startswith("/"):
        address = "https://127.0.0.1" + address
    try:
        parts = urllib.parse.urlsplit(address)
        own = parts.scheme in ("http", "https") and _is_own(parts)
    except ValueError as error:
        raise InvalidURL("%s is not an address: %s" % (address, error)) from None
    if not own:
        raise ConnectionError(
            "a playbook has no network: %s is not this platform. Use an action of an app, or the address of build_phantom_rest_url" % address)
    body = None
    if json is not None:
        body = _json.dumps(json)
    elif isinstance(data, (bytes, bytearray)):
        body = bytes(data).decode("utf-8")
    elif isinstance(data, str):
        body = data
    elif data is not None:
        body = urllib.parse.urlencode(data, doseq=True)
    query = _query(parts, params)
    answer = _link.turn.call("rest", {
        "method": str(method).upper(), "path": parts.path or "/", "query": query, "body": body})
    full = urllib.parse.urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
    return Response(full, answer)


def get(uri=None, params=None, **keywords):
    return request("GET", uri, params=params, **keywords)


def post(uri=None, data=None, json=None, **keywords):
    return request("POST", uri, data=data, json=json, **keywords)


def put(uri=None, data=None, **keywords):
    return request("PUT", uri, data=data, **keywords)


def patch(uri=None, data=None, **keywords):
    return request("PATCH", uri, data=data, **keywords)


def delete(uri=None, **keywords):
    return request("DELETE", uri, **keywords)


def head(uri=None, **keywords):
    return request("HEAD", uri, **keywords)


class Session:
    def __init__(self):
        self.headers = {}
        self.verify = True
        self.auth = None

    def request(self, method, uri=None, headers=None, **keywords):
        return request(method, uri, headers={**self.headers, **(headers or {})}, **keywords)

    def get(self, uri=None, **keywords):
        return self.request("GET", uri, **keywords)

    def post(self, uri=None, data=None, json=None, **keywords):
        return self.request("POST", uri, data=data, json=json, **keywords)

    def put(self, uri=None, data=None, **keywords):
        return self.request("PUT", uri, data=data, **keywords)

    def patch(self, uri=None, data=None, **keywords):
        return self.request("PATCH", uri, data=data, **keywords)

    def delete(self, uri=None, **keywords):
        return self.request("DELETE", uri, **keywords)

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def session():
    return Session()


def _module(name, **contents):
    module = types.ModuleType(name)
    vars(module).update(contents)
    return module


exceptions = _module("requests.exceptions", RequestException=RequestException, HTTPError=HTTPError, ConnectionError=ConnectionError,
                     Timeout=Timeout, InvalidURL=InvalidURL, JSONDecodeError=JSONDecodeError)
_urllib3 = _module("urllib3", disable_warnings=lambda *_: None,
                   exceptions=_module("urllib3.exceptions", InsecureRequestWarning=type("InsecureRequestWarning", (Warning,), {})))
packages = _module("requests.packages", urllib3=_urllib3)


def install(modules):
    """Once, in the zygote: `import requests` finds this."""
    import sys
    own = sys.modules[__name__]
    modules.update({
        "requests": own, "requests.exceptions": exceptions, "requests.packages": packages, "requests.packages.urllib3": _urllib3,
        "requests.packages.urllib3.exceptions": _urllib3.exceptions, "urllib3": _urllib3, "urllib3.exceptions": _urllib3.exceptions})
