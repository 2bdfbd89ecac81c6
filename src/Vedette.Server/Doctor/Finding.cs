namespace Vedette.Server.Doctor;

/// <summary>One thing that was looked at, and what a person may have to do.</summary>
/// <param name="Area">Python, sandbox, store …</param>
public sealed record Finding(string Area, Health Health, string Sentence)
{
    internal static Finding Good(string area, string sentence) => new(area, Health.Good, sentence);

    internal static Finding Look(string area, string sentence) => new(area, Health.Look, sentence);

    internal static Finding Stops(string area, string sentence) => new(area, Health.Stops, sentence);
}

public enum Health
{
    Good,

    /// <summary>Vedette runs, and yet somebody should look at it.</summary>
    Look,

    /// <summary>It stops Vedette from running.</summary>
    Stops,
}
