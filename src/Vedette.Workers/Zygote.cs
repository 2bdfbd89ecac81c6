using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Workers;

/// <summary>One zygote process: started, greeted, asked for children, and noticed when it dies.</summary>
internal sealed class Zygote : IAsyncDisposable
{
    private const int LongestHello = 64 * 1024;
    private readonly WorkerOptions _options;
    private readonly string _folder;
    private readonly string _scratch;
    private readonly string _path;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<(Socket Socket, int Pid)>> _awaited = new();
    private readonly ConcurrentDictionary<string, byte[]> _hellos = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly StringBuilder _said = new();
    private readonly FrameWriter _writer = new();
    private Process? _process;
    private Socket? _control;
    private Task _accepting = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private int _pidfd = -1;
    private int _children;

    public Zygote(WorkerOptions options)
    {
        _options = options;
        // A path of a Unix socket has at most 107 bytes: the names are short.
        _folder = Path.Combine(options.RuntimeFolder, "vedette-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));
        _scratch = Path.Combine(_folder, "scratch");
        _path = Path.Combine(_folder, "s");
    }

    public bool IsAlive { get; private set; }

    public int Pid { get; private set; } = -1;

    public string Folder => _folder;

    /// <summary>Starts the process and tries out its sandbox.</summary>
    public async Task<SandboxReport> Start(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_options.StartWithin);
        try
        {
            return await StartWithin(limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException or System.ComponentModel.Win32Exception or BreachException
            or JsonException or UnauthorizedAccessException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            await LastWords(error).ConfigureAwait(false);
            string said;
            lock (_said)
            {
                said = _said.ToString().Trim();
            }
            if (PythonFault.Of(_options.Python, error, _process, said) is { } fault)
            {
                return SandboxReport.NotStarted(fault, fault);
            }
            var why = error is OperationCanceledException ? $"no answer within {_options.StartWithin.TotalSeconds:0} s" : error.Message;
            return SandboxReport.NotStarted($"The Python workers could not be started with {_options.Python}: {why}. {said}".TrimEnd());
        }
    }

    /// <summary>A process that broke off is about to end: how it ends, and what it said, tells why.</summary>
    private async Task LastWords(Exception error)
    {
        if (_process is null || error is not IOException)
        {
            return;
        }
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It lives on; then it has nothing more to say.
            return;
        }
    }

