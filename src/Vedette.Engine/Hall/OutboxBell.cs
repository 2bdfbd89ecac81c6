namespace Vedette.Engine.Hall;

/// <summary>
/// Rung after the commit by who left something in the outbox of an event and stands before the room that empties it. A ring that nobody
/// hears loses nothing: the outbox is on disk.
/// </summary>
internal sealed class OutboxBell
{
    public event Action<long>? Rung;

    public void Ring(long containerId) => Rung?.Invoke(containerId);
}
