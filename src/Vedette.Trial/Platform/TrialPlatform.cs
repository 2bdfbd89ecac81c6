using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Vedette.Engine.Access;
using Vedette.Engine.Approvals;
using Vedette.Engine.Apps;
using Vedette.Engine.Intake;
using Vedette.Engine.Containers;
using Vedette.Engine.Lists;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Engine.Vault;
using Vedette.Engine.Workbooks;
using Vedette.Model;
using Vedette.Trial.Answers;
using Vedette.Trial.Cases;
using Vedette.Trial.Reports;

namespace Vedette.Trial.Platform;

/// <summary>One case on a platform of its own: 1. take in the playbook and what it calls; 2. make the event; 3. run to the end; 4. tell.</summary>
internal sealed partial class TrialPlatform : IAsyncDisposable
{
    private const string Repository = "local";

    /// <summary>Cells of a row that is made up: more than playbooks look at.</summary>
    private const int ListColumns = 6;

    private readonly TrialHouse _house;
    private readonly PlaybookFile _file;
    private readonly TestCase _test;
    private readonly Stir _stir = new();
    private readonly SimulatedClock _clock;
    private readonly TrialRecord _record;
    private readonly WatchedStore _store;
    private readonly ServiceProvider _services;
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _asked = [];
    private readonly ConcurrentQueue<PlaybookFacts> _facts = [];
    private readonly ConcurrentDictionary<string, string> _answeredBy = [];
    private readonly TrialApps _apps;
    private readonly AnsweringPerson _person;
    private readonly MadeUpWorkbooks _workbooks;
    private readonly HashSet<string> _brought = [];
    private readonly ConcurrentQueue<(string Repository, string Name)> _imported = [];
    private readonly SemaphoreSlim _bringing = new(1, 1);
    private bool _broughtAll;
    private ContainerId _container;
    private int _filed;

    public TrialPlatform(TrialHouse house, IStore store, string folder, PlaybookFile file, TestCase test)
    {
        (_house, _file, _test) = (house, file, test);
        _clock = new SimulatedClock(test.Now ?? DateTimeOffset.UtcNow);
        _record = new TrialRecord(file.Sha256);
        _store = new WatchedStore(store, _stir, prompt => _person!.Asked(prompt));
        var book = new AnswerBook(test, _asked);
        _services = house.Services(_store, folder, _clock, _ => new WatchedWorkers(house, _record, Prepare, _clock, _stir));
        _workbooks = new MadeUpWorkbooks(_store, _services.GetRequiredService<IWorkbooks>(), _record, Suggested);
        _apps = new TrialApps(_store, _services.GetRequiredService<IApps>(), manifest => new AnsweringConnector(manifest, _store, book, _record, _answeredBy, _stir));
        _person = new AnsweringPerson(_store, _services.GetRequiredService<IApprovals>(), _services.GetRequiredService<IAccess>(), book, _record, _stir);
    }

    /// <summary>The playbook's author: what a run may do is what the automation user may.</summary>
    private static Caller User { get; } = Caller.Platform with { UserId = Caller.AutomationUserId, Username = "automation", CausedBy = "trial" };

    public async Task<CaseReport> Try(CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        await _apps.Register();
        await _services.GetRequiredService<IPlaybooks>().TakeUp();
        var fault = await Import(_file);
        var facts = await _house.Facts(_file, ct);
        if (fault.Length > 0)
        {
            var error = new TrialError(ErrorKind.Playbook, $"{fault.TrimEnd('.')}. Correct it: nothing of it can run.", facts.Line, "");
            return new CaseReport { Name = _test.Name, Status = CaseStatus.Error, Errors = [error], RunStatus = "not started", Milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds };
        }

        AskedBy(facts);
        await Bring(facts);
        var container = _container = await MakeEvent(facts);
        var started = await Value(unit => _services.GetRequiredService<IPlaybooks>().Start(unit, User, new StartRun(container, $"{Repository}/{_file.Name}", "all", JsonSerializer.SerializeToElement(Inputs()))));
        var run = await ToTheEnd(started, ct);
        var told = await new Telling(_store, _record, facts, _answeredBy, _test).Tell(run);
        return told with { Milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds };
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _apps.Dispose();
        _person.Dispose();
        _workbooks.Dispose();
        _bringing.Dispose();
    }

    /// <summary>Before a call is answered: makes what it needs, so far as nobody has it.</summary>
    private async Task Prepare(string call, JsonElement arguments)
    {
        if (call == "act")
        {
            await _apps.Prepare(arguments);
        }
        else if (call == "rest" && arguments.GetProperty("path").GetString() is "/rest/playbook" or "/rest/playbook/")
        {
            await BringAll();
            await MakePlaybook(arguments.TryGetProperty("query", out var query) ? query.GetString() ?? "" : "");
        }
        else if (call is "get_tasks" or "custom_function" or "rest" && _test.MadeUp)
        {
            await _workbooks.Prepare(call, arguments, _container);
        }
        else if (call is "vault_info" or "vault_get" && _test.MadeUp && Interlocked.Exchange(ref _filed, 1) == 0)
        {
            await MakeFile();
        }
        else if (call == "get_list" && _test.MadeUp && arguments.TryGetProperty("list_name", out var name) && name.ValueKind == JsonValueKind.String)
        {
            await MakeList(name.GetString()!);
        }
    }