    private async Task<SandboxReport> StartWithin(CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new IOException("the sandbox of playbooks needs Linux");
        }
        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(_folder, own);
        Directory.CreateDirectory(_scratch, own);
        var canary = _options.Canary ?? Path.Combine(_folder, "canary");
        if (_options.Canary is null)
        {
            await File.WriteAllTextAsync(canary, "canary", cancellation).ConfigureAwait(false);
        }
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen(128);
        var secret = NewSecret();
        var connected = Await(secret);
        _accepting = Accept();
        StartProcess();
        await SendConfiguration(secret, cancellation).ConfigureAwait(false);
        var died = _process!.WaitForExitAsync(cancellation);
        if (await Task.WhenAny(connected.Task, died).ConfigureAwait(false) == died)
        {
            await died.ConfigureAwait(false);
            throw new IOException($"it ended at once with code {_process.ExitCode}");
        }
        (_control, Pid) = await connected.Task.ConfigureAwait(false);
        _pidfd = Native.Open(Pid);
        var hello = _hellos.GetValueOrDefault(secret);
        var (python, measures) = ReadHello(hello);
        IsAlive = true;
        _watching = Watch();
        var probes = await Probe(canary, cancellation).ConfigureAwait(false);
        var holds = probes.Count > 0 && probes.All(probe => probe.Denied);
        var missing = measures.Where(measure => !measure.On).Select(measure => measure.Name).ToList();
        var without = missing.Count == 0 ? "" : "no-" + string.Join("-", missing);
        var level = holds ? (without.Length == 0 ? "full" : without) : (without.Length == 0 ? "open" : $"open-{without}");
        var sentence = holds
            ? "Every probe was denied."
            : "Not denied: " + string.Join(", ", probes.Where(probe => !probe.Denied).Select(probe => probe.Name)) + ".";
        return new SandboxReport(level, python, measures, probes, holds, sentence);
    }

    private void StartProcess()
    {
        var start = new ProcessStartInfo(_options.Python)
        {
            ArgumentList = { "-S", "-s", "-B", Path.Combine(_options.Program, "vedette_worker", "zygote.py") },
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PYTHONHASHSEED"] = "0";
        var process = new Process { StartInfo = start };
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.OutputDataReceived += (_, line) => Remember(line.Data);
        process.Start();
        _process = process;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    private void Remember(string? line)
    {
        lock (_said)
        {
            if (line is not null && _said.Length < 4096)
            {
                _said.AppendLine(line);
            }
        }
    }

    private async Task SendConfiguration(string secret, CancellationToken cancellation)
    {
        var text = JsonSerializer.Serialize(new
        {
            secret,
            folder = _folder,
            socket = _path,
            scratch = _scratch,
            uid = _options.Uid,
            readable = _options.Packages,
            packages = _options.Packages,
            without = _options.Without,
        });
        await _process!.StandardInput.WriteLineAsync(text.AsMemory(), cancellation).ConfigureAwait(false);
        _process.StandardInput.Close();
    }

    private static (string Python, List<SandboxMeasure> Measures) ReadHello(byte[]? hello)
    {
        using var document = JsonDocument.Parse(hello ?? throw new IOException("its greeting was lost"));
        var root = document.RootElement;
        var measures = root.GetProperty("measures").EnumerateArray().Select(each => new SandboxMeasure(
            each.GetProperty("name").GetString() ?? "", each.GetProperty("on").GetBoolean(), each.GetProperty("detail").GetString() ?? "")).ToList();
        return (root.GetProperty("python").GetString() ?? "", measures);
    }

    private async Task<List<SandboxProbe>> Probe(string canary, CancellationToken cancellation)
    {
        var order = JsonSerializer.Serialize(new { canary, outside = _folder, program = _options.Program, socket = _path });
        using var child = await Fork("probes", TurnLimits.Default.MemoryBytes, order, cancellation).ConfigureAwait(false);
        var frame = await child.Reader.Read(LongestHello, cancellation).ConfigureAwait(false)
            ?? throw new IOException("the probes came to no end");
        using var document = JsonDocument.Parse(frame);
        return document.RootElement.GetProperty("probes").EnumerateArray().Select(each => new SandboxProbe(
            each.GetProperty("name").GetString() ?? "", each.GetProperty("denied").GetBoolean(), each.GetProperty("detail").GetString() ?? "")).ToList();
    }

    /// <summary>A new child, connected and proven to be of this zygote.</summary>
    public async Task<Child> Fork(string key, long memory, string? probes, CancellationToken cancellation)
    {
        var secret = NewSecret();
        var scratch = Interlocked.Increment(ref _children).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var connected = Await(secret);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        limit.CancelAfter(_options.StartWithin);
        try
        {
            await _sending.WaitAsync(limit.Token).ConfigureAwait(false);
            try
            {
                _writer.Clear();
                _writer.Begin().Raw("{\"secret\":"u8).Text(secret).Raw(",\"scratch\":"u8).Text(scratch).Raw(",\"memory\":"u8).Number(memory);
                if (probes is not null)
                {
                    _writer.Raw(",\"probes\":"u8).Raw(Encoding.UTF8.GetBytes(probes));
                }
                _writer.Raw("}"u8).End();
                await _control!.SendAsync(_writer.Written, SocketFlags.None, limit.Token).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // It ended, and nobody has noticed yet.
                IsAlive = false;
                throw;
            }
            finally
            {
                _sending.Release();
            }
            var (socket, pid) = await connected.Task.WaitAsync(limit.Token).ConfigureAwait(false);
            return new Child(key, socket, pid, Native.Open(pid), Path.Combine(_scratch, scratch));
        }
        finally
        {
            _awaited.TryRemove(secret, out _);
            _hellos.TryRemove(secret, out _);
        }
    }

    private TaskCompletionSource<(Socket Socket, int Pid)> Await(string secret) =>
        _awaited[secret] = new TaskCompletionSource<(Socket Socket, int Pid)>(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    private async Task Accept()
    {
        while (!_closing.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_closing.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            _ = Greet(socket);
        }
    }

    private async Task Greet(Socket socket)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        limit.CancelAfter(_options.StartWithin);
        var taken = false;
        try
        {
            // Exactly the greeting is taken: what follows it belongs to whoever waits for this child.
            var frame = await ReadExactly(socket, limit.Token).ConfigureAwait(false);
            using var document = JsonDocument.Parse(frame);
            var secret = document.RootElement.GetProperty("hello").GetString() ?? "";
            var pid = Native.PeerOf(socket);
            if (!_awaited.TryRemove(secret, out var waiting))
            {
                return;
            }
            if (Pid < 0)
            {
                _hellos[secret] = frame;
            }
            else if (Native.ParentOf(pid) != Pid)
            {
                waiting.TrySetException(new IOException("a child ended, or was none of ours, while it was greeted"));
                return;
            }
            taken = waiting.TrySetResult((socket, pid));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or IOException or JsonException
            or KeyNotFoundException or InvalidOperationException)
        {
            // A stranger, or a child that died while it said hello: whoever waits for it runs into its own time limit.
            Debug.WriteLine(error.Message);
        }
        finally
        {
            if (!taken)
            {
                socket.Dispose();
            }
        }
    }

    private static async Task<byte[]> ReadExactly(Socket socket, CancellationToken cancellation)
    {
        var head = new byte[4];
        await Fill(socket, head, cancellation).ConfigureAwait(false);
        var length = BitConverter.ToUInt32(head);
        if (length > LongestHello)
        {
            throw new IOException("a greeting is not that long");
        }
        var body = new byte[length];
        await Fill(socket, body, cancellation).ConfigureAwait(false);
        return body;
    }

    private static async Task Fill(Socket socket, Memory<byte> into, CancellationToken cancellation)
    {
        while (into.Length > 0)
        {
            var got = await socket.ReceiveAsync(into, SocketFlags.None, cancellation).ConfigureAwait(false);
            into = got > 0 ? into[got..] : throw new IOException("closed");
        }
    }

    private async Task Watch()
    {
        var nothing = new byte[1];
        try
        {
            await _control!.ReceiveAsync(nothing.AsMemory(), SocketFlags.None, _closing.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // All three mean the same: it serves no more.
            Debug.WriteLine(error.Message);
        }
        IsAlive = false;
        foreach (var waiting in _awaited.Values)
        {
            waiting.TrySetException(new IOException("the zygote has ended"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        IsAlive = false;
        await _closing.CancelAsync().ConfigureAwait(false);
        _control?.Dispose();
        _listener.Dispose();
        Native.Kill(_pidfd);
        if (_process is not null)
        {
            // The process that was started only waits for the zygote proper, whose end takes all children with it.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            try
            {
                await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
            _process.Dispose();
        }
        await Task.WhenAll(_accepting, _watching).ConfigureAwait(false);
        Native.Close(_pidfd);
        _sending.Dispose();
        _closing.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
