using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Vedette.Server.Tests.Repositories;

/// <summary>Repositories reached by ssh: with a key of ours, and only where the host shows the key that was pinned.</summary>
public sealed class SshTests
{
    [Fact]
    public async Task PulledAndPushed_ByOurKey_FromTheHostThatIsPinned()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var ssh = SshSide.Serve(side.Root);
        await using var site = await Site.Open();
        var shared = await Add(site, ssh, side, ssh.Key, ssh.HostKey);

        Assert.Equal(["triage"], (await site.Pull(shared)).Words("taken"));
        await site.Save("triage", OtherSide.Harmless.Replace("looks", "ours", StringComparison.Ordinal), "Ours", "shared");
        await site.Done($"/rest/scm/{shared}/push");

        Assert.Contains("ours", side.InBare("show", "main:triage.py"), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(site.Folder, "repositories"), "*", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains("PRIVATE KEY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task T23_HostThatShowsAnotherKey_IsAskedNothing()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var ssh = SshSide.Serve(side.Root);
        await using var site = await Site.Open();
        var shared = await Add(site, ssh, side, ssh.Key, File.ReadAllText(Path.Combine(side.Root, "client.pub")).Trim());

        var (status, body) = await site.PostAsAdmin($"/rest/scm/{shared}/pull", "{}");

        Assert.Equal((400, "host_key_changed"), (status, body.Text("code")));
    }

    [Fact]
    public async Task T23_HostWhoseKeyNobodyGave_IsNotTrustedAtFirstSight()
    {
        using var side = OtherSide.Make();
        await using var ssh = SshSide.Serve(side.Root);
        await using var site = await Site.Open();
        var shared = await Add(site, ssh, side, ssh.Key, "");

        var (status, body) = await site.PostAsAdmin($"/rest/scm/{shared}/pull", "{}");

        Assert.Equal((400, "no_host_key"), (status, body.Text("code")));
    }

    [Fact]
    public async Task KeyThatIsNotTaken_IsSaid()
    {
        using var side = OtherSide.Make();
        await using var ssh = SshSide.Serve(side.Root);
        await using var site = await Site.Open();
        var shared = await Add(site, ssh, side, File.ReadAllText(Path.Combine(side.Root, "host")), ssh.HostKey);

        var (status, body) = await site.PostAsAdmin($"/rest/scm/{shared}/pull", "{}");

        Assert.Equal((400, "credentials_refused"), (status, body.Text("code")));
    }

    private static async Task<long> Add(Site site, SshSide ssh, OtherSide side, string key, string hostKey)
    {
        var (status, body) = await site.PostAsAdmin("/rest/scm", JsonSerializer.Serialize(new { name = "shared", uri = $"ssh://{Environment.UserName}@127.0.0.1:{ssh.Port}{side.Bare}", private_key = key, host_key = hostKey }));
        Assert.True(status == 200, body.ToString());
        return body.GetProperty("id").GetInt64();
    }

    /// <summary>A real server of ssh: one for each connection, which it is handed.</summary>
    private sealed class SshSide : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly string _root;
        private readonly CancellationTokenSource _end = new();
        private readonly Task _work;

        private SshSide(string root)
        {
            _root = root;
            _listener.Start();
            _work = Work();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public string Key => File.ReadAllText(Path.Combine(_root, "client"));

        public string HostKey => File.ReadAllText(Path.Combine(_root, "host.pub")).Trim();

        public static SshSide Serve(string root)
        {
            foreach (var name in new[] { "host", "client" })
            {
                using var made = Process.Start("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", Path.Combine(root, name)]);
                made.WaitForExit();
            }

            File.Copy(Path.Combine(root, "client.pub"), Path.Combine(root, "authorized"));
            File.WriteAllText(Path.Combine(root, "sshd_config"), $"HostKey {root}/host\nAuthorizedKeysFile {root}/authorized\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nPidFile none\n");
            if (Environment.IsPrivilegedProcess)
            {
                Directory.CreateDirectory("/run/sshd");
            }

            return new SshSide(root);
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _work;
            _listener.Dispose();
            _end.Dispose();
        }

        private async Task Work()
        {
            var open = new List<Task>();
            try
            {
                while (true)
                {
                    open.Add(Answer(await _listener.AcceptTcpClientAsync(_end.Token)));
                }
            }
            catch (OperationCanceledException)
            {
                await Task.WhenAll(open);
            }
        }

        private async Task Answer(TcpClient client)
        {
            using var connection = client;
            await using var stream = connection.GetStream();
            var start = new ProcessStartInfo("/usr/sbin/sshd", ["-i", "-f", Path.Combine(_root, "sshd_config")]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var into = Into(stream, process);
            var said = process.StandardError.ReadToEndAsync();
            await Copy(process.StandardOutput.BaseStream, stream);
            connection.Close();
            await into;
            await said;
            await process.WaitForExitAsync();
        }

        /// <summary>What the client has said to its end is the end for the server, too.</summary>
        private static async Task Into(Stream stream, Process process)
        {
            await Copy(stream, process.StandardInput.BaseStream);
            process.StandardInput.Close();
        }

        private static async Task Copy(Stream from, Stream to)
        {
            try
            {
                var buffer = new byte[32 * 1024];
                int read;
                while ((read = await from.ReadAsync(buffer)) > 0)
                {
                    await to.WriteAsync(buffer.AsMemory(0, read));
                    await to.FlushAsync();
                }
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The other end has gone.
                return;
            }
        }
    }
}