    /// <summary>The event has one file, under the vault id that is made up elsewhere too.</summary>
    private async Task MakeFile()
    {
        var vault = _services.GetRequiredService<IVault>();
        using var content = new MemoryStream(MadeUpValue.FileContent.ToArray());
        if ((await vault.Keep(Caller.Platform, content, CancellationToken.None)).Ok(out var kept, out _))
        {
            await Value(unit => vault.Attach(unit, Caller.Platform, new AttachmentDraft { Container = _container, Content = kept, FileName = "made-up.txt" }));
            _record.MadeUp = true;
        }
    }

    /// <summary>The playbook and those beside it that are there by now.</summary>
    private JsonArray Suggested() => new([.. _imported.Distinct().Select(one => new JsonObject { ["scm"] = one.Repository, ["playbook"] = one.Name })]);

    /// <summary>A list that nobody has gets one row; a playbook that makes it itself writes over it.</summary>
    private async Task MakeList(string name)
    {
        var cells = new JsonArray(new JsonArray([.. Enumerable.Repeat(MadeUpValue.Of(name, "string", [], []), ListColumns).Select(cell => cell.DeepClone())]));
        var made = await Units.Decide(_store, unit => _services.GetRequiredService<ILists>().Create(unit, Caller.Platform, name, JsonSerializer.SerializeToElement(cells)));
        _record.MadeUp |= made.Ok(out _, out _);
    }

    /// <summary>What the test gives; without a test, one value for each input the playbook's metadata names.</summary>
    private JsonObject Inputs()
    {
        if (_test.Inputs is { } given)
        {
            return given;
        }

        _record.MadeUp = true;
        return MadeUpEvent.Inputs(_file);
    }

    private async Task<string> Import(PlaybookFile file, string repository = Repository)
    {
        _imported.Enqueue((repository, file.Name));
        var imported = await Value(unit => _services.GetRequiredService<IPlaybooks>().Import(unit, Caller.Platform, new PlaybookImport(repository, file.Name, file.Source, file.Metadata, Force: true)));
        return imported.Fault;
    }

    /// <summary>Keeps what a playbook asks of results and events, for what is made up.</summary>
    private void AskedBy(PlaybookFacts facts)
    {
        _facts.Enqueue(facts);
        foreach (var paths in facts.Datapaths.Select(path => (path.Name, path.Path)).Concat(facts.Reads).GroupBy(path => path.Name, path => path.Path))
        {
            _asked.AddOrUpdate(paths.Key, _ => [.. paths], (_, known) => [.. known.Union(paths)]);
        }
    }

    /// <summary>What the playbook calls and the folder has: custom functions and sub-playbooks, and those that these call.</summary>
    private async Task Bring(PlaybookFacts facts)
    {
        var left = new Queue<AskedFor>(facts.Asked.Where(one => one is { Kind: "custom_function" or "playbook", What: not null }));
        while (left.TryDequeue(out var asked))
        {
            var repository = asked.What!.Split('/') is [var named, _] ? named : Repository;
            if (_brought.Add(asked.What) && _file.Find(asked.What, asked.Kind == "custom_function") is { } file)
            {
                await Import(file, repository);
                var own = await _house.Facts(file, CancellationToken.None);
                AskedBy(own);
                foreach (var more in own.Asked.Where(one => one is { Kind: "custom_function" or "playbook", What: not null }))
                {
                    left.Enqueue(more);
                }
            }
        }
    }

    /// <summary>A playbook that looks for others by their tags finds those beside it, and the functions that these call.</summary>
    private async Task BringAll()
    {
        await _bringing.WaitAsync();
        try
        {
            if (_broughtAll)
            {
                return;
            }

            _broughtAll = true;
            foreach (var file in PlaybookPaths.Beside(_file.Path).Where(file => file.Name != _file.Name))
            {
                if (!_brought.Contains($"{Repository}/{file.Name}"))
                {
                    await Import(file);
                }

                var facts = await _house.Facts(file, CancellationToken.None);
                AskedBy(facts);
                await Bring(facts);
            }
        }
        finally
        {
            _bringing.Release();
        }
    }

    /// <summary>The tags that a query for playbooks names are those of one, where nobody has one: what is looked for so is what an installation has of its own.</summary>
    private async Task MakePlaybook(string query)
    {
        if (!_test.MadeUp || TagFilter().Match(Uri.UnescapeDataString(query.Replace('+', ' '))) is not { Success: true } named)
        {
            return;
        }

        var tags = Quoted().Matches(named.Groups[1].Value).Select(match => match.Groups[1].Value).Distinct().ToList();
        await _bringing.WaitAsync();
        try
        {
            var there = await _store.Select<PlaybookRow>(new Query());
            if (tags.Count > 0 && !there.Any(playbook => tags.All(JsonSerializer.Deserialize<string[]>(playbook.Tags)!.Contains)))
            {
                await Import(MadeUpPlaybook.With($"made_up_{string.Join('_', tags)}", tags));
                _record.MadeUp = true;
            }
        }
        finally
        {
            _bringing.Release();
        }
    }

