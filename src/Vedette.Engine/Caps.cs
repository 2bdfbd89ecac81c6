namespace Vedette.Engine;

/// <summary>
/// How much automation does before a person has to look. Far above what a playbook that works asks for: a cap is there for the one
/// that does not.
/// </summary>
public sealed record Caps
{
    /// <summary>Parameter sets on assets one run asks for, look-ups too, and playbooks it starts; one more is refused.</summary>
    public long ActionsPerRun { get; init; } = 10_000;

    /// <summary>Actions that write on other systems that one run and all it started begin; one more is refused.</summary>
    public long WritesPerRun { get; init; } = 500;

    /// <summary>Actions that change or destroy, by anybody, within any hour; one more is refused.</summary>
    public long ChangesPerHour { get; init; } = 200;

    /// <summary>Turns of one run, custom functions counted; with one more the run fails.</summary>
    public long TurnsPerRun { get; init; } = 20_000;

    internal string ActionsSentence(string what) =>
        $"Refused: {what} would be more than {ActionsPerRun} actions asked for by one run, and most_actions_per_run allows no more. Ask for less in one run, or have the setting raised.";

    internal string WritesSentence(string action, string asset) =>
        $"Refused: \"{action}\" on asset \"{asset}\" was not sent. This run and those it started have written on other systems {WritesPerRun} times, and most_writes_per_run allows no more. Look whether the playbook runs wild; if so many are meant, have the setting raised.";

    internal string ChangesSentence(string action, string asset) =>
        $"Refused: \"{action}\" on asset \"{asset}\" was not sent. {ChangesPerHour} actions that change other systems have been started within the last hour, and most_changes_per_hour allows no more. Look whether automation runs wild; if so many are meant, ask again later or have the setting raised.";

    internal string TurnsSentence() =>
        $"This run has had {TurnsPerRun} turns, and most_turns_per_run allows no more. Look for a loop in the playbook that does not end; if so many are meant, have the setting raised.";
}
