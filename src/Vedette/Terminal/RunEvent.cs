namespace Vedette.Terminal;

/// <summary>What the terminal is told while an alert becomes a ticket, in the order in which it happens.</summary>
abstract record RunEvent
{
    /// <param name="Name">The alert's name.</param>
    /// <param name="Link">Where the event can be seen.</param>
    internal sealed record AlertSent(string Name, string Link) : RunEvent;

    internal sealed record RunStarted(string Playbook) : RunEvent;

    /// <param name="What">What the block does, as a person would say it.</param>
    internal sealed record BlockStarted(string Name, string What) : RunEvent;

    internal sealed record BlockEnded(string Name, bool Ok, double Milliseconds, string Sentence) : RunEvent;

    internal sealed record Finding(string Sentence) : RunEvent;

    internal sealed record TicketOpened(string Number, string Link) : RunEvent;

    internal sealed record RunEnded(string Status) : RunEvent;
}