    private async Task<ContainerId> MakeEvent(PlaybookFacts facts)
    {
        var lists = _services.GetRequiredService<ILists>();
        foreach (var (name, content) in _test.Lists)
        {
            await Value(unit => lists.Create(unit, Caller.Platform, name, JsonSerializer.SerializeToElement(content)));
        }

        var container = _test.Event ?? MadeUpEvent.Container(_file, _facts);
        _record.MadeUp |= _test.Event is null || _test.Artifacts is null;
        var artifacts = _test.Artifacts ?? [MadeUpEvent.Artifact(_facts)];
        var posted = await Value(unit => _services.GetRequiredService<IIntake>().PostContainer(
            unit,
            Caller.Platform,
            new ContainerDraft
            {
                Name = Text(container, "name") ?? _test.Name,
                Label = Text(container, "label") ?? "events",
                Severity = Text(container, "severity"),
                Status = Text(container, "status"),
                Sensitivity = Text(container, "sensitivity"),
                Description = Text(container, "description"),
                SourceDataIdentifier = Text(container, "source_data_identifier") ?? "trial",
                Tags = container["tags"] is JsonArray tags ? [.. tags.Select(Likeness.Text)] : null,
                Data = Element(container, "data"),
                CustomFields = Element(container, "custom_fields"),
            },
            [.. artifacts.Select((artifact, at) => new ArtifactDraft
            {
                Name = Text(artifact, "name") ?? $"artifact {at + 1}",
                Label = Text(artifact, "label") ?? "event",
                Severity = Text(artifact, "severity"),
                Type = Text(artifact, "type"),
                SourceDataIdentifier = Text(artifact, "source_data_identifier") ?? $"trial {at + 1}",
                Cef = Element(artifact, "cef"),
                CefTypes = Element(artifact, "cef_types"),
                Data = Element(artifact, "data"),
                Tags = artifact["tags"] is JsonArray own ? [.. own.Select(Likeness.Text)] : null,
                RunAutomation = false,
            })],
            runAutomation: false));
        foreach (var refused in posted.Artifacts.Where(artifact => artifact.Refused))
        {
            throw new TrialFileException($"Case \"{_test.Name}\" of {_file.TestPath}: an artifact cannot be stored: {refused.Refusal!.Message}");
        }

        var saved = new Unit();
        foreach (var (key, value) in _test.MadeUp ? MadeUpEvent.Saved(facts) : _test.Saved)
        {
            // "{event}" in a key or value is the number of the event, which a test does not know.
            saved.Insert(new SavedValueRow { Id = _store.NextId<SavedValueRow>(), Key = WithEvent(key, posted.Id), Value = WithEvent(value?.ToJsonString() ?? "null", posted.Id), UpdatedAt = _clock.GetUtcNow() });
        }

        if (!saved.Empty)
        {
            await _store.Commit(saved);
        }

        return posted.Id;
    }

    /// <summary>Waits for the run; where nothing happens any more, moves the clock on to what is waited for.</summary>
    private async Task<PlaybookRunRow> ToTheEnd(PlaybookRunId id, CancellationToken ct)
    {
        const int quiet = 3, stuck = 200, moves = 2_000;
        var (seen, still, moved) = (-1L, 0, 0);
        while (true)
        {
            var written = _stir.RunWritten;
            var row = (await _store.Find<PlaybookRunRow>(id.Value, ct))!;
            if (row.Status is not ("pending" or "running"))
            {
                return row;
            }

            seen = _stir.Seen;
            if (await Task.WhenAny(written, Task.Delay(5, ct)) == written || !_stir.Still || _stir.Seen != seen)
            {
                ct.ThrowIfCancellationRequested();
                still = 0;
                continue;
            }

            if (++still >= quiet && moved < moves && _clock.MoveOn())
            {
                (still, moved) = (0, moved + 1);
            }
            else if (still >= stuck)
            {
                return row;
            }
        }
    }

    private async Task<T> Value<T>(Func<Unit, Task<Outcome<T>>> decide)
    {
        var outcome = await Units.Decide(_store, decide);
        return outcome.Ok(out var value, out var refusal) ? value : throw new TrialFileException($"Case \"{_test.Name}\" of {_file.Path} cannot be tried: {refusal.Message}");
    }

    internal static string WithEvent(string text, ContainerId id) => text.Replace("{event}", id.Value.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    [GeneratedRegex(@"(?:^|&)_filter_tags__contains=([^&]*)")]
    private static partial Regex TagFilter();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();

    private static string? Text(JsonObject of, string key) => of[key] is { } node ? Likeness.Text(node) : null;

    private static JsonElement? Element(JsonObject of, string key) => of[key] is { } node ? JsonSerializer.SerializeToElement(node) : null;
}
