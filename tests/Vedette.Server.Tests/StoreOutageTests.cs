using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vedette.Engine;
using Vedette.Engine.Access;
using Vedette.Engine.Containers;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Hosting;
using Vedette.Storage;

namespace Vedette.Server.Tests;

/// <summary>The store cannot write for longer than a run has patience with others: that is no sign that the run is somebody else's.</summary>
public sealed class StoreOutageTests
{
    /// <summary>As many commits fail as a run may find stale, and more; the next one finds what was before the outage gone.</summary>
    [Fact(Timeout = 60_000)]
    public async Task OutageLongerThanAllStaleTries_TheRunGoesOnAndEnds()
    {
        await using var house = await Run.Of(AsksTheFunction("'fine'"), [CommitKind.Done, .. Enumerable.Repeat(CommitKind.Unavailable, 12), CommitKind.Stale]);

        var run = await house.Ended(TestContext.Current.CancellationToken);
        Assert.Equal("success", run.Status);
        Assert.Equal("""[{"heard":[[true,""]]}]""", run.Outputs);
        Assert.Equal(0, house.Store.Left);
    }

    /// <summary>What a turn wrote before it raised stays, as in the field: also when the end of the run could not be written at once.</summary>
    [Fact(Timeout = 60_000)]
    public async Task OutageWhileARunFails_WhatItWroteBeforeStays()
    {
        await using var house = await Run.Of(
            "def on_start(container):\n    phantom.comment(comment='written before')\n    raise ValueError('a slip')\n", [.. Enumerable.Repeat(CommitKind.Unavailable, 10)]);

        var run = await house.Ended(TestContext.Current.CancellationToken);
        Assert.Equal("failed", run.Status);
        Assert.Contains("a slip", run.Message, StringComparison.Ordinal);
        Assert.Equal("written before", Assert.Single(await house.Store.Select<CommentRow>(new Query(), TestContext.Current.CancellationToken)).Comment);
    }

    /// <summary>That a custom function raised is its result, which is heard once and not lost.</summary>
    [Fact(Timeout = 60_000)]
    public async Task OutageWhileACustomFunctionFails_ItsResultIsHeardOnce()
    {
        await using var house = await Run.Of(AsksTheFunction("None"), [CommitKind.Done, CommitKind.Unavailable, CommitKind.Unavailable, CommitKind.Stale]);

        var run = await house.Ended(TestContext.Current.CancellationToken);
        Assert.Equal("""[{"heard":[[false,"ValueError: a slip"]]}]""", run.Outputs);
    }

    private static string AsksTheFunction(string word) => $$"""
        def on_start(container):
            phantom.custom_function(custom_function='local/slips', parameters=[{'word': {{word}}}], name='slips', callback=heard)
        def heard(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, **rest):
            phantom.save_playbook_output_data({'heard': [[result['success'], result['message']] for result in results[0]['custom_function_results']]})
        """;

    /// <summary>The engine on a store of its own that answers the commits of turns as it is told, on a clock that lets nobody wait.</summary>
    private sealed class Run : IAsyncDisposable
    {
        private readonly DirectoryInfo _folder;
        private readonly SqliteStore _real;
        private readonly ServiceProvider _services;
        private PlaybookRunId _run;

        private Run(DirectoryInfo folder, SqliteStore real, IEnumerable<CommitKind> answers)
        {
            (_folder, _real, Store) = (folder, real, new FailingStore(real, answers));
            _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(new HastyClock())
                .AddVedette(new ServerOptions { DataFolder = folder.FullName, BaseUrl = "https://vedette.example" }, Store)
                .BuildServiceProvider();
        }

        public FailingStore Store { get; }

        public static async Task<Run> Of(string playbook, IEnumerable<CommitKind> answers)
        {
            var ct = TestContext.Current.CancellationToken;
            var folder = Directory.CreateTempSubdirectory("vedette-test-");
            var run = new Run(folder, await SqliteStore.Open(new SqliteStoreOptions { Folder = folder.FullName }, ct), answers);
            await run._services.GetRequiredService<IPlaybookWorkers>().Start(ct);
            var access = run._services.GetRequiredService<IAccess>();
            await run.Do(async unit => await access.FirstStart(unit, "a-made-up-password-1", null, ct));
            await run._services.GetRequiredService<EngineStart>().TakeUp();
            var playbooks = run._services.GetRequiredService<IPlaybooks>();
            await run.Import("tried", $"import phantom.rules as phantom\n{playbook}", """{"labels":["events"],"python_version":"3"}""");
            await run.Import("slips", "def slips(word=None, **kwargs):\n    if not word:\n        raise ValueError('a slip')\n    return {}\n", """{"python_version":"3","custom_function_id":"5f0c3f0e"}""");
            var user = (await access.ByBasic("admin", "a-made-up-password-1", "127.0.0.1", ct: ct)).Value;
            var container = await run.Do(unit => run._services.GetRequiredService<IContainers>().Create(unit, user, new ContainerDraft { Name = "made by a test", Label = "events" }));
            run._run = await run.Do(unit => playbooks.Start(unit, user, new StartRun(container, "local/tried", "all", null)));
            return run;
        }

        public async Task<PlaybookRunRow> Ended(CancellationToken ct)
        {
            while (true)
            {
                if (await _real.Find<PlaybookRunRow>(_run.Value, ct) is { EndedAt: not null } ended)
                {
                    return ended;
                }

                ct.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _services.DisposeAsync();
            await _real.DisposeAsync();
            _folder.Delete(recursive: true);
        }

        private async Task Import(string name, string source, string metadata)
        {
            var imported = await Do(unit => _services.GetRequiredService<IPlaybooks>().Import(
                unit, Caller.Platform, new PlaybookImport("local", name, Encoding.UTF8.GetBytes(source), JsonSerializer.Deserialize<JsonElement>(metadata), Force: true)));
            Assert.Equal("", imported.Fault);
        }

        private async Task<T> Do<T>(Func<Unit, Task<Outcome<T>>> decide)
        {
            var outcome = await Units.Decide(Store, decide, TestContext.Current.CancellationToken);
            return outcome.Ok(out var value, out var refusal) ? value : throw new InvalidOperationException(refusal.Message);
        }
    }

    /// <summary>Answers the commits of turns with these first, of which only <see cref="CommitKind.Done"/> is carried out.</summary>
    private sealed class FailingStore(IStore store, IEnumerable<CommitKind> answers) : IStore
    {
        private readonly Queue<CommitKind> _answers = new(answers);

        public int Left => _answers.Count;

        public string Description => store.Description;

        public Task<Commit> Commit(Unit unit, CancellationToken ct = default) =>
            unit.Writes.Any(write => write is Insert { Row: TurnRow }) && _answers.TryDequeue(out var kind) && kind != CommitKind.Done
                ? Task.FromResult(new Commit(kind, "as the test wants it"))
                : store.Commit(unit, ct);

        public long NextId<T>()
            where T : IRow => store.NextId<T>();

        public ValueTask<T?> Find<T>(long id, CancellationToken ct = default)
            where T : class, IRow => store.Find<T>(id, ct);

        public ValueTask<IReadOnlyList<T>> Select<T>(Query query, CancellationToken ct = default)
            where T : class, IRow => store.Select<T>(query, ct);

        public ValueTask<long> Count<T>(Where where, CancellationToken ct = default)
            where T : class, IRow => store.Count<T>(where, ct);
    }

    /// <summary>The real time, on which a pause is over at once.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime == TimeSpan.FromSeconds(1) ? TimeSpan.Zero : dueTime, period);
    }
}
