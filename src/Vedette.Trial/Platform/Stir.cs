namespace Vedette.Trial.Platform;

/// <summary>Whether anything happens on the trial platform: only where nothing does, the clock is moved on.</summary>
internal sealed class Stir
{
    private int _under;
    private long _seen;
    private TaskCompletionSource _run = New();

    /// <summary>How much has happened so far.</summary>
    public long Seen => Interlocked.Read(ref _seen);

    public bool Still => Volatile.Read(ref _under) == 0;

    /// <summary>Ends when the row of a run is written next.</summary>
    public Task RunWritten => Volatile.Read(ref _run).Task;

    public void Note() => Interlocked.Increment(ref _seen);

    public void TellRun() => Interlocked.Exchange(ref _run, New()).TrySetResult();

    public IDisposable Under()
    {
        Note();
        Interlocked.Increment(ref _under);
        return new End(this);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class End(Stir stir) : IDisposable
    {
        public void Dispose()
        {
            stir.Note();
            Interlocked.Decrement(ref stir._under);
        }
    }
}
