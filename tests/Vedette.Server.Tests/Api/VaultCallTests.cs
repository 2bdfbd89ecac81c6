namespace Vedette.Server.Tests.Api;

/// <summary>Files that playbooks put into the vault and get out of it, from a worker that sees no folder but its own.</summary>
public sealed class VaultCallTests
{
    [Fact]
    public async Task FileFromTheTmpFolder_IsAttachedAndReadBack()
    {
        await using var site = await Site.Open();

        var run = await site.Passes("""
            import hashlib, os, pathlib
            path = "/opt/phantom/vault/tmp/report.txt"
            with open(path, "w") as file:
                file.write("found")
            assert os.path.exists(path) and os.path.getsize(path) == 5
            ok, message, vault_id = phantom.vault_add(container=container, file_location=path, metadata={"contains": ["report"]})
            assert ok and vault_id == hashlib.sha1(b"found").hexdigest(), message
            assert not os.path.exists(path)
            ok, message, items = phantom.vault_info(vault_id=vault_id)
            assert ok and len(items) == 1, message
            item = items[0]
            assert (item["name"], item["size"], item["vault_id"], item["container_id"]) == ("report.txt", 5, vault_id, container["id"])
            assert item["contains"] == ["report"] and item["mime_type"] == "text/plain"
            assert item["metadata"]["sha256"] == hashlib.sha256(b"found").hexdigest() and item["metadata"]["md5"] == hashlib.md5(b"found").hexdigest()
            with open(item["path"]) as file:
                assert file.read() == "found"
            assert phantom.vault_info(file_name="report.txt", container_id=container, download_file=False)[2][0]["path"] is None
            assert phantom.vault_info(file_name="other")[0] is False and phantom.vault_info()[2] == []
            folder = pathlib.Path("/opt/phantom/vault/tmp") / "sub"
            folder.mkdir()
            (folder / "two.bin").write_bytes(b"x" * 9_000_000)
            assert [one.name for one in folder.iterdir()] == ["two.bin"]
            ok, message, big = phantom.vault_add(container["id"], str(folder / "two.bin"), "big.bin")
            assert ok, message
            assert os.path.getsize(phantom.Vault.get_file_path(big)) == 9_000_000
            """);

        var files = (await site.Get($"/rest/container/{run.GetProperty("container")}/attachments?sort=id&order=asc&pretty")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["report.txt", "big.bin"], files.Select(file => file.GetProperty("name").GetString()));
        Assert.Equal("automation", files[0].GetProperty("created_via").GetString());
    }

    [Fact]
    public async Task FormsOfTheOlderEditors_AreAnswered()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            from phantom.vault import Vault
            told = Vault.create_attachment("one", container["id"], file_name="one.txt", metadata={"contains": ["text"]})
            assert told["succeeded"] and told["vault_id"] == told["hash"], told
            name = Vault.get_vault_tmp_dir() + "/two.txt"
            with open(name, "wb") as file:
                file.write(b"two")
            told2 = Vault.add_attachment(name, container["id"], file_name="two.txt")
            assert told2["succeeded"], told2
            assert [i["name"] for i in Vault.get_file_info(vault_id=told["hash"], file_name="two.txt")] == ["one.txt", "two.txt"]
            assert Vault.get_file_info(vault_id=told["hash"], file_name="two.txt", method="and") == []
            assert [i["contains"] for i in phantom.get_vault_item_info(told["vault_id"])] == [["text"]]
            assert len(phantom.get_vault_item_info()) == 2 and "vault_document_id" in phantom.get_vault_item_info()[0]
            with phantom.get_vault_file(told2["hash"]) as file:
                assert file.read() == b"two"
            assert open(Vault.get_file_path(told["hash"])).read() == "one"
            """);
    }

    [Fact]
    public async Task WhatCannotBeDone_IsSaidAndNotRaised()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            ok, message, none = phantom.vault_add(container=container, file_location="/etc/hostname")
            assert not ok and none is None and "/opt/phantom/vault/tmp" in message, message
            ok, message, none = phantom.vault_add(container=container, file_location="/opt/phantom/vault/tmp/../../etc/passwd")
            assert not ok
            ok, message, none = phantom.vault_add(container=container, file_location="/opt/phantom/vault/tmp/not there")
            assert not ok and "cannot be read" in message
            for name in ("a", "b"):
                with open("/opt/phantom/vault/tmp/" + name, "w") as file:
                    file.write(name)
                assert phantom.vault_add(container, "/opt/phantom/vault/tmp/" + name)[0]
            with open("/opt/phantom/vault/tmp/c", "w") as file:
                file.write("c")
            ok, message, none = phantom.vault_add(4711, "/opt/phantom/vault/tmp/c")
            assert not ok and "not found" in message
            ok, message, names = phantom.vault_delete(container_id=container["id"])
            assert not ok and names == [] and "remove_all" in message
            assert phantom.vault_delete(file_name="a", container_id=container["id"]) == (True, "", ["a"])
            assert phantom.vault_delete(container_id=container["id"], remove_all=True)[2] == ["b"]
            assert phantom.vault_info(container_id=container["id"])[2] == []
            """);
    }

    [Fact]
    public async Task NextTurn_FindsNothingOfTheFilesOfTheOneBefore()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            import os
            with open("/opt/phantom/vault/tmp/left", "w") as file:
                file.write("x")
            phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="who", callback=looks)
            """, """
            def looks(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                import os
                assert os.listdir("/opt/phantom/vault/tmp") == []
            """);
    }

    [Fact]
    public async Task WorkerDiesAfterAFileWasCommitted_FileIsThereOnce()
    {
        await using var site = await Site.Open();

        var run = await site.Passes("""
            import os
            def version():
                return phantom.requests.get(phantom.build_phantom_rest_url("playbook_run", phantom.get_playbook_run_id_()), verify=False).json()["version"]
            before = version()
            with open("/opt/phantom/vault/tmp/once", "w") as file:
                file.write("once")
            ok, message, vault_id = phantom.vault_add(container, "/opt/phantom/vault/tmp/once")
            path = phantom.vault_info(vault_id=vault_id)[2][0]["path"]
            # The file was committed before it was read; a further try is counted, which is one version more.
            if version() == before + 1:
                os._exit(9)
            assert open(path).read() == "once"
            """);

        Assert.Single((await site.Get($"/rest/container/{run.GetProperty("container")}/attachments")).GetProperty("data").EnumerateArray());
    }
}
