using System.Runtime.CompilerServices;
using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Server.Hosting;
using Vedette.Terminal;

namespace Vedette.Commands;

/// <summary>Follows the run of one event through the store, and tells what happens as it does.</summary>
internal sealed class DemoWatch(VedetteServer server, Uri lab, long container)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private readonly HashSet<long> _started = [];
    private readonly HashSet<long> _ended = [];

    public long Container => container;

    public long? RunId { get; private set; }

    public string? Ticket { get; private set; }

    public string Status { get; private set; } = "no run";

    public async IAsyncEnumerable<RunEvent> Events([EnumeratorCancellation] CancellationToken ct)
    {
        yield return new RunEvent.AlertSent("Suspicious outbound connection", $"{server.Url}rest/container/{container}");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Longest);
        while (!limit.IsCancellationRequested)
        {
            var runs = await server.Store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.ContainerId), container)), ct);
            if (runs.Count > 0)
            {
                var run = runs[0];
                if (RunId is null)
                {
                    RunId = run.Id;
                    yield return new RunEvent.RunStarted($"{run.Repository}/{run.PlaybookName}");
                }

                foreach (var happened in await Actions(run.Id, ct))
                {
                    yield return happened;
                }

                if (run.EndedAt is not null)
                {
                    Status = run.Status;
                    foreach (var last in await End(run, ct))
                    {
                        yield return last;
                    }

                    yield break;
                }
            }

            await Task.Delay(LookAgain, ct);
        }

        Status = "timed out";
        yield return new RunEvent.RunEnded(Status);
    }

    private async Task<List<RunEvent>> Actions(long run, CancellationToken ct)
    {
        var events = new List<RunEvent>();
        foreach (var action in await server.Store.Select<ActionRunRow>(Query.For(Where.Is(nameof(ActionRunRow.PlaybookRunId), run)), ct))
        {
            if (_started.Add(action.Id))
            {
                events.Add(new RunEvent.BlockStarted(action.Name, action.Action));
            }

            if (action.EndedAt is { } ended && _ended.Add(action.Id))
            {
                var results = await server.Store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ActionRunId), action.Id)), ct);
                events.Add(new RunEvent.BlockEnded(action.Name, action.Status == "success", (ended - action.CreatedAt).TotalMilliseconds, results.Count > 0 ? results[0].Message : action.Message));
                if (action.Action == "create ticket" && results is [{ Status: "success" } made, ..])
                {
                    using var data = JsonDocument.Parse(made.Data);
                    Ticket = data.RootElement[0].GetProperty("number").GetString();
                }
            }
        }

        return events;
    }

    private async Task<List<RunEvent>> End(PlaybookRunRow run, CancellationToken ct)
    {
        var events = await Actions(run.Id, ct);
        foreach (var pin in await server.Store.Select<PinRow>(Query.For(Where.Is(nameof(PinRow.ContainerId), container)), ct))
        {
            events.Add(new RunEvent.Finding($"{pin.Message}: {pin.Data}"));
        }

        if (Ticket is not null)
        {
            events.Add(new RunEvent.TicketOpened(Ticket, $"{lab}_lab/tickets"));
        }

        events.Add(new RunEvent.RunEnded(run.Status));
        return events;
    }
}
