"""Files of events: `phantom.vault_add` and its sisters, the class `Vault` of the older editors, and how content gets here and back.

A worker reaches neither the network nor the platform's folders: content travels over the line to the engine, in parts, into the child's own
folder, which is emptied after the turn.
"""

import base64
import os

from phantom import _calls, _link
from vedette_worker import tmpfolder

_PART = 4 << 20


def vault_add(container=None, file_location=None, file_name=None, metadata=None, trace=False):
    """`(ok, message, vault id)`. The file is taken out of the vault's tmp folder, and removed from there."""
    if not file_location:
        return False, "vault_add needs a file_location", None
    place = os.path.realpath(tmpfolder.real(os.fspath(file_location)))
    if not place.startswith(tmpfolder.scratch() + os.sep):
        return False, "%s is not below %s, where files for the vault have to be" % (file_location, get_vault_tmp_dir()), None
    try:
        with open(place, "rb") as file:
            _put(file)
    except OSError as error:
        return False, "%s cannot be read: %s" % (file_location, error.strerror), None
    added = _add(container, file_name or os.path.basename(place), metadata)
    if added[0]:
        os.unlink(place)
    return added


def _put(file):
    offset = 0
    while True:
        part = file.read(_PART)
        if part or not offset:
            _link.turn.call("vault_put", {"offset": offset, "content": base64.b64encode(part).decode()})
        offset += len(part)
        if len(part) < _PART:
            return


def _add(container, file_name, metadata):
    given = {"container": _calls._container(container), "file_name": file_name, "metadata": metadata}
    return tuple(_link.turn.call("vault_add", {key: value for key, value in given.items() if value is not None}))


def vault_info(vault_id=None, file_name=None, container_id=None, trace=False, download_file=True):
    """`(ok, message, files)`; each file with `path`, a copy that this turn may read, or `None` without `download_file`."""
    ok, message, items = _find("vault_info", vault_id, file_name, container_id)
    for item in items:
        item["path"] = _fetched(item["vault_id"]) if download_file else None
    return ok, message, items


def vault_delete(vault_id=None, file_name=None, container_id=None, remove_all=False, trace=False):
    """`(ok, message, names)`; several that fit are only taken off with `remove_all`."""
    return _find("vault_delete", vault_id, file_name, container_id, remove_all=bool(remove_all))


def _find(call, vault_id, file_name, container_id, **more):
    given = {"vault_id": vault_id, "file_name": file_name, "container_id": _calls._container(container_id)}
    return tuple(_link.turn.call(call, {**{key: value for key, value in given.items() if value is not None}, **more}))


def _fetched(vault_id):
    folder = os.path.join(tmpfolder.scratch(), ".vault")
    path = os.path.join(folder, vault_id)
    if os.path.exists(path):
        return path
    os.makedirs(folder, exist_ok=True)
    part_of = path + ".part"
    with open(part_of, "wb") as file:
        offset = 0
        while True:
            answer = _link.turn.call("vault_get", {"vault_id": vault_id, "offset": offset})
            part = base64.b64decode(answer["content"])
            file.write(part)
            offset += len(part)
            if offset >= answer["size"] or not part:
                break
    os.rename(part_of, path)
    return path


def get_vault_tmp_dir():
    return tmpfolder.NAME


def get_vault_item_info(vault_id=None, get_hashes=False):
    """The oldest form: a list; without an id the files of the run's own event."""
    container = None if vault_id else _link.turn.handed.get("container_id")
    return vault_info(vault_id=vault_id, container_id=container)[2]


def get_vault_file(s_hash):
    """The content, open for reading; an unknown hash is an `OSError`."""
    return open(_fetched(s_hash), "rb")


class Vault:
    """The form of the editors before 5.0."""

    @staticmethod
    def get_vault_tmp_dir():
        return get_vault_tmp_dir()

    @staticmethod
    def get_file_info(vault_id=None, file_name=None, container_id=None, method="or"):
        """A plain list. With `or`, files that fit any of what is given; each once."""
        if method != "or":
            return vault_info(vault_id, file_name, container_id)[2]
        found = {}
        for one in ({"vault_id": vault_id}, {"file_name": file_name}, {"container_id": container_id}):
            if any(value is not None for value in one.values()):
                for item in vault_info(**one)[2]:
                    found.setdefault(item["id"], item)
        return list(found.values())

    @staticmethod
    def get_file_path(vault_id):
        return _fetched(vault_id)

    @staticmethod
    def add_attachment(file_location, container_id, file_name=None, metadata=None):
        return _told(vault_add(container_id, file_location, file_name, metadata), container_id)

    @staticmethod
    def create_attachment(file_contents, container_id, file_name=None, metadata=None):
        import io
        content = file_contents.encode() if isinstance(file_contents, str) else bytes(file_contents)
        _put(io.BytesIO(content))
        return _told(_add(container_id, file_name, metadata), container_id)

    @staticmethod
    def delete_file(vault_id):
        return vault_delete(vault_id=vault_id, remove_all=True)


def _told(added, container):
    ok, message, vault_id = added
    told = {"succeeded": ok, "message": message or "success", "container": _calls._container(container)}
    if ok:
        told.update(hash=vault_id, vault_id=vault_id)
    return told
