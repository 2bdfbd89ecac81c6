using Vedette.Engine.Storage;

namespace Vedette.Storage.Writing;

/// <summary>What a writer is handed: a unit, or the wish for ids of a table.</summary>
internal sealed class Job(Unit? unit, string? table, long count, CancellationToken ct) : IWaitsForDisk
{
    public Unit? Unit { get; } = unit;

    public string? Table { get; } = table;

    public long Count { get; } = count;

    public long First { get; set; }

    public Commit? Outcome { get; set; }

    public Exception? Fault { get; set; }

    /// <summary>Continues elsewhere: what callers do next is not done on the writer's thread.</summary>
    public TaskCompletionSource<(Commit Commit, long First)> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Canceled() => ct.IsCancellationRequested && Done.TrySetCanceled(ct);

    public void Refuse(Commit outcome) => Done.SetResult((outcome, 0));

    public void OnDisk(string? broken)
    {
        if (broken is null)
            Answer();
        else
            Refuse(new Commit(CommitKind.Unavailable, broken));
    }

    public void Answer()
    {
        if (Fault is not null)
            Done.SetException(Fault);
        else
            Done.SetResult((Outcome!, First));
    }
}

internal interface IWaitsForDisk
{
    /// <param name="broken">Why it is not on disk, or null when it is.</param>
    void OnDisk(string? broken);
}
