namespace Vedette.Engine.Containers;

/// <summary>Told after the commit that a container has something in the outbox. Losing a call loses nothing: the outbox is on disk.</summary>
public interface IAutomationWake
{
    void Wake(long containerId);
}
