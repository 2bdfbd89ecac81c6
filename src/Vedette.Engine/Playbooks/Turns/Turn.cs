using System.Globalization;
using System.Text.Json;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;
using Vedette.Engine.Vault;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Turns;

/// <summary>
/// One turn: the calls of one function. Its writes are gathered in <see cref="Unit"/> and committed with the message it took; nothing of a
/// turn that is lost gets out, but what it committed in its middle, whose answers it gets again.
/// </summary>
internal sealed class Turn(TurnServices services, RunState state, Caller caller, long number, IReadOnlyList<RecordedCall> replay) : ITurnCalls
{
    private readonly IReadOnlyList<RecordedCall> _replay = [.. replay.Where(call => !AskedAtTheEnd.Contains(call.Name))];
    private readonly Queue<RecordedCall> _askedBefore = new(replay.Where(call => AskedAtTheEnd.Contains(call.Name)));
    private int _replayed;
    private string _calling = "";

    public TurnServices Services => services;

    public Caller Caller => caller;

    public long Number => number;

    /// <summary>The run as this turn sees and changes it.</summary>
    public RunState Run { get; } = state.Copy();

    public TurnData Data { get; private set; } = null!;

    /// <summary>What doors wrote and is not committed yet.</summary>
    public Unit Unit { get; private set; } = new();

    /// <summary>What was asked for: it starts with the end of the turn, so it is never committed in the middle.</summary>
    public Unit Asked { get; } = new();

    public TurnRecord Record { get; } = new();

    /// <summary>Values the run keeps that this turn set, by kind and name; null for removed.</summary>
    public Dictionary<(string Kind, string Name), string?> Values { get; } = [];

    /// <summary>Values kept across runs that this turn set and did not commit yet.</summary>
    public Dictionary<string, string?> Saved { get; } = [];

    public List<string> Outputs { get; } = [];

    public int NewlyPending { get; set; }

    /// <summary>Content on its way into the vault.</summary>
    public MemoryStream Upload { get; } = new();

    /// <summary>Files that are on disk and that nothing committed names yet.</summary>
    public List<KeptFile> Kept { get; } = [];

    /// <summary>Bytes of files that this turn got out of the vault.</summary>
    public long VaultBytes { get; set; }

