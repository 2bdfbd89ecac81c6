namespace Vedette.Engine.Storage;

/// <summary>
/// Told after each commit which rows it touched, for screens that are open. Costs nothing while nobody listens; what nobody hears is lost,
/// and a screen that comes back reads anew.
/// </summary>
public sealed class Changes
{
    /// <summary>Called on the committer's way: quick, and never throwing.</summary>
    public event Action<IReadOnlyList<Touch>>? Committed;

    public bool Heard => Committed is not null;

    internal void Tell(IReadOnlyList<Touch> touches) => Committed?.Invoke(touches);
}

/// <param name="Row">The kind of row, e.g. <c>ContainerRow</c>.</param>
/// <param name="Id">0 where the row has none that others name.</param>
/// <param name="Container">The event it hangs on, where the write says so; a change of a row by its id alone does not.</param>
/// <param name="Run">The run it hangs on, where the write says so.</param>
/// <param name="New">The row was not there before.</param>
public readonly record struct Touch(Type Row, long Id, long? Container, long? Run, bool New);
