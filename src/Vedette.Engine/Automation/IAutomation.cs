namespace Vedette.Engine.Automation;

/// <summary>The containers' outbox, emptied: what was asked for becomes runs of the active playbooks.</summary>
public interface IAutomation
{
    /// <summary>Told after the commit that a container has something in the outbox. Losing a call loses nothing: the outbox is on disk.</summary>
    void Wake(long containerId);

    /// <summary>After a start: what was stored and not looked at.</summary>
    Task TakeUp();
}
