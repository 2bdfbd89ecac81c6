using Vedette.Console.Shell;
using Vedette.Console.SignIn;
using Vedette.Engine.Storage;

namespace Vedette.Console.Reading;

/// <summary>The one place where the console acts: a door writes into a unit as who sits here now, the unit is committed, a refusal is shown.</summary>
internal sealed class Acts(IStore store, Seat seat, Toasts toasts)
{
    public async Task<Outcome<T>> Do<T>(Func<Unit, Caller, Task<Outcome<T>>> door)
    {
        if (!(await seat.Who()).Ok(out var caller, out var refusal))
        {
            return refusal;
        }

        return await Units.Decide(store, unit => door(unit, caller));
    }

    /// <summary>Acts, and tells either way.</summary>
    /// <param name="done">What is said when it is done; null says nothing.</param>
    /// <returns>Whether it was done.</returns>
    public async Task<bool> Try<T>(Func<Unit, Caller, Task<Outcome<T>>> door, string? done = null)
    {
        var outcome = await Do(door);
        if (outcome.Refused)
        {
            toasts.Failed(outcome.Refusal.Message);
            return false;
        }

        if (done is not null)
        {
            toasts.Done(done);
        }

        return true;
    }
}
