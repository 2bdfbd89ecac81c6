using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>Makes runs: by a person, by a trigger, by another run.</summary>
internal sealed class RunStarts(IStore store, RunLine line, TimeProvider time)
{
    /// <summary>A playbook that can run, by id, <c>repository/name</c> or name.</summary>
    public async Task<Outcome<PlaybookRow>> Find(string name)
    {
        var found = await Named(name);
        return found.Ok(out var playbook, out _) && !playbook.PassedValidation
            ? new Refusal(RefusalKind.Invalid, "playbook_broken", $"Playbook \"{playbook.Repository}/{playbook.Name}\" cannot run: {playbook.ValidationMessage}")
            : found;
    }

    public PlaybookRunRow New(PlaybookRow playbook, ContainerRow container, Caller caller, long? id = null)
    {
        var now = time.GetUtcNow();
        return new PlaybookRunRow
        {
            Id = id ?? store.NextId<PlaybookRunRow>(),
            TenantId = container.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            ContainerId = container.Id,
            PlaybookId = playbook.Id,
            PlaybookName = playbook.Name,
            Repository = playbook.Repository,
            SourceHash = playbook.SourceHash,
            Status = "pending",
            UserId = caller.UserId,
            OwnerId = caller.UserId,
            WaitingFor = "earlier runs on this event",
            WaitingSince = now,
            Trace = Telemetry.Here,
        };
    }

    public void Write(Unit unit, Caller caller, PlaybookRunRow run)
    {
        Insert(unit, caller, run);
        unit.Afterward(() => _ = line.Next(run.ContainerId));
    }

    /// <summary>Writes a run of an event that is held: at work where nothing is before it, else waiting.</summary>
    /// <returns>The run as it is written.</returns>
    public async Task<PlaybookRunRow> Enter(Unit unit, Caller caller, PlaybookRunRow run, IReadOnlyList<PlaybookRunRow> open, ContainerRow container)
    {
        run = await line.Enter(run, open, container);
        if (run.Status == "pending")
        {
            Write(unit, caller, run);
            return run;
        }

        Insert(unit, caller, run);
        line.WriteStart(unit, run, run.CreatedAt);
        return run;
    }

    private static void Insert(Unit unit, Caller caller, PlaybookRunRow run)
    {
        unit.Insert(run);
        unit.Audit(caller, run.CreatedAt, "started", "playbook_run", run.Id, run.ContainerId, new JsonObject { ["playbook"] = $"{run.Repository}/{run.PlaybookName}", ["source"] = run.SourceHash });
    }

    private async Task<Outcome<PlaybookRow>> Named(string name)
    {
        if (long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return await store.Find<PlaybookRow>(id) is { } row ? row : NotFound(name);
        }

        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var where = Where.Is(nameof(PlaybookRow.Name), name[(slash + 1)..]);
        if (slash > 0)
        {
            where &= Where.Is(nameof(PlaybookRow.Repository), name[..slash]);
        }

        var rows = await store.Select<PlaybookRow>(Query.For(where));
        return rows.Count switch
        {
            1 => rows[0],
            0 => NotFound(name),
            _ => new Refusal(RefusalKind.Invalid, "ambiguous_playbook", $"Playbook \"{name}\" is in several repositories; say which, as in \"local/{name}\"."),
        };
    }

    private static Refusal NotFound(string name) => new(RefusalKind.NotFound, "no_playbook", $"Playbook \"{name}\" not found");
}
