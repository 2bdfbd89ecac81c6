"""Pure checks on values, as `phantom.utils` offers them."""

import ipaddress
import re
import urllib.parse

_MAC = re.compile(r"(?:[0-9a-fA-F]{2}([:-]))(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2}|[0-9a-fA-F]{12}|(?:[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4}")
_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_EMAIL_NAME = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")


def _hex(value, length):
    return isinstance(value, str) and len(value) == length and all(mark in "0123456789abcdefABCDEF" for mark in value)


def is_ip(ip_str):
    try:
        ipaddress.ip_address(str(ip_str).strip())
    except ValueError:
        return False
    return True


def is_ipv4(ip_str):
    try:
        ipaddress.IPv4Address(str(ip_str).strip())
    except ValueError:
        return False
    return True


def is_ipv6(ip_str):
    try:
        ipaddress.IPv6Address(str(ip_str).strip())
    except ValueError:
        return False
    return True


def is_hostname(value):
    if not isinstance(value, str) or not 0 < len(value) <= 253:
        return False
    return all(_LABEL.fullmatch(label) for label in value.rstrip(".").split("."))


def is_domain(value):
    return is_hostname(value) and "." in value.rstrip(".") and not is_ip(value) and not value.rstrip(".").rpartition(".")[2].isdigit()


def is_url(value):
    if not isinstance(value, str):
        return False
    try:
        parts = urllib.parse.urlsplit(value.strip())
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https", "ftp", "ftps") and bool(host) and (is_hostname(host) or is_ip(host))


def is_email(value):
    if not isinstance(value, str):
        return False
    name, _, host = value.strip().rpartition("@")
    return bool(_EMAIL_NAME.fullmatch(name)) and is_domain(host)


def is_mac(value):
    return isinstance(value, str) and bool(_MAC.fullmatch(value.strip()))


def is_md5(value):
    return _hex(value, 32)


def is_sha1(value):
    return _hex(value, 40)


def is_sha256(value):
    return _hex(value, 64)


def is_sha512(value):
    return _hex(value, 128)


def is_hash(value):
    return is_md5(value) or is_sha1(value) or is_sha256(value) or is_sha512(value)


def valid_ip(address):
    return is_ip(address)


def valid_net(net):
    text = str(net)
    if "/" not in text:
        return False
    try:
        ipaddress.IPv4Network(text, strict=False)
    except ValueError:
        return False
    return True


def address_in_network(ip, net):
    try:
        return ipaddress.ip_address(str(ip).strip()) in ipaddress.ip_network(str(net).strip(), strict=False)
    except (ValueError, TypeError):
        return False


# What a value of a type has to look like.
CONTAINS_VALIDATORS = {
    "ip": is_ip, "ipv6": is_ipv6, "domain": is_domain, "host name": is_hostname, "mac address": is_mac, "url": is_url, "email": is_email,
    "hash": is_hash, "md5": is_md5, "sha1": is_sha1, "sha256": is_sha256, "sha512": is_sha512,
}