    /// <summary>The id for the next thing asked for: the one that an earlier try was told, so that what was made of it since still holds.</summary>
    public long NextAskedId<T>()
        where T : IRow => _askedBefore.TryDequeue(out var before) && long.TryParse(before.Answer, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : services.Store.NextId<T>();

    public async Task Begin()
    {
        Data = new TurnData(services.Store, services.Apps, services.Actions, Run, services.Options.BaseUrl);
        await Data.Begin();
    }

    public async ValueTask<ReadOnlyMemory<byte>> Call(string name, JsonElement arguments, CancellationToken cancellation)
    {
        if (PlaybookCalls.CarriesContent.Contains(name))
        {
            _calling = name;
            return System.Text.Encoding.UTF8.GetBytes(await Answered(PlaybookCalls.All[name], name, arguments));
        }

        var text = arguments.GetRawText();
        if (_replayed < _replay.Count && !AskedAtTheEnd.Contains(name))
        {
            return await Again(name, arguments, text);
        }

        if (!PlaybookCalls.All.TryGetValue(name, out var answer))
        {
            var message = $"phantom.{name} is not available in this version of Vedette";
            await Refused($"phantom.{name}", message);
            throw new TurnCallException("NotAvailable", message);
        }

        _calling = name;
        var json = await Answered(answer, name, arguments);
        Record.Call(name, text, json);
        return System.Text.Encoding.UTF8.GetBytes(json);
    }

    /// <summary>Notes in the record when the call at hand was refused for want of rights.</summary>
    public Task Note(Refusal? refusal) => refusal is { Kind: RefusalKind.Forbidden } ? Refused($"phantom.{_calling}", refusal.Message) : Task.CompletedTask;

    public Task Refused(string call, string message) => services.Refusals.Note(Run, caller, call, message);

    public void Tell(string name, JsonElement arguments) => PlaybookTells.Take(this, name, arguments);

    public void Log(int level, string line) => Record.Say(level, line);

    public void ClockRead(IReadOnlyList<double> readings) => Record.ClockRead(readings);

    /// <summary>Commits what the turn wrote so far, with its calls and answers: others see it from here on, and it is not done again.</summary>
    /// <param name="last">The call this is for; its answer is part of the commit.</param>
    public async Task CommitSoFar((string Name, string Arguments, string Answer)? last = null)
    {
        if (Unit.Empty)
        {
            return;
        }

        var unit = Unit;
        var record = new TurnRecord();
        foreach (var call in Record.Calls)
        {
            record.Call(call.Name, call.Arguments, call.Answer);
        }

        if (last is { } now)
        {
            record.Call(now.Name, now.Arguments, now.Answer);
        }

        record.ClockRead(Record.Clock);
        unit.Upsert(
            new OpenTurnRow { Id = services.Store.NextId<OpenTurnRow>(), RunId = Run.Row.Id, Number = number, Record = record.Open() },
            nameof(OpenTurnRow.RunId),
            nameof(OpenTurnRow.Number));
        unit.Update<PlaybookRunRow>(Run.Row.Id, Run.Row.Version, (nameof(PlaybookRunRow.WaitingFor), ""));
        unit.GoOnBeforeDisk();
        var commit = await services.Store.Commit(unit);
        if (!commit.IsDone)
        {
            throw new TurnLostException(commit);
        }

        Run.Row = Run.Row with { Version = Run.Row.Version + 1 };
        Unit = new Unit();
        Saved.Clear();
        Kept.Clear();
        await Data.Refresh();
    }

    /// <summary>The turn was cut off with what it had not committed: its files are not to lie there until the next start.</summary>
    public void DropFiles() => Kept.ForEach(services.Vault.Drop);

    /// <summary>The worker is hostile: arguments that no door can read are its own error, and end no more than its own call.</summary>
    private async Task<string> Answered(Func<Turn, JsonElement, Task<string>> answer, string name, JsonElement arguments)
    {
        try
        {
            return await answer(this, arguments);
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or OverflowException or JsonException)
        {
            Log(10, $"phantom.{name}: {exception.GetType().Name}: {exception.Message}");
            throw new TurnCallException("ValueError", $"phantom.{name} was given what it cannot take: {exception.Message}");
        }
    }

    private async Task<ReadOnlyMemory<byte>> Again(string name, JsonElement arguments, string text)
    {
        var recorded = _replay[_replayed++];
        if (recorded.Name != name || recorded.Arguments != TurnRecord.Hash(text))
        {
            throw new TurnCallException(
                "RuntimeError",
                $"This turn ran again after a stop in its middle and asked for {name} where it had asked for {recorded.Name} before. What it wrote until then stays; look at call {_replayed} of the turn.");
        }

        if (PlaybookCalls.KeepsValues.Contains(name))
        {
            // What it leaves in the run is written with the end of the turn, so it has to be made again; the answer is the first one's.
            await Answered(PlaybookCalls.All[name], name, arguments);
        }

        Record.Call(name, text, recorded.Answer);
        return System.Text.Encoding.UTF8.GetBytes(recorded.Answer);
    }

    /// <summary>Calls whose writes wait for the end of the turn: never committed in its middle, so they are made again.</summary>
    private static HashSet<string> AskedAtTheEnd { get; } = ["act", "custom_function", "playbook", "prompt", "prompt2", "task"];
}

/// <summary>A commit in the middle of a turn did not go through: the turn is run again or the run is somebody else's.</summary>
internal sealed class TurnLostException(Commit commit) : Exception($"A commit in the middle of the turn did not go through: {commit.Kind} {commit.What}")
{
    public Commit Commit { get; } = commit;
}
