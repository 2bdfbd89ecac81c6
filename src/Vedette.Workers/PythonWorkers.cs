using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Workers;

/// <summary>Keeps a zygote and its children: a bounded number of them, each serving one playbook version of one tenant and user, and one that reads sources.</summary>
public sealed class PythonWorkers(WorkerOptions options) : IPlaybookWorkers, ISourceExaminer
{
    private const int LongestCheck = 4 << 20;
    private readonly SemaphoreSlim _slots = new(options.MaxChildren, options.MaxChildren);

    // A place beside those of turns: a turn that brings in a playbook waits for it to be read, and would wait for itself.
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly Lock _gate = new();
    private readonly List<Child> _idle = [];
    private readonly HashSet<Child> _busy = [];
    private Zygote? _zygote;
    private Timer? _sweeper;
    private bool _disposed;

    public SandboxReport Sandbox { get; private set; } = SandboxReport.NotStarted("The Python workers were not started yet.");

    public string? AcceptedLevel { get; set; }

    /// <summary>The zygote's process; -1 when there is none.</summary>
    public int ZygotePid => _zygote?.Pid ?? -1;

    /// <summary>Children alive now.</summary>
    public int Children
    {
        get
        {
            lock (_gate)
            {
                return _idle.Count + _busy.Count;
            }
        }
    }

    public async Task<SandboxReport> Start(CancellationToken cancellation)
    {
        await Zygote(cancellation).ConfigureAwait(false);
        _sweeper ??= new Timer(_ => Sweep(), null, options.IdleAfter / 4, options.IdleAfter / 4);
        return Sandbox;
    }

    public async Task<TurnEnd> Run(TurnOrder order, ITurnCalls calls, CancellationToken cancellation)
    {
        // 1. A place, so that no more children than allowed are alive.
        try
        {
            await _slots.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new TurnEnd.Lost(LossKind.Cancelled, "The turn was cancelled before it began.");
        }
        Child? child = null;
        var reusable = false;
        try
        {
            // 2. A child: one that served this playbook before, or a new one.
            try
            {
                child = await Rent(order.ChildKey + '\n' + order.Limits.MemoryBytes, order.Exclusive, order.Limits.MemoryBytes, cancellation)
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return new TurnEnd.Lost(LossKind.Cancelled, "The turn was cancelled before it began.");
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or InvalidOperationException)
            {
                return new TurnEnd.Lost(LossKind.NotStarted, $"No Python worker could be had: {error.Message}");
            }
            // 3. The turn itself.
            var turn = new Turn(child, order, calls);
            var end = await turn.Run(cancellation).ConfigureAwait(false);
            reusable = turn.ChildMayGoOn && !order.Exclusive && child.Turns < options.TurnsPerChild;
            return end;
        }
        finally
        {
            // 4. The child goes back, or ends.
            Release(child, reusable);
            _slots.Release();
        }
    }

    public async Task<SourceCheck> Check(string name, ReadOnlyMemory<byte> source, bool python2Layer, CancellationToken cancellation)
    {
        try
        {
            return ReadCheck(await Compile("check", name, source, python2Layer, cancellation).ConfigureAwait(false));
        }
        catch (Exception error) when (error is SocketException or BreachException or JsonException or EndOfStreamException)
        {
            return new SourceCheck(false, 0, $"The interpreter failed while it compiled this source: {error.Message}", [], []);
        }
    }

    /// <summary>As <see cref="Check"/>, and what a source says of itself without being run, as JSON: see <c>examine.py</c>.</summary>
    /// <exception cref="IOException">The interpreter failed while it read the source.</exception>
    public async Task<(SourceCheck Check, JsonElement Facts)> Examine(string name, ReadOnlyMemory<byte> source, bool python2Layer, CancellationToken cancellation)
    {
        try
        {
            var answer = await Compile("examine", name, source, python2Layer, cancellation).ConfigureAwait(false);
            using var document = JsonDocument.Parse(answer);
            return (ReadCheck(answer), document.RootElement.Clone());
        }
        catch (Exception error) when (error is SocketException or BreachException or JsonException)
        {
            throw new IOException($"The interpreter failed while it read {name}: {error.Message}", error);
        }
    }

