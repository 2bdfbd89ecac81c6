using System.Text.Json;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>Values kept across runs under a key, an event and a playbook.</summary>
internal static class ObjectCalls
{
    public static Task<string> Save(Turn turn, JsonElement arguments)
    {
        var key = arguments.Text("key") ?? throw new TurnCallException("ValueError", "phantom.save_object needs a key.");
        var (container, playbook, repository) = Context(arguments);
        if (container == 0 && playbook.Length == 0)
        {
            throw new TurnCallException("ValueError", "phantom.save_object needs a container_id or a playbook_name: that is what the object belongs to.");
        }

        turn.Unit.Upsert(
            new SavedObjectRow
            {
                Id = turn.Services.Store.NextId<SavedObjectRow>(),
                TenantId = turn.Run.Row.TenantId,
                Key = key,
                ContainerId = container,
                PlaybookName = playbook,
                Repository = repository,
                Value = arguments.Get("value")?.GetRawText() ?? "null",
                AutoDelete = container != 0 && arguments.Flag("auto_delete", otherwise: true),
                UpdatedAt = turn.Services.Time.GetUtcNow(),
            },
            nameof(SavedObjectRow.TenantId),
            nameof(SavedObjectRow.Key),
            nameof(SavedObjectRow.ContainerId),
            nameof(SavedObjectRow.PlaybookName),
            nameof(SavedObjectRow.Repository));
        return Task.FromResult("null");
    }

    public static async Task<string> Get(Turn turn, JsonElement arguments)
    {
        var rows = await Find(turn, arguments);
        if (arguments.Flag("clear_data"))
        {
            Delete(turn, rows);
        }

        var objects = rows.Select(row => $$"""
            {"key":{{JsonSerializer.Serialize(row.Key)}},"value":{{row.Value}},"container_id":{{(row.ContainerId == 0 ? "null" : row.ContainerId)}},"playbook_name":{{JsonSerializer.Serialize(row.PlaybookName)}},"repo_name":{{JsonSerializer.Serialize(row.Repository)}}}
            """);
        return $"[{string.Join(',', objects)}]";
    }

    public static async Task<string> Clear(Turn turn, JsonElement arguments)
    {
        Delete(turn, await Find(turn, arguments));
        return "null";
    }

    /// <summary>What is named has to be equal, what is not named may be anything.</summary>
    private static async Task<IReadOnlyList<SavedObjectRow>> Find(Turn turn, JsonElement arguments)
    {
        // Rows are found by what is committed, so what this turn saved has to be.
        await turn.CommitSoFar();
        var where = Where.Is(nameof(SavedObjectRow.TenantId), turn.Run.Row.TenantId);
        if (arguments.Text("key") is { } key)
        {
            where &= Where.Is(nameof(SavedObjectRow.Key), key);
        }

        var (container, playbook, repository) = Context(arguments);
        where = container == 0 ? where : where & Where.Is(nameof(SavedObjectRow.ContainerId), container);
        where = playbook.Length == 0 ? where : where & Where.Is(nameof(SavedObjectRow.PlaybookName), playbook);
        where = repository.Length == 0 ? where : where & Where.Is(nameof(SavedObjectRow.Repository), repository);
        return await turn.Services.Store.Select<SavedObjectRow>(Query.For(where));
    }

    private static void Delete(Turn turn, IReadOnlyList<SavedObjectRow> rows)
    {
        foreach (var row in rows)
        {
            turn.Unit.Delete<SavedObjectRow>(row.Id);
        }
    }

    private static (long Container, string Playbook, string Repository) Context(JsonElement arguments) =>
        (arguments.Number("container_id") ?? 0, arguments.Text("playbook_name") ?? "", arguments.Text("repo_name") ?? "");
}
