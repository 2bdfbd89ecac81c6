namespace Vedette.Engine.Storage;

/// <summary>For what has to be done however long the store cannot write: tried again, less often each time, until it went through.</summary>
internal static class Patience
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <param name="attempt">False when the store could not write; it may also say so by <see cref="StoreUnavailableException"/>.</param>
    /// <param name="waits">Told before each pause.</param>
    public static async Task Until(Func<Task<bool>> attempt, Action waits, TimeProvider time, CancellationToken ct)
    {
        for (var pause = First; !await Went(attempt); pause = pause * 2 < Longest ? pause * 2 : Longest)
        {
            waits();
            await Task.Delay(pause, time, ct);
        }
    }

    private static async Task<bool> Went(Func<Task<bool>> attempt)
    {
        try
        {
            return await attempt();
        }
        catch (StoreUnavailableException)
        {
            // The store has logged why; who waits here is told by the answer.
            return false;
        }
    }
}
