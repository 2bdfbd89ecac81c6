namespace Vedette.Engine.Storage;

/// <summary>A store that tells what was committed, while somebody listens.</summary>
public sealed class ToldStore(IStore store, Changes changes) : IStore
{
    public string Description => store.Description;

    public bool Reachable => store.Reachable;

    public int Queued => store.Queued;

    public Task<Commit> Commit(Unit unit, CancellationToken ct = default) => changes.Heard ? CommitAndTell(unit, ct) : store.Commit(unit, ct);

    public long NextId<T>()
        where T : IRow => store.NextId<T>();

    public ValueTask<T?> Find<T>(long id, CancellationToken ct = default)
        where T : class, IRow => store.Find<T>(id, ct);

    public ValueTask<IReadOnlyList<T>> Select<T>(Query query, CancellationToken ct = default)
        where T : class, IRow => store.Select<T>(query, ct);

    public ValueTask<long> Count<T>(Where where, CancellationToken ct = default)
        where T : class, IRow => store.Count<T>(where, ct);

    private async Task<Commit> CommitAndTell(Unit unit, CancellationToken ct)
    {
        var commit = await store.Commit(unit, ct);
        if (commit.IsDone)
        {
            changes.Tell([.. unit.Writes.Select(TouchOf).OfType<Touch>()]);
        }

        return commit;
    }

    private static Touch? TouchOf(Write write) => write switch
    {
        Insert insert => TouchOf(insert.Row, true),
        Upsert upsert => TouchOf(upsert.Row, false),
        InsertArtifact insert => TouchOf(insert.Artifact, true),
        Update update => Of(update.Row, update.Id),
        Delete delete => Of(delete.Row, delete.Id),
        Increase increase => Of(increase.Row, increase.Id),
        AppendAudit append => new Touch(typeof(AuditRow), 0, append.Row.ContainerId, null, true),
        AppendMessage append => new Touch(typeof(MessageRow), 0, null, append.Message.RunId, true),
        TakeMessage take => new Touch(typeof(MessageRow), 0, null, take.RunId, false),
        _ => null,
    };

    private static Touch Of(Type row, long id) => new(row, id, row == typeof(ContainerRow) ? id : null, row == typeof(PlaybookRunRow) ? id : null, false);

    private static Touch TouchOf(IRow row, bool isNew) => new(
        row.GetType(),
        row.Id,
        row switch
        {
            ContainerRow => row.Id,
            IEventRow hanging => hanging.ContainerId,
            ArtifactRow artifact => artifact.ContainerId,
            PlaybookRunRow run => run.ContainerId,
            ActionRunRow action => action.ContainerId,
            AppRunRow app => app.ContainerId,
            ActionResultRow result => result.ContainerId,
            _ => null,
        },
        row switch
        {
            PlaybookRunRow => row.Id,
            ActionRunRow action => action.PlaybookRunId,
            AppRunRow app => app.PlaybookRunId,
            TurnRow turn => turn.RunId,
            _ => null,
        },
        isNew);
}
