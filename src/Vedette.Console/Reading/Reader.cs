using Vedette.Console.SignIn;
using Vedette.Engine.Storage;

namespace Vedette.Console.Reading;

/// <summary>
/// The one place where the console reads rows: what the caller may not see is refused, what belongs to another tenant is not there.
/// </summary>
internal sealed class Reader(IStore store, Seat seat)
{
    private static readonly Dictionary<Type, Permissions> Needed = new()
    {
        [typeof(ContainerRow)] = Permissions.ViewEvents,
        [typeof(ArtifactRow)] = Permissions.ViewEvents,
        [typeof(PinRow)] = Permissions.ViewEvents,
        [typeof(NoteRow)] = Permissions.ViewEvents,
        [typeof(CommentRow)] = Permissions.ViewEvents,
        [typeof(EvidenceRow)] = Permissions.ViewEvents,
        [typeof(IndicatorRow)] = Permissions.ViewEvents,
        [typeof(IndicatorArtifactRow)] = Permissions.ViewEvents,
        [typeof(ContainerAttachmentRow)] = Permissions.ViewEvents,
        [typeof(VaultDocumentRow)] = Permissions.ViewEvents,
        [typeof(PlaybookRunRow)] = Permissions.ViewEvents,
        [typeof(ActionRunRow)] = Permissions.ViewEvents,
        [typeof(AppRunRow)] = Permissions.ViewEvents,
        [typeof(ActionResultRow)] = Permissions.ViewEvents,
        [typeof(PromptRow)] = Permissions.ViewEvents,
        [typeof(WorkbookPhaseRow)] = Permissions.ViewEvents,
        [typeof(WorkbookTaskRow)] = Permissions.ViewEvents,
        [typeof(TurnRow)] = Permissions.ViewEvents,
        [typeof(RunLogRow)] = Permissions.ViewEvents,
        [typeof(PlaybookRow)] = Permissions.ViewPlaybooks,
        [typeof(RepositoryRow)] = Permissions.ViewPlaybooks,
        [typeof(PlaybookVersionRow)] = Permissions.ViewPlaybooks,
        [typeof(AssetRow)] = Permissions.ViewAssets,
        [typeof(CustomListRow)] = Permissions.ViewLists,
        [typeof(UserRow)] = Permissions.ViewUsers,
        [typeof(RoleRow)] = Permissions.ViewUsers,
        [typeof(AuditRow)] = Permissions.ViewAudit,
        [typeof(SeverityRow)] = Permissions.ViewPickLists,
        [typeof(StatusRow)] = Permissions.ViewPickLists,
        [typeof(LabelRow)] = Permissions.ViewPickLists,
    };

    public async ValueTask<Outcome<IReadOnlyList<T>>> Select<T>(Query query, CancellationToken ct = default)
        where T : class, IRow
    {
        if (!(await Who<T>(ct)).Ok(out var caller, out var refusal))
        {
            return refusal;
        }

        var rows = await store.Select<T>(query with { Where = Mine<T>(caller) & query.Where }, ct);
        return new Rows<T>(rows).Outcome;
    }

    /// <summary>Rows, or none where the caller may not see such: for what stands beside the matter of a page.</summary>
    public async ValueTask<IReadOnlyList<T>> SelectIfAllowed<T>(Query query, CancellationToken ct = default)
        where T : class, IRow => (await Select<T>(query, ct)).Ok(out var rows, out _) ? rows : [];

    public async ValueTask<long> CountIfAllowed<T>(Where where, CancellationToken ct = default)
        where T : class, IRow => (await Who<T>(ct)).Ok(out var caller, out _) ? await store.Count<T>(Mine<T>(caller) & where, ct) : 0;

    private static Where Mine<T>(Caller caller) => typeof(T).GetProperty("TenantId") is null ? Where.All : Where.Is("TenantId", caller.TenantId);

    private async ValueTask<Outcome<Caller>> Who<T>(CancellationToken ct)
    {
        var outcome = await seat.Who(ct);
        return outcome.Ok(out var caller, out _) && caller.Lacks(Needed[typeof(T)]) is { } lacks ? lacks : outcome;
    }

    /// <summary>C# converts no interface to an outcome by itself; a type parameter it does.</summary>
    private readonly record struct Rows<T>(IReadOnlyList<T> Value)
    {
        public Outcome<IReadOnlyList<T>> Outcome => Of(Value);

        private static Outcome<TValue> Of<TValue>(TValue value) => value;
    }
}