    private async Task<ReadOnlyMemory<byte>> Compile(string how, string name, ReadOnlyMemory<byte> source, bool python2Layer, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation).ConfigureAwait(false);
        Child? child = null;
        var reusable = false;
        try
        {
            child = await Rent("check", exclusive: false, TurnLimits.Default.MemoryBytes, cancellation).ConfigureAwait(false);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(TurnLimits.Default.Deadline);
            var writer = child.Writer;
            writer.Begin().Raw("{"u8).Text(how).Raw(":"u8).Text(name).Raw(python2Layer ? ",\"py2\":true}"u8 : ",\"py2\":false}"u8).End();
            writer.Begin().Raw(source.Span).End();
            await child.Send(limit.Token).ConfigureAwait(false);
            var frame = await child.Reader.Read(LongestCheck, limit.Token).ConfigureAwait(false)
                ?? throw new EndOfStreamException("it ended in the middle");
            // The reader's memory is the next turn's as soon as the child goes back.
            var answer = frame.ToArray();
            reusable = ++child.Turns < options.TurnsPerChild;
            return answer;
        }
        finally
        {
            Release(child, reusable);
            _reading.Release();
        }
    }

    private static SourceCheck ReadCheck(ReadOnlyMemory<byte> frame)
    {
        using var document = JsonDocument.Parse(frame);
        var root = document.RootElement;
        return new SourceCheck(
            root.GetProperty("ok").GetBoolean(),
            root.GetProperty("line").GetInt32(),
            root.GetProperty("message").GetString() ?? "",
            root.TryGetProperty("functions", out var functions) ? [.. functions.EnumerateArray().Select(each => each.GetString() ?? "")] : [],
            root.TryGetProperty("reaches", out var reaches)
                ? [.. reaches.EnumerateArray().Select(each => new SourceReach(each.GetProperty("name").GetString() ?? "", each.GetProperty("line").GetInt32()))]
                : []);
    }

    private async Task<Zygote> Zygote(CancellationToken cancellation)
    {
        if (_zygote is { IsAlive: true } alive)
        {
            return alive;
        }
        await _starting.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_zygote is { IsAlive: true } started)
            {
                return started;
            }
            EndIdle();
            if (_zygote is not null)
            {
                await _zygote.DisposeAsync().ConfigureAwait(false);
            }
            var next = new Zygote(options);
            _zygote = next;
            Sandbox = await next.Start(cancellation).ConfigureAwait(false);
            return next;
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<Child> Rent(string key, bool exclusive, long memory, CancellationToken cancellation)
    {
        var zygote = await Zygote(cancellation).ConfigureAwait(false);
        if (!zygote.IsAlive)
        {
            throw new IOException(Sandbox.Sentence);
        }
        if (!((IPlaybookWorkers)this).MayRun)
        {
            throw new IOException($"the sandbox does not hold on this machine. {Sandbox.Sentence} An administrator can accept the level \"{Sandbox.Level}\" by name");
        }
        Child? child = null;
        List<Child> ended = [];
        lock (_gate)
        {
            for (var at = _idle.Count - 1; at >= 0 && child is null && !exclusive; at--)
            {
                if (_idle[at].Key == key)
                {
                    var found = _idle[at];
                    _idle.RemoveAt(at);
                    if (found.IsQuiet())
                    {
                        child = found;
                        _busy.Add(found);
                    }
                    else
                    {
                        ended.Add(found);
                    }
                }
            }
            // The one that waited longest makes room.
            if (child is null && _idle.Count > 0 && _idle.Count + _busy.Count >= options.MaxChildren)
            {
                ended.Add(_idle[0]);
                _idle.RemoveAt(0);
            }
        }
        ended.ForEach(each => each.Dispose());
        if (child is null)
        {
            child = await Fork(zygote, key, memory, cancellation).ConfigureAwait(false);
            lock (_gate)
            {
                _busy.Add(child);
            }
        }
        return child;
    }

    /// <summary>A zygote that ended is noticed at the latest when it is asked for a child: the next one is asked then, once.</summary>
    private async Task<Child> Fork(Zygote zygote, string key, long memory, CancellationToken cancellation)
    {
        try
        {
            return await zygote.Fork(key, memory, null, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException && !zygote.IsAlive)
        {
            var next = await Zygote(cancellation).ConfigureAwait(false);
            return await next.Fork(key, memory, null, cancellation).ConfigureAwait(false);
        }
    }

    private void Release(Child? child, bool reusable)
    {
        if (child is null)
        {
            return;
        }
        lock (_gate)
        {
            _busy.Remove(child);
            if (reusable && !_disposed && child.Reader.Waiting == 0)
            {
                child.Reader.Shrink();
                child.IdleSince = Environment.TickCount64;
                _idle.Add(child);
                return;
            }
        }
        child.Dispose();
    }

    private void Sweep()
    {
        List<Child> ended;
        lock (_gate)
        {
            var before = Environment.TickCount64 - (long)options.IdleAfter.TotalMilliseconds;
            ended = _idle.FindAll(child => child.IdleSince < before || !child.IsQuiet());
            _idle.RemoveAll(ended.Contains);
        }
        ended.ForEach(child => child.Dispose());
    }

    private void EndIdle()
    {
        List<Child> ended;
        lock (_gate)
        {
            ended = [.. _idle];
            _idle.Clear();
        }
        ended.ForEach(child => child.Dispose());
    }

    public async ValueTask DisposeAsync()
    {
        List<Child> busy;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
            busy = [.. _busy];
        }
        if (_sweeper is not null)
        {
            await _sweeper.DisposeAsync().ConfigureAwait(false);
        }
        EndIdle();
        busy.ForEach(child => child.Kill());
        if (_zygote is not null)
        {
            await _zygote.DisposeAsync().ConfigureAwait(false);
        }
    }
}
